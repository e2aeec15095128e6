"""Decide whether a text differs from a reference only where copies may differ."""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial

from msgspec import Struct

from openness_audit.licenses.differ import Change, changes
from openness_audit.licenses.normalise import address
from openness_audit.licenses.references import references
from openness_audit.licenses.words import text_words

__all__ = ["Verdict", "is_non_commercial", "verify"]

_RESIDUE = 12  # words: the bar that passed 96.9 % of clean files and no altered one (licenses.md 1.3)
_NAME = 24  # words: the longest name put in a holder's place in the labelled texts
_PART = 8  # words: a missing part is left out whole; a word missing inside it is an alteration
_SHOWN = 8  # changes listed


class Verdict(Struct, frozen=True):
    """Whether the words are the reference's, how alike they are, and what share of the reference is there."""

    clean: bool
    similarity: float
    held: float
    changed: tuple[str, ...]


def is_non_commercial(changed: tuple[str, ...]) -> bool:
    """Tell whether added words forbid commercial use."""
    added = " ".join(c[1:] for c in changed if c.startswith("+"))
    return any(phrase in added for phrase in text_words().non_commercial)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(v.pattern), v.as_) for v in text_words().variants)


def _same(match: re.Match[str], same: str) -> str:
    """Read a variant wording as the usual one, unless what stands in the name's place says something of its own."""
    named = match.groupdict().get("name") or ""
    return same if text_words().operative.isdisjoint(named.split(" ")) else match.group()


def _even(words: list[str]) -> list[str]:
    """Write clauses that copies word differently in one way."""
    joined = " ".join(words)
    for pattern, same in _patterns():
        joined = pattern.sub(partial(_same, same=same), joined)
    return joined.split(" ") if joined else []


@lru_cache(maxsize=64)
def _reference(expression: str) -> list[str] | None:
    words = references().words(expression)
    return None if words is None else _even(words)


@cache
def _optional(expression: str) -> tuple[tuple[int, int], ...]:
    """Give the ranges of a reference that copies may lack."""
    words = _reference(expression) or []
    joined = " ".join(words)
    found = []
    for part in text_words().optional:
        if not expression.startswith(part.expressions):
            continue
        start = joined.find(part.start) if part.start else 0
        end = joined.find(part.end, max(start, 0)) if part.end else len(joined)
        if start >= 0 and end > start:
            found.append((joined.count(" ", 0, start), joined.count(" ", 0, end) + (0 if part.end else 1)))
    return tuple(found)


def _holder(change: Change, reference: list[str]) -> bool:
    """Tell whether the change replaces a place for a name."""
    near = reference[max(0, change.start - 2) : change.end + 2]
    return change.to - change.at <= _NAME and not text_words().holder.isdisjoint(near)


def _weight(words: list[str]) -> int:
    """Count words; list markers that were wrapped into the line and addresses count nothing."""
    return sum(not (address(w) or len(w) == 1 or (len(w) <= 2 and w.isdigit())) for w in words)


def _shown(change: Change, reference: list[str], words: list[str]) -> list[str]:
    lost, added = reference[change.start : change.end], words[change.at : change.to]
    shown = []
    if lost:
        shown.append("-" + " ".join(lost[:16]) + (" ..." if len(lost) > 16 else ""))
    if added:
        shown.append("+" + " ".join(added[:40]) + (" ..." if len(added) > 40 else ""))
    return shown


def verify(words: list[str], expression: str) -> Verdict | None:
    """Compare normalised words with the SPDX text of `expression`; None when the list has no such text.

    An empty `expression` stands for the empty text: what is outside all licences. Clean means: no word that changes
    what is permitted was added or lost, and at most twelve others besides names, outside parts that copies may lack.
    """
    reference = _reference(expression) if expression else []
    if reference is None:
        return None
    words = _even(words)
    operative = text_words().operative
    optional = _optional(expression) if expression else ()
    extra = lost = equal = 0
    clean = True
    shown: list[str] = []
    equal = len(reference)
    for change in changes(reference, words):
        equal -= change.end - change.start
        gone = reference[change.start : change.end]
        if len(gone) >= _PART:
            gone = [
                word
                for at, word in enumerate(gone, change.start)
                if not any(start <= at < end for start, end in optional)
            ]
        added = words[change.at : change.to]
        if _weight(gone) or _weight(added):
            shown += _shown(change, reference, words)
        if not operative.isdisjoint(gone) or not operative.isdisjoint(added):
            clean = False
        if not _holder(change, reference):
            extra += _weight(added)
            lost += _weight(gone)
    total = len(reference) + len(words)
    return Verdict(
        clean=clean and extra <= _RESIDUE and lost <= _RESIDUE,
        similarity=round(2 * equal / total, 3) if total else 1.0,
        held=equal / len(reference) if reference else 1.0,
        changed=tuple(shown[:_SHOWN]),
    )
