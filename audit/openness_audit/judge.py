"""Assessments -> criteria, score, class and the sentence that leads every report. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.inherit import blend_bounds
from openness_audit.model.assessment import Assessment, Bounds
from openness_audit.model.audit_verdict import Extent, IfFixed, Terms
from openness_audit.model.evidence import ORDER, STRENGTHS, Availability, Cause, Level, Place, Strength
from openness_audit.model.facts import Facts
from openness_audit.model.profiles import OsaidVerdict, ProfilesDoc
from openness_audit.profiles.basis import Basis
from openness_audit.profiles.profile import read_osaid, read_profiles, seed
from openness_audit.profiles.read import basis_of
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
TERMS: dict[str, Terms] = {
    "osi": "open",
    "permissive": "open",
    "open-data": "open",
    "permissive-model": "open",
    "behavioural-use": "restricted",
    "community": "restricted",
    "non-commercial": "restricted",
    "no-derivatives": "restricted",
    "proprietary": "restricted",
    "none-declared": "unlicensed",
    "unknown": "undetermined",
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


class Judgement(Struct, frozen=True, kw_only=True):
    """Everything that is concluded."""

    criteria: tuple[Criterion, ...]
    score: Score
    if_fixed: tuple[IfFixed, ...]
    terms: Terms
    extent: Extent
    osaid: Literal["yes", "no", "undetermined"]
    class_: str
    sentence: str
    profiles: ProfilesDoc
    disagreements: tuple[str, ...]


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


_CONFORMS: dict[OsaidVerdict, Literal["yes", "no", "undetermined"]] = {
    "conforms": "yes",
    "not-determined": "undetermined",
}
_TERMS_WORDS: dict[Terms, str] = {
    "open": "Open {what}",
    "restricted": "Restricted {what} ({family})",
    "unlicensed": "Unlicensed {what} (no licence declared)",
    "undetermined": "{What} under undetermined terms",
}
_UNSEEN_WORDS: dict[Terms, str] = {  # nobody has seen the weights: the headline must not speak of any
    "open": "Open licence",
    "restricted": "Restricted licence ({family})",
    "unlicensed": "No licence declared",
    "undetermined": "Terms not determined",
}
_EXTENT_WORDS: dict[Extent, str] = {
    "reproducible": "reproducible",
    "partly-reproducible": "partly reproducible",
    "weights-only": "not reproducible",
    "no-weights": "no weights in the repository",
    "undetermined": "reproducibility not determined",
}
_FAMILY_WORDS = {
    "behavioural-use": "behavioural-use restrictions",
    "community": "vendor community terms",
    "non-commercial": "non-commercial",
    "no-derivatives": "no derivatives",
    "proprietary": "proprietary",
}


def _missing(found: tuple[Criterion, ...], training_code: Availability) -> str:
    """Name what keeps the model from being reproducible, most important first."""
    words: dict[tuple[str, str], str] = {
        ("data", "closed"): "training data not identified",
        ("data", "partial"): "training data only partly public",
        ("data", "unknown"): "training data not determined",
        ("weights", "partial"): "weights not freely downloadable in full precision",
        ("weights", "unknown"): "weights not determined",
        ("evaluation-code", "closed"): "no evaluation code",
        ("finetuning-code", "closed"): "no fine-tuning code",
    }
    if not _unseen(found):
        words["weights", "unknown"] = "not all is known of the weights"
    said = [words[c.id, c.status] for c in found if (c.id, c.status) in words]
    if training_code in ("closed", "partial"):
        said.append("no training code" if training_code == "closed" else "training code incomplete")
    return ", ".join(said[:2])


def _unseen(found: tuple[Criterion, ...]) -> bool:
    """Say whether it is unknown that there are any weights at all."""
    return any(
        c.id == "weights" and c.status == "unknown" and (not c.bounds or c.bounds.low == "closed") for c in found
    )


def sentence(  # noqa: PLR0917 - everything the verdict is made of
    facts: Facts, found: tuple[Criterion, ...], terms: Terms, ext: Extent, family: str, training_code: Availability
) -> str:
    """Say the verdict in one sentence, worst news included."""
    what = "model" if ext == "no-weights" else "weights"
    words = _UNSEEN_WORDS if _unseen(found) else _TERMS_WORDS
    lead = words[terms].format(what=what, What=what.capitalize(), family=_FAMILY_WORDS.get(family, family))
    gate = ", gated" if facts.subject.gated else ""
    missing = _missing(found, training_code) if ext != "reproducible" else ""
    return f"{lead}{gate}, {_EXTENT_WORDS[ext]}{': ' + missing if missing else ''}"


def judge(
    facts: Facts,
    assessments: Mapping[str, Assessment],
    family: str,
    basis: Basis | None = None,
    *,
    brief: bool = False,
) -> Judgement:
    """Conclude.

    Args:
        facts: the subject's facts (for the gate and its name).
        assessments: one per component rule.
        family: the family of the effective licence (criteria.md section 4).
        basis: what the frameworks' profiles read; without it, what the subject's own facts say.
        brief: of the frameworks' profiles read only the one that the class hangs on, and work out no gains.

    Returns:
        Criteria, score interval, class, sentence and profiles.
    """
    found = criteria(assessments)
    points = score(found)
    terms = TERMS.get(family, "undetermined")
    ext = extent(found, assessments)
    five = seed({c.id: c.status for c in found}, points.value, points.low, points.high)
    read = (read_osaid if brief else read_profiles)(basis or basis_of(facts, assessments, family=family), five)
    conforms = _CONFORMS.get(read.profiles.osaid.verdict, "no") if read.profiles.osaid else "undetermined"
    training = assessments.get("training-code")
    said = sentence(facts, found, terms, ext, family, training.availability if training else "unknown")
    return Judgement(
        criteria=found,
        score=points,
        if_fixed=() if brief else if_fixed(found, assessments),
        terms=terms,
        extent=ext,
        osaid=conforms,
        class_="open-source-ai" if conforms == "yes" else f"{terms}-{ext}",
        sentence=f"{said}; the checklist of the Open Source AI Definition is met" if conforms == "yes" else said,
        profiles=read.profiles,
        disagreements=read.disagreements,
    )
