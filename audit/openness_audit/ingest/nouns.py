"""What a bill of materials says: things, where each is named, and what is claimed of it; every place a JSON pointer."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Kind: TypeAlias = Literal["model", "dataset", "other"]
Acknowledged: TypeAlias = Literal["declared", "concluded", "not-said"]


class Ref(Struct, frozen=True):
    """A model or data set of the Hub, as a package URL or an address names it.

    `path` is the file that the address leads to, in the repository.
    """

    kind: Literal["model", "dataset"]
    id: str
    revision: str | None
    pointer: str
    path: str = ""


class LicensePart(Struct, frozen=True):
    """One licence of a claim: an SPDX expression, or a free name; with what is told of its text."""

    text: str
    expression: bool
    urls: tuple[str, ...] = ()
    body: str = ""


class LicenseClaim(Struct, frozen=True):
    """What a document says of a thing's licence; all parts bind. No parts: it says that it asserts nothing."""

    about: Acknowledged
    parts: tuple[LicensePart, ...]
    pointer: str


class FileClaim(Struct, frozen=True):
    """A file of a model, and the digest that the document gives of it."""

    path: str
    sha256: str
    pointer: str


class Mention(Struct, frozen=True):
    """A base model or data set of a model: the Hub's id where the document gives one, and the name."""

    name: str
    id: str | None
    pointer: str


class Thing(Struct, frozen=True, kw_only=True):
    """One component, package or element. `upstream`: another thing of the document was made from it."""

    key: str
    kind: Kind
    name: str
    pointer: str
    refs: tuple[Ref, ...] = ()
    version: str = ""
    version_pointer: str = ""
    licenses: tuple[LicenseClaim, ...] = ()
    files: tuple[FileClaim, ...] = ()
    bases: tuple[Mention, ...] = ()
    datasets: tuple[Mention, ...] = ()
    upstream: bool = False


class LicenseText(Struct, frozen=True):
    """A LicenseRef of the document: its name, its text, and where that can be read."""

    name: str
    body: str = ""
    urls: tuple[str, ...] = ()


class Bill(Struct, frozen=True, kw_only=True):
    """One document as it was read. `doubts` are what is wrong with it and did not keep it from being read."""

    format: Literal["cyclonedx", "spdx", "spdx-tag", "spdx3"]
    version: str
    elements: int
    things: tuple[Thing, ...]
    texts: dict[str, LicenseText]
    doubts: tuple[str, ...] = ()
