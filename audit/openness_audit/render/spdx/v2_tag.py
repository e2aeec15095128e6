"""Write SPDX 2.3 as tag-value: the JSON document of `v2_json`, one tag a line.

Written directly: importing the library that could takes longer than all else (0.3 s). Tests have it read what is
written here, and compare it with what it reads from the JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openness_audit.render.bom import build as bom_build
from openness_audit.render.escape import clean
from openness_audit.render.spdx import v2_json as spdx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch
    from openness_audit.render.bom.bill import Bom

    Json = dict[str, Any]

_DOCUMENT = {
    "spdxVersion": "SPDXVersion",
    "dataLicense": "DataLicense",
    "SPDXID": "SPDXID",
    "name": "DocumentName",
    "documentNamespace": "DocumentNamespace",
    "comment": "DocumentComment",
}
_PACKAGE = {
    "name": "PackageName",
    "SPDXID": "SPDXID",
    "versionInfo": "PackageVersion",
    "supplier": "PackageSupplier",
    "downloadLocation": "PackageDownloadLocation",
    "homepage": "PackageHomePage",
    "sourceInfo": "PackageSourceInfo",
    "licenseConcluded": "PackageLicenseConcluded",
    "licenseDeclared": "PackageLicenseDeclared",
    "licenseComments": "PackageLicenseComments",
    "copyrightText": "PackageCopyrightText",
    "summary": "PackageSummary",
    "comment": "PackageComment",
    "primaryPackagePurpose": "PrimaryPackagePurpose",
}
_LICENSE = {"licenseId": "LicenseID", "extractedText": "ExtractedText", "name": "LicenseName"}


def render(audit: Audit) -> str:
    """Give the document of one model."""
    return of_bom(bom_build.of_audit(audit))


def render_batch(batch: Batch) -> str:
    """Give one document of several models."""
    return of_bom(bom_build.of_batch(batch))


def of_bom(bom: Bom) -> str:
    """Give the document of a bill of materials."""
    return told(spdx.document(bom))


def told(document: Json) -> str:
    """Write a document as it stands in JSON; no value of ours has more than one line."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Json) -> Iterator[str]:
    yield from _tags(document, _DOCUMENT)
    made = document["creationInfo"]
    yield from (_tag("Creator", creator) for creator in made["creators"])
    yield _tag("Created", made["created"])
    for package in document["packages"]:
        yield ""
        yield from _tags(package, _PACKAGE)
        yield _tag("FilesAnalyzed", "false")
        yield from (_tag("PackageChecksum", f"SHA256: {row['checksumValue']}") for row in package.get("checksums", ()))
        for row in package.get("externalRefs", ()):
            said = (row["referenceCategory"], row["referenceType"], row["referenceLocator"])
            yield _tag("ExternalRef", " ".join(said))
    for row in document.get("hasExtractedLicensingInfos", ()):
        yield ""
        yield from _tags(row, _LICENSE)
        yield from (_tag("LicenseCrossReference", url) for url in row.get("seeAlsos", ()))
    yield ""
    for row in document["relationships"]:
        ends = (row["spdxElementId"], row["relationshipType"], row["relatedSpdxElement"])
        yield _tag("Relationship", " ".join(ends))
        yield from _tags(row, {"comment": "RelationshipComment"})
    for package in document["packages"]:
        for row in package.get("annotations", ()):
            yield ""
            yield _tag("Annotator", row["annotator"])
            yield _tag("AnnotationDate", row["annotationDate"])
            yield _tag("AnnotationType", row["annotationType"])
            yield _tag("SPDXREF", package["SPDXID"])
            yield _tag("AnnotationComment", row["comment"])


def _tags(row: Json, names: dict[str, str]) -> Iterator[str]:
    return (_tag(tag, row[key]) for key, tag in names.items() if row.get(key))


def _tag(name: str, value: str) -> str:
    """Write one tag; whatever a stranger wrote into the value, it ends with its line."""
    return f"{name}: {clean(value)}"
