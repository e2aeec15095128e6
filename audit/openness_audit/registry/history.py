"""Two scans beside each other: which models changed, and which way; which appeared, and which are not there now."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from openness_audit.drift.changes import WORST_FIRST
from openness_audit.model.registry_changes import MoveDoc
from openness_audit.registry import marks
from openness_audit.registry.marks import COLUMNS, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from openness_audit.model.changes import Direction
    from openness_audit.model.registry import ScanRun
    from openness_audit.model.registry_changes import Move
    from openness_audit.registry.opened import Opened

GONE = frozenset(
    {"not-found-or-private", "disabled", "legal"}
)  # what the Hub says of a model, not why it did not answer
_PAIR = "(SELECT group_concat({a} || ':' || {b}, ' ') FROM {table} x WHERE x.seq = m.seq)"
_POLICY: dict[str, Direction] = {"violated": "worse", "no-verdict": "unknown"}


def moves(
    old: Opened, new: Opened, levels: Collection[str], flows: Counter[tuple[str, str, str]]
) -> Iterator[MoveDoc | None]:
    """Put the models of two scans beside each other, by id and revision.

    Args:
        old: the earlier scan.
        new: the later one, with what could not be ruled out beside it.
        levels: rules about the level of a component, which the criteria tell already.
        flows: counts what, from where, and where to; added to.

    Yields:
        One entry a model in the order of their names: None where nothing changed.
    """
    scans = old.manifest, new.manifest
    for before, after in _paired(_sides(old, undecided=False), _sides(new, undecided=True)):
        if before is not None and after is not None:
            if marks.compared(before) == marks.compared(after):
                yield None
                continue
            if before.problem is None and after.problem is None:
                _flow(flows, before, after)
                found = marks.changes(before, after, scans, levels)
                yield MoveDoc(
                    model=after.model, revision=after.revision or None, move="changed", changes=found,
                    direction=min((c.direction for c in found), key=WORST_FIRST.index, default="neutral"),
                ) if found else None  # fmt: skip
            else:
                yield _audited_or_not(before, after)
        elif after is not None:
            yield _appeared(after)
        elif before is not None:
            yield _left(before, *scans)


def _sides(scan: Opened, *, undecided: bool) -> Iterator[Side]:
    """Give the models by id and revision, each once."""
    joined = " LEFT JOIN undecided u ON u.seq = m.seq" if undecided else ""
    columns = [c if c.startswith("ifnull") else f"m.{c}" for c in COLUMNS]
    lists = [
        _PAIR.format(a="rule", b="severity", table="finding_of"),
        "ifnull(u.rules, '')" if undecided else "''",
        "(SELECT group_concat(code, ' ') FROM cause_of x WHERE x.seq = m.seq)",
        _PAIR.format(a="clause", b="met", table="clause_of"),
    ]
    asked = f"SELECT {', '.join([*columns, *lists])} FROM models m{joined} ORDER BY m.model, 3, m.seq"  # noqa: S608 - names of ours
    pairs = _Pairs(scan.name)
    last: tuple[str, str] | None = None
    for row in scan.ask(asked):
        at = len(COLUMNS)
        if (row[1], row[2]) == last:
            continue
        last = row[1], row[2]
        codes = frozenset(scan.name(int(number)) for number in (row[at + 2] or "").split())
        yield Side._make((*row[:at], pairs(row[at]), row[at + 1], codes, pairs(row[at + 3])))


class _Pairs:
    """Reads lists of two names, of which there are few."""

    def __init__(self, name: Callable[[int], str]) -> None:
        self._name = name
        self._known: dict[str, tuple[str, str]] = {}

    def __call__(self, text: str | None) -> frozenset[tuple[str, str]]:
        return frozenset(self._known.get(pair) or self._read(pair) for pair in (text or "").split())

    def _read(self, pair: str) -> tuple[str, str]:
        a, _, b = pair.partition(":")
        found = self._known[pair] = self._name(int(a)), self._name(int(b))
        return found


def _paired(old: Iterator[Side], new: Iterator[Side]) -> Iterator[tuple[Side | None, Side | None]]:
    before, after = next(old, None), next(new, None)
    while before is not None or after is not None:
        if after is None or (before is not None and before.key < after.key):
            yield before, None
            before = next(old, None)
        elif before is None or after.key < before.key:
            yield None, after
            after = next(new, None)
        else:
            yield before, after
            before, after = next(old, None), next(new, None)


def _flow(flows: Counter[tuple[str, str, str]], old: Side, new: Side) -> None:
    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("class", old.class_, new.class_),
        ("license", old.license_effective_family, new.license_effective_family),
        ("gate", _gate(old), _gate(new)),
        ("policy", old.policy, new.policy),
    )
    for what, was, is_ in pairs:
        if was != is_ and was is not None and is_ is not None:
            flows[what, was, is_] += 1


def _gate(side: Side) -> str:
    return {0: "no gate", 1: "gated"}.get(side.gated, "unknown") if side.gated is not None else "unknown"


def _moved(side: Side, move: Move, direction: Direction, why: str) -> MoveDoc:
    return MoveDoc(model=side.model, revision=side.revision or None, move=move, direction=direction, why=why)


def _audited_or_not(old: Side, new: Side) -> MoveDoc:
    """Tell of a model that has no verdict on one side at least: gone by the Hub's own word, or not looked at."""
    if new.problem is None:
        return _moved(new, "audited-again", _POLICY.get(new.policy or "", "neutral"), old.problem or "")
    if new.problem in GONE:
        return _moved(new, "gone", "neutral" if old.problem in GONE else "worse", new.problem)
    return _moved(new, "not-audited", "unknown", new.problem)


def _appeared(new: Side) -> MoveDoc:
    """Tell of a model that is new: worse where it is against the policy, since the registry now holds it."""
    return _moved(
        new, "appeared", "neutral" if new.problem else _POLICY.get(new.policy or "", "neutral"), new.problem or ""
    )


def _left(old: Side, then: ScanRun, now: ScanRun) -> MoveDoc:
    """Tell of a model that the later scan has no row of; whether it is gone, only the Hub can say."""
    if now.state != "finished":
        return _moved(old, "not-reached", "unknown", "the later scan was not finished")
    if now.source.kind != "hub":
        return _moved(old, "not-listed", "neutral", "the later scan was not given it")
    same = then.source == now.source and now.source.top is None
    why = "the Hub lists it no longer: removed, renamed or private" if same else "the scans asked for different models"
    return _moved(old, "not-listed", "unknown", why)
