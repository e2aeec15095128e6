"""Two snapshots -> what changed, and which way. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from msgspec.structs import replace

from openness_audit.drift import judged as conclusions
from openness_audit.drift.facts import NOT_LOOKED, read
from openness_audit.drift.judged import EXTENT
from openness_audit.drift.origins import made_from
from openness_audit.model.changes import Change, FactKind, JudgedKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openness_audit.model.changes import Direction
    from openness_audit.model.lock import Snapshot

WORST_FIRST: tuple[Direction, ...] = ("worse", "unknown", "better", "neutral")
REST_ON_LESS = "not counted as better: it rests on less than was read before"
_ORDER = {kind: at for at, kind in enumerate((*get_args(FactKind), *get_args(JudgedKind)))}


def changes(old: Snapshot, new: Snapshot) -> tuple[Change, ...]:
    """Say what changed from one snapshot to another.

    Args:
        old: what it was.
        new: what it is.

    Returns:
        The changes, the worst first; none where both are the same but for dates, program and rules. Where something
        that was read before is gone, or cannot be looked at, nothing that was judged is called better: a model does not
        get more open by saying less.
    """
    found = [*read(old, new), *made_from(old, new)]
    found += _places(old, new, found)
    return weighed(found, conclusions.concluded(old, new))


def weighed(found: Sequence[Change], concluded: Iterable[Change]) -> tuple[Change, ...]:
    """Put what changed of what was read and of what was concluded together.

    Args:
        found: what changed of what was read.
        concluded: what changed of what was judged, each as it is by itself.

    Returns:
        All changes, the worst first; none that was judged is better where something that was read before is gone, or
        cannot be looked at.
    """
    lost = any(c.direction in ("worse", "unknown") for c in found)
    judged = [_less(c) if lost and c.direction == "better" else c for c in _unsure(list(concluded))]
    rows = [*found, *judged]
    return tuple(sorted(rows, key=lambda c: (WORST_FIRST.index(c.direction), _ORDER[c.kind], c.about)))


def _unsure(judged: list[Change]) -> list[Change]:
    """Leave open whether less is released where no criterion fell, and some are only less well known than before."""
    ways = {c.direction for c in judged if c.kind.startswith("criterion-")}
    if "unknown" not in ways or "worse" in ways:
        return judged
    return [replace(c, direction="unknown") if c.about == EXTENT and c.direction == "worse" else c for c in judged]


def _less(change: Change) -> Change:
    return replace(change, direction="neutral", why=REST_ON_LESS)


def _places(old: Snapshot, new: Snapshot, told: Sequence[Change]) -> Iterator[Change]:
    """Give the places that could not be read this time and were no trouble before, unless that is told already."""
    before = {mark.what for mark in old.not_checked}
    names = {c.about.lower() for c in told if c.kind == "unread"}
    for mark in new.not_checked:
        what = mark.what.lower()
        if mark.what not in before and not any(what == name or name.endswith(f"/{what}") for name in names):
            yield Change(kind="unread", about=mark.what, old=None, new=mark.code, direction="unknown", why=NOT_LOOKED)
