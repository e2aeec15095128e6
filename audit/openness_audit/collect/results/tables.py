"""Read tables of evaluation results: which cells are scores, of what, and which row or column is this model's."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from msgspec import Struct

from openness_audit.collect.results.names import Names, Naming
from openness_audit.collect.results.vocabulary import ResultWords, plain
from openness_audit.model.evidence import Whose

MAX_ROWS: Final = 400
MAX_COLUMNS: Final = 80

_NUMBER = re.compile(
    r"^[\s*_~<>≈=]*[-+]?\d{1,5}(?:[.,]\d{1,20})?(?:e[-+]?\d{1,3})?\s?(?:%|dB|ms)?[\s*_]*(?:(?:±|\+/-|\+-|\(|/|\||→|@|\[).{0,60})?$",
    re.IGNORECASE | re.DOTALL,
)
_CODED = re.compile(r"(?=\S{0,60}\d)(?=\S{0,60}[^\W\d_])\S{4,60}")
_BRACKETED = re.compile(r"\(([^()]{2,40})\)")
_SHARE_ROW = re.compile(r"^[\s:|\-]*$")


class Grid(Struct, frozen=True):
    """A table as rows of cells with the line of each row; the header row comes first."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


class Scores(Struct, frozen=True, kw_only=True):
    """One row or column of scores: whose, on which line, and what was measured."""

    whose: Whose
    line: int
    excerpt: str
    measured: tuple[str, ...]  # labels of the scores, as written
    table: bool = True
    named: bool = False  # the row or column has the model's whole name


def is_number(cell: str) -> bool:
    """Tell whether a cell holds one score, with its spread or rank in brackets."""
    return len(cell) <= 80 and bool(_NUMBER.match(cell))


def is_history(grid: Grid, words: ResultWords) -> bool:
    """Tell whether a table counts epochs or steps in a column that is a number in every row."""
    header = grid.rows[0]
    for index, cell in enumerate(header):
        if plain(cell) in words.sets["history_steps"]:
            values = [row[index] for row in grid.rows[1:] if index < len(row) and row[index].strip()]
            if values and all(is_number(v) or v[:1].isdigit() for v in values):
                return True
    return False


def compares(grid: Grid, words: ResultWords) -> bool:
    """Tell whether a table sets models side by side: no history then; names that differ in figures are checkpoints."""
    heads = [plain(cell) for cell in grid.rows[0][:2]]  # the head over the ids may be left empty
    if not heads or next((head for head in heads if head), "") not in words.sets["model_columns"]:
        return False
    return len({re.sub(r"[\W\d_]+", "", row[0].lower()) for row in grid.rows[1:MAX_ROWS] if row}) > 1


class _Layout(Struct, frozen=True, kw_only=True):
    """A table's shape: header, body rows with lines and labels, and which columns hold what."""

    header: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    labels: tuple[str, ...]
    label_columns: int


def _layout(grid: Grid, words: ResultWords) -> _Layout | None:
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
    return _Layout(
        header=tuple(header), body=tuple(body), lines=tuple(kept), labels=tuple(labels), label_columns=label_columns
    )


def _score_columns(layout: _Layout, words: ResultWords) -> tuple[list[int], list[int]]:
    """Give the columns headed by a benchmark or metric, and all other columns of numbers that may be scores."""
    measured: list[int] = []
    other: list[int] = []
    for index in range(layout.label_columns, max(map(len, (layout.header, *layout.body)))):
        head = layout.header[index] if index < len(layout.header) else ""
        if not any(index < len(r) and is_number(r[index]) for r in layout.body):
            continue
        if plain(head) in words.sets["not_scores"] or words.loss(head):
            continue
        (measured if words.benchmark(head) or _metric(head, words) else other).append(index)
    return measured, other


