"""Read tag-value into what the JSON form of SPDX 2 would decode to; a place is a line of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Json = dict[str, Any]

_TAG = re.compile(r"([A-Za-z]\w*):[ \t]*(.*)", re.ASCII)
_PACKAGE = {
    "SPDXID": "SPDXID",
    "PackageVersion": "versionInfo",
    "PackageDownloadLocation": "downloadLocation",
    "PackageHomePage": "homepage",
    "PackageLicenseDeclared": "licenseDeclared",
    "PackageLicenseConcluded": "licenseConcluded",
    "PackageSummary": "summary",
    "PackageDescription": "description",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
}
_BEGINS = {
    "PackageName": ("packages", "name"),
    "FileName": ("files", "fileName"),
    "LicenseID": ("hasExtractedLicensingInfos", "licenseId"),
}
_KEYS = {
    "packages": _PACKAGE,
    "files": {"SPDXID": "SPDXID"},
    "hasExtractedLicensingInfos": {"ExtractedText": "extractedText", "LicenseName": "name"},
}
_WORDS = 3  # of a relationship or an external reference at least
_LINES = "\n"  # a key that no tag has: it holds the line of each key of its row


def looks_like_it(said: str) -> bool:
    """Say whether a text is tag-value: it says which SPDX it is within its first lines."""
    return re.search(r"^SPDXVersion:", said[:20_000], re.MULTILINE) is not None


def line_of(pointer: str) -> int:
    """Give the line of a place."""
    return int(pointer.removeprefix("line "))


def parse(said: str) -> Json:
    """Read a text; tags that say nothing about models are passed over, whatever they hold.

    Args:
        said: the whole document.

    Returns:
        A document with the keys of the JSON form.
    """
    return _Reading().all(said)


def pointers(found: Json) -> Callable[[str], str]:
    """Give the function that turns a JSON pointer into the document of `parse` into the line of the file."""

    def place(pointer: str) -> str:
        at: Any = found
        line = 1
        for step in pointer.split("/")[1:]:
            if isinstance(at, dict):
                line = at.get(_LINES, {}).get(step, line)
                at = at.get(step)
            elif isinstance(at, list) and step.isdigit() and int(step) < len(at):
                at = at[int(step)]
                line = at.get(_LINES, {}).get("", line) if isinstance(at, dict) else line
        return f"line {line}"

    return place


class _Reading:
    """One reading: the package, file or licence that the tags belong to."""

    def __init__(self) -> None:
        self.made: Json = {"packages": [], "files": [], "relationships": [], "hasExtractedLicensingInfos": []}
        self.row: Json = self.made
        self.where = ""

    def all(self, said: str) -> Json:
        lines = said.split("\n")
        number = 0
        while number < len(lines):
            match = _TAG.match(lines[number])
            first = number + 1
            number += 1
            if match is None:
                continue
            tag, value = match[1], match[2].strip()
            if value.startswith("<text>"):
                held = [value.removeprefix("<text>")]
                while "</text>" not in held[-1] and number < len(lines):
                    held.append(lines[number])
                    number += 1
                value = "\n".join(held).partition("</text>")[0]
            self.tag(tag, value, first)
        return self.made

    def put(self, key: str, value: Any, line: int) -> None:
        self.row[key] = value
        self.row.setdefault(_LINES, {})[key] = line

    def add(self, key: str, value: Json, line: int) -> None:
        value[_LINES] = dict.fromkeys(("", *value), line)
        self.row.setdefault(key, []).append(value)

    def tag(self, tag: str, value: str, line: int) -> None:
        """Take one tag."""
        if tag in _BEGINS:
            group, key = _BEGINS[tag]
            self.row = {_LINES: {"": line}}
            self.where = group
            self.made[group].append(self.row)
            self.put(key, value, line)
        elif tag == "SPDXVersion":
            self.made["spdxVersion"] = value
        elif tag.startswith("Relationship"):
            self.relation(tag, value, line)
        elif tag in ("PackageChecksum", "FileChecksum"):
            name, _, digest = value.partition(":")
            self.add("checksums", {"algorithm": name.strip(), "checksumValue": digest.strip()}, line)
        elif tag == "ExternalRef" and len(value.split()) >= _WORDS:
            self.add("externalRefs", {"referenceLocator": value.split()[2]}, line)
        elif tag == "LicenseCrossReference":
            self.row.setdefault("seeAlsos", []).append(value)
        elif tag in _KEYS.get(self.where, ()):
            self.put(_KEYS[self.where][tag], value, line)

    def relation(self, tag: str, value: str, line: int) -> None:
        """Take a relationship, or the comment of the last one."""
        words = value.split()
        if tag == "Relationship" and len(words) >= _WORDS:
            last = dict(zip(("spdxElementId", "relationshipType", "relatedSpdxElement"), words, strict=False))
            self.made["relationships"].append(last | {_LINES: {"": line}})
        elif tag == "RelationshipComment" and self.made["relationships"]:
            self.made["relationships"][-1]["comment"] = value
