"""From the bytes of a file to a bill of materials: which format it is, with limits before anything is built."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import Struct

from openness_audit.errors import UsageError
from openness_audit.ingest import cyclonedx, pointers, spdx2, spdx3, tag_value
from openness_audit.ingest.nouns import Bill
from openness_audit.ingest.values import child, text

LARGEST = 64 * 1024 * 1024  # bytes of a document
MOST_VALUES = 8_000_000  # brackets, braces and commas: what a reader makes of them takes memory
MOST_ELEMENTS = 1_000_000  # components, packages, files, relationships
READ = "SPDX 3 (JSON-LD), SPDX 2.2 and 2.3 (JSON, tag-value) and CycloneDX 1.2 to 1.7 (JSON) are read"
_CONVERT = f"convert it to JSON; {READ}"
_BYTE = re.compile(r"\(byte (\d+)\)")
_CYCLONEDX = re.compile(r"1\.[2-7]")
_SPDX2 = re.compile(r"SPDX-2\.[23]")
_SPDX3 = re.compile(r"3\.\d+(?:\.\d+)?(?:-\w+)?")


class Read(Struct, frozen=True):
    """A document as it was read, and its text, in which places are found."""

    bill: Bill
    text: str

    def places(self, wanted: set[str]) -> dict[str, tuple[int, int]]:
        """Give line and column, both from 1, of each pointer; those of tag-value are lines themselves."""
        if self.bill.format == "spdx-tag":
            return {pointer: (tag_value.line_of(pointer), 1) for pointer in wanted}
        return pointers.places(self.text, wanted)


def read(data: bytes, shown: str, endpoint: str = "") -> Read:
    """Read a document.

    Args:
        data: what the file holds; no more than `LARGEST` and one byte need be read.
        shown: the file's name, as messages tell it.
        endpoint: the configured Hub, whose addresses count as the Hub's.

    Returns:
        What it says. Raises UsageError for what is too large, no text, no such document, or of an unknown version.
    """
    if len(data) > LARGEST:
        raise UsageError(f"{shown} is larger than {LARGEST // 1024 // 1024} MB", hint="split it, or audit its models")
    try:
        said = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise UsageError(f"{shown}:{line}: it is not UTF-8", hint=READ) from problem
    start = said.lstrip()[:200]
    if start.startswith("{"):
        return _json(said, shown, endpoint)
    if start.startswith("<"):
        raise UsageError(f"{shown}: XML and RDF are not read", hint=_CONVERT)
    if tag_value.looks_like_it(said):
        return _tags(said, shown, endpoint)
    if not start:
        raise UsageError(f"{shown} is empty", hint=READ)
    raise UsageError(f"{shown} is no bill of materials", hint=READ)


def _json(said: str, shown: str, endpoint: str) -> Read:
    if said.count(",") + said.count("{") + said.count("[") > MOST_VALUES:
        raise UsageError(f"{shown} holds more than {MOST_VALUES:,} values", hint="split it, or audit its models")
    try:
        found = msgspec.json.decode(said.lstrip())
    except RecursionError as problem:
        raise UsageError(f"{shown} is too deeply nested to be a bill of materials", hint=READ) from problem
    except msgspec.MsgspecError as problem:
        at = _BYTE.search(str(problem))
        skipped = len(said) - len(said.lstrip())
        line = said.count("\n", 0, skipped) + 1
        line += said.lstrip().encode("utf-8", "replace").count(b"\n", 0, int(at[1])) if at else 0
        what = str(problem).partition(" (byte")[0]
        raise UsageError(f"{shown}:{line}: it is not JSON: {what}", hint=READ) from problem
    return Read(_bill(found, shown, endpoint), said)


def _bill(found: Any, shown: str, endpoint: str) -> Bill:
    """Tell the formats apart by the words each standard prescribes."""
    version = text(child(found, "specVersion"), 40)
    if text(child(found, "bomFormat"), 40) == "CycloneDX":
        _check(shown, "CycloneDX", version, _CYCLONEDX)
        return _checked(cyclonedx.read(found, version, endpoint), shown)
    if said := text(child(found, "spdxVersion"), 40):
        _check(shown, "SPDX", said, _SPDX2)
        return _checked(spdx2.read(found, said, endpoint), shown)
    if isinstance(found, dict) and ("@graph" in found or "@context" in found):
        version = spdx3.version_of(found)
        if not version and "spdx.org" not in text(found.get("@context"), 200):
            raise UsageError(f"{shown} is JSON-LD, but not of SPDX 3", hint=READ)
        _check(shown, "SPDX", version, _SPDX3)
        return _checked(spdx3.read(found, version, endpoint), shown)
    if text(child(found, "schema"), 200).startswith("https://openness-audit.dev/"):
        raise UsageError(f"{shown} is a document of modelaudit, no bill of materials", hint=READ)
    raise UsageError(f"{shown} is JSON, but no bill of materials", hint=READ)


def _tags(said: str, shown: str, endpoint: str) -> Read:
    found = tag_value.parse(said)
    version = text(found.get("spdxVersion"), 40)
    _check(shown, "SPDX", version, _SPDX2)
    bill = spdx2.read(found, version, endpoint, pointer_of=tag_value.pointers(found))
    return Read(_checked(msgspec.structs.replace(bill, format="spdx-tag"), shown), said)


def _check(shown: str, what: str, version: str, known: re.Pattern[str]) -> None:
    if not known.fullmatch(version):
        told = f"version {version!r} of {what}" if version else f"{what} without a version"
        raise UsageError(f"{shown}: {told} is not read", hint=READ)


def _checked(bill: Bill, shown: str) -> Bill:
    if bill.elements > MOST_ELEMENTS:
        raise UsageError(f"{shown} holds more than {MOST_ELEMENTS:,} elements", hint="split it, or audit its models")
    return bill
