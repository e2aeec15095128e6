"""What the files under `rules/profiles` may say, and how they are loaded."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct, field

from openness_audit import packaged
from openness_audit.errors import RuleError

Content: TypeAlias = Literal["code", "data", "document"]
T = TypeVar("T", bound="Framework")


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Strict, as rules are."""


class Framework(_Part, frozen=True, kw_only=True):
    """What every profile says of itself; help and docs are written from it."""

    id: str
    title: str
    version: str
    since: str
    rationale: str
    reading: tuple[str, ...]
    references: tuple[str, ...]


class MofClassRow(_Part, frozen=True):
    """A class and its name."""

    id: Literal["I", "II", "III"]
    name: str


class MofComponent(_Part, frozen=True):
    """One component: its exact name, the class that requires it, and which of ours it is read from."""

    name: str
    class_: Literal["I", "II", "III"] = field(name="class")
    content: Content
    description: str
    required: bool = True
    source: tuple[str, ...] = field(default=(), name="from")
    enough: Literal["open", "partial"] = "open"
    waived_by: str | None = None


class LicenseRule(_Part, frozen=True):
    """Whether licences of a family count as open, and what they are made for."""

    open: bool
    made_for: tuple[Content, ...] = ()


class LicenseException(_Part, frozen=True):
    """A licence that is not judged by its family; `departs` says why where the framework's tool does otherwise."""

    license: str
    open: bool
    made_for: tuple[Content, ...] = ()
    departs: str = ""


class MofLicenses(_Part, frozen=True):
    """Which licences are open."""

    families: dict[str, LicenseRule]
    exceptions: tuple[LicenseException, ...]
    departures: tuple[str, ...]


class MofRules(Framework, frozen=True):
    """The Model Openness Framework."""

    date: str
    classes: tuple[MofClassRow, ...]
    components: tuple[MofComponent, ...]
    licenses: MofLicenses
    types: dict[str, str]


class OsaidComponent(_Part, frozen=True):
    """An element of the components axis."""

    id: str
    title: str
    source: tuple[str, ...] = field(name="from")
    missing: str
    enough: Literal["open", "partial"] = "open"
    described_by: tuple[str, ...] = ()
    unless_open: tuple[str, ...] = ()


class OsaidTerm(_Part, frozen=True):
    """An element of the terms axis."""

    id: str
    title: str
    failing: str
    source: tuple[str, ...] = field(default=(), name="from")
    approved: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    gate: bool = False


class OsaidRules(Framework, frozen=True):
    """The Open Source AI Definition."""

    date: str
    components: tuple[OsaidComponent, ...]
    terms: tuple[OsaidTerm, ...]


class Dimension(_Part, frozen=True):
    """One dimension of the index; `licensed` lists groups of components whose licences are judged."""

    id: str
    title: str
    source: tuple[str, ...] = field(default=(), name="from")
    mirrors: str | None = None
    licensed: tuple[tuple[str, ...], ...] = ()


class OsaiRules(Framework, frozen=True):
    """The European Open Source AI Index."""

    open_families: tuple[str, ...]
    undecided_families: tuple[str, ...]
    dimensions: tuple[Dimension, ...]


class EuItem(_Part, frozen=True):
    """One piece of evidence."""

    id: str
    question: str
    source: tuple[str, ...] = field(default=(), name="from")
    enough: Literal["open", "partial"] = "open"
    licensed: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    gate: bool = False


class EuRules(Framework, frozen=True):
    """The EU AI Act."""

    note: str
    exemption: tuple[EuItem, ...]
    duties: tuple[EuItem, ...]


class CoverRule(_Part, frozen=True):
    """Where the licence of a component of ours is read."""

    by: Literal["effective", "own", "architecture", "code", "data", "benchmarks", "documented", "paper"]
    roles: tuple[str, ...] = ()
    stage: str = ""


class Derived(_Part, frozen=True, rename={"words": "is"}):
    """What a framework asks for and no rule of ours does: what it is, and the components it is made from."""

    words: str
    by: tuple[str, ...]


class Covers(_Part, frozen=True):
    """Which licence covers which component."""

    id: str
    components: dict[str, CoverRule]
    derived: dict[str, Derived]
    libraries: dict[str, str]


class Profiles(Struct, frozen=True, kw_only=True):
    """All profiles, as loaded."""

    mof: MofRules
    osaid: OsaidRules
    osai: OsaiRules
    eu_gpai: EuRules
    covers: Covers

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        """What each outside framework says of itself."""
        return (self.mof, self.osaid, self.osai, self.eu_gpai)


P = TypeVar("P", bound=Struct)


def parse(text: str, kind: type[P], name: str) -> P:
    """Read one file of a profile; `name` is its path for messages. Raises RuleError."""
    try:
        return msgspec.convert(packaged.parse(text, f"rules/profiles/{name}"), kind)
    except msgspec.ValidationError as problem:
        raise RuleError(f"rules/profiles/{name}: {problem}") from problem


@cache
def load_profiles() -> Profiles:
    """Load `rules/profiles` once. Raises RuleError for a file that does not fit."""

    def one(name: str, kind: type[P]) -> P:
        return packaged.read_as(f"profiles/{name}", kind)

    return Profiles(
        mof=one("mof.yaml", MofRules),
        osaid=one("osaid.yaml", OsaidRules),
        osai=one("osai.yaml", OsaiRules),
        eu_gpai=one("eu-gpai.yaml", EuRules),
        covers=one("covers.yaml", Covers),
    )
