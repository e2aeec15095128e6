"""Tell in one pass over a text which questions are worth asking of it.

A question that is put to each block of a card by a dozen patterns needs one of some words or pieces of text in it, and
most blocks have none. All questions are put in one index, each a bit in it, so that a text is looked at once for all:
each of its words at the price of a look-up.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from openness_audit.literals import beyond_ascii, folded

if TYPE_CHECKING:
    from collections.abc import Iterable

Needs: TypeAlias = "tuple[Iterable[str], Iterable[str]]"  # whole words and pieces, as `Index` takes them

ALL: Final = -1  # every bit
_TEXTS: Final = 512  # the blocks of a card
_WORDS: Final = 30_000  # words remembered; then it begins anew
_KEY: Final = 3  # characters by which what a word may hold is looked up
_LONG: Final = 40  # characters of a word that is unlikely to come again
_RUN = re.compile(r"[0-9a-z]+")
# a word ends where `LETTER` of attribution/words.py does: ASCII and Latin-1, in lower case
LATIN_WORD = re.compile(r"[0-9a-z\xaa\xb5\xba\xdf-\xf6\xf8-\xff]+")
# letters outside `LETTER` that turn into one of it, in lower case or where case is ignored: there nothing is ruled out
ODD = re.compile("[\u0130\u0131\u0178\u017f\u1e9e\u212a\u212b]")
# of bytes: letters in lower case, digits 0, all else blank; a string takes three times as long to cut
_RUNS: Final = bytes(
    ord("0" if chr(code).isdigit() else chr(code).lower()) if code < 128 and chr(code).isalnum() else 32
    for code in range(256)
)


def longest_word(phrase: str) -> str:
    """Give the longest run of ASCII letters and digits of a folded phrase, empty where it has none."""
    return max(_RUN.findall(phrase), key=len, default="")


def words_of(text: str) -> tuple[list[bytes] | None, str]:
    """Give the runs of ASCII letters and digits in a text, None where they rule nothing out, and the text folded."""
    low = folded(text)
    words = _runs(text)
    if not text.isascii():
        wide = beyond_ascii(text)
        if ODD.search(wide):
            return None, low
        if wide.casefold() != wide:  # what folding makes of a ligature of "fi" is no part of the word beside it
            words += _runs(low)
    return words, low


def _runs(text: str) -> list[bytes]:
    return text.encode("utf-8", "replace").translate(_RUNS).split()


class Index:
    """Bits of questions by the words and pieces of text that they need. It never changes once it is made."""

    def __init__(self, every: Iterable[Needs]) -> None:
        """Index questions in their order: the first has the lowest bit.

        Args:
            every: for each, the whole ASCII words and the pieces, folded, one of which a text must hold.
        """
        bits: defaultdict[str, int] = defaultdict(int)  # by what a word between blanks holds
        wide: defaultdict[str, int] = defaultdict(int)
        self._always = 0
        for number, (words, pieces) in enumerate(every):
            for run in (*(f" {word} " for word in words), *map(_longest_run, filter(str.isascii, pieces))):
                bits[run] |= 1 << number
            for piece in pieces:
                if not piece.isascii():
                    wide[piece] |= 1 << number
        self._always = bits.pop("", 0)  # of pieces with neither letters nor digits
        self._bits = dict(bits)
        self._begin: defaultdict[str, list[str]] = defaultdict(list)  # the same runs by how they begin
        for run in bits:
            self._begin[run[:_KEY]].append(run)
        self._wide: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)  # by the rarest letter beyond ASCII
        rare = Counter(char for piece in wide for char in set(piece))
        for piece, of in wide.items():
            self._wide[min((c for c in piece if not c.isascii()), key=lambda c: (rare[c], c))].append((piece, of))
        self._known: dict[bytes, int] = {}
        self.bits_of = lru_cache(maxsize=_TEXTS)(self._bits_of)

    def _bits_of(self, text: str) -> int:
        """Give the bits of all questions that a text may answer."""
        words, low = words_of(text)
        if words is None:
            return ALL
        bits = self._always
        if not low.isascii():
            for char in self._wide.keys() & set(beyond_ascii(low)):
                for piece, of in self._wide[char]:
                    if piece in low:
                        bits |= of
        if len(self._known) > _WORDS:
            self._known = {}
        known = self._known
        for word in words:
            try:
                bits |= known[word]
            except KeyError:
                found = self._of_word(word)
                if len(word) <= _LONG:
                    known[word] = found
                bits |= found
        return bits

    def _of_word(self, raw: bytes) -> int:
        """Give what a run of letters and digits tells."""
        word = f" {raw.decode()} "
        bits = 0
        for size in range(1, _KEY + 1):
            for at in range(len(word)):
                for run in self._begin.get(word[at : at + size], ()):
                    if word.startswith(run, at):
                        bits |= self._bits[run]
        return bits


def _longest_run(piece: str) -> str:
    """Give the longest run of letters and digits, with a blank on each side where something else bounds it."""
    found = max(_RUN.finditer(piece), key=lambda m: len(m.group()), default=None)
    if found is None:
        return ""
    start, end = found.span()
    return " " * (start > 0) + found.group() + " " * (end < len(piece))
