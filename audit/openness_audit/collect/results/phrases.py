"""Find a vocabulary's literal phrases in text, word by word, in time that does not grow with the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct

from openness_audit.collect.patterns import wide

MAX_GAP: Final = 3  # characters other than letters and digits between two words of a phrase
MAX_TEXT: Final = 20_000
_WORD = re.compile(r"[^\W_]+")


class Hit(Struct, frozen=True):
    """A phrase found: where it begins and ends, and its text as written."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=2048)  # many vocabularies are held against each sentence
def _tokens(text: str) -> tuple[tuple[tuple[str, int, int], ...], frozenset[str]]:
    """Give the words of a text with their places, and all of them."""
    found = tuple((m.group(), m.start(), m.end()) for m in _WORD.finditer(text.lower()[:MAX_TEXT]))
    return found, frozenset(word for word, _, _ in found)


def words_in(text: str) -> frozenset[str]:
    """Give the words of a text, in lower case."""
    return _tokens(text)[1]


class Phrases:
    """A set of phrases; case does not count, and up to three separators stand between two words.

    A phrase of a script without blanks between words is found inside words too.
    """

    def __init__(self, phrases: tuple[str, ...]) -> None:
        """Index the phrases by their first word."""
        self.wide = tuple(sorted({p.lower() for p in phrases if wide(p)}, key=len, reverse=True))
        self.by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted({p.lower() for p in phrases if not wide(p)}):
            words = tuple(_WORD.findall(phrase))
            if words:
                self.by_first.setdefault(words[0], []).append(words)
        for group in self.by_first.values():
            group.sort(key=len, reverse=True)
        self.firsts = frozenset(self.by_first)
        longest = {max(words, key=len) for group in self.by_first.values() for words in group}
        self.pieces = tuple(p for p in (*longest, *self.wide) if not any(o != p and o in p for o in longest))

    def may_be_in(self, low: str) -> bool:
        """Say whether a text in lower case holds the longest word of a phrase, if only in another: all hits do."""
        return any(piece in low for piece in self.pieces)

    def hits(self, text: str) -> Iterator[Hit]:
        """Give the phrases in the text, in order, longest first at each word."""
        tokens, words_in = _tokens(text)
        for index, (word, start, _) in enumerate(() if self.firsts.isdisjoint(words_in) else tokens):
            for words in self.by_first.get(word, ()):
                end = self._end(tokens, index, words)
                if end:
                    yield Hit(start, end, text[start:end])
                    break
        if self.wide:
            low = text.lower()[:MAX_TEXT]
            for phrase in self.wide:
                at = low.find(phrase)
                if at >= 0:
                    yield Hit(at, at + len(phrase), text[at : at + len(phrase)])

    @staticmethod
    def _end(tokens: tuple[tuple[str, int, int], ...], index: int, words: tuple[str, ...]) -> int:
        if index + len(words) > len(tokens):
            return 0
        for offset in range(1, len(words)):
            word, start, _ = tokens[index + offset]
            if word != words[offset] or start - tokens[index + offset - 1][2] > MAX_GAP:
                return 0
        return tokens[index + len(words) - 1][2]

    def search(self, text: str) -> Hit | None:
        """Give the first phrase in the text."""
        if not self.wide and self.firsts.isdisjoint(_tokens(text)[1]):
            return None
        return next(self.hits(text), None)

    def match(self, text: str, start: int = 0) -> Hit | None:
        """Give the phrase that begins at `start`, blanks skipped."""
        begin = len(text) - len(text[start:].lstrip()) if start < len(text) else start
        return next((h for h in self.hits(text) if h.start == begin), None)
