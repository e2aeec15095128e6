"""Which base models hold the models of a scan back, and how many each would clear."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openness_audit.model.registry_report import SharedDoc
from openness_audit.registry.hanging import (
    Above,
    Subject,
    Unmet,
    blockers,
    policy_blocker,
    sole_blocker,
    stand,
)
from openness_audit.registry.opened import Follower

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.policy import Policy
    from openness_audit.model.registry_report import Stand
    from openness_audit.registry.opened import Opened

MOST = 200  # base models in a report
_STANDS: tuple[Stand, ...] = ("unknown", "none-declared", "restricted")  # the one that is told where models differ
_NOTHING = Unmet(frozenset(), frozenset(), frozenset(), frozenset())


@dataclass(slots=True)
class _Tally:
    """What hangs on one base model."""

    stands: Counter[Stand] = field(default_factory=Counter)
    named_by: int = 0
    direct: int = 0
    holds_back: int = 0
    clears: int = 0
    clears_policy: int = 0


def subjects(scan: Opened) -> Iterator[tuple[int, Subject, str | None]]:
    """Give place, terms and policy result of each audited model that stands below another one, in order."""
    models = scan.ask(
        "SELECT seq, terms, ifnull(license, ''), ifnull(license_family, 'unknown'), policy FROM models"
        " WHERE problem IS NULL AND seq IN (SELECT seq FROM ancestor_of) ORDER BY seq"
    )
    above = Follower(
        scan.ask(
            "SELECT seq, ancestor, f.name, resolved, r.name FROM ancestor_of LEFT JOIN names f ON f.id = family"
            " LEFT JOIN names r ON r.id = relation ORDER BY seq, ancestor"
        )
    )
    for seq, terms, license_, family, policy in models:
        rows = tuple(Above(n, kind or "unknown", bool(known), how) for _, n, kind, known, how in above.take(seq))
        yield seq, Subject(terms or "undetermined", license_, family, rows), policy


def unmet_of(scan: Opened) -> Iterator[tuple[int, Unmet]]:
    """Give what each model does not meet of the policy, in order. `keep_undecided` must have been called."""
    clauses = scan.ask(
        "SELECT seq, c.name, m.name FROM clause_of JOIN names c ON c.id = clause JOIN names m ON m.id = met"
        " WHERE m.name IN ('violated', 'unknown') ORDER BY seq"
    )
    rules = Follower(scan.ask("SELECT seq, r.name FROM finding_of JOIN names r ON r.id = rule ORDER BY seq"))
    open_ = Follower(scan.ask("SELECT seq, rules FROM undecided ORDER BY seq"))
    for seq, group in _by_first(clauses):
        by: dict[str, set[str]] = {"violated": set(), "unknown": set()}
        for _, clause, met in group:
            by[met].add(clause)
        undecided = frozenset(rule for _, rules_ in open_.take(seq) for rule in rules_.split())
        found = frozenset(rule for _, rule in rules.take(seq))
        yield seq, Unmet(frozenset(by["violated"]), frozenset(by["unknown"]), found, undecided)


def _by_first(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, list[tuple[Any, ...]]]]:
    group: list[tuple[Any, ...]] = []
    for row in rows:
        if group and group[0][0] != row[0]:
            yield group[0][0], group
            group = []
        group.append(row)
    if group:
        yield group[0][0], group


def shared(scan: Opened, policy: Policy | None) -> tuple[tuple[SharedDoc, ...], int]:
    """Count what hangs on each base model.

    Args:
        scan: the open scan, with what could not be ruled out beside it.
        policy: the policy that judged, if its file is at hand.

    Returns:
        The base models that hold models back, those first that clear most, and how many more there are.
    """
    tallies: defaultdict[int, _Tally] = defaultdict(_Tally)
    unmet = Follower(unmet_of(scan)) if policy is not None else None
    for seq, subject, result in subjects(scan):
        _count(tallies, subject)
        if policy is None or unmet is None or result in (None, "met"):
            continue
        left = unmet.take(seq)
        alone = policy_blocker(subject, left[0][1] if left else _NOTHING, policy) if left else None
        if alone is not None:
            tallies[alone.number].clears_policy += 1
    held = {number: one for number, one in tallies.items() if one.holds_back or one.clears_policy}
    named = {number: scan.name(number) for number in held}

    def order(number: int) -> tuple[int, int, int, str]:
        one = held[number]
        return -max(one.clears, one.clears_policy), -one.holds_back, -one.named_by, named[number]

    chosen = sorted(held, key=order)
    told = tuple(_doc(scan, number, held[number], policy) for number in chosen[:MOST])
    return told, max(0, len(chosen) - MOST)


def _count(tallies: defaultdict[int, _Tally], subject: Subject) -> None:
    for one in subject.above:
        tally = tallies[one.number]
        tally.named_by += 1
        tally.direct += one.relation is not None
        if (way := stand(one)) is not None:
            tally.stands[way] += 1
    if subject.terms == "open":
        return
    for one in blockers(subject):
        tallies[one.number].holds_back += 1
    alone = sole_blocker(subject)
    if alone is not None:
        tallies[alone.number].clears += 1


def _doc(scan: Opened, number: int, one: _Tally, policy: Policy | None) -> SharedDoc:
    """Put the entry together; the licence is the one that most models' audits read."""
    row = scan.ask(
        "SELECT l.name, f.name FROM ancestor_of LEFT JOIN names l ON l.id = license LEFT JOIN names f ON f.id = family"
        " WHERE ancestor = ? GROUP BY 1, 2 ORDER BY resolved DESC, count(*) DESC, 1 LIMIT 1",
        number,
    ).fetchone()
    return SharedDoc(
        id=scan.name(number),
        license=(row and row[0]) or "unknown",
        family=(row and row[1]) or "unknown",
        stand=max(_STANDS, key=lambda way: one.stands[way]),
        named_by=one.named_by,
        direct=one.direct,
        holds_back=one.holds_back,
        clears=one.clears,
        clears_policy=None if policy is None else one.clears_policy,
    )
