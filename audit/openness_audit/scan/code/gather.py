"""Turn what finders see in one file into usages: one rule for ids, paths, confidence and pins, whatever was read."""

from __future__ import annotations

from openness_audit.model.rules import Confidence
from openness_audit.model.usages import Kind, Pinned, Reader, Usage
from openness_audit.scan.code.ids import REVISION, IsLocal, Named, is_builder, pinned, read_id, routed_elsewhere

MOST_USAGES = 5000  # of one file: a list of all models of the Hub is no code
_RANK: dict[Confidence, int] = {"high": 0, "medium": 1, "low": 2}


def least(one: Confidence, other: Confidence) -> Confidence:
    """Give the lower of two confidences."""
    return one if _RANK[one] >= _RANK[other] else other


def more(one: Usage, other: Usage) -> bool:
    """Say whether the first tells more than the second about the same place."""
    return (_RANK[one.confidence], one.revision is None) < (_RANK[other.confidence], other.revision is None)


class Sheet:
    """The usages of one file, one for a place and an id; the better told one is kept."""

    def __init__(self, path: str, reader: Reader, is_local: IsLocal = lambda _name: False) -> None:
        """Start an empty sheet; `is_local` tells a name that is a folder or file beside the code."""
        self.path = path
        self.reader: Reader = reader
        self.most: Confidence = "high"  # what a reading of this kind is worth at best
        self.cut = False
        self._is_local = is_local
        self._found: dict[tuple[int, int, str], Usage] = {}

    def name(
        self,
        text: str,
        line: int,
        column: int,
        how: str,
        *,
        confidence: Confidence,
        kind: Kind = "model",
        bare: str = "local",
        revision: str | None = None,
        known: Pinned | None = None,
        note: str = "",
        tagged: bool = False,
        marked: bool = False,
        loose: bool = False,
    ) -> bool:
        """Note one name at one place; False where it names nothing on the Hub.

        Args:
            text: the name as it stands in the code.
            line: where.
            column: where.
            how: the call, key or command.
            confidence: how surely it is a use, if it is an id with an owner.
            kind: what it names, if the name itself does not say so.
            bare: what a name without an owner is: an id (`hub`), one only if it is among the Hub's first (`old`), none
                (`local`), or the owner it stands for.
            revision: the revision given beside it.
            known: how it is pinned, where the revision cannot be worked out.
            note: what else is to be said.
            tagged: see `read_id`.
            marked: only names behind an address of the Hub count.
            loose: it stands under a key that other services use as well.
        """
        found = read_id(text, tagged=tagged)
        what = found.kind or kind
        if found.shape == "none" or (marked and not found.marked) or (not found.marked and self._is_local(found.id)):
            return False
        if loose and not found.marked and routed_elsewhere(found.id):
            return False
        if what == "dataset" and "/" not in found.id and is_builder(found.id):
            return False
        if revision is not None and not REVISION.fullmatch(revision):
            revision, known = None, "not-resolvable"
        settled = _settle(found, confidence, bare, what)
        if settled is None:
            return False
        name, sure = settled
        revision = revision or found.revision
        self.put(
            Usage(
                kind=what,
                id=name,
                path=self.path,
                line=line,
                column=column,
                how=how,
                confidence=least(sure, self.most),
                revision=revision,
                pinned=known if known and not revision else pinned(revision),
                note="; ".join(filter(None, (note, found.note))),
                reader=self.reader,
            )
        )
        return True

    def unresolved(self, line: int, column: int, how: str, why: str, *, kind: Kind = "model") -> None:
        """Note a place that names something which cannot be worked out here."""
        self.put(
            Usage(
                kind=kind,
                id=None,
                path=self.path,
                line=line,
                column=column,
                how=how,
                confidence="low",
                pinned="not-resolvable",
                note=why,
                reader=self.reader,
            )
        )

    def put(self, usage: Usage) -> None:
        """Keep a usage, or the better of two for one place and id."""
        key = (usage.line, usage.column, usage.id or "")
        before = self._found.get(key)
        if before is None and len(self._found) >= MOST_USAGES:
            self.cut = True
        elif before is None or more(usage, before):
            self._found[key] = usage

    def add(self, other: Sheet) -> None:
        """Keep the usages of a part of this file that another finder read."""
        for usage in other.usages():
            self.put(usage)
        self.cut = self.cut or other.cut

    def usages(self) -> list[Usage]:
        """Give them by place."""
        return [self._found[key] for key in sorted(self._found)]


def _settle(found: Named, confidence: Confidence, bare: str, kind: Kind) -> tuple[str, Confidence] | None:
    """Decide what a name without an owner stands for, and how sure that is; None where it is no id."""
    if found.shape == "id":
        return found.id, confidence
    if found.shape == "doubtful":
        return (found.id, "low") if "/" in found.id else None
    if found.shape == "old-id" and bare != "local":
        return found.id, confidence
    if bare in ("local", "old"):
        return None
    if kind == "dataset" and bare == "hub":
        return found.id, confidence
    if bare == "hub":
        return found.id, "low"
    return f"{bare}/{found.id}", confidence
