"""What changed of what was read: card, licence, gate, weights, base models, data sets, code. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from openness_audit.drift import ranks
from openness_audit.drift.ranks import direction
from openness_audit.licenses.paths import license_role
from openness_audit.model.changes import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openness_audit.model.changes import Direction, Kind
    from openness_audit.model.lock import FileMark, LicenseMark, Snapshot, TextMark

T = TypeVar("T")

SURE = frozenset({"exact", "equivalent"})  # how a licence text was recognised
NOT_LOOKED = "it could not be looked at this time"
NO_KNOWN_TEXT = "the approval was without it, and nobody knows what it says"
OTHER_BYTES = "the approval was of other bytes"


def read(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Give what changed of the model's own repository.

    Args:
        old: what it was.
        new: what it is.

    Yields:
        The changes, each once; what could not be looked at now is `unread`, never gone.
    """
    if old.id != new.id:
        yield _told("model-renamed", "", old.id, new.id, "neutral")
    if old.sha != new.sha:
        yield _told("commit-moved", "", old.sha, new.sha, "neutral")
    yield from _gate(old, new)
    yield from _tag(old, new)
    yield from _texts(old, new)
    yield from _weights(old, new)
    yield from _card(old, new)


def paired(
    old: Iterable[T], new: Iterable[T], key: Callable[[T], tuple[str, ...]]
) -> Iterator[tuple[T | None, T | None]]:
    """Put the marks of two snapshots beside each other, in the order of their keys."""
    before, after = {key(mark): mark for mark in old}, {key(mark): mark for mark in new}
    for name in sorted(before.keys() | after.keys()):
        yield before.get(name), after.get(name)


def _told(kind: Kind, about: str, old: str | None, new: str | None, way: Direction, *, why: str = "") -> Change:
    return Change(kind=kind, about=about, old=old, new=new, direction=way, why=why)


def _gate(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    before, after = (_gate_word(side) for side in (old, new))
    if before == after:
        return
    way = direction(ranks.GATE[before], ranks.GATE[after])
    if way == "unknown":
        yield _told("unread", "gate", before, None, way, why=NOT_LOOKED)
    elif before in ("none", "unknown"):
        yield _told("gate-added" if after != "none" else "gate-changed", "", before, after, way)
    else:
        yield _told("gate-removed" if after == "none" else "gate-changed", "", before, after, way)


def _gate_word(side: Snapshot) -> str:
    return "unknown" if side.gated is None else side.gated or "none"


def license_words(mark: LicenseMark) -> str:
    """Word a licence with its family."""
    named = mark.expression or ", ".join(mark.raw)
    return f"{named} ({mark.family})" if named else mark.family


def relabelled(old: LicenseMark, new: LicenseMark, *, settled: bool) -> Direction:
    """Say which way a licence went.

    Args:
        old: the licence as it was.
        new: the licence as it is.
        settled: whether the terms of both were read to the end, so that uses and duties tell what the change means.

    Returns:
        By family; between licences of one rank `neutral` where that is told by uses and duties, else `unknown`.
    """
    way = direction(ranks.family(old.family), ranks.family(new.family))
    return "unknown" if way == "neutral" and not settled else way


def _tag(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    before, after = old.declared, new.declared
    if (before.expression, before.raw, before.family) == (after.expression, after.raw, after.family):
        return
    if after.family == "unknown" and not after.raw:  # the tag could not be read
        yield _told("unread", "licence tag", license_words(before), None, "unknown", why=NOT_LOOKED)
        return
    way = relabelled(before, after, settled=old.terms_read and new.terms_read)
    yield _told("license-relabelled", "", license_words(before), license_words(after), way)


def _texts(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    for before, after in paired(old.texts, new.texts, lambda text: (text.path,)):
        if before is not None and after is not None:
            if before.sha256 != after.sha256:
                way, why = _text(before, after)
                yield _told("license-text-changed", after.path, _text_words(before), _text_words(after), way, why=why)
        elif after is not None:
            known = after.match in SURE or license_role(after.path) != "license"
            kind: Direction = "neutral" if known else "unknown"
            yield _told(
                "license-text-added", after.path, None, _text_words(after), kind, why="" if known else NO_KNOWN_TEXT
            )
        elif before is not None and new.texts_read:
            yield _told("license-text-gone", before.path, _text_words(before), None, "worse")
        elif before is not None:
            yield _told("unread", before.path, _text_words(before), None, "unknown", why=NOT_LOOKED)


def _text(old: TextMark, new: TextMark) -> tuple[Direction, str]:
    """Judge other words in a licence file: harmless only where both are known texts of the same licence."""
    same = old.expression == new.expression and old.expression is not None
    if same and old.match in SURE and new.match in SURE:
        return "neutral", "the same licence; layout or names changed"
    if same and new.match in SURE:
        return "better", "the words are those of the licence again"
    return "worse", "the approval was of other words"


def _text_words(mark: TextMark) -> str:
    named = f"{mark.expression}, {mark.match}" if mark.expression else "not recognised"
    return f"{named}, sha256 {mark.sha256[:12]}"


def _weights(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    if new.weights.digest is None:
        if old.weights.digest is not None:
            yield _told("unread", "file listing", _files(len(old.weights.files)), None, "unknown", why=NOT_LOOKED)
        return
    if old.weights.digest is None:
        return  # nothing was known, so nothing can be said to have changed
    pairs = [*paired(old.weights.files, new.weights.files, _path)]
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    other = [b.path for a, b in both if _differs(a, b)]
    gone = [a.path for a, b in pairs if a is not None and b is None and not new.weights.cut]
    added = [b.path for a, b in pairs if a is None and b is not None and not old.weights.cut]
    count = _files(len(new.weights.files))
    if other or (gone and added):
        said = [f"{len(group)} {word}" for group, word in ((other, "other"), (gone, "gone"), (added, "new")) if group]
        first = (other or added)[0]
        yield _told(
            "weights-replaced", first, _files(len(old.weights.files)), f"{count}: {', '.join(said)}", "worse",
            why=OTHER_BYTES,
        )  # fmt: skip
    elif gone:
        yield _told("weights-gone", gone[0], _files(len(old.weights.files)), count, "worse")
    elif added:
        yield _told("weights-added", added[0], _files(len(old.weights.files)), count, "neutral")
    lost = [b.path for a, b in both if a.sha256 is not None and b.sha256 is None and not _differs(a, b)]
    if lost:
        why = "the Hub gives no digest of it any more: whether it is the same cannot be told"
        yield _told("unread", lost[0], "a digest", None, "unknown", why=why)


def _differs(old: FileMark, new: FileMark) -> bool:
    """Say whether two files of one path surely differ; what is not known on one side is not compared."""
    sizes = old.size is not None and new.size is not None and old.size != new.size
    return sizes or (old.sha256 is not None and new.sha256 is not None and old.sha256 != new.sha256)


def _path(file: FileMark) -> tuple[str]:
    return (file.path,)


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _card(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    before, after = old.card, new.card
    if before.state == after.state:
        if before.sha256 and after.sha256 and before.sha256 != after.sha256:
            yield _told("card-changed", "README.md", before.sha256[:12], after.sha256[:12], "neutral")
    elif after.state == "unknown":
        yield _told("unread", "README.md", before.state, None, "unknown", why=NOT_LOOKED)
    elif after.state == "absent":
        yield _told("card-gone", "README.md", before.state, after.state, "worse")
    elif before.state == "absent":
        yield _told("card-added", "README.md", before.state, after.state, "better")
