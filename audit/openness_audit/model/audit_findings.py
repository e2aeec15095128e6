"""The part of the audit document to act on: findings, claims against what was found, and fixes."""

from __future__ import annotations

from typing import Literal

from openness_audit.model.audit_components import UnknownDoc
from openness_audit.model.audit_policy import WaiverDoc
from openness_audit.model.document import Document
from openness_audit.model.rules import Confidence, Effort, Severity


class RemediationDoc(Document, frozen=True):
    """What to do about a finding."""

    text: str
    effort: Effort
    patch: str | None = None


class FindingDoc(Document, frozen=True):
    """A problem worth acting on."""

    id: str
    fingerprint: str
    rule: str
    severity: Severity
    confidence: Confidence
    title: str
    message: str
    component: str | None
    remediation: RemediationDoc
    evidence: tuple[str, ...]
    waiver: WaiverDoc | None = None


class UndecidedDoc(Document, frozen=True):
    """A finding that could not be ruled out: the rule that would make it, and what could not be read for it."""

    rule: str
    severity: Severity
    confidence: Confidence
    component: str | None
    unknown: tuple[UnknownDoc, ...]


class ClaimDoc(Document, frozen=True):
    """A claim of openness in the card against what was found.

    `kind` is what must hold, `about` the components it names (`model` where the words say no more).
    """

    text: str
    line: int
    about: str
    held: Literal["held", "contradicted", "not-determined"]
    evidence: tuple[str, ...]
    kind: str = ""
    why: str = ""


class AdditionDoc(Document, frozen=True):
    """Text to add to the card: lines of the metadata under `key`, or what stands below the heading `key`.

    `filled`: every value was read in the repository; otherwise it is a blank, marked FILL IN.
    """

    where: Literal["front-matter", "section"]
    key: str
    text: str
    filled: bool
    evidence: tuple[str, ...] = ()


class FixDoc(Document, frozen=True):
    """One thing the publisher can mend, and the score interval with it alone mended."""

    finding: str
    component: str | None
    effort: Effort
    low: int
    high: int
    text: str
    additions: tuple[AdditionDoc, ...] = ()


class FixesDoc(Document, frozen=True):
    """All fixes, the greatest gain first; `to_class` leads to `next_class`, `to_score` to the score `low` to `high`."""

    every: tuple[FixDoc, ...]
    next_class: str | None
    to_class: tuple[str, ...]
    to_score: tuple[str, ...]
    low: int
    high: int
