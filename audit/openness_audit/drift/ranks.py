"""Which of two states is better, where one or both may not be known: bounds, and four directions. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from openness_audit.licenses.families import COMMERCE, OPEN, RESTRICTED

if TYPE_CHECKING:
    from openness_audit.model.changes import Direction

Bounds: TypeAlias = tuple[float, float]

_FREE, _COMMERCE, _LIMITED, _NONE = 3.0, 2.0, 1.0, 0.0
USE: dict[str, Bounds] = {
    "allowed": (2, 2), "conditions": (1, 1), "not-allowed": (0, 0), "not-determined": (0, 2),
}  # fmt: skip
DUTY: dict[str, Bounds] = {"none": (2, 2), "conditional": (1, 1), "applies": (0, 0), "unknown": (0, 2)}
GATE: dict[str, Bounds] = {"none": (2, 2), "auto": (1, 1), "manual": (0, 0), "unknown": (0, 2)}
DATA: dict[str, Bounds] = {"open": (2, 2), "partial": (1, 1), "closed": (0, 0), "unknown": (0, 2)}
TERMS: dict[str, Bounds] = {"open": (2, 2), "restricted": (1, 1), "unlicensed": (0, 0), "undetermined": (0, 2)}
EXTENT: dict[str, Bounds] = {
    "reproducible": (3, 3), "partly-reproducible": (2, 2), "weights-only": (1, 1), "no-weights": (0, 0),
    "undetermined": (0, 3),
}  # fmt: skip
OSAID: dict[str, Bounds] = {"yes": (1, 1), "no": (0, 0), "undetermined": (0, 1)}
POLICY: dict[str, Bounds] = {"met": (1, 1), "violated": (0, 0), "no-verdict": (0, 1)}
_ACCESS: dict[str, Bounds] = {  # of a base model; any other word says why it could not be looked at
    "public": (2, 2), "gated": (1, 1), "not-found-or-private": (0, 0), "disabled": (0, 0), "legal": (0, 0),
}  # fmt: skip


def access(word: str) -> Bounds:
    """Rank the access to a base model."""
    return _ACCESS.get(word, (0, 2))


def family(name: str | None) -> Bounds:
    """Rank a family of licences by what it leaves free: everything, commerce, less, nothing."""
    if name in OPEN:
        return _FREE, _FREE
    if name in RESTRICTED:
        return (_COMMERCE, _COMMERCE) if name in COMMERCE else (_LIMITED, _LIMITED)
    return (_NONE, _NONE) if name == "none-declared" else (_NONE, _FREE)


def direction(old: Bounds, new: Bounds) -> Direction:
    """Say which way something went.

    What is only less well known than before is `unknown`, whatever it was; what is only better known is worse or better
    where that settles it at the lower or the upper end.

    Args:
        old: the least and the most it was.
        new: the least and the most it is.

    Returns:
        `neutral` where both are equal, or where it settled in between.
    """
    if old == new:
        return "neutral"
    if new[0] <= old[0] and new[1] >= old[1]:
        return "unknown"
    if new[0] >= old[0] and new[1] <= old[1]:  # within what it could have been
        return "better" if new[1] == old[1] else "worse" if new[0] == old[0] else "neutral"
    return "better" if new[0] > old[0] else "worse"


def known(bounds: Bounds) -> bool:
    """Say whether both ends are equal."""
    return bounds[0] == bounds[1]
