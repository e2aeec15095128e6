"""Assessments -> the five criteria, the points they make, and how far the model can be reproduced. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.inherit import blend_bounds
from openness_audit.model.assessment import Assessment, Bounds
from openness_audit.model.audit_verdict import Extent, IfFixed
from openness_audit.model.evidence import ORDER, STRENGTHS, Availability, Cause, Level, Place, Strength
from openness_audit.wording import level, together

CriterionId: TypeAlias = Literal["data", "weights", "evaluation-code", "finetuning-code", "metrics"]
WEIGHT = 20  # points of each criterion (DESIGN 5.3)
SHARE: dict[Level, float] = {"open": 1.0, "partial": 0.5, "closed": 0.0}
WIDEST = 20  # an interval wider than this has no single value (DESIGN 5.3)
PARTS: dict[CriterionId, tuple[str, ...]] = {
    "data": ("pretraining-data", "finetuning-data"),
    "weights": ("weights",),
    "evaluation-code": ("evaluation-code",),
    "finetuning-code": ("finetuning-code",),
    "metrics": ("training-metrics", "evaluation-results"),
}
TITLES: dict[CriterionId, str] = {
    "data": "Training data",
    "weights": "Weights",
    "evaluation-code": "Evaluation code",
    "finetuning-code": "Fine-tuning code",
    "metrics": "Training metrics and results",
}


class Criterion(Struct, frozen=True, kw_only=True):
    """One of the five criteria, folded from its component rules; `bounds` is None where it does not apply."""

    id: CriterionId
    bounds: Bounds | None
    strength: Strength
    why: str
    short: str
    rules: tuple[str, ...]
    places: tuple[Place, ...]
    causes: tuple[Cause, ...]

    @property
    def status(self) -> Availability:
        """The level as the document words it."""
        if self.bounds is None:
            return "not-applicable"
        return self.bounds.low if self.bounds.known else "unknown"


class Score(Struct, frozen=True, kw_only=True):
    """Whole points of 100, as an interval; see DESIGN 5.3."""

    value: int | None
    low: int
    high: int
    coverage: float


def _criterion(name: CriterionId, assessments: Mapping[str, Assessment]) -> Criterion:
    parts = [assessments[part] for part in PARTS[name] if part in assessments]
    applicable = [(part, part.bounds) for part in parts if part.bounds is not None]
    bounds = blend_bounds([b for _, b in applicable]) if applicable else None
    strengths = [p.strength for p, b in applicable if b.low != "closed"]
    return Criterion(
        id=name,
        bounds=bounds,
        strength=min(strengths, key=STRENGTHS.__getitem__) if strengths else "none",
        why=parts[0].why if len(parts) == 1 else "; ".join(f"{level(p.rule, p.availability)}: {p.why}" for p in parts),
        short=together([p.short or p.why for p in parts if p.bounds is not None or not applicable]),
        rules=tuple(part.rule for part in parts),
        places=tuple(dict.fromkeys(place for part in parts for place in part.places)),
        causes=tuple(dict.fromkeys(cause for part in parts for cause in part.causes)),
    )


def criteria(assessments: Mapping[str, Assessment]) -> tuple[Criterion, ...]:
    """Fold the component assessments into the five criteria (criteria.md section 2)."""
    return tuple(_criterion(name, assessments) for name in PARTS)


def bounds_alone(assessments: Mapping[str, Assessment]) -> tuple[Criterion, ...]:
    """Fold levels into criteria without words, places and causes, for a score: that is asked dozens of times."""
    found = []
    for name, parts in PARTS.items():
        known = [a.bounds for part in parts if (a := assessments.get(part)) is not None and a.bounds is not None]
        bounds = blend_bounds(known) if known else None
        found.append(
            Criterion(id=name, bounds=bounds, strength="none", why="", short="", rules=(), places=(), causes=())
        )
    return tuple(found)


def _round(points: float) -> int:
    """Round half up to whole points (DESIGN 5.3)."""
    return math.floor(points + 0.5)


def score(found: tuple[Criterion, ...]) -> Score:
    """Add up the points: criteria that do not apply leave the denominator, unknown ones span their bounds."""
    bounds = [c.bounds for c in found if c.bounds is not None]
    if not bounds:
        return Score(value=None, low=0, high=100, coverage=0.0)
    low = _round(100 * sum(SHARE[b.low] for b in bounds) / len(bounds))
    high = _round(100 * sum(SHARE[b.high] for b in bounds) / len(bounds))
    status = {c.id: c.status for c in found}
    firm = "unknown" not in (status["data"], status["weights"]) and high - low <= WIDEST
    known = sum(b.known for b in bounds)
    return Score(
        value=_round((low + high) / 2) if firm else None, low=low, high=high, coverage=round(known / len(bounds), 2)
    )


def if_fixed(found: tuple[Criterion, ...], assessments: Mapping[str, Assessment]) -> tuple[IfFixed, ...]:
    """Give the score interval after each known gap of a criterion is closed, the greatest gain first."""
    now = score(found)
    gains = []
    for criterion in found:
        for rule in criterion.rules:
            bounds = assessments[rule].bounds
            if bounds is None or bounds.high == "open":  # what was not read may be open as it is
                continue
            changed = {**assessments, rule: _opened(assessments[rule])}
            after = score(tuple(_criterion(c.id, changed) if c is criterion else c for c in found))
            if after.low > now.low:
                gains.append(IfFixed(finding=rule, low=after.low, high=after.high))
    return tuple(sorted(gains, key=lambda g: (-g.low, -g.high, g.finding)))


def _opened(assessment: Assessment) -> Assessment:
    return Assessment(rule=assessment.rule, bounds=Bounds("open", "open"), own=None, strength="verified", why="")


def _at(assessments: Mapping[str, Assessment], rule: str, end: Literal["low", "high"]) -> int | None:
    """Give the order of a component's level at one end of its bounds; None where it does not apply."""
    found = assessments.get(rule)
    if found is None or found.bounds is None:
        return None
    return ORDER[getattr(found.bounds, end)]


def _extent_at(
    found: Mapping[str, Criterion], assessments: Mapping[str, Assessment], end: Literal["low", "high"]
) -> Extent:
    """Give the extent if every level were at one end of its bounds (DESIGN 5.3)."""
    level = {name: ORDER[getattr(c.bounds, end)] for name, c in found.items() if c.bounds is not None}
    training = _at(assessments, "training-code", end) or 0
    tuning = level.get("finetuning-code", 0)
    if not level.get("weights", 0):
        return "no-weights"
    if level["weights"] == ORDER["open"] == level.get("data") == training and level.get("evaluation-code", 0) >= 1:
        return "reproducible"
    return "partly-reproducible" if level.get("data", 0) >= 1 and max(training, tuning) >= 1 else "weights-only"


def extent(found: tuple[Criterion, ...], assessments: Mapping[str, Assessment]) -> Extent:
    """Say how far the model can be reproduced; an open end above `partly-reproducible` keeps the lower, sure word."""
    by_id = {str(c.id): c for c in found}
    low, high = _extent_at(by_id, assessments, "low"), _extent_at(by_id, assessments, "high")
    return low if low in (high, "partly-reproducible") else "undetermined"
