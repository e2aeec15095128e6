"""The part of the audit document that judges: class, score, and the five criteria."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import field

from openness_audit.model.audit_policy import PolicyDoc
from openness_audit.model.document import Document
from openness_audit.model.evidence import Availability, Strength

Status: TypeAlias = Availability
Terms: TypeAlias = Literal["open", "restricted", "unlicensed", "undetermined"]
Extent: TypeAlias = Literal["reproducible", "partly-reproducible", "weights-only", "no-weights", "undetermined"]


class VerdictDoc(Document, frozen=True):
    """Class, its two halves, and the sentence that leads every report; `wanted` is the use the caller asked about."""

    class_: str = field(name="class")
    terms: Terms
    extent: Extent
    gated: bool | None
    osaid: Literal["yes", "no", "undetermined"]
    sentence: str
    policy: PolicyDoc | None = None
    wanted: str | None = None


class IfFixed(Document, frozen=True):
    """The score interval when one finding is fixed."""

    finding: str
    low: int
    high: int


class ScoreDoc(Document, frozen=True):
    """Points as an interval; `value` only when it is narrow and data and weights are known; `coverage` 0..1."""

    value: int | None
    low: int
    high: int
    coverage: float
    if_fixed: tuple[IfFixed, ...] = ()


class CriterionDoc(Document, frozen=True):
    """One of the five criteria."""

    id: Literal["data", "weights", "evaluation-code", "finetuning-code", "metrics"]
    title: str
    status: Status
    points_low: float
    points_high: float
    weight: int
    strength: Strength
    why: str
    short: str = ""
    assessments: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
