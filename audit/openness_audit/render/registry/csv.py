"""Tell the models of a scan, or what changed of them, as tables for spreadsheets: one row a model (RFC 4180)."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from openness_audit.render.changes.words import line
from openness_audit.render.records.csv import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openness_audit.model.registry_changes import MoveDoc
    from openness_audit.registry.table import TableRow

COLUMNS = (
    "model", "revision", "commit", "last_modified", "downloads", "likes", "pipeline_tag", "problem", "problem_message",
    "class", "terms", "extent", "gated", "osaid", "score", "score_low", "score_high", "coverage", "data", "weights",
    "evaluation_code", "finetuning_code", "metrics", "license_declared", "license_declared_family", "license",
    "license_family", "license_effective", "license_effective_family", "policy_result", "clauses_violated",
    "clauses_unknown", "exit_code", "errors", "warnings", "notes", "held_back_by", "only_by_it", "not_checked", "audit",
)  # fmt: skip
MOVED = ("model", "revision", "move", "direction", "change", "change_direction", "why")
_LINES = 500  # in one piece


def table(rows: Iterable[TableRow]) -> Iterator[str]:
    """Tell all models, piece by piece: a head line, then a row each; lines end in CR LF."""
    return _pieces(COLUMNS, map(_row, rows))


def _row(row: TableRow) -> tuple[Any, ...]:
    gated = None if row.gated is None else bool(row.gated)
    found = (" ".join(row.errors), " ".join(row.warnings), " ".join(row.notes))
    return (
        row.model, row.revision, row.sha, row.last_modified, row.downloads, row.likes, row.pipeline_tag, row.problem,
        row.problem_message, row.class_, row.terms, row.extent, gated, row.osaid, row.score, row.score_low,
        row.score_high, row.coverage, *row.criteria, row.license_declared, row.license_declared_family, row.license,
        row.license_family, row.license_effective, row.license_effective_family, row.policy, " ".join(row.violated),
        " ".join(row.unknown), row.exit_code, *found, "; ".join(row.held_by), row.alone if row.held_by else None,
        row.not_checked, row.audit,
    )  # fmt: skip


def changes(models: Iterable[MoveDoc]) -> Iterator[str]:
    """Tell every change of every model that is not as it was, a row each."""
    return _pieces(MOVED, (row for one in models for row in _moved(one)))


def _moved(one: MoveDoc) -> Iterator[tuple[Any, ...]]:
    about = (one.model, one.revision, one.move, one.direction)
    if not one.changes:
        yield (*about, None, None, one.why)
    for change in one.changes:
        yield (*about, line(change), change.direction, change.why)


def _pieces(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for number, row in enumerate(rows, 1):
        writer.writerow([_count(value) for value in row])
        if number % _LINES == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _count(value: Any) -> str:
    """Write whole numbers in full, everything else as the CSV of audits has it."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else cell(value)
