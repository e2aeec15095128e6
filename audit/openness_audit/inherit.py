"""The fold by which a derived model takes levels from its ancestors (criteria.md section 5). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, reduce
from itertools import product

import msgspec
from msgspec import Struct

from openness_audit.model.assessment import LEVELS, UNKNOWN, Assessment, Bounds, least, most
from openness_audit.model.evidence import ORDER, STRENGTHS, Absent, Cause, Level, Observed, Place, Strength, Unavailable
from openness_audit.model.facts import Facts
from openness_audit.model.facts_origins import Parent
from openness_audit.model.rules import Rule
from openness_audit.wording import all_unread, of_base


def between(bounds: Bounds) -> list[Level]:
    """List the levels that bounds leave possible."""
    return [level for level in LEVELS if ORDER[bounds.low] <= ORDER[level] <= ORDER[bounds.high]]


def blend(levels: tuple[Level, ...]) -> Level:
    """Fold stages: all open is open, all closed is closed, anything else is partial (criteria.md 2.1)."""
    return levels[0] if len(set(levels)) == 1 else "partial"


def blend_bounds(stages: list[Bounds]) -> Bounds:
    """Fold stages that are only known within bounds, by trying every possible level."""
    return _blended(tuple(stages))


@lru_cache(maxsize=1024)
def _blended(stages: tuple[Bounds, ...]) -> Bounds:
    results = sorted({blend(levels) for levels in product(*(between(b) for b in stages))}, key=ORDER.__getitem__)
    return Bounds(results[0], results[-1])


class Theirs(Struct, frozen=True, kw_only=True):
    """What the base models give: `bounds` is None where none of them has such a stage."""

    bounds: Bounds | None
    causes: tuple[Cause, ...] = ()
    names: str | None = None
    short: str = ""
    why: str = ""
    places: tuple[Place, ...] = ()
    strength: Strength = "none"
    searched: tuple[str, ...] = ()


def _theirs(rule: Rule, facts: Facts, parents: Mapping[str, Mapping[str, Assessment]]) -> Theirs:
    """Fold what a model inherits from.

    A copy inherits from its original alone. Where that one cannot be read, what it was made from in turn gives what
    it must have passed on: a base model's pre-training data is that of its fine-tune, its results are not.
    """
    originals = facts.lineage.originals
    theirs = _of_parents(rule, originals, parents)
    behind = tuple(p for p in facts.lineage.parents if p not in originals)
    mode = rule.inherits.get(behind[0].relation) if behind else None
    if mode is None or theirs.bounds is None or theirs.bounds.known:
        return theirs
    further = _of_parents(rule, behind, parents)
    tuned = any(condition.args.get("stage") == "finetuning" for condition in rule.own_stage)
    bounds = _folded(mode, UNKNOWN, further.bounds, has_stage=tuned) or UNKNOWN
    return theirs if bounds == UNKNOWN else msgspec.structs.replace(further, bounds=bounds, causes=theirs.causes)


def _of_parents(rule: Rule, above: tuple[Parent, ...], parents: Mapping[str, Mapping[str, Assessment]]) -> Theirs:
    """Fold base models: the lowest of them counts."""
    found: list[Bounds] = []
    causes: list[Cause] = []
    told: dict[str, Assessment] = {}
    for parent in above:
        known = _known(rule, parent, parents)
        if known is None:
            found.append(UNKNOWN)
            causes.append(_missing(parent))
        elif known.bounds is not None:
            found.append(known.bounds)
            causes += known.causes
            told[parent.id or parent.name] = known
    if not found:
        return Theirs(bounds=None, causes=tuple(causes))
    return Theirs(
        bounds=Bounds(reduce(least, (b.low for b in found)), reduce(least, (b.high for b in found))),
        causes=tuple(causes),
        names=", ".join(p.id or p.name for p in above),
        short=_told_short(told),
        why=_told(told),
        places=tuple(dict.fromkeys(place for one in told.values() for place in one.places)),
        strength=min((one.strength for one in told.values()), key=STRENGTHS.__getitem__, default="none"),
        searched=tuple(f"{p.id or p.name} (base model)" for p in above),
    )


_HEADS = ("for base model", "by way of base model")


def _told(told: Mapping[str, Assessment]) -> str:
    """Say what each base model gives and why, those with the same reason together."""
    by_why: dict[str, list[str]] = {}
    for name, one in told.items():
        by_why.setdefault(one.why, []).append(name)
    return "; ".join(
        f"{'by way of' if why.startswith(_HEADS) else 'for'} base model{'s' if len(names) > 1 else ''} "
        f"{', '.join(names)}, {why}"
        for why, names in by_why.items()
    )


def _told_short(told: Mapping[str, Assessment]) -> str:
    """Say in a few words what the base model that decides gives: the least open one."""
    low = {n: ORDER[a.bounds.low] + ORDER[a.bounds.high] for n, a in told.items() if a.bounds is not None}
    if not low:
        return ""
    least_open = [name for name in low if low[name] == min(low.values())]
    return of_base(least_open, told[least_open[0]].short or told[least_open[0]].why)


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
    detail, again = f"the base model {parent.id} could not be evaluated", True
    if isinstance(parent.resolved, Absent):
        detail, again = f"the base model {parent.id} could not be found on the Hub (renamed, deleted or private)", False
    elif isinstance(parent.resolved, Observed):
        detail = f"the base model {parent.id} was found, but not evaluated: no card or weights read, or too many models"
    elif isinstance(parent.resolved, Unavailable):
        detail, again = f"{detail}: {parent.resolved.cause.detail}", parent.resolved.cause.retryable
    return Cause(code="ancestor-not-evaluated", source=parent.id, retryable=again, detail=detail)


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
        `own` itself where nothing is inherited, else the folded assessment. An unread card may name a base model: then
        only what a base model cannot take away is known.
    """
    mode = rule.inherits.get(facts.lineage.derivation)
    if rule.inherits and not facts.lineage.parents and isinstance(facts.card, Unavailable) and own.bounds is not None:
        return _base_unread(rule, own, own.bounds, facts.card.cause)
    if mode is None or not facts.lineage.parents:
        return own
    theirs = _theirs(rule, facts, parents)
    if not all(p.tied for p in facts.lineage.parents):  # another card's words on its origin cannot open anything
        theirs = msgspec.structs.replace(theirs, bounds=_at_most_partial(theirs.bounds))
    bounds = _folded(mode, own.bounds, theirs.bounds, has_stage=has_stage)
    alone = mode == "parent" or not has_stage  # the subject's own evidence does not count
    if bounds == own.bounds and bounds is not None and bounds.known and not alone:
        return own
    counts = not alone and own.bounds is not None and (mode == "combine" or own.bounds.low != "closed")
    every = () if bounds is None or bounds.known else tuple(dict.fromkeys((*own.causes, *theirs.causes)))
    return msgspec.structs.replace(
        own,
        bounds=bounds,
        causes=every,
        why=_words(own, bounds, theirs, every, counts=counts),
        short=_few_words(own, bounds, theirs, every, counts=counts),
        places=theirs.places if alone else tuple(dict.fromkeys((*own.places, *theirs.places))),
        strength=theirs.strength if alone or own.strength == "none" else own.strength,
        searched=tuple(dict.fromkeys((*own.searched, *theirs.searched))),
        inherited_from=theirs.names,
    )


