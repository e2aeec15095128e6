"""Compile a vocabulary's patterns one by one, each when a text is first held against it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from openness_audit.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Callable


class _Lazy:
    """Stands for a `re.Pattern`; after the first use its methods are the pattern's own."""

    __slots__ = ("_flags", "_source", "finditer", "fullmatch", "match", "search", "sub")

    def __init__(self, source: str | Callable[[], str], flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Compile: only an empty slot, or what has none, is asked for here."""
        source = self._source if isinstance(self._source, str) else self._source()
        try:
            pattern = re.compile(source, self._flags)
        except re.error as problem:
            raise RuleError(f"a pattern of the vocabularies is malformed: {problem}: {source[:80]!r}") from problem
        for method in ("finditer", "fullmatch", "match", "search", "sub"):
            setattr(self, method, getattr(pattern, method))
        return getattr(pattern, name)


def lazy(source: str | Callable[[], str], flags: int = 0) -> re.Pattern[str]:
    """Give the pattern of `source`, or of what `source` gives, compiled at its first use.

    Raises RuleError then, where it is malformed.
    """
    return cast("re.Pattern[str]", _Lazy(source, flags))
