"""The fold by which a derived model takes levels from its ancestors (criteria.md section 5). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from itertools import product

import msgspec

from openness_audit.model.assessment import LEVELS, UNKNOWN, Assessment, Bounds, least, most
from openness_audit.model.evidence import ORDER, Cause, Level
from openness_audit.model.facts import Facts, Parent
from openness_audit.model.rules import Rule


def between(bounds: Bounds) -> list[Level]:
    """List the levels that bounds leave possible."""
    return [level for level in LEVELS if ORDER[bounds.low] <= ORDER[level] <= ORDER[bounds.high]]


def blend(levels: tuple[Level, ...]) -> Level:
    """Fold stages: all open is open, all closed is closed, anything else is partial (criteria.md 2.1)."""
    return levels[0] if len(set(levels)) == 1 else "partial"


def blend_bounds(stages: list[Bounds]) -> Bounds:
    """Fold stages that are only known within bounds, by trying every possible level."""
    results = sorted({blend(levels) for levels in product(*(between(b) for b in stages))}, key=ORDER.__getitem__)
    return Bounds(results[0], results[-1])


def _of_parents(
    rule: Rule, facts: Facts, parents: Mapping[str, Mapping[str, Assessment]]
) -> tuple[Bounds | None, list[Cause], str | None]:
    """Give the parents' bounds (None: not applicable in all of them), what could not be looked at, and whose it is."""
    found: list[Bounds] = []
    causes: list[Cause] = []
    applicable = False
    for parent in facts.lineage.parents:
        known = _known(rule, parent, parents)
        if known is None:
            found.append(UNKNOWN)
            causes.append(_missing(parent))
            applicable = True
        elif known.bounds is not None:
            found.append(known.bounds)
            causes += known.causes
            applicable = True
    if not applicable:
        return None, causes, None
    low = reduce(least, (b.low for b in found))
    high = reduce(least, (b.high for b in found))
    names = ", ".join(p.id or p.name for p in facts.lineage.parents)
    return Bounds(low, high), causes, names


def _known(rule: Rule, parent: Parent, parents: Mapping[str, Mapping[str, Assessment]]) -> Assessment | None:
    """Give what is known of a base model; of a bare name, what all models of that name agree on (criteria.md 5)."""
    if parent.id is not None:
        return parents.get(parent.id, {}).get(rule.id)
    told = [parents[i][rule.id] for i in parent.candidates if rule.id in parents.get(i, {})]
    agree = (
        told and all(one.bounds == told[0].bounds for one in told) and (told[0].bounds is None or told[0].bounds.known)
    )
    return told[0] if agree else None


def _missing(parent: Parent) -> Cause:
    if parent.id is None:
        detail = f"the base model is named only as {parent.name!r}, without an id to look it up"
        return Cause(code="ancestor-not-identified", source=parent.name, retryable=False, detail=detail)
    detail = f"levels of the base model {parent.id} were not evaluated"
    return Cause(code="ancestor-not-evaluated", source=parent.id, retryable=True, detail=detail)


def inherit(
    rule: Rule,
    own: Assessment,
    facts: Facts,
    parents: Mapping[str, Mapping[str, Assessment]],
    *,
    has_stage: bool,
) -> Assessment:
    """Fold the parents' assessments of one rule into the subject's own.

    Args:
        rule: its `inherits` says how, per derivation.
        own: the assessment from the subject's own evidence.
        facts: the subject's facts; without a parent there is nothing to inherit.
        parents: assessments by parent id and rule id; a parent that is missing counts as unknown.
        has_stage: whether the subject has this stage of its own (only asked by `combine`).

    Returns:
        `own` itself where nothing is inherited, else the folded assessment.
    """
    mode = rule.inherits.get(facts.lineage.derivation)
    if mode is None or not facts.lineage.parents:
        return own
    theirs, causes, names = _of_parents(rule, facts, parents)
    if theirs is None:  # the ancestors have no such stage
        bounds = own.bounds if mode != "parent" and has_stage else None
    elif mode == "combine":
        stages = [theirs, own.bounds] if has_stage and own.bounds is not None else [theirs]
        bounds = blend_bounds(stages)
    elif mode == "own-or-parent" and own.bounds is not None:
        bounds = Bounds(most(own.bounds.low, theirs.low), most(own.bounds.high, theirs.high))
    else:
        bounds = theirs
    if bounds == own.bounds and bounds is not None and bounds.known and mode != "parent":
        return own
    every = () if bounds is None or bounds.known else tuple(dict.fromkeys((*own.causes, *causes)))
    why = _words(own, bounds, names, every, mode)
    return msgspec.structs.replace(own, bounds=bounds, causes=every, why=why, inherited_from=names)


def _words(own: Assessment, bounds: Bounds | None, names: str | None, causes: tuple[Cause, ...], mode: str) -> str:
    """Say what came from the ancestors and what did not."""
    if bounds is None:
        return "not applicable: neither this model nor its base models have this stage"
    mine = (
        f"own evidence: {own.why}; "
        if own.bounds is not None and own.bounds.low != "closed" and mode != "parent"
        else ""
    )
    if not bounds.known:
        reach = f"between {bounds.low} and {bounds.high}: " if bounds != UNKNOWN else ""
        return f"{reach}{mine}{'; '.join(dict.fromkeys(cause.detail for cause in causes))}"
    return f"{mine}inherited from {names}: {bounds.low}"