def _base_unread(rule: Rule, own: Assessment, bounds: Bounds, unread: Cause) -> Assessment:
    """Say what is left of a level where the card that may name a base model was not read."""
    if bounds.low != "closed" and all(mode.startswith("own-or-parent") for mode in rule.inherits.values()):
        if bounds.high == "open":
            return own  # a base model could only add to it
        why = f"at least {bounds.low}: {own.why}; the rest is not known: {unread.detail}"
        short = f"{own.short or own.why}; {all_unread((unread,))}"
        causes = (*own.causes, unread)
        return msgspec.structs.replace(own, bounds=Bounds(bounds.low, "open"), causes=causes, why=why, short=short)
    told = {"why": f"not known: {unread.detail}", "short": all_unread((unread,))}
    return msgspec.structs.replace(own, bounds=UNKNOWN, causes=(unread,), strength="none", places=(), **told)


def _at_most_partial(bounds: Bounds | None) -> Bounds | None:
    return None if bounds is None else Bounds(least(bounds.low, "partial"), least(bounds.high, "partial"))


def _folded(mode: str, own: Bounds | None, theirs: Bounds | None, *, has_stage: bool) -> Bounds | None:
    """Fold bounds by the mode of the rule (model/rules.py)."""
    if theirs is None:  # the ancestors have no such stage
        return own if mode != "parent" and has_stage else None
    if mode == "combine":
        return blend_bounds([theirs, own] if has_stage and own is not None else [theirs])
    if mode == "own-or-parent-partial":
        theirs = _at_most_partial(theirs) or theirs
    if mode.startswith("own-or-parent") and own is not None:
        return Bounds(most(own.low, theirs.low), most(own.high, theirs.high))
    return theirs


NO_STAGE = "neither this model nor its base models have this stage"


def _reach(bounds: Bounds) -> str:
    """Say what is sure of a level that is not known."""
    if bounds == UNKNOWN:
        return "not known"
    return f"at least {bounds.low}" if bounds.low != "closed" else f"at most {bounds.high}"


def _words(own: Assessment, bounds: Bounds | None, theirs: Theirs, causes: tuple[Cause, ...], *, counts: bool) -> str:
    """Say what came from the ancestors and what did not."""
    if bounds is None:
        return NO_STAGE
    parts = [own.why] if counts else []
    parts += [theirs.why] if theirs.why else []
    if bounds.known:
        return "; ".join(parts)
    return "; ".join((_reach(bounds), *parts, *dict.fromkeys(cause.detail for cause in causes)))


def _few_words(
    own: Assessment, bounds: Bounds | None, theirs: Theirs, causes: tuple[Cause, ...], *, counts: bool
) -> str:
    """Say the same in a few words."""
    if bounds is None:
        return NO_STAGE
    parts = [own.short or own.why] if counts else []
    if bounds.known:
        return "; ".join((*parts, *([theirs.short] if theirs.short else [])))
    return "; ".join((*(parts if bounds != UNKNOWN else []), all_unread(causes)))
