"""Check what a type cannot: that a clause asks something, and that what it names is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, TypeAlias

from openness_audit.model.policy import (
    LONGEST_WAIVER_D,
    AnyClause,
    CelClause,
    ClassClause,
    ComponentClause,
    EuClause,
    ExpressionClause,
    FamilyClause,
    FindingClause,
    ObligationClause,
    OsaidClause,
    Waiver,
)
from openness_audit.policy.fit import near
from openness_audit.policy.license_names import misnamed
from openness_audit.policy.licenses import NONE, alternatives
from openness_audit.policy.names import Names

__all__ = ["of_clause", "of_waiver"]

Problems: TypeAlias = Iterator[tuple[str, str]]
_INSTEAD = "to let it pass where nothing is known, write `unknown: accept`"


def of_clause(clause: AnyClause, names: Names) -> Problems:
    """Give what is wrong with a clause: the key, and what to say of it."""
    judge = _OF.get(type(clause))
    if judge is not None:
        yield from judge(clause, names)


def _of_class(clause: ClassClause, _: Names) -> Problems:
    if not (clause.classes or clause.terms or clause.extents):
        yield "", "it asks nothing: give classes, terms or extents"
    for key in ("classes", "terms", "extents"):
        if any("undetermined" in word for word in getattr(clause, key)):
            yield key, f"'undetermined' cannot be asked for; {_INSTEAD}"


def _of_component(clause: ComponentClause, names: Names) -> Problems:
    yield from _named("component", (clause.component,), names.components, "criterion or component")


def _of_osaid(clause: OsaidClause, _: Names) -> Problems:
    if "not-determined" in clause.verdicts:
        yield "verdicts", f"'not-determined' cannot be asked for; {_INSTEAD}"


def _of_eu(clause: EuClause, names: Names) -> Problems:
    yield from _named("found", clause.found, names.eu_items, "item of this profile")
    for name in clause.found:
        if name in names.eu_unseen:
            yield "found", f"no rule looks for {name!r}, so this clause could never be met"


def _of_family(clause: FamilyClause, names: Names) -> Problems:
    yield from _asks_something(clause)
    for key in ("allow", "deny"):
        if "unknown" in getattr(clause, key):
            yield key, f"'unknown' cannot be asked for; {_INSTEAD}"
            continue
        yield from _named(key, getattr(clause, key), names.families, "family of licences")


def _of_expression(clause: ExpressionClause, _: Names) -> Problems:
    yield from _asks_something(clause)
    for key in ("allow", "deny"):
        yield from _single(key, getattr(clause, key))


def _of_obligation(clause: ObligationClause, names: Names) -> Problems:
    yield from _named("deny", clause.deny, names.obligations, "obligation")


def _of_findings(clause: FindingClause, names: Names) -> Problems:
    if clause.at_most == "error" and not clause.deny:
        yield "", "it asks nothing: give at-most (none, note or warning) or deny"
    yield from _named("deny", clause.deny, names.rules, "rule that makes findings")


def _of_cel(clause: CelClause, _: Names) -> Problems:
    if not clause.message.strip():
        yield "", "a condition in CEL needs a message that says in words what it asks"


_OF: dict[type[Any], Callable[[Any, Names], Problems]] = {
    ClassClause: _of_class,
    ComponentClause: _of_component,
    OsaidClause: _of_osaid,
    EuClause: _of_eu,
    FamilyClause: _of_family,
    ExpressionClause: _of_expression,
    ObligationClause: _of_obligation,
    FindingClause: _of_findings,
    CelClause: _of_cel,
}


def _asks_something(clause: FamilyClause | ExpressionClause) -> Problems:
    if not (clause.allow or clause.deny):
        yield "", "it asks nothing: give allow or deny"
    both = sorted(set(clause.allow) & set(clause.deny))
    if both:
        yield "deny", f"{', '.join(both)}: allowed and denied at once"


def _named(key: str, wanted: Iterable[str], known: tuple[str, ...], what: str) -> Problems:
    for name in wanted:
        if name not in known:
            yield key, f"{name!r} is no {what}{near(name, known)}"


def _single(key: str, wanted: Iterable[str]) -> Problems:
    """Refuse expressions where single licences are listed: nobody could say what an OR in a list means."""
    for name in wanted:
        ways = alternatives(name)
        if ways is None or len(ways) != 1 or len(ways[0]) != 1:
            yield (
                key,
                f"{name!r} is not one licence: list SPDX ids, LicenseRef names, {NONE}, or patterns such as CC-BY-*",
            )
        elif said := misnamed(ways[0][0].id):
            yield key, said


def of_waiver(waiver: Waiver) -> Problems:
    """Give what is wrong with a waiver: the key, and what to say of it."""
    if (waiver.clause is None) == (waiver.finding is None):
        yield "", "it must name a clause or a finding, one of the two"
    if waiver.expires < waiver.granted:
        yield "expires", f"it expires on {waiver.expires}, before it is granted on {waiver.granted}"
    elif waiver.expires > waiver.granted + timedelta(days=LONGEST_WAIVER_D):
        last = waiver.granted + timedelta(days=LONGEST_WAIVER_D)
        yield (
            "expires",
            f"{waiver.expires} is too late: at most {LONGEST_WAIVER_D} days after {waiver.granted} ({last})",
        )
