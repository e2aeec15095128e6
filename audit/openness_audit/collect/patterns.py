"""Compile a vocabulary's patterns one by one, each when a text is first held against it that may match."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakSet

from openness_audit.errors import RuleError
from openness_audit.regexcode import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


def wide(phrase: str) -> bool:
    """Say whether a phrase has letters of a script without blanks between words; as a pattern this compiles slowly."""
    return not phrase.isascii() and any("\u0e00" <= char <= "\u0e7f" or "\u3000" <= char <= "\ufaff" for char in phrase)


def folded(text: str) -> str:
    """Give a text in which letters that `re.IGNORECASE` takes for one another are the same."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


class _Lazy:
    """Stands for a `re.Pattern`; from when it is compiled its methods are the pattern's own."""

    __slots__ = ("__weakref__", "_flags", "_needed", "_source", *_METHODS)

    def __init__(self, source: str | Callable[[], str], flags: int, phrases: Iterable[str]) -> None:
        self._source = source
        self._flags = flags
        self._needed = tuple({max(folded(phrase).split(), key=len, default="") for phrase in phrases})

    def __getattr__(self, name: str) -> Any:
        """Compile, or put it off: only an empty slot, or what has none, is asked for here."""
        if self._needed and name in {"finditer", "match", "search"}:
            return partial(self._unless_needless, name)
        return self._compiled(name)

    def _unless_needless(self, name: str, text: str, *span: int) -> Any:
        """Answer for a text that holds no word which every match holds one of; compile for the first other."""
        low = folded(text)
        if any(word in low for word in self._needed):
            return self._compiled(name)(text, *span)
        return iter(()) if name == "finditer" else None

    def _compiled(self, name: str) -> Any:
        source = self._source if isinstance(self._source, str) else self._source()
        try:
            pattern = codes().compiled(source, int(self._flags))
        except re.error as problem:
            raise RuleError(f"a pattern of the vocabularies is malformed: {problem}: {source[:80]!r}") from problem
        for method in _METHODS:
            setattr(self, method, getattr(pattern, method))
        return getattr(pattern, name)

    def ready(self) -> None:
        """Compile now."""
        self._compiled("search")


_MADE: WeakSet[_Lazy] = WeakSet()


def lazy(source: str | Callable[[], str], flags: int = 0, *, holding: Iterable[str] = ()) -> re.Pattern[str]:
    """Give a pattern that is compiled when it is first needed.

    Args:
        source: the pattern, or what gives it.
        flags: those of `re.compile`.
        holding: phrases, blank between their words, one of which every match holds (whatever the case); none where
            this cannot be said.

    Returns:
        What answers as the pattern does. It raises RuleError at the first use where the pattern is malformed.
    """
    made = _Lazy(source, flags, holding)
    _MADE.add(made)
    return cast("re.Pattern[str]", made)


def compile_all() -> None:
    """Compile every pattern of the vocabularies that were read. Raises RuleError where one is malformed."""
    for pattern in list(_MADE):
        pattern.ready()
