"""Pass over the blocks of a card that none of several patterns can match."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

from openness_audit.collect.marks import Index
from openness_audit.collect.patterns import needs_of
from openness_audit.literals import folded

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable


class Gate:
    """Says of a text whether any of several patterns may match it: never no where one does.

    A text is looked at once for all gates, so what is asked first of a block pays for what others ask of it. It may be
    asked of a whole block where its sentences are matched: these are cut beside blanks and signs. What is cut at any
    other place can begin or end with a part of a word that matches as if it were whole (`cut`).
    """

    def __init__(
        self, *patterns: re.Pattern[str], words: Iterable[str] = (), pieces: Iterable[str] = (), cut: bool = False
    ) -> None:
        """Take the patterns, as `lazy` gives them, and what else lets a text pass.

        Args:
            patterns: any of them may match; one of which nothing is known lets every text pass.
            words: ASCII words without signs, bounded by non-letters, one of which the text may hold.
            pieces: pieces of text, the same, whatever the case.
            cut: what is matched is cut from the text at any place, so words count within longer words too.
        """
        needs = [needs_of(pattern) for pattern in patterns]
        self._always = None in needs
        given = [some for some in needs if some is not None]
        whole = {*map(folded, words), *(word for some, _ in given for word in some)}
        parts = {*map(folded, pieces), *(piece for _, some in given for piece in some)}
        self._needs = (set[str](), parts | whole) if cut else (whole, parts)
        self._index: tuple[Callable[[str], int], int] | None = None  # what gives a text's bits, and the gate's own
        _GATES.add(self)

    def may(self, text: str) -> bool:
        """Say whether any may match."""
        if self._index is None:
            _put_in_index()
        bits_of, bit = self._index or (_every, 1)
        return self._always or bits_of(text) & bit != 0


_GATES: WeakSet[Gate] = WeakSet()


def _every(_: str) -> int:
    return 1


def _put_in_index() -> None:
    """Put all gates in one index; who is answered in another thread meanwhile goes on with the one before."""
    gates = list(_GATES)
    index = Index(gate._needs for gate in gates)  # noqa: SLF001 - gates and their index are one thing
    for number, gate in enumerate(gates):
        gate._index = index.bits_of, 1 << number  # noqa: SLF001 - likewise
