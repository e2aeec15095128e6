"""Compile a vocabulary's patterns one by one, and hold each against no text that it cannot match.

A pattern of a hundred phrases takes ten times as long to search as the words of a sentence take to compare with the
hundred words that its matches hold. So the words of a text are taken once, and most patterns go no further. What puts
several patterns to each block of a card asks a `Gate` (`gates.py`) first.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakSet

from openness_audit.collect.marks import longest_word, words_of
from openness_audit.errors import RuleError
from openness_audit.literals import folded
from openness_audit.regexcode import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openness_audit.collect.marks import Needs

_END: Final = 2**31 - 1  # no text is longer
_REST: Final = ("fullmatch", "split", "sub")


@lru_cache(maxsize=4096)  # dozens of patterns are held against each sentence
def _seen(text: str) -> tuple[frozenset[bytes] | None, str]:
    """Give the words of a text (None where they rule nothing out), and the text folded."""
    words, low = words_of(text)
    return None if words is None else frozenset(words), low


def wide(phrase: str) -> bool:
    """Say whether a phrase has letters of a script without blanks between words; as a pattern this compiles slowly."""
    return not phrase.isascii() and any("\u0e00" <= char <= "\u0e7f" or "\u3000" <= char <= "\ufaff" for char in phrase)


class _Lazy:
    """Stands for a `re.Pattern`, which is compiled when a text is first held against it that may match."""

    __slots__ = ("__weakref__", "_ascii", "_flags", "_free", "_made", "_parts", "_source", "_words", *_REST)

    def __init__(self, source: str | Callable[[], str], flags: int, whole: Iterable[str], parts: Iterable[str]) -> None:
        self._source = source
        self._flags = flags
        words, rest = set(), [max(folded(phrase).split(), key=len, default="") for phrase in parts]
        for phrase in whole:
            low = folded(phrase)
            found = longest_word(low) if phrase.isascii() else ""
            if found:
                words.add(found)
            else:
                rest.append(max(low.split(), key=len, default=""))
        self._words = frozenset(word.encode() for word in words)
        self._hold(tuple(dict.fromkeys(rest)))

    def _hold(self, parts: tuple[str, ...]) -> None:
        """Note the pieces of text one of which every match holds, where it holds none of the words."""
        self._parts = parts
        self._ascii = tuple(part for part in parts if part.isascii())
        self._free = not (self._words or parts)

    def __getattr__(self, name: str) -> Any:
        """Compile: only an empty slot, or what has none, is asked for here."""
        if name == "_made":
            source = self._source if isinstance(self._source, str) else self._source()
            try:
                self._made = codes().compiled(source, int(self._flags), in_pieces=self._free)
                if self._free:
                    self._hold(codes().pieces(source, int(self._flags)))
            except re.error as problem:
                raise RuleError(f"a pattern of the vocabularies is malformed: {problem}: {source[:80]!r}") from problem
            for method in _REST:
                setattr(self, method, getattr(self._made, method))
            return self._made
        return getattr(self._made, name)

    def may(self, text: str) -> bool:
        """Say whether a text holds what every match holds one of."""
        if self._free:
            return True
        words, low = _seen(text)
        if words is None or not self._words.isdisjoint(words):
            return True
        for part in self._ascii if low.isascii() else self._parts:  # noqa: SIM110 - a generator takes longer than what it looks for
            if part in low:
                return True
        return False

    def needs(self) -> Needs | None:
        """Give the words and pieces one of which every match holds, None where that cannot be said."""
        if self._free:  # only its code tells
            self.ready()
        return None if self._free else ([word.decode() for word in self._words], self._parts)

    def search(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """Do as `re.Pattern.search` does."""
        if not self._free:  # as `may`, without the call: nothing else is called as often
            words, low = _seen(text)
            if words is not None and self._words.isdisjoint(words):
                for part in self._ascii if low.isascii() else self._parts:
                    if part in low:
                        break
                else:
                    return None
        return self._made.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """Do as `re.Pattern.match` does."""
        return self._made.match(text, start, end) if self.may(text) else None

    def finditer(self, text: str, start: int = 0, end: int = _END) -> Iterator[re.Match[str]]:
        """Do as `re.Pattern.finditer` does."""
        return self._made.finditer(text, start, end) if self.may(text) else iter(())

    def findall(self, text: str, start: int = 0, end: int = _END) -> list[Any]:
        """Do as `re.Pattern.findall` does."""
        return self._made.findall(text, start, end) if self.may(text) else []

    def ready(self) -> None:
        """Compile now."""
        _ = self._made


_MADE: WeakSet[_Lazy] = WeakSet()


def lazy(
    source: str | Callable[[], str], flags: int = 0, *, holding: Iterable[str] = (), whole: Iterable[str] = ()
) -> re.Pattern[str]:
    """Give a pattern that is compiled when it is first needed.

    Args:
        source: the pattern, or what gives it.
        flags: those of `re.compile`.
        holding: phrases, blank between their words, one of which every match holds (whatever the case); none where
            this cannot be said.
        whole: the same, of phrases that `alternatives` bounds by non-letters.

    Returns:
        What answers as the pattern does. It raises RuleError at the first use where the pattern is malformed.
    """
    made = _Lazy(source, flags, whole, holding)
    _MADE.add(made)
    return cast("re.Pattern[str]", made)


def compile_all() -> None:
    """Compile every pattern of the vocabularies that were read. Raises RuleError where one is malformed."""
    for pattern in list(_MADE):
        pattern.ready()


def needs_of(pattern: re.Pattern[str]) -> Needs | None:
    """Give the words and pieces one of which every match of a pattern made by `lazy` holds, None where unknown."""
    return cast("_Lazy", pattern).needs()
