"""Find names with any separator, or none, between their words, without a pattern compiled for each model."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

_SEPARATORS = "-_. "
_SPLIT = re.compile(r"[-_. ]+")


class Spellings(Struct, frozen=True):
    """Names as the words they are made of: "Owl-7B" is owl7b, owl 7b and owl_7b, and no owl-7bits."""

    names: tuple[tuple[str, ...], ...]
    plain: bool  # ASCII, and none is empty

    def found_in(self, text: str) -> bool:
        """Say whether one of the names stands in a text, no letter or digit before it and no letter behind it."""
        if not (self.plain and text.isascii()):
            return _pattern(self.names).search(text) is not None
        low = text.lower()
        return any(_stands(low, words) for words in self.names)


def spellings(names: Iterable[str]) -> Spellings | None:
    """Take names apart into words, longest first; None for no names."""
    split = {tuple(word for word in _SPLIT.split(name.lower()) if word) for name in names}
    ordered = tuple(sorted(split, key=lambda words: (-len("".join(words)), words)))
    plain = all(words and all(word.isascii() for word in words) for words in ordered)
    return Spellings(ordered, plain) if ordered else None


def _stands(low: str, words: tuple[str, ...]) -> bool:
    at = low.find(words[0])
    while at >= 0:
        if (not at or not low[at - 1].isalnum()) and _ends(low, at, words):
            return True
        at = low.find(words[0], at + 1)
    return False


def _ends(low: str, at: int, words: tuple[str, ...]) -> bool:
    """Say whether all the words follow here, and no letter behind them."""
    for index, word in enumerate(words):
        if index and low[at : at + 1] and low[at] in _SEPARATORS:
            at += 1
        if not low.startswith(word, at):
            return False
        at += len(word)
    return not low[at : at + 1].isalpha()


@lru_cache(maxsize=64)
def _pattern(names: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    """Compile the names, for texts and names beyond ASCII, where ignoring case is more than lower case."""
    any_of = "|".join(r"[-_. ]?".join(map(re.escape, words)) for words in names)
    return re.compile(rf"(?<![a-z0-9])(?:{any_of})(?![a-z])", re.IGNORECASE)
