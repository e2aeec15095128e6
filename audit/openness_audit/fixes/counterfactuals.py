"""What if: the fixes a publisher can make, what each is worth, and the shortest way to the next class. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from typing import Literal

import msgspec
from msgspec import Struct

from openness_audit.collect.attribution.words import read_vocabulary
from openness_audit.errors import RuleError
from openness_audit.fixes.known_values import known_values
from openness_audit.judge import Judgement
from openness_audit.model.assessment import Assessment, Bounds, Evaluation
from openness_audit.model.audit_verdict import Extent, Terms
from openness_audit.model.facts import Facts
from openness_audit.model.fixes import Addition, Fix, Fixes
from openness_audit.model.rules import Effort, Rule
from openness_audit.scoring import PARTS, bounds_alone, extent, score

__all__ = ["fixes", "in_card_order"]

MOST_AT_ONCE = 3  # fixes tried together for the next class; a longer list is no short one
_EFFORT: dict[Effort, int] = {"low": 0, "medium": 1, "high": 2}
_TERMS: dict[Terms, int] = {"unlicensed": 0, "undetermined": 0, "restricted": 1, "open": 2}
_EXTENTS: dict[Extent, int] = {
    "no-weights": 0,
    "undetermined": 0,
    "weights-only": 1,
    "partly-reproducible": 2,
    "reproducible": 3,
}
_LICENSE = "license-not-declared"
_LIFT = {part for parts in PARTS.values() for part in parts}
_DECIDE_CLASS = {  # the components that the extent is read from (scoring.extent), and the terms
    "weights",
    "pretraining-data",
    "finetuning-data",
    "training-code",
    "finetuning-code",
    "evaluation-code",
    _LICENSE,
}


class _Front(Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    values: str
    blank: str = ""


class _Section(Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    text: str


class _Entry(Struct, frozen=True, forbid_unknown_fields=True):
    front: tuple[_Front, ...] = ()
    section: _Section | None = None
    by: Literal["publisher", "act"] = "publisher"


@cache
def _entries() -> dict[str, _Entry]:
    """Load `rules/vocabulary/fixes.yaml`, once."""
    try:
        return msgspec.convert(read_vocabulary("fixes")["fixes"], dict[str, _Entry])
    except msgspec.ValidationError as problem:
        raise RuleError(f"vocabulary/fixes.yaml: {problem}") from problem


def fixes(
    facts: Facts, rules: Iterable[Rule], found: Evaluation, judgement: Judgement, *, free_above: bool = True
) -> Fixes:
    """List what the publisher can mend.

    Args:
        facts: what was read, from which values are filled in.
        rules: the rules that were applied.
        found: their assessments and findings.
        judgement: score and class as they are.
        free_above: whether what binds it upstream is known and open, so that a licence declared here would hold.

    Returns:
        Every fix, the greatest gain first, and the shortest lists to the next class and to the highest score.
    """
    gains = {gain.finding: (gain.low, gain.high) for gain in judgement.if_fixed}
    now = (judgement.score.low, judgement.score.high)
    values = known_values(facts)
    listed = [
        _fix(rule, gains.get(rule.id, now), values)
        for rule in rules
        if rule.id in _entries() and _is_fault(rule, found) and _is_ours(rule, found.assessments, facts)
    ]
    declare = _undeclared_base(facts, now, values)
    listed += [declare] if declare else []
    listed.sort(key=lambda f: (-f.low, -f.high, _EFFORT[f.effort], f.finding))
    rule_fixes = [f.finding for f in listed if f.finding in found.assessments]
    bare = _bare(found.assessments)
    best = _best(rule_fixes, bare)
    after = score(bounds_alone(_opened(bare, best)))
    deciding = [f.finding for f in listed if f.finding in _DECIDE_CLASS]
    target, way = _next_class([n for n in deciding if n != _LICENSE or free_above], bare, judgement, listed)
    return Fixes(
        every=tuple(listed), next_class=target, to_class=way, to_score=tuple(best), low=after.low, high=after.high
    )


def in_card_order(sections: Iterable[Addition]) -> list[Addition]:
    """Sort sections as they follow one another in a card."""
    titles = [entry.section.title for entry in _entries().values() if entry.section is not None]
    return sorted(sections, key=lambda a: titles.index(a.key) if a.key in titles else len(titles))


def _is_fault(rule: Rule, found: Evaluation) -> bool:
    """Say whether a rule found a fault, or a gap that is known to be one."""
    if rule.kind == "finding":
        return any(f.rule == rule.id for f in found.findings)
    return rule.id in found.assessments and found.assessments[rule.id].availability in {"closed", "partial"}


def _is_ours(rule: Rule, assessments: Mapping[str, Assessment], facts: Facts) -> bool:
    """Say whether the subject's own publisher can mend it: what only its base model can tell is not its to tell."""
    found = assessments.get(rule.id)
    if found is None:
        return True
    only_above = rule.inherits.get(facts.lineage.derivation) in {"parent", "lowest"} and facts.lineage.parents
    return found.inherited_from is None and not only_above


