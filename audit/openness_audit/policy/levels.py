"""Clauses on score, coverage, class, criteria and components."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import get_args

from openness_audit.model.audit import Audit
from openness_audit.model.audit_components import ComponentDoc
from openness_audit.model.audit_verdict import CriterionDoc, Extent, Terms
from openness_audit.model.evidence import ORDER, Level
from openness_audit.model.policy import ClassClause, ComponentClause, CoverageClause, ScoreClause
from openness_audit.policy.licenses import license_evidence
from openness_audit.policy.outcome import (
    Outcome,
    State,
    both_ends,
    cited,
    either,
    met,
    named,
    said,
    unknown,
    violated,
    worst,
)
from openness_audit.policy.unread import not_read, unread_texts

__all__ = ["class_", "component", "coverage", "score"]

_TERMS: tuple[Terms, ...] = tuple(t for t in get_args(Terms) if t != "undetermined")
_EXTENTS: tuple[Extent, ...] = ("no-weights", "weights-only", "partly-reproducible", "reproducible")  # growing
_LEVELS: tuple[Level, ...] = ("closed", "partial", "open")
_WORDS = {"open": "open", "partial": "at least partly open"}


def score(clause: ScoreClause, audit: Audit) -> Outcome:
    """Judge the low end of the score (DESIGN 5.3); the high end says whether the clause can still be met."""
    low, high = audit.score.low, audit.score.high
    state = both_ends(low >= clause.at_least, high >= clause.at_least)
    points = f"{low}" if low == high else f"{low} to {high}"
    why = said(f"score {points} of 100", f"at least {clause.at_least}", _undetermined(audit) if low != high else "")
    return Outcome(state, why, cited(e for c in audit.criteria for e in c.evidence))


def _undetermined(audit: Audit) -> str:
    names = [c.title.lower() for c in audit.criteria if c.status == "unknown"]
    return f"not determined: {named(names)}" if names else ""


def coverage(clause: CoverageClause, audit: Audit) -> Outcome:
    """Judge the share of criteria that is known; too low a share is itself something that is not known."""
    applicable = [c for c in audit.criteria if c.status != "not-applicable"]
    known = [c for c in applicable if c.status != "unknown"]
    share = len(known) / len(applicable) if applicable else 0.0
    found = f"{len(known)} of {len(applicable)} criteria known, {share:.0%}"
    why = said(found, f"at least {clause.at_least:.0%}", _undetermined(audit))
    enough = share >= clause.at_least - 1e-9
    return (met if enough else unknown)(why, (e for c in known for e in c.evidence))


def class_(clause: ClassClause, audit: Audit) -> Outcome:
    """Judge the class by every class it can still turn out to be."""
    terms, extents = _possible_terms(audit), possible_extents(audit)
    classes = [f"{t}-{e}" for t in terms for e in extents]
    if audit.verdict.osaid == "yes" and not unread_texts(audit):
        classes = ["open-source-ai"]
    elif audit.verdict.osaid != "no":
        classes = ["open-source-ai", *classes]
    asked: list[str] = []
    states: list[State] = []
    if clause.classes:
        asked.append(_or(clause.classes))
        states.append(either([any(fnmatchcase(c, g) for g in clause.classes) for c in classes]))
    if clause.terms:
        asked.append(f"terms {_or(clause.terms)}")
        states.append(either([t in clause.terms for t in terms]))
    if clause.extents:
        asked.append(_or(clause.extents))
        states.append(either([e in clause.extents for e in extents]))
    evidence = [*license_evidence("effective", audit), *(e for c in audit.criteria for e in c.evidence)]
    why = said(f"class {audit.verdict.class_}", "; ".join(asked), _made_of(audit))
    return Outcome(worst(states), why, cited(evidence))


def _made_of(audit: Audit) -> str:
    """Say what a class is made of: the terms and the levels that its extent is read from."""
    levels: dict[str, tuple[Level, Level] | None] = {c.id: _criterion(c) for c in audit.criteria if c.id != "metrics"}
    training = next((c for c in audit.components if c.id == "training-code"), None)
    levels |= {"training-code": _component(training)} if training is not None else {}
    lost = filter(None, (not_read(audit),))
    return "; ".join(
        (f"terms {audit.verdict.terms}", *lost, *(f"{name} {_level(found)}" for name, found in levels.items()))
    )


def _level(bounds: tuple[Level, Level] | None) -> str:
    if bounds is None:
        return "does not apply"
    return bounds[0] if bounds[0] == bounds[1] else f"{bounds[0]} to {bounds[1]}, not known which"


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(words)


def _possible_terms(audit: Audit) -> tuple[Terms, ...]:
    if audit.verdict.terms == "undetermined":
        return _TERMS
    lost = audit.verdict.terms == "open" and unread_texts(audit)
    return ("open", "restricted") if lost else (audit.verdict.terms,)


def possible_extents(audit: Audit) -> tuple[Extent, ...]:
    """Give every extent that the bounds of the criteria leave open (the same fold as `judge`, at both ends)."""
    ends = [_extent(audit, low=True), _extent(audit, low=False)]
    first, last = (_EXTENTS.index(end) for end in ends)
    return _EXTENTS[min(first, last) : max(first, last) + 1]


def _extent(audit: Audit, *, low: bool) -> Extent:
    level = {c.id: ORDER[bounds[0 if low else 1]] for c in audit.criteria if (bounds := _criterion(c)) is not None}
    training = next((c for c in audit.components if c.id == "training-code"), None)
    bounds = _component(training) if training is not None else None
    code = ORDER[bounds[0 if low else 1]] if bounds is not None else 0
    weights, data = level.get("weights", 0), level.get("data", 0)
    if not weights:
        return "no-weights"
    if weights == data == code == ORDER["open"] and level.get("evaluation-code", 0) >= 1:
        return "reproducible"
    return "partly-reproducible" if data >= 1 and max(code, level.get("finetuning-code", 0)) >= 1 else "weights-only"


def component(clause: ComponentClause, audit: Audit) -> Outcome:
    """Judge the level of a criterion or component by its bounds."""
    found: CriterionDoc | ComponentDoc | None = next((c for c in audit.criteria if c.id == clause.component), None)
    found = found or next((c for c in audit.components if c.id == clause.component), None)
    asked = _WORDS[clause.at_least]
    if found is None:
        return unknown(said(f"{clause.component} not in this audit", asked))
    bounds = _criterion(found) if isinstance(found, CriterionDoc) else _component(found)
    if bounds is None:
        why = said(f"{clause.component} does not apply", asked, found.why)
        return (met if clause.not_applicable == "accept" else violated)(why, found.evidence)
    least, most = (ORDER[b] for b in bounds)
    wanted = ORDER[clause.at_least]
    why = said(f"{clause.component} {_level(bounds)}", asked, found.why)
    return Outcome(both_ends(least >= wanted, most >= wanted), why, cited(found.evidence))


def _criterion(found: CriterionDoc) -> tuple[Level, Level] | None:
    """Give a criterion's bounds from its points; None where it does not apply."""
    if found.status == "not-applicable" or not found.weight:
        return None
    if found.status in _LEVELS:
        return (found.status, found.status)
    low, high = (_LEVELS[round(2 * points / found.weight)] for points in (found.points_low, found.points_high))
    return (low, high)


def _component(found: ComponentDoc) -> tuple[Level, Level] | None:
    """Give a component's bounds; None where it does not apply."""
    if found.availability == "not-applicable":
        return None
    return (found.at_least or "closed", found.at_most or "open")
