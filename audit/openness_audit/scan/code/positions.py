"""Turn offsets in a text into lines and columns, both from 1."""

from __future__ import annotations

from bisect import bisect_right


class Lines:
    """The line starts of one text."""

    def __init__(self, text: str, *, line: int = 1, column: int = 1) -> None:
        """Index a text whose first character stands at `line` and `column` of its file."""
        self._line, self._column = line, column
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def at(self, offset: int) -> tuple[int, int]:
        """Give the line and column of an offset."""
        number = bisect_right(self._starts, offset) - 1
        column = offset - self._starts[number]
        return self._line + number, column + (self._column if number == 0 else 1)
