"""Write SPDX 2.3 as JSON: models, their files, base models, data sets and code as packages, findings as annotations.

Written directly, for the library that knows SPDX 2.3 takes two seconds for five thousand files; tests have it read and
validate every document, and tag-value and RDF are written by it (`spdx_library`). Sections are those of the SPDX 2.3
specification. Files are packages whose purpose is FILE (7.24): the file section demands a SHA-1, which the Hub does not
give.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.render import json
from openness_audit.render.bom import build as bom_build
from openness_audit.render.bom import card as bom_card
from openness_audit.render.bom.bill import NOASSERTION, SITE
from openness_audit.render.bom.places import at

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch
    from openness_audit.render.bom.bill import Bom, Link, Note, Part

    Json = dict[str, Any]

DOCUMENT = "SPDXRef-DOCUMENT"
_UNFIT = re.compile("</?text>|[\ufffe\uffff]")  # would begin or end a text of tag-value; no characters of XML
_PURPOSES = {"model": "OTHER", "file": "FILE", "data": "OTHER", "code": "SOURCE", "app": "APPLICATION"}  # 7.24
_WHAT = {
    "model": "machine learning model",
    "file": "file of the model",
    "data": "data set",
    "code": "code",
    "app": "code that was scanned",
}
_RELATIONS = {  # bond -> relationship (11.1), and whether it is told from the target's side
    "contains": ("CONTAINS", False),
    "descends-from": ("DESCENDANT_OF", False),
    "depends-on": ("DEPENDS_ON", False),
    "trained-on": ("BUILD_DEPENDENCY_OF", True),
    "tested-on": ("TEST_DEPENDENCY_OF", True),
    "named-data": ("OTHER", False),
    "generates": ("GENERATES", False),
    "tests": ("TEST_TOOL_OF", False),
    "linked": ("OTHER", False),
}
_WORDS = {"trained-on": "trainedOn: ", "tested-on": "testedOn: "}  # SPDX 3 has these words, 2.3 has not


def render(audit: Audit) -> str:
    """Give the document of one model."""
    return of_bom(bom_build.of_audit(audit))


def render_batch(batch: Batch) -> str:
    """Give one document of several models."""
    return of_bom(bom_build.of_batch(batch))


def of_bom(bom: Bom) -> str:
    """Give the document of a bill of materials."""
    return json.indented(document(bom))


def document(bom: Bom) -> Json:
    """Give the document as it stands in the JSON schema of SPDX 2.3."""
    notes: dict[str, list[Note]] = {}
    for note in bom.notes:
        notes.setdefault(note.about, []).append(note)
    described: list[Json] = [_relation(DOCUMENT, "DESCRIBES", _id(part.ref)) for part in bom.roots()]
    told: Json = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": DOCUMENT,
        "name": f"Audit of {bom.name}",
        "documentNamespace": f"{SITE}/spdx/{bom.digest()}",
        "comment": bom.comment(),
        "creationInfo": {"created": bom.created, "creators": [f"Tool: {bom.tool}-{bom.version}"]},
        "packages": [_package(part, [*notes.get(part.ref, ()), *bom_card.remarks(part)], bom) for part in bom.parts],
        "relationships": described + [_link(link) for link in bom.links],
    }
    if bom.refs:
        told["hasExtractedLicensingInfos"] = [
            {"licenseId": ref.id, "name": ref.name, "extractedText": ref.text}
            | ({"seeAlsos": list(ref.urls)} if ref.urls else {})
            for ref in bom.refs
        ]
    said = msgspec.json.encode(bom).decode()
    return {key: _plain(value) for key, value in told.items()} if _UNFIT.search(said) else told


def _plain(value: Any) -> Any:
    """Give the document without what one of its forms cannot hold, so that all three say the same."""
    if isinstance(value, str):
        return _UNFIT.sub(lambda found: found[0].replace("text", "text ") if found[0][0] == "<" else "?", value).strip()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _id(ref: str) -> str:
    return f"SPDXRef-{ref}"


def _package(part: Part, notes: list[Note], bom: Bom) -> Json:
    """Describe one part (section 7); keys without a fact are left out, or NOASSERTION where the standard asks."""
    told: Json = {
        "SPDXID": _id(part.ref),
        "name": part.name or part.ref,
        "downloadLocation": part.download or NOASSERTION,
        "filesAnalyzed": False,
        "supplier": NOASSERTION,  # the Hub does not say whether an account is a person or an organisation
        "licenseDeclared": part.terms.declared,
        "licenseConcluded": part.terms.concluded,
        "copyrightText": NOASSERTION,
        "primaryPackagePurpose": _PURPOSES[part.kind],
    }
    optional = {
        "versionInfo": part.commit,
        "homepage": part.url if part.kind != "file" else "",
        "licenseComments": part.terms.why,
        "summary": _summary(part),
        "sourceInfo": "named at " + " ".join(at(*place) for place in part.seen) if part.seen else "",
        "comment": part.comment,
    }
    told.update({key: value for key, value in optional.items() if value})
    if part.sha256:
        told["checksums"] = [{"algorithm": "SHA256", "checksumValue": part.sha256}]
    if part.purl:
        told["externalRefs"] = [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": part.purl}
        ]
    if notes:
        told["annotations"] = [
            {
                "annotationDate": bom.created,
                "annotationType": "REVIEW",
                "annotator": f"Tool: {bom.tool}-{bom.version}",
                "comment": f"[{note.kind}] {note.text}",
            }
            for note in notes
        ]
    return told


def _summary(part: Part) -> str:
    """Say in words what the standard has no field for."""
    what = _WHAT[part.kind]
    said = [
        f"{what}{f' ({part.role})' if part.role else ''}",
        f"account {part.account}" if part.account else "",
        f"task {part.task}" if part.task else "",
        f"library {part.library}" if part.library else "",
        f"access {part.how}" if part.how else "",
        f"{part.size} bytes" if part.size is not None else "",
    ]
    return "; ".join(filter(None, said))


def _link(link: Link) -> Json:
    kind, backwards = _RELATIONS[link.bond]
    ends = (link.target, link.source) if backwards else (link.source, link.target)
    return _relation(_id(ends[0]), kind, _id(ends[1]), _WORDS.get(link.bond, "") + link.comment)


def _relation(source: str, kind: str, target: str, comment: str = "") -> Json:
    told = {"spdxElementId": source, "relationshipType": kind, "relatedSpdxElement": target}
    return told | ({"comment": comment} if comment else {})
