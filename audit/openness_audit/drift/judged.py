"""What changed of what was judged: criteria, score, class, uses, duties, findings, the policy. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.drift import ranks
from openness_audit.drift.facts import license_words, paired, relabelled
from openness_audit.drift.ranks import direction
from openness_audit.model.changes import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.drift.ranks import Bounds
    from openness_audit.model.changes import Direction, Kind
    from openness_audit.model.lock import CriterionMark, ObligationMark, Snapshot

EXTENT = "what is released"  # the half of the class that hangs on the criteria
NO_POLICY = "no policy is in force now: whether its verdict holds cannot be told"
NOT_RULED_OUT = "it cannot be ruled out: what it rests on could not be looked at"
UNREAD_TERMS = "unread"  # the duty that stands for texts nobody has read


def concluded(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Give what changed of what was concluded, by the bounds of both.

    Args:
        old: what it was.
        new: what it is.

    Yields:
        The changes, as they are by themselves: whether a gain counts is for the caller to say.
    """
    yield from _licenses(old, new)
    for before, after in paired(old.criteria, new.criteria, lambda mark: (mark.id,)):
        yield from _criterion(before, after)
    if (old.score_low, old.score_high) != (new.score_low, new.score_high):
        way = direction((old.score_low, old.score_high), (new.score_low, new.score_high))
        yield Change(kind="score", about="", old=_score(old), new=_score(new), direction=way)
    yield from _moved("class", "licence terms", (old.terms, new.terms), ranks.TERMS)
    yield from _moved("class", EXTENT, (old.extent, new.extent), ranks.EXTENT)
    yield from _moved("class", "Open Source AI Definition", (old.osaid, new.osaid), ranks.OSAID)
    for use, now in paired(old.uses, new.uses, lambda mark: (mark.use,)):
        was, is_ = (mark.verdict if mark else "not-determined" for mark in (use, now))
        name = use.use if use else now.use if now else ""
        yield from _moved("use", name, (was, is_), ranks.USE)
    known = new.terms_read
    for duty, then in paired(old.obligations, new.obligations, lambda mark: (mark.id,)):
        yield from _duty(duty, then, known=known)
    yield from _findings(old, new)
    yield from _policy(old, new)


def _moved(kind: Kind, about: str, pair: tuple[str, str], table: dict[str, Bounds]) -> Iterator[Change]:
    old, new = pair
    if old != new:
        yield Change(kind=kind, about=about, old=old, new=new, direction=direction(table[old], table[new]))


def _score(side: Snapshot) -> str:
    low, high = side.score_low, side.score_high
    return str(low) if low == high else f"{low} to {high}"


def _licenses(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Tell own and effective licence where they say more than the tag, or the one before them, does."""
    settled = old.terms_read and new.terms_read
    told = {(license_words(old.declared), license_words(new.declared))}
    pairs: tuple[tuple[Kind, str], ...] = (("license-own", "own"), ("license-effective", "effective"))
    for kind, name in pairs:
        before, after = getattr(old, name), getattr(new, name)
        words = license_words(before), license_words(after)
        if before != after and words not in told:
            way = relabelled(before, after, settled=settled)
            yield Change(kind=kind, about="", old=words[0], new=words[1], direction=way)
        told.add(words)


def _criterion(old: CriterionMark | None, new: CriterionMark | None) -> Iterator[Change]:
    if old is None or new is None or (old.status, old.low, old.high) == (new.status, new.low, new.high):
        return
    if "not-applicable" in (old.status, new.status):
        way, kind = direction((0, 1), (0, 1)), "criterion-changed"
    else:
        way = direction((old.low, old.high), (new.low, new.high))
        kind = {"worse": "criterion-fell", "better": "criterion-rose"}.get(way, "criterion-changed")
    yield Change(kind=kind, about=new.id, old=_level(old), new=_level(new), direction=way)  # type: ignore[arg-type]  # the three literals above


def _level(mark: CriterionMark) -> str:
    return f"not determined, {mark.low:g} to {mark.high:g} points" if mark.status == "unknown" else mark.status


def _duty(old: ObligationMark | None, new: ObligationMark | None, *, known: bool) -> Iterator[Change]:
    mark = new or old
    if mark is None:
        return
    before, after = (ranks.DUTY[side.status if side else "none"] for side in (old, new))
    words = [_duty_words(side) if side else None for side in (old, new)]
    if old is None:
        way = "unknown" if mark.id == UNREAD_TERMS or mark.status == "unknown" else "worse"
        yield Change(kind="obligation-appeared", about=mark.id, old=None, new=words[1], direction=way)  # type: ignore[arg-type]  # two literals
    elif new is None:
        yield Change(
            kind="obligation-gone", about=mark.id, old=words[0], new=None, direction="better" if known else "unknown"
        )
    elif words[0] != words[1]:
        way = direction(before, after) if before != after else "unknown"
        yield Change(kind="obligation-changed", about=mark.id, old=words[0], new=words[1], direction=way)


def _duty_words(mark: ObligationMark) -> str:
    return f"{mark.status}: {', '.join(mark.values)}" if mark.values else mark.status


def _findings(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    for before, after in paired(old.findings, new.findings, lambda mark: (mark.id,)):
        if before is None and after is not None:
            grave = after.severity != "note"
            yield Change(
                kind="finding-appeared", about=after.id, old=None, new=after.severity,
                direction="worse" if grave else "neutral",
            )  # fmt: skip
        elif after is None and before is not None:
            ruled_out = before.id.partition("/")[0] not in new.undecided
            gain: Direction = "better" if before.severity != "note" else "neutral"
            yield Change(
                kind="finding-gone", about=before.id, old=before.severity, new=None,
                direction=gain if ruled_out else "unknown", why="" if ruled_out else NOT_RULED_OUT,
            )  # fmt: skip


def _policy(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Tell the policy's result; one that judged then and does not now leaves open whether its verdict still holds."""
    before, after = old.policy, new.policy
    if after is None:
        if before is not None:
            yield Change(
                kind="policy-changed", about=before.path, old=before.name, new=None, direction="unknown", why=NO_POLICY
            )
        return
    if before is None or before.digest != after.digest:
        was = f"{before.name}, {_short(before.digest)}" if before else None
        now = f"{after.name}, {_short(after.digest)}"
        yield Change(kind="policy-changed", about=after.path, old=was, new=now, direction="neutral")
    if before is not None:
        yield from _moved("policy-result", after.name, (before.result, after.result), ranks.POLICY)
    elif after.result != "met":
        way: Direction = "worse" if after.result == "violated" else "unknown"
        yield Change(kind="policy-result", about=after.name, old=None, new=after.result, direction=way)


def _short(digest: str) -> str:
    return digest.rpartition(":")[2][:12]
