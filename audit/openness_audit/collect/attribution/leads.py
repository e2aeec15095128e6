"""Find the words that begin a model's name: "Code Llama" is CodeLlama, Code-Llama and code llama, and no CodeLlamas."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from openness_audit.collect.attribution.words import LETTER
from openness_audit.collect.marks import ODD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Pieces: TypeAlias = "tuple[str, ...]"

_SHORT = 2
_LETTERS: Final = frozenset(re.findall(LETTER, "".join(map(chr, range(256))).lower()))


class Leads:
    """Words that begin names; a blank, a hyphen or nothing stands between those of one.

    No pattern of them all is held against a text: few of their first words stand in it, and only there the words are
    compared. The first of the longest wins, as in the pattern.
    """

    def __init__(self, leads: Iterable[str]) -> None:
        """Group the words by the first of each."""
        self.words = tuple(sorted(set(leads), key=lambda w: (-len(w), w)))
        self.by_first: dict[str, list[tuple[int, _Pieces]]] = {}
        for rank, word in enumerate(self.words):
            pieces = tuple(word.lower().split())
            self.by_first.setdefault(pieces[0], []).append((rank, pieces))
        self.plain = all(len(first) >= _SHORT for first in self.by_first) and all(
            piece.isascii() and piece[0].isalnum() for some in self.by_first.values() for _, ps in some for piece in ps
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
        low = text.lower()
        firsts = [first for first in self.by_first if first in low]
        if not firsts:
            return []
        begin: dict[int, list[tuple[int, _Pieces]]] = {}  # where any of them begins a word: what may stand there
        for first in firsts:
            for at in _begins(low, first):
                begin[at] = begin.get(at, []) + self.by_first[first]
        found: list[tuple[int, int]] = []
        last = 0
        for start in sorted(begin):
            if start >= last:
                end = next((e for e in (_end(low, start, pieces) for _, pieces in sorted(begin[start])) if e), 0)
                if end:
                    found.append((start, end))
                    last = end
        return found


def _begins(low: str, first: str) -> Iterator[int]:
    """Give where a word begins with these letters."""
    at = low.find(first)
    while at >= 0:
        if not at or low[at - 1] not in _LETTERS:
            yield at
        at = low.find(first, at + 1)


def _end(low: str, at: int, pieces: tuple[str, ...]) -> int:
    """Give where the words end that begin here, 0 where others do, or a letter follows."""
    for index, piece in enumerate(pieces):
        if index and at < len(low) and (low[at] in "-_" or low[at].isspace()):
            at += 1
        if not low.startswith(piece, at):
            return 0
        at += len(piece)
    return 0 if low[at : at + 1].isalpha() and low[at] <= "\xff" else at