def _metric(head: str, words: ResultWords) -> bool:
    """Tell whether a column's head names a metric, in brackets too: "average performance (NDCG@10)"."""
    inside = _BRACKETED.search(head[:300])
    named = plain(inside.group(1)) if inside else ""
    return words.metric(head) is not None or named in words.metrics


def _measure_of(row: tuple[str, ...], layout: _Layout, words: ResultWords) -> str | None:
    """Give the label cell of a row that names a benchmark or metric."""
    for cell in row[: layout.label_columns]:
        if words.benchmark(cell) or words.metric(cell):
            return cell
    return None


def _within(grid: Grid, names: Names) -> Grid:
    """Cut a long table, but for the rows whose first cells name the model."""
    if len(grid.rows) <= MAX_ROWS:
        return grid
    own = (i for i in range(MAX_ROWS, len(grid.rows)) if any(names.naming(c) == "exact" for c in grid.rows[i][:2]))
    kept = [*range(MAX_ROWS), *islice(own, MAX_ROWS)]
    return Grid(tuple(grid.rows[i] for i in kept), tuple(grid.lines[i] for i in kept))


def read_scores(grid: Grid, names: Names, *, strict: bool = False) -> tuple[Scores, ...]:
    """Find the scores in a table.

    Args:
        grid: the table.
        names: the subject's names.
        strict: only a row or column that names the model with its size is its own (a family's README).

    Returns:
        What was measured for this model, row by row or as one column; otherwise one entry for another's scores; empty
        where the table holds no scores.
    """
    words = names.words
    layout = _layout(_within(grid, names), words)
    if layout is None:
        return ()
    if len(layout.body) > 1 and is_history(grid, words) and not compares(grid, words):
        return ()  # a single epoch is no history: its metrics are the final results
    measured, other = _score_columns(layout, words)
    if measured:
        found = _by_rows(layout, measured, other, names, strict=strict)
        if found:
            return found
    rows = [i for i, r in enumerate(layout.body) if _measure_of(r, layout, words)]
    columns = [i for i in other if any(i < len(layout.body[r]) and is_number(layout.body[r][i]) for r in rows)]
    if columns and (2 * len(rows) >= len(layout.body) or len(rows) >= 3):
        return _by_columns(layout, rows, columns, names, strict=strict)
    return ()


def _own(namings: list[Naming], *, strict: bool) -> list[int]:
    """Give the indices of the subject's own entries: the best kind of naming that occurs."""
    kinds: tuple[Naming, ...] = ("exact",) if strict else ("exact", "near", "family")
    for kind in kinds:
        found = [i for i, n in enumerate(namings) if n == kind]
        if found:
            return found
    return []


def _heads(layout: _Layout, columns: list[int]) -> list[str]:
    return [layout.header[i] if i < len(layout.header) else "" for i in columns]


def _by_rows(
    layout: _Layout, measured: list[int], other: list[int], names: Names, *, strict: bool
) -> tuple[Scores, ...]:
    """Read a table whose columns are benchmarks or metrics."""
    words = names.words
    scored = [i for i, r in enumerate(layout.body) if any(c < len(r) and is_number(r[c]) for c in measured)]
    if not scored:
        return ()
    namings = [_row_naming(layout, i, names) for i in scored]
    first_head = plain(layout.header[0]) if layout.header else ""
    if first_head in words.sets["benchmark_columns"]:  # "run_3/test" under "dataset" is a split, no model
        namings = [n if n == "exact" else "none" for n in namings]
    model_rows = first_head in words.sets["model_columns"] or any(n == "other" for n in namings)
    heads = tuple(h for h in _heads(layout, measured) if h)
    extra = tuple(h for h in _heads(layout, other) if h and plain(h) not in words.sets["score_words"])
    rows_measured = [m for m in (_measure_of(layout.body[i], layout, words) for i in scored) if m]
    own = _own(namings, strict=strict)
    if own and not (len(rows_measured) == len(scored) and not any(n == "exact" for n in namings)):
        return tuple(_row(layout, scored[i], (*heads, *extra), "self", named=namings[i] == "exact") for i in own)
    first = layout.labels[scored[0]]
    alone = _only_row(layout, scored, namings) and not _strange(first, names) and not names.is_parent(first)
    if strict or (model_rows and not rows_measured and not alone):
        return (_row(layout, scored[0], heads, "other"),)
    labels = tuple(layout.labels[i] for i in scored if layout.labels[i])
    tasks = labels if first_head in words.sets["benchmark_columns"] or rows_measured else ()
    return (_row(layout, scored[0], tasks or (*heads, *extra), "self"),)


