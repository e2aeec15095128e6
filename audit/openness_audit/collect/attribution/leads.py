"""Find the words that begin a model's name: "Code Llama" is CodeLlama, Code-Llama and code llama, and no CodeLlamas."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from openness_audit.collect.attribution.words import LETTER
from openness_audit.collect.marks import LATIN_WORD, ODD

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORT = 2
_KEY = 3  # characters of a word by which what may begin there is looked up


@lru_cache(maxsize=2048)  # the families and the names of one card are looked for in the same sentences
def _starts(text: str) -> tuple[str, tuple[int, ...], frozenset[str]]:
    """Give a text in lower case, where its words begin, and how."""
    low = text.lower()
    starts = tuple(m.start() for m in LATIN_WORD.finditer(low))
    return low, starts, frozenset(low[start : start + size] for start in starts for size in (_SHORT, _KEY))


class Leads:
    """Words that begin names; a blank, a hyphen or nothing stands between those of one.

    No pattern of them all is held against a text: few words begin as any of them does, so what begins there is compared
    with those alone. The first of the longest wins, as in the pattern.
    """

    def __init__(self, leads: Iterable[str]) -> None:
        """Index the words by their first characters."""
        self.words = tuple(sorted(set(leads), key=lambda w: (-len(w), w)))
        self.by_key: dict[str, list[tuple[str, ...]]] = {}
        split = [tuple(word.lower().split()) for word in self.words]
        for key in {pieces[0][:_KEY] for pieces in split}:  # of two characters where a lead's first word is as short
            self.by_key[key] = [p for p in split if p[0].startswith(key) or key.startswith(p[0])]
        self.plain = all(len(pieces[0]) >= _SHORT for pieces in split) and all(
            piece.isascii() and piece[0].isalnum() for pieces in split for piece in pieces
        )

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compile the words."""
        any_of = "|".join(r"[\s\-_]?".join(re.escape(p) for p in w.split()) for w in self.words) or "(?!)"
        return re.compile(rf"(?<!{LETTER})(?:{any_of})(?!(?!\d){LETTER})", re.IGNORECASE)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Give where the words stand in a text, as `finditer` of the pattern does."""
        if not self.plain or (not text.isascii() and ODD.search(text)):
            return [match.span() for match in self.pattern.finditer(text)]
        low, starts, keys = _starts(text)
        if self.by_key.keys().isdisjoint(keys):
            return []
        found: list[tuple[int, int]] = []
        last = 0
        for start in starts:
            some = self.by_key.get(low[start : start + _KEY]) or self.by_key.get(low[start : start + _SHORT])
            if some is None or start < last:
                continue
            end = next((e for e in (_end(low, start, pieces) for pieces in some) if e), 0)
            if end:
                found.append((start, end))
                last = end
        return found


def _end(low: str, at: int, pieces: tuple[str, ...]) -> int:
    """Give where the words end that begin here, 0 where others do, or a letter follows."""
    for index, piece in enumerate(pieces):
        if index and at < len(low) and (low[at] in "-_" or low[at].isspace()):
            at += 1
        if not low.startswith(piece, at):
            return 0
        at += len(piece)
    return 0 if low[at : at + 1].isalpha() and low[at] <= "\xff" else at
