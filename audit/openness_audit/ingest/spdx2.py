"""Read SPDX 2.2 and 2.3, decoded from JSON or from tag-value: packages, files, relationships, licences of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.ingest import parts
from openness_audit.ingest.nouns import Bill, FileClaim, LicenseText, Thing
from openness_audit.ingest.references import COMMIT
from openness_audit.ingest.values import rows, text, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openness_audit.ingest.nouns import LicenseClaim

    Json = dict[str, Any]

_FROM = {"DESCENDANT_OF": False, "GENERATED_FROM": False, "VARIANT_OF": False, "ANCESTOR_OF": True, "GENERATES": True}
_DATA = {"BUILD_DEPENDENCY_OF", "TEST_DEPENDENCY_OF", "DATA_FILE_OF", "TEST_OF"}  # data first, then what it is for
_OTHER = ("trainedon", "testedon")  # words of SPDX 3, as comments of OTHER
_DEPENDS = "DEPENDS_ON"


def _same(pointer: str) -> str:
    return pointer


def read(found: Json, version: str, endpoint: str, *, pointer_of: Callable[[str], str] = _same) -> Bill:
    """Read a document.

    Args:
        found: the decoded document, with the keys of the JSON form.
        version: its `spdxVersion`.
        endpoint: the configured Hub.
        pointer_of: turns a JSON pointer into the place in the document.

    Returns:
        What it says.
    """
    things: dict[str, Thing] = {}
    files: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    twice = elements = 0
    for row, at in rows(found.get("packages"), "/packages"):
        elements += 1
        key = text(row.get("SPDXID")) or at
        if key in things:
            twice, key = twice + 1, at
        if text(row.get("primaryPackagePurpose")).upper() == "FILE":
            files[key] = _file(row, at, endpoint)
        things[key] = _thing(row, at, key, endpoint)
    for row, at in rows(found.get("files"), "/files"):
        elements += 1
        files[text(row.get("SPDXID")) or at] = _file(row, at, endpoint)
    held, bases, data, count = _relations(found, things)
    held += [(key, name) for key, row in _owners(found) for name in row]
    things = _with_files(things, files, held)
    things, nowhere = parts.linked(things, bases, data)
    placed = [_placed(thing, pointer_of) for thing in things.values()]
    return Bill(
        format="spdx",
        version=version,
        elements=elements + count,
        things=tuple(placed),
        texts=_texts(found),
        doubts=parts.doubts(nowhere, twice),
    )


def _placed(thing: Thing, pointer_of: Callable[[str], str]) -> Thing:
    """Turn the pointers of a thing into places of the document."""
    if pointer_of is _same:
        return thing
    change = msgspec.structs.replace
    return change(
        thing,
        pointer=pointer_of(thing.pointer),
        version_pointer=pointer_of(thing.version_pointer) if thing.version_pointer else "",
        refs=tuple(change(ref, pointer=pointer_of(ref.pointer)) for ref in thing.refs),
        licenses=tuple(change(row, pointer=pointer_of(row.pointer)) for row in thing.licenses),
        files=tuple(change(row, pointer=pointer_of(row.pointer)) for row in thing.files),
        bases=tuple(change(row, pointer=pointer_of(row.pointer)) for row in thing.bases),
        datasets=tuple(change(row, pointer=pointer_of(row.pointer)) for row in thing.datasets),
    )


def _thing(row: Json, pointer: str, key: str, endpoint: str) -> Thing:
    outside = list(rows(row.get("externalRefs"), f"{pointer}/externalRefs"))
    locators = [(text(ref.get("referenceLocator")), f"{at}/referenceLocator") for ref, at in outside]
    summary = f"{text(row.get('summary'), 200)} {text(row.get('description'), 200)}".lower()
    model = "machine learning model" in summary
    tiers = [
        [(value, at) for value, at in locators if value.startswith("pkg:")],
        [(text(row.get("downloadLocation")), f"{pointer}/downloadLocation")],
        [(value, at) for value, at in locators if not value.startswith("pkg:")],
        [(text(row.get("homepage")), f"{pointer}/homepage")],
    ]
    refs = parts.chosen(tiers, endpoint) if text(row.get("primaryPackagePurpose")).upper() != "FILE" else ()
    version = text(row.get("versionInfo"), 200)
    return Thing(
        key=key,
        kind=parts.kind_of("model" if model else "other", refs),
        name=text(row.get("name"), 400),
        pointer=pointer,
        refs=refs,
        version=version,
        version_pointer=f"{pointer}/versionInfo" if version else "",
        licenses=tuple(_licenses(row, pointer)),
    )


def _licenses(row: Json, pointer: str) -> Iterator[LicenseClaim]:
    if "licenseDeclared" in row:
        yield parts.claim("declared", text(row["licenseDeclared"]), f"{pointer}/licenseDeclared")
    if "licenseConcluded" in row:
        yield parts.claim("concluded", text(row["licenseConcluded"]), f"{pointer}/licenseConcluded")


def _file(row: Json, pointer: str, endpoint: str) -> tuple[str, list[tuple[str, str]]]:
    """Give the path of a file in its repository, and its digests."""
    found = parts.chosen([[(text(row.get("downloadLocation")), pointer)]], endpoint)
    path = (found[0].path if found else "") or text(row.get("fileName")) or text(row.get("name"))
    sums = [
        (text(each.get("checksumValue")).lower(), f"{at}/checksumValue")
        for each, at in rows(row.get("checksums"), f"{pointer}/checksums")
        if text(each.get("algorithm")).upper().replace("-", "") == "SHA256"
    ]
    return path, [(digest, at) for digest, at in sums if COMMIT.fullmatch(digest) and len(digest) == 64]


def _owners(found: Json) -> Iterator[tuple[str, list[str]]]:
    for row, at in rows(found.get("packages"), "/packages"):
        yield text(row.get("SPDXID")) or at, [name for name, _ in texts(row.get("hasFiles"), at)]


def _with_files(
    things: dict[str, Thing], files: dict[str, tuple[str, list[tuple[str, str]]]], held: list[tuple[str, str]]
) -> dict[str, Thing]:
    made: dict[str, list[FileClaim]] = {}
    for owner, name in dict.fromkeys(held):
        if owner in things and name in files:
            path, sums = files[name]
            made.setdefault(owner, []).extend(FileClaim(path, digest, at) for digest, at in sums if path)
    for owner, claims in made.items():
        things[owner] = msgspec.structs.replace(things[owner], files=tuple(claims))
    return {key: thing for key, thing in things.items() if key not in files}


def _relations(
    found: Json, things: dict[str, Thing]
) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]], list[tuple[str, str, str]], int]:
    """Sort the relationships: what is contained, what was made from what, and with which data."""
    held: list[tuple[str, str]] = []
    bases: list[tuple[str, str, str]] = []
    data: list[tuple[str, str, str]] = []
    count = 0
    for row, at in rows(found.get("relationships"), "/relationships"):
        count += 1
        one, other = text(row.get("spdxElementId")), text(row.get("relatedSpdxElement"))
        kind = text(row.get("relationshipType")).upper()
        said = text(row.get("comment"), 40).lower()
        if kind in ("CONTAINS", "CONTAINED_BY"):
            held.append((one, other) if kind == "CONTAINS" else (other, one))
        elif kind in _DATA and (_is(things, one, "dataset") or said.startswith(_OTHER)):
            data.append((other, one, at))
        elif (kind == "OTHER" and said.startswith(_OTHER)) or (kind == _DEPENDS and _is(things, other, "dataset")):
            data.append((one, other, at))
        elif kind in _FROM:
            above, below = (one, other) if _FROM[kind] else (other, one)
            if _is(things, above, "model") or (kind not in ("GENERATES", "GENERATED_FROM") and above not in things):
                bases.append((below, above, at))
    return held, bases, data, count


def _is(things: dict[str, Thing], key: str, kind: str) -> bool:
    return key in things and things[key].kind == kind


def _texts(found: Json) -> dict[str, LicenseText]:
    return {
        text(row.get("licenseId")): LicenseText(
            text(row.get("name"), 400),
            row["extractedText"] if isinstance(row.get("extractedText"), str) else "",
            tuple(url for url, _ in texts(row.get("seeAlsos"), at))
            + tuple(text(each.get("url")) for each, _ in rows(row.get("crossRefs"), at)),
        )
        for row, at in rows(found.get("hasExtractedLicensingInfos"), "/hasExtractedLicensingInfos")
    }
