"""Take a table apart: its head, its rows with their labels, and which columns hold the labels."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from openness_audit.collect.results.vocabulary import ResultWords, plain

MAX_COLUMNS: Final = 80

_NUMBER = re.compile(
    r"^[\s*_~<>≈=]*[-+]?\d{1,5}(?:[.,]\d{1,20})?(?:e[-+]?\d{1,3})?\s?(?:%|dB|ms)?[\s*_]*(?:(?:±|\+/-|\+-|\(|/|\||→|@|\[).{0,60})?$",
    re.IGNORECASE | re.DOTALL,
)
_SHARE_ROW = re.compile(r"^[\s:|\-]*$")


class Grid(Struct, frozen=True):
    """A table as rows of cells with the line of each row; the header row comes first."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


def is_number(cell: str) -> bool:
    """Tell whether a cell holds one score, with its spread or rank in brackets."""
    return len(cell) <= 80 and bool(_NUMBER.match(cell))


class Layout(Struct, frozen=True, kw_only=True):
    """A table's shape: header, body rows with lines and labels, and which columns hold what."""

    header: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    labels: tuple[str, ...]
    label_columns: int


def layout_of(grid: Grid, words: ResultWords) -> Layout | None:
    """Give the shape of a table; None where it has no rows of values."""
    rows = [r[:MAX_COLUMNS] for r in grid.rows]
    lines = list(grid.lines)
    if len(rows) < 2 or max(len(r) for r in rows) < 2:
        return None
    spanned = len(rows) > 2 and len(rows[0]) <= 2 < len(rows[1]) and not any(is_number(c) for c in rows[1])
    if spanned:  # "Zeta | Reasoning tasks" over the row that heads the columns
        rows, lines = rows[1:], lines[1:]
    header = rows[0]
    start = 1
    second = rows[1]
    open_corner = not (header[0:1] and header[0].strip()) or not (second[0:1] and second[0].strip())
    if len(rows) > 2 and open_corner and not any(is_number(c) for c in second) and sum(map(bool, second)) >= 2:
        splits = words.sets["score_words"]  # "COPA" over "test" is COPA
        pairs = [
            a if a.strip() and plain(b) in splits else f"{a} {b}".strip() for a, b in zip(header, second, strict=False)
        ]
        header = tuple(pairs) if len(header) == len(second) else second
        start = 2
    body, kept = [], []
    for row, line in zip(rows[start:], lines[start:], strict=True):
        if any(c.strip() for c in row) and not all(_SHARE_ROW.match(c) for c in row):
            body.append(row)
            kept.append(line)
    if not body:
        return None
    width = max(map(len, (header, *body)))
    label_columns = 0
    for index in range(width):
        values = [r[index] for r in body if index < len(r) and r[index].strip(" -–—")]
        if values and sum(is_number(v) for v in values) * 2 > len(values):
            break
        label_columns = index + 1
    label_columns = max(1, min(label_columns, width - 1))
    labels, above = [], ""
    for row in body:
        first = row[0].strip() if row else ""
        above = first or above
        labels.append(" ".join(x for x in (above, *(c.strip() for c in row[1:label_columns])) if x))
    return Layout(
        header=tuple(header), body=tuple(body), lines=tuple(kept), labels=tuple(labels), label_columns=label_columns
    )
