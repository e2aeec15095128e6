"""The part of the audit document that tells, for each thing a release can contain, what the rules found."""

from __future__ import annotations

from typing import Literal

from openness_audit.model.document import Document
from openness_audit.model.evidence import Availability, Level, Strength


class UnknownDoc(Document, frozen=True):
    """Why something could not be determined."""

    code: str
    source: str
    retryable: bool
    detail: str


class ComponentLicense(Document, frozen=True):
    """A licence that covers a component, and who says so."""

    expression: str
    family: str
    scope: str
    declared_by: str


class ComponentDoc(Document, frozen=True):
    """One thing a release can contain."""

    id: str
    availability: Availability
    at_least: Level | None
    at_most: Level | None
    stage: str | None
    strength: Strength
    inherited_from: str | None
    licenses: tuple[ComponentLicense, ...]
    why: str
    evidence: tuple[str, ...]
    unknown: tuple[UnknownDoc, ...]
    searched: tuple[str, ...]
    short: str = ""


class TrialDoc(Document, frozen=True):
    """One signal or cap of a rule as it was tried (`gives`: the level it would give, or the most it allows)."""

    kind: Literal["signal", "cap"]
    check: str
    gives: Level
    answer: Literal["seen", "not-seen", "could-not"]
    why: str


class AssessmentDoc(Document, frozen=True):
    """Rule x subject; `trials` is what --explain shows."""

    rule: str
    outcome: Availability
    strength: Strength
    evidence: tuple[str, ...]
    searched: tuple[str, ...]
    unknown: tuple[UnknownDoc, ...]
    trials: tuple[TrialDoc, ...] = ()
