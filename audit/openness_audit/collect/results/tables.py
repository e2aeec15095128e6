"""Read tables of evaluation results: which cells are scores, of what, and which row or column is this model's."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from msgspec import Struct

from openness_audit.collect.results.layout import Grid, Layout, is_number, layout_of
from openness_audit.collect.results.names import Names, Naming
from openness_audit.collect.results.vocabulary import ResultWords, plain
from openness_audit.model.evidence import Whose

MAX_ROWS: Final = 400

_CODED = re.compile(r"(?=\S{0,60}\d)(?=\S{0,60}[^\W\d_])\S{4,60}")
_BRACKETED = re.compile(r"\(([^()]{2,40})\)")


class Measured(Struct, frozen=True):
    """One score as written: of which metric or benchmark, on which data set (empty where not said), in which line."""

    metric: str
    dataset: str
    value: str
    line: int


class Scores(Struct, frozen=True, kw_only=True):
    """One row or column of scores: whose, on which line, and what was measured."""

    whose: Whose
    line: int
    excerpt: str
    measured: tuple[str, ...]  # labels of the scores, as written
    table: bool = True
    named: bool = False  # the row or column has the model's whole name
    label: str = ""  # what the row or column is headed with
    values: tuple[Measured, ...] = ()  # of what is headed by a benchmark or metric


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


def _score_columns(layout: Layout, words: ResultWords) -> tuple[list[int], list[int]]:
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


def _measure_of(row: tuple[str, ...], layout: Layout, words: ResultWords) -> str | None:
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
    layout = layout_of(_within(grid, names), words)
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


def _heads(layout: Layout, columns: list[int]) -> list[str]:
    return [layout.header[i] if i < len(layout.header) else "" for i in columns]


def _by_rows(
    layout: Layout, measured: list[int], other: list[int], names: Names, *, strict: bool
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
        return tuple(
            _row(
                layout,
                scored[i],
                (*heads, *extra),
                "self",
                named=namings[i] == "exact",
                label=layout.labels[scored[i]],
                values=_values(layout, [scored[i]], measured),
            )
            for i in own
        )
    first = layout.labels[scored[0]]
    alone = _only_row(layout, scored, namings) and not _strange(first, names) and not names.is_parent(first)
    if strict or (model_rows and not rows_measured and not alone):
        return (_row(layout, scored[0], heads, "other"),)
    labels = tuple(layout.labels[i] for i in scored if layout.labels[i])
    tasks = labels if first_head in words.sets["benchmark_columns"] or rows_measured else ()
    values = _values(layout, scored, measured, sets=bool(tasks))
    label = "" if tasks else layout.labels[scored[0]]
    return (_row(layout, scored[0], tasks or (*heads, *extra), "self", label=label, values=values),)


def _values(layout: Layout, rows: list[int], columns: list[int], *, sets: bool = False) -> tuple[Measured, ...]:
    """Give the scores of these rows in these columns; `sets`: the rows' labels are data sets.

    A row with more or fewer cells than the head is left out: a cell over several rows or columns shifts the others.
    """
    return tuple(
        Measured(head, layout.labels[i] if sets else "", layout.body[i][c].strip(), layout.lines[i])
        for i in rows
        for c, head in zip(columns, _heads(layout, columns), strict=True)
        if c < len(layout.body[i]) == len(layout.header) and is_number(layout.body[i][c])
    )


def _row_naming(layout: Layout, row: int, names: Names) -> Naming:
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


def _only_row(layout: Layout, scored: list[int], namings: list[Naming]) -> bool:
    return len(scored) == 1 and len(layout.body) == 1 and namings[0] != "other"


def _strange(label: str, names: Names) -> bool:
    """Tell whether the label of a table's only row is one word with a figure in it that no name of the subject has."""
    word = label.strip(" *_`")
    if not _CODED.fullmatch(word):
        return False
    parts = set(re.findall(r"[^\W\d_]{3,}", word.lower()))
    return bool(parts) and not any(part in core for part in parts for core in names.cores)


def _by_columns(
    layout: Layout, rows: list[int], columns: list[int], names: Names, *, strict: bool
) -> tuple[Scores, ...]:
    """Read a table whose rows are benchmarks or metrics and whose columns are models, or one column of values."""
    heads = _heads(layout, columns)
    namings = [names.naming(h) if h else "none" for h in heads]
    own = _own(namings, strict=strict)
    whose: Whose = "self"
    scored = (c for c, head in zip(columns, heads, strict=True) if plain(head) in names.words.sets["score_words"])
    column = columns[own[0]] if own else next(scored, columns[0])
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
    values = _column_values(layout, rows, column, names.words)
    named, label = bool(own) and namings[own[0]] == "exact", layout.header[column : column + 1]
    return (_row(layout, line, labels, whose, named=named, label="".join(label), values=values),)


def _column_values(layout: Layout, rows: list[int], column: int, words: ResultWords) -> tuple[Measured, ...]:
    """Give the scores in one column; where another column names the metrics, the first cell is the data set."""
    metric = next((i for i, h in enumerate(layout.header[:column]) if plain(h) in words.sets["metric_columns"]), 0)
    found, task = [], ""
    for i, row in enumerate(layout.body):
        task = row[0].strip() or task if row else task
        if i not in rows or not column < len(row) == len(layout.header) or not is_number(row[column]):
            continue  # a cell over several rows or columns shifts the others
        name, on = (row[metric].strip(), task) if metric else (layout.labels[i], "")
        found.append(Measured(name or task, on, row[column].strip(), layout.lines[i]))
    return tuple(found)


def _model_cell(cells: tuple[str, ...], names: Names) -> Naming:
    """Give the naming of the label cell that names a model, of those that are no benchmark."""
    found = [names.naming(c) for c in cells[1:] if c.strip() and not names.words.benchmark(c)]
    return next((n for n in found if n != "none"), "none")


def _row(
    layout: Layout,
    index: int,
    measured: tuple[str, ...],
    whose: Whose,
    *,
    named: bool = False,
    label: str = "",
    values: tuple[Measured, ...] = (),
) -> Scores:
    return Scores(
        whose=whose,
        line=layout.lines[index],
        excerpt=" | ".join(c.strip() for c in layout.body[index]),
        measured=tuple(dict.fromkeys(measured)),
        named=named,
        label=label,
        values=values,
    )