def _fix(rule: Rule, interval: tuple[int, int], values: Mapping[str, tuple[Addition, ...]]) -> Fix:
    entry = _entries()[rule.id]
    additions = [a for front in entry.front for a in _front(front, values)]
    if entry.section is not None:
        additions.append(Addition(where="section", key=entry.section.title, text=entry.section.text))
    return Fix(
        finding=rule.id,
        component=rule.component,
        effort=rule.remediation.effort,
        low=interval[0],
        high=interval[1],
        text=rule.remediation.text,
        additions=tuple(additions),
    )


def _front(front: _Front, values: Mapping[str, tuple[Addition, ...]]) -> tuple[Addition, ...]:
    """Give the lines of one key: with the values that were found, or blank."""
    known = values.get(front.values, ())
    if known:
        return known
    return (Addition(where="front-matter", key=front.key, text=front.blank),) if front.blank else ()


def _undeclared_base(facts: Facts, now: tuple[int, int], values: Mapping[str, tuple[Addition, ...]]) -> Fix | None:
    """Give the fix that names in the metadata the base model that only files or the card's text name."""
    parents = facts.lineage.parents
    if not parents or any(p.source == "metadata" for p in parents) or not values.get("parents"):
        return None
    return Fix(
        finding="base-not-declared",
        component=None,
        effort="low",
        low=now[0],
        high=now[1],
        text="Name the model it was made from under `base_model:` in the card's metadata.",
        additions=tuple(a for front in _entries()["base-not-declared"].front for a in _front(front, values)),
    )


def _bare(assessments: Mapping[str, Assessment]) -> dict[str, Assessment]:
    """Give the levels alone: words and places of evidence are folded again and again otherwise."""
    return {
        name: Assessment(rule=name, bounds=a.bounds, own=None, strength="none", why="")
        for name, a in assessments.items()
    }


def _opened(assessments: Mapping[str, Assessment], names: Iterable[str]) -> dict[str, Assessment]:
    """Give the assessments as they are once these are open."""
    best = Bounds("open", "open")
    return {**assessments} | {
        name: Assessment(rule=name, bounds=best, own=None, strength="verified", why="")
        for name in names
        if name in assessments and assessments[name].bounds is not None
    }


def _best(names: list[str], assessments: Mapping[str, Assessment]) -> list[str]:
    """Give the fixes without which the sure end of the score stays below where all of them lift it."""

    def lifted(some: Iterable[str]) -> int:
        return score(bounds_alone(_opened(assessments, some))).low

    chosen = [name for name in names if name in _LIFT]
    most = lifted(chosen)
    for name in reversed(chosen):  # the least gain is left out first
        rest = [n for n in chosen if n != name]
        if lifted(rest) == most:
            chosen = rest
    return chosen


def _next_class(
    names: list[str], assessments: Mapping[str, Assessment], judgement: Judgement, every: list[Fix]
) -> tuple[str | None, tuple[str, ...]]:
    """Find the smallest set of fixes, of the least effort, that leads to a better class."""
    effort = {fix.finding: _EFFORT[fix.effort] for fix in every}
    here = (_TERMS[judgement.terms], _EXTENTS[judgement.extent])
    for count in range(1, MOST_AT_ONCE + 1):
        reached: list[tuple[int, int, tuple[str, ...], str]] = []
        for some in combinations(names, count):
            terms: Terms = "open" if _LICENSE in some and judgement.terms == "unlicensed" else judgement.terms
            changed = _opened(assessments, some)
            ext = extent(bounds_alone(changed), changed)
            there = (_TERMS[terms], _EXTENTS[ext])
            if there != here and all(new >= old for new, old in zip(there, here, strict=True)):
                reached.append((sum(effort[n] for n in some), -sum(there), some, f"{terms}-{ext}"))
        if reached:
            _, _, way, target = min(reached)
            return target, way
    return None, ()
