"""A bill of materials in no standard's words: the things a model is made of, how they belong together, what is noted.

SPDX and CycloneDX are written from it. It is made from finished audits alone, holds nothing that differs between two
audits of the same answers (the run, when something was fetched, whether from the cache), and every reference in it
derives from what it refers to: the same audit gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

Kind: TypeAlias = Literal["model", "file", "data", "code", "app"]
Bond: TypeAlias = Literal[
    "contains", "descends-from", "depends-on", "trained-on", "tested-on", "named-data", "generates", "tests", "linked"
]
Place: TypeAlias = tuple[str, "int | None"]  # an address or a path, and a line of it
Personal: TypeAlias = Literal["yes", "no", ""]
NOASSERTION, NONE = "NOASSERTION", "NONE"
SITE = "https://openness-audit.dev"
_NOT_ID = re.compile(r"[^A-Za-z0-9.]+")
_LONGEST_WORD = 48  # characters of a name that a reference shows


class Terms(Struct, frozen=True):
    """Licences of a thing: SPDX expressions (LicenseRefs among them), NONE or NOASSERTION; `why` in words."""

    declared: str = NOASSERTION
    concluded: str = NOASSERTION
    why: str = ""


class Saying(Struct, frozen=True):
    """A sentence of the publisher on a topic; no words where the audit keeps none. `what`: of personal data."""

    topic: str
    words: str
    at: str
    what: str = ""

    def told(self) -> str:
        """Quote the sentence, with its place."""
        return _quoted(self.words, self.at)


class Result(Struct, frozen=True):
    """A result of evaluation, as written: of what, on what, and whose figure where it is not the publisher's."""

    name: str
    value: str
    on: str
    by: str
    at: str

    def where(self) -> str:
        """Say on what, and whose it is."""
        return "; ".join(filter(None, (self.on, f"reported by {self.by}" if self.by else "")))


class Measure(Struct, frozen=True):
    """Energy, emissions, hardware, time or place of computing, as written; a number only where its unit is known."""

    kind: str
    value: str
    phase: str
    number: float | None
    unit: str
    at: str

    def told(self) -> str:
        """Say what was used, and for which phase."""
        phase = "" if self.phase == "unknown" else f" ({self.phase})"
        return f"{self.kind}{phase}: {_quoted(self.value, self.at)}"


class Card(Struct, frozen=True, kw_only=True):
    """What a publisher discloses of a model or data set. What is not said is empty."""

    settings: tuple[tuple[str, str], ...] = ()
    results: tuple[Result, ...] = ()
    sayings: tuple[Saying, ...] = ()
    measures: tuple[Measure, ...] = ()
    traits: tuple[tuple[str, str], ...] = ()
    personal: Personal = ""
    risk: str = ""

    def about(self, *topics: str) -> list[str]:
        """Give the sentences on topics, each once, in the order of the topics."""
        return list(dict.fromkeys(s.told() for topic in topics for s in self.sayings if s.topic == topic))

    def trait(self, name: str) -> str:
        """Give a trait, or nothing."""
        return dict(self.traits).get(name, "")


def _quoted(words: str, place: str) -> str:
    """Give words as a quotation with its place, or the place alone where no words are kept."""
    if not words:
        return f"see {place}"
    return f'"{words}"' + (f" ({place})" if place else "")


class Part(Struct, frozen=True, kw_only=True):
    """One thing: a model, a file of it, a data set, code, or scanned code. What is not known is empty, never guessed.

    `role` says what kind of file, which roles of code; `how` how data can be had; `training` our sentences about how a
    model was trained; `account` whose repository it is on its host; `commit` its version there.
    """

    ref: str
    kind: Kind
    name: str
    url: str = ""  # where people look at it
    download: str = ""  # where it can be had
    purl: str = ""
    account: str = ""
    commit: str = ""
    sha256: str = ""
    size: int | None = None
    role: str = ""
    how: str = ""
    task: str = ""
    library: str = ""
    changed: str = ""
    training: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    terms: Terms = Terms()
    card: Card = Card()
    comment: str = ""
    seen: tuple[Place, ...] = ()  # where it is named
    subject: bool = False  # it was audited
    missed: bool = False  # it was to be, and could not


class Link(Struct, frozen=True):
    """How two parts belong together: `source` descends from, was trained on, generates ... `target`."""

    source: str
    bond: Bond
    target: str
    comment: str = ""


class Note(Struct, frozen=True):
    """Something the audit says of a part, in one line of text; `kind` is what it is: verdict, criterion, finding ..."""

    about: str
    kind: str
    text: str


class Ref(Struct, frozen=True):
    """A licence that is not on SPDX's list: its LicenseRef, its name, and where its text is to be read."""

    id: str
    name: str
    text: str
    urls: tuple[str, ...] = ()


class Bom(Struct, frozen=True, kw_only=True):
    """The whole: sorted, each part once. `created` is a moment of the as-of date, never of the clock.

    `caution` says of which models the evidence is a record that comes with the program, and how old it is.
    """

    name: str
    created: str
    tool: str
    version: str
    rules: str
    caution: str = ""
    parts: tuple[Part, ...]
    links: tuple[Link, ...]
    notes: tuple[Note, ...]
    refs: tuple[Ref, ...]

    def digest(self) -> str:
        """Give the SHA-256 of the content, from which documents derive their own names."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()

    def comment(self) -> str:
        """Say what the document rests on."""
        rules = f"Rules {self.rules}. " if self.rules else ""
        said = f"{rules}Only what the audit found evidence for; all else is {NOASSERTION}."
        return f"{self.caution[0].upper()}{self.caution[1:]}. {said}" if self.caution else said

    def roots(self) -> tuple[Part, ...]:
        """Give what the bill is about: code that was scanned, else the models that were audited or could not be."""
        scanned = tuple(part for part in self.parts if part.kind == "app")
        return scanned or tuple(part for part in self.parts if part.subject or part.missed)


def reference(kind: str, name: str, *apart: str) -> str:
    """Give the reference of a thing: letters, digits, dots and hyphens, and a digest of all that tells it apart."""
    digest = hashlib.sha256("\0".join((kind, name, *apart)).encode("utf-8", "replace")).hexdigest()[:12]
    word = _NOT_ID.sub("-", name)[:_LONGEST_WORD].strip("-.")
    return "-".join(filter(None, (kind, word, digest)))