def _row_naming(layout: _Layout, row: int, names: Names) -> Naming:
    """Say whose a row is by its whole label, its first cell, and the size written beside it."""
    kinds = [names.naming(layout.labels[row])]
    if names.full_id and any(_is_id(c, names.full_id) for c in layout.body[row]):
        return "exact"
    cells = [c.strip() for c in layout.body[row][: layout.label_columns] if c.strip()]
    own = [names.naming(c) for c in cells if not names.words.benchmark(c)]
    kinds += own[1:]
    if len(cells) > 1 and "other" not in own[1:]:
        kinds += own[:1]
    for kind in ("exact", "near", "family", "other"):
        if kind in kinds:
            return kind
    return "none"


def _is_id(cell: str, full_id: str) -> bool:
    """Tell whether a cell gives the subject's id or its page."""
    return cell.strip().lower().rstrip("/").removeprefix("https://huggingface.co/") == full_id


def _only_row(layout: _Layout, scored: list[int], namings: list[Naming]) -> bool:
    return len(scored) == 1 and len(layout.body) == 1 and namings[0] != "other"


def _strange(label: str, names: Names) -> bool:
    """Tell whether the label of a table's only row is one word with a figure in it that no name of the subject has."""
    word = label.strip(" *_`")
    if not _CODED.fullmatch(word):
        return False
    parts = set(re.findall(r"[^\W\d_]{3,}", word.lower()))
    return bool(parts) and not any(part in core for part in parts for core in names.cores)


def _by_columns(
    layout: _Layout, rows: list[int], columns: list[int], names: Names, *, strict: bool
) -> tuple[Scores, ...]:
    """Read a table whose rows are benchmarks or metrics and whose columns are models, or one column of values."""
    heads = _heads(layout, columns)
    namings = [names.naming(h) if h else "none" for h in heads]
    own = _own(namings, strict=strict)
    whose: Whose = "self"
    column = columns[own[0]] if own else columns[0]
    if not own and any(n == "other" for n in namings):
        whose = "other"
    models = [_model_cell(layout.body[i][: layout.label_columns], names) for i in rows]
    if any(n != "none" for n in models):  # benchmark | model | metric | score
        mine = _own(models, strict=strict)
        rows, whose = ([rows[i] for i in mine], whose) if mine else (rows, "other")
    elif strict and not own:
        whose = "other"
    labels = tuple(layout.labels[i] for i in rows)
    line = next((i for i in rows if column < len(layout.body[i]) and is_number(layout.body[i][column])), rows[0])
    return (_row(layout, line, labels, whose, named=bool(own) and namings[own[0]] == "exact"),)


def _model_cell(cells: tuple[str, ...], names: Names) -> Naming:
    """Give the naming of the label cell that names a model, of those that are no benchmark."""
    found = [names.naming(c) for c in cells[1:] if c.strip() and not names.words.benchmark(c)]
    return next((n for n in found if n != "none"), "none")


def _row(layout: _Layout, index: int, measured: tuple[str, ...], whose: Whose, *, named: bool = False) -> Scores:
    excerpt = " | ".join(c.strip() for c in layout.body[index])
    labels = tuple(dict.fromkeys(measured))
    return Scores(whose=whose, line=layout.lines[index], excerpt=excerpt, measured=labels, named=named)
