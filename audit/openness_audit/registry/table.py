"""The models of a scan as a table, row by row in the order of the source, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from openness_audit.registry.ancestry import subjects
from openness_audit.registry.hanging import blockers, own_fault
from openness_audit.registry.opened import Follower

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openness_audit.model.registry_changes import MoveDoc
    from openness_audit.registry.opened import Opened

_COLUMNS = (
    "seq", "model", "revision", "sha", "last_modified", "downloads", "likes", "pipeline_tag", "problem",
    "problem_message", "class", "terms", "extent", "gated", "osaid", "score", "score_low", "score_high", "coverage",
    "data", "weights", "evaluation_code", "finetuning_code", "metrics", "license_declared", "license_declared_family",
    "license", "license_family", "license_effective", "license_effective_family", "not_checked", "policy", "exit_code",
    "audit",
)  # fmt: skip


class TableRow(NamedTuple):
    """One model: what the index holds of it, and what is gathered from its lists."""

    seq: int
    model: str
    revision: str | None
    sha: str | None
    last_modified: str | None
    downloads: int | None
    likes: int | None
    pipeline_tag: str | None
    problem: str | None
    problem_message: str | None
    class_: str | None
    terms: str | None
    extent: str | None
    gated: int | None
    osaid: str | None
    score: int | None
    score_low: int | None
    score_high: int | None
    coverage: float | None
    data: str | None
    weights: str | None
    evaluation_code: str | None
    finetuning_code: str | None
    metrics: str | None
    license_declared: str | None
    license_declared_family: str | None
    license: str | None
    license_family: str | None
    license_effective: str | None
    license_effective_family: str | None
    not_checked: int
    policy: str | None
    exit_code: int
    audit: str | None
    way: str | None  # which way it went since an earlier scan
    change: str | None  # and what changed, in words
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    violated: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()  # base models that keep the terms from being open
    alone: bool = False  # nothing else does

    @property
    def criteria(self) -> tuple[str | None, ...]:
        """The five levels, in the order of the report."""
        return self.data, self.weights, self.evaluation_code, self.finetuning_code, self.metrics


def table(scan: Opened) -> Iterator[TableRow]:
    """Give all models of a scan, those without a verdict as well, in the order of its source."""
    findings = Follower(scan.ask("SELECT seq, rule, severity FROM finding_of ORDER BY seq"))
    clauses = Follower(scan.ask("SELECT seq, clause, met FROM clause_of ORDER BY seq"))
    held = Follower(_held(scan))
    since = bool(scan.one("SELECT 1 FROM temp.sqlite_master WHERE name = 'since'"))
    joined = " LEFT JOIN since USING (model, revision_)" if since else ""
    columns = [*_COLUMNS, *(("way", "change") if since else ("NULL", "NULL"))]
    models = "(SELECT *, ifnull(revision, '') AS revision_ FROM models)"
    for row in scan.ask(f"SELECT {', '.join(columns)} FROM {models}{joined} ORDER BY seq"):  # noqa: S608 - names of ours
        seq = row[0]
        found = _named(scan, findings.take(seq))
        unmet = _named(scan, clauses.take(seq))
        above = held.take(seq)
        yield TableRow._make((
            *row,
            *(found.get(severity, ()) for severity in ("error", "warning", "note")),
            *(unmet.get(met, ()) for met in ("violated", "unknown")),
            above[0][1] if above else (),
            bool(above and above[0][2]),
        ))  # fmt: skip


def keep_since(scan: Opened) -> Callable[[MoveDoc, str], None]:
    """Make room beside the index for what changed of each model, which the table then tells.

    Returns:
        What takes a model that is not as it was, and the words for that.
    """
    scan.ask(
        "CREATE TEMP TABLE since (model TEXT, revision_ TEXT, way TEXT, change TEXT, PRIMARY KEY (model, revision_))"
    )

    def keep(one: MoveDoc, words: str) -> None:
        scan.ask(
            "INSERT OR REPLACE INTO since VALUES (?, ?, ?, ?)", one.model, one.revision or "", one.direction, words
        )

    return keep


def _held(scan: Opened) -> Iterator[tuple[Any, ...]]:
    for seq, subject, _ in subjects(scan):
        if subject.terms != "open" and (found := blockers(subject)):
            names = tuple(scan.name(one.number) for one in found)
            yield seq, names, len(found) == 1 and not own_fault(subject)


def _named(scan: Opened, rows: list[tuple[Any, ...]]) -> dict[str, tuple[str, ...]]:
    """Give the names of the second column by that of the third."""
    found: dict[str, list[str]] = {}
    for _, name, kind in rows:
        found.setdefault(scan.name(kind), []).append(scan.name(name))
    return {kind: tuple(sorted(names)) for kind, names in found.items()}
