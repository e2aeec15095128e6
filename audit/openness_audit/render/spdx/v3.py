"""Write SPDX 3.0.1 as JSON-LD: an AIPackage for each model, a DatasetPackage for each data set.

The only module that knows spdx-python-model, which is pinned exactly: its classes refuse a wrong type or word when a
property is set. Files alone are written without it (`spdx3_files`). A property of the AI and Dataset profiles is there
only where the audit holds the fact: what it does not know is left out, or is the standard's own NoAssertion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openness_audit.render import json
from openness_audit.render.bom import build as bom_build
from openness_audit.render.bom import card as bom_card
from openness_audit.render.bom.bill import NOASSERTION, NONE, SITE
from openness_audit.render.bom.places import at
from openness_audit.render.spdx import v3_files as spdx3_files
from openness_audit.render.spdx.v3_card import TOLD, data, model

if TYPE_CHECKING:
    from datetime import datetime

    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch
    from openness_audit.render.bom.bill import Bom, Note, Part

_TERMS = "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/"
_INDIVIDUALS = {NONE: f"{_TERMS}NoneLicense", NOASSERTION: f"{_TERMS}NoAssertionLicense"}
_RELATIONS = {  # bond -> relationship type of the core profile
    "descends-from": "descendantOf",
    "depends-on": "dependsOn",
    "trained-on": "trainedOn",
    "tested-on": "testedOn",
    "named-data": "other",
    "generates": "generates",
    "tests": "hasTest",
    "linked": "other",
}
_BACKWARDS = frozenset({"tests"})  # told of the model, not of the code
_PURPOSES = {"model": "model", "data": "data", "code": "source", "app": "application"}
_AVAILABILITY = {"public": "directDownload", "gated": "clickthrough"}  # a gate asks to accept terms
_PROFILES = ("core", "software", "ai", "dataset", "simpleLicensing")


def render(audit: Audit) -> str:
    """Give the document of one model."""
    return of_bom(bom_build.of_audit(audit))


def render_batch(batch: Batch) -> str:
    """Give one document of several models."""
    return of_bom(bom_build.of_batch(batch))


def of_bom(bom: Bom) -> str:
    """Give the document of a bill of materials."""
    from spdx_python_model.bindings import v3_0_1 as spdx  # noqa: PLC0415 - 130 ms, only this format

    writer = _Writer(spdx, bom)
    told = spdx.JSONLDSerializer().serialize_data(spdx.SHACLObjectSet(writer.objects()))
    return json.indented(_with_files(told, bom, writer.base))


def _with_files(told: dict[str, Any], bom: Bom, base: str) -> dict[str, Any]:
    """Add the elements of files, by name as the binding sorts them, to the document and to its bill of materials."""
    graph = {row.get("spdxId", ""): row for row in told["@graph"]}  # the creation information alone has no name
    files = {row["spdxId"]: row for row in spdx3_files.rows(bom, base, graph[""]["@id"])}
    for name in ("document", "bom"):
        graph[base + name]["element"] += files
    return told | {"@graph": [row for _, row in sorted((graph | files).items())]}


class _Writer:
    """Makes the elements of one document; every one has the same creation information and a name of its own."""

    def __init__(self, spdx: Any, bom: Bom) -> None:
        """Take the binding and the bill of materials."""
        self.spdx, self.bom = spdx, bom
        self.base = f"{SITE}/spdx3/{bom.digest()[:32]}#"
        self.made: list[Any] = []
        self.agents: dict[str, Any] = {}
        self.expressions: dict[str, str] = {}
        self.parts = {part.ref: part for part in bom.parts}
        self.info = spdx.CreationInfo()
        self.info.set_id("_:creation")
        self.info.specVersion = "3.0.1"
        self.info.created = _moment(bom.created)
        self.info.comment = bom.comment()
        author = self.element(spdx.SoftwareAgent, "agent", name=bom.tool)
        tool = self.element(spdx.Tool, "tool", name=f"{bom.tool} {bom.version}")
        self.info.createdBy = [author]
        self.info.createdUsing = [tool]

    def element(self, kind: Any, ref: str, **values: Any) -> Any:
        """Make an element; empty values are left out."""
        made = kind()
        made.set_id(self.base + ref)
        made.creationInfo = self.info
        for name, value in values.items():
            if value not in ("", None, [], ()):
                setattr(made, name, value)
        self.made.append(made)
        return made

    def objects(self) -> list[Any]:
        """Give all elements: the document and its bill of materials first."""
        document = self.element(self.spdx.SpdxDocument, "document", name=f"Audit of {self.bom.name}")
        bill = self.element(self.spdx.software_Sbom, "bom", name=f"Bill of materials of {self.bom.name}")
        bill.software_sbomType = [self.spdx.software_SbomType.analyzed]
        for part in self.bom.parts:
            if part.kind != "file":
                self.part(part)
        for ref in self.bom.refs:
            self.element(
                self.spdx.simplelicensing_SimpleLicensingText,
                ref.id,
                name=ref.name,
                simplelicensing_licenseText=ref.text,
                externalRef=[self.reference("license", url) for url in ref.urls],
            )
        for part in self.bom.parts:
            self.terms(part)
        self.links()
        disclosed = [note for part in self.bom.parts for note in bom_card.remarks(part, TOLD.get(part.kind, ()))]
        for number, note in enumerate((*self.bom.notes, *disclosed), start=1):
            self.note(note, number)
        inner = [made for made in self.made if made is not document]
        document.profileConformance = [getattr(self.spdx.ProfileIdentifierType, name) for name in _PROFILES]
        document.rootElement = [bill]
        document.element = inner
        bill.rootElement = [self.base + part.ref for part in self.bom.roots()]
        bill.element = [made for made in inner if made is not bill]
        return [self.info, *self.made]

    def part(self, part: Part) -> None:
        """Make the element of one part."""
        kinds = {
            "model": self.spdx.ai_AIPackage,
            "data": self.spdx.dataset_DatasetPackage,
            "code": self.spdx.software_Package,
            "app": self.spdx.software_Package,
        }
        purpose = getattr(self.spdx.software_SoftwarePurpose, _PURPOSES[part.kind])
        values: dict[str, Any] = {
            "name": part.name,
            "software_primaryPurpose": purpose,
            "comment": part.comment,
            "summary": part.role,
            **self.package(part),
        }
        if part.kind == "model":
            values |= model(self.spdx, part)
        if part.kind == "data":
            values |= data(self.spdx, part)
        made = self.element(kinds[part.kind], part.ref, **values)
        if part.kind == "data":
            made.dataset_datasetType = [self.spdx.dataset_DatasetType.noAssertion]
            if part.how in _AVAILABILITY and part.download:
                kind = getattr(self.spdx.dataset_DatasetAvailabilityType, _AVAILABILITY[part.how])
                made.dataset_datasetAvailability = kind

    def package(self, part: Part) -> dict[str, Any]:
        """Give what every package has."""
        seen = " ".join(at(*place) for place in part.seen)
        facts = [f"named at {seen}" if seen else "", f"library {part.library}" if part.library else ""]
        return {
            "software_packageVersion": part.commit,
            "software_homePage": part.url,
            "software_downloadLocation": part.download,
            "software_packageUrl": part.purl,
            "software_sourceInfo": "; ".join(filter(None, facts)),
            "suppliedBy": self.agent(part.account) if part.account else None,
        }

    def agent(self, account: str) -> Any:
        """Make the account that publishes something; whether it is a person or an organisation is not known."""
        if account not in self.agents:
            ref = f"account-{len(self.agents) + 1}"
            self.agents[account] = self.element(self.spdx.Agent, ref, name=account)
        return self.agents[account]

    def reference(self, kind: str, url: str) -> Any:
        """Make an address that an element refers to."""
        made = self.spdx.ExternalRef()
        made.externalRefType = getattr(self.spdx.ExternalRefType, kind)
        made.locator = [url]
        return made

    def terms(self, part: Part) -> None:
        """Say the licences of a part; of files and scanned code nothing is said: nobody looked."""
        if part.kind in {"file", "app"}:
            return
        for name, expression in (("declared", part.terms.declared), ("concluded", part.terms.concluded)):
            kind = getattr(self.spdx.RelationshipType, f"has{name.capitalize()}License")
            self.relation(f"{name}-{part.ref}", part.ref, kind, [self.license(expression)], part.terms.why)

    def license(self, expression: str) -> str:
        """Give the IRI of an expression, made once; NONE and NOASSERTION are individuals of the standard."""
        if expression in _INDIVIDUALS:
            return _INDIVIDUALS[expression]
        if expression not in self.expressions:
            made = self.element(
                self.spdx.simplelicensing_LicenseExpression,
                f"license-{len(self.expressions) + 1}",
                simplelicensing_licenseExpression=expression,
                simplelicensing_customIdToUri=self.custom(expression),
            )
            self.expressions[expression] = str(made.get_id())
        return self.expressions[expression]

    def custom(self, expression: str) -> list[Any]:
        """Say which element each LicenseRef of an expression is."""
        words = expression.replace("(", " ").replace(")", " ").split()
        rows = []
        for ref in self.bom.refs:
            if ref.id in words:
                row = self.spdx.DictionaryEntry()
                row.key, row.value = ref.id, self.base + ref.id
                rows.append(row)
        return rows

    def relation(self, ref: str, source: str, kind: Any, targets: list[str], comment: str) -> None:
        """Make a relationship from a part to elements."""
        self.element(
            self.spdx.Relationship,
            ref,
            from_=self.base + source,
            relationshipType=kind,
            to=targets,
            comment=comment,
            completeness=self.spdx.RelationshipCompleteness.noAssertion,
        )

    def links(self) -> None:
        """Make the relationships of the parts: one for all that a part has alike."""
        rows: dict[tuple[str, str, str], list[str]] = {}
        for link in self.bom.links:
            if link.bond == spdx3_files.HELD:
                continue
            ends = (link.target, link.source) if link.bond in _BACKWARDS else (link.source, link.target)
            rows.setdefault((ends[0], link.bond, link.comment), []).append(self.base + ends[1])
        for number, ((source, bond, comment), targets) in enumerate(rows.items(), start=1):
            kind = getattr(self.spdx.RelationshipType, _RELATIONS[bond])
            self.relation(f"relationship-{number}", source, kind, targets, comment)

    def note(self, note: Note, number: int) -> None:
        """Make the annotation of a part."""
        self.element(
            self.spdx.Annotation,
            f"annotation-{number}",
            annotationType=self.spdx.AnnotationType.review,
            subject=self.base + note.about,
            statement=f"[{note.kind}] {note.text}",
            contentType="text/plain",
        )


def _moment(text: str) -> datetime:
    from datetime import datetime  # noqa: PLC0415 - beside the binding, which needs it

    return datetime.fromisoformat(text)
