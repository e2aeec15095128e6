"""What the rules say of one subject, before it is judged."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from openness_audit.model.evidence import ORDER, Availability, Cause, Level, Place, Strength
from openness_audit.model.rules import Confidence, Remediation, Severity


class Bounds(Struct, frozen=True):
    """The least and the most a level can be; equal when it is known."""

    low: Level
    high: Level

    @property
    def known(self) -> bool:
        """Whether least and most agree."""
        return self.low == self.high


UNKNOWN = Bounds("closed", "open")
LEVELS: tuple[Level, ...] = ("closed", "partial", "open")


def least(a: Level, b: Level) -> Level:
    """Give the lower of two levels."""
    return a if ORDER[a] <= ORDER[b] else b


def most(a: Level, b: Level) -> Level:
    """Give the higher of two levels."""
    return a if ORDER[a] >= ORDER[b] else b


class Trial(Struct, frozen=True, kw_only=True):
    """One signal or cap tried: what it was, and whether it was seen, not seen, or could not be looked at."""

    kind: Literal["signal", "cap"]
    check: str
    gives: Level
    answer: Literal["seen", "not-seen", "could-not"]
    why: str


class Assessment(Struct, frozen=True, kw_only=True):
    """Rule x subject.

    `bounds` is None where the question does not apply. `own` are the bounds from the subject's own evidence, before
    anything was inherited. `places` witness the outcome, `searched` names what was looked through.
    """

    rule: str
    bounds: Bounds | None
    own: Bounds | None
    strength: Strength
    why: str
    short: str = ""  # `why` in a few words
    places: tuple[Place, ...] = ()
    causes: tuple[Cause, ...] = ()
    searched: tuple[str, ...] = ()
    trials: tuple[Trial, ...] = ()
    inherited_from: str | None = None

    @property
    def availability(self) -> Availability:
        """The level as the document words it."""
        if self.bounds is None:
            return "not-applicable"
        return self.bounds.low if self.bounds.known else "unknown"


class Finding(Struct, frozen=True, kw_only=True):
    """A problem worth acting on, as a rule found it."""

    rule: str
    key: str  # tells several findings of one rule apart
    severity: Severity
    confidence: Confidence
    title: str
    message: str
    component: str | None
    remediation: Remediation
    places: tuple[Place, ...]


class Evaluation(Struct, frozen=True, kw_only=True):
    """All assessments by rule id, and all findings."""

    assessments: dict[str, Assessment]
    findings: tuple[Finding, ...]
    unknown_findings: dict[str, tuple[Cause, ...]]  # finding rules that could not be looked at
