"""What changed of what the model was made from: base models, data sets, code repositories. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.drift import ranks
from openness_audit.drift.facts import NOT_LOOKED, license_words, paired, relabelled
from openness_audit.drift.ranks import direction
from openness_audit.model.changes import Change
from openness_audit.model.lock import LicenseMark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.lock import BaseMark, CodeMark, DataMark, Snapshot

GONE = (0, 0)
STILL_BINDS = "the card no longer names it; its terms may bind all the same"


def made_from(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Give what changed of base models, data sets and code.

    Args:
        old: what it was.
        new: what it is.

    Yields:
        The changes; one that could not be looked at now is `unread`, never gone.
    """
    settled = old.terms_read and new.terms_read
    read = new.card.state != "unknown"
    unread = {mark.what for mark in new.not_checked} - {mark.what for mark in old.not_checked}
    named = read and not any(what in ("file listing", "README.md") or what.endswith(".json") for what in unread)
    reached = not unread and all(ranks.access(b.access)[0] > 0 for b in new.base_models)
    for base, now in paired(old.base_models, new.base_models, lambda mark: (mark.id.lower(),)):
        whole = named if base is not None and base.direct else named and reached
        yield from _base(base, now, settled=settled, whole=whole)
    read = read and not unread  # a repository's own README can name more of both
    for data, then in paired(old.training_data, new.training_data, lambda mark: (mark.name.lower(), mark.stage)):
        yield from _data(data, then, read=read, settled=settled)
    for code, later in paired(old.code_repositories, new.code_repositories, lambda mark: (mark.url.lower(),)):
        yield from _code(code, later, read=read)


def _base(old: BaseMark | None, new: BaseMark | None, *, settled: bool, whole: bool) -> Iterator[Change]:
    if old is None or new is None:
        if new is not None:
            yield Change(kind="base-model-added", about=new.id, old=None, new=_base_words(new), direction="neutral")
        elif old is not None and whole:
            yield Change(
                kind="base-model-dropped", about=old.id, old=_base_words(old), new=None, direction="worse",
                why=STILL_BINDS,
            )  # fmt: skip
        elif old is not None:
            yield _lost(old.id, _base_words(old), "what leads to it could not be looked at this time")
        return
    yield from _reach(old, new)
    before, after = (LicenseMark(expression=m.license, family=m.family or "unknown") for m in (old, new))
    if before == after:
        return
    if after.family == "unknown" and after.expression in (None, "NOASSERTION"):
        if ranks.known(ranks.access(new.access)):  # else that it could not be looked at is told already
            yield Change(
                kind="base-model-relicensed", about=new.id, old=license_words(before), new="not determined",
                direction="unknown",
            )  # fmt: skip
        return
    if before.family == "unknown" and before.expression in (None, "NOASSERTION"):
        before_words = "not determined"
    else:
        before_words = license_words(before)
    way = relabelled(before, after, settled=settled)
    yield Change(kind="base-model-relicensed", about=new.id, old=before_words, new=license_words(after), direction=way)


def _base_words(mark: BaseMark) -> str:
    return ", ".join(filter(None, (mark.relation, mark.license)))


def _reach(old: BaseMark, new: BaseMark) -> Iterator[Change]:
    """Give what changed of the access to a base model."""
    if old.access == new.access:
        return
    before, after = ranks.access(old.access), ranks.access(new.access)
    way = direction(before, after)
    if not ranks.known(after):
        if ranks.known(before):
            yield Change(
                kind="unread", about=new.id, old=old.access, new=new.access, direction="unknown", why=NOT_LOOKED
            )
        return
    gone, was_gone = after == (0, 0), before == (0, 0)
    if gone and was_gone:
        return
    kind = "base-model-gone" if gone else "base-model-back" if was_gone else "base-model-access"
    yield Change(kind=kind, about=new.id, old=old.access, new=new.access, direction=way)  # type: ignore[arg-type]  # the three literals above


def _data(old: DataMark | None, new: DataMark | None, *, read: bool, settled: bool) -> Iterator[Change]:
    if old is None or new is None:
        if new is not None:
            yield Change(kind="data-added", about=new.name, old=None, new=_data_words(new), direction="neutral")
        elif old is not None and read:
            yield Change(
                kind="data-dropped", about=old.name, old=_data_words(old), new=None, direction="worse",
                why="the card no longer names it",
            )  # fmt: skip
        elif old is not None:
            yield _lost(old.name, _data_words(old))
        return
    before, after = ranks.DATA.get(old.availability, (0, 2)), ranks.DATA.get(new.availability, (0, 2))
    if before != after:
        way = direction(before, after)
        kind = "data-gone" if after == GONE else "data-back" if before == GONE else "data-access"
        told = Change(kind=kind, about=new.name, old=old.access, new=new.access, direction=way)  # type: ignore[arg-type]  # the three literals above
        yield _lost(new.name, old.access) if way == "unknown" else told
    looked = ranks.known(after) and after != GONE  # of one that is gone no licence can be read
    if looked and old.licenses != new.licenses:
        yield Change(
            kind="data-relicensed", about=new.name, old=_licenses(old), new=_licenses(new),
            direction="neutral" if settled and read and new.licenses else "unknown",
        )  # fmt: skip


def _data_words(mark: DataMark) -> str:
    return f"{mark.stage}, {mark.access}"


def _licenses(mark: DataMark) -> str:
    return ", ".join(mark.licenses) or "none declared"


def _code(old: CodeMark | None, new: CodeMark | None, *, read: bool) -> Iterator[Change]:
    if old is None or new is None:
        if new is not None:
            yield Change(kind="code-added", about=new.url, old=None, new=new.state, direction="neutral")
        elif old is not None and read:
            why = "the card no longer links it"
            yield Change(kind="code-dropped", about=old.url, old=old.state, new=None, direction="worse", why=why)
        elif old is not None:
            yield _lost(old.url, old.state)
    elif new.state == "unknown" != old.state:
        yield _lost(new.url, old.state)
    elif new.state == "gone" != old.state:
        yield Change(kind="code-gone", about=new.url, old=old.state, new=new.state, direction="worse")
    elif old.state == "gone" and new.state == "read":
        yield Change(kind="code-back", about=new.url, old=old.state, new=new.state, direction="better")
    elif new.state == "read" == old.state:
        yield from _moved_code(old, new)


def _moved_code(old: CodeMark, new: CodeMark) -> Iterator[Change]:
    if old.commit != new.commit:
        yield Change(kind="code-moved", about=new.url, old=old.commit, new=new.commit, direction="neutral")
    if old.license != new.license:
        before, after = old.license or "none", new.license or "none"
        yield Change(kind="code-relicensed", about=new.url, old=before, new=after, direction="neutral")


def _lost(about: str, old: str, why: str = NOT_LOOKED) -> Change:
    return Change(kind="unread", about=about, old=old, new=None, direction="unknown", why=why)
