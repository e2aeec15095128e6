"""Finished audits -> one comparison. Pure: the order of the audits only moves the columns."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from openness_audit.comparison import rows as compare_rows
from openness_audit.comparison import terms as compare_terms
from openness_audit.model.compare import SCHEMA_ID, ComparerDoc, Comparison, ModelDoc, RowDoc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.audit import Audit
    from openness_audit.model.compare import CellDoc, MissingDoc

FEWEST, MOST = 2, 8


class Column(Struct, frozen=True):
    """An audit to be compared, and whether it was read from a file."""

    audit: Audit
    from_file: bool = False


def compare(columns: Sequence[Column], missing: Sequence[MissingDoc] = ()) -> Comparison:
    """Put audits side by side.

    Args:
        columns: the audits, in the order of their columns.
        missing: what was asked for and could not be audited.

    Returns:
        The comparison. No model is called better in a row unless that is certain: not where what one of them may be
        overlaps with another, and nowhere when they were judged by different rules.
    """
    audits = [column.audit for column in columns]
    cautions, same_rules = _cautions(audits)
    rows = [
        *compare_rows.glance(audits),
        *compare_rows.criteria(audits),
        *compare_terms.uses(audits),
        *compare_terms.licence(audits),
        *compare_rows.profiles(audits),
        *compare_terms.obligations(audits),
    ]
    rows += compare_rows.gaps(audits, rows)
    return Comparison(
        schema=SCHEMA_ID,
        tool=ComparerDoc(name="modelaudit", version=version("openness-audit")),
        models=tuple(map(_model, columns)),
        missing=tuple(sorted(missing, key=lambda m: (m.asked, m.why))),
        cautions=cautions,
        ranked=same_rules,
        rows=tuple(_marked(row) if same_rules and row.ranks else row for row in rows),
    )


def leaders(cells: Sequence[CellDoc]) -> set[int]:
    """Give the places of the cells that are certainly ahead of all others.

    One whose least is above the most of every other, or several known ones that are equal and above the rest. Nobody is
    ahead where all are equal, where what two may be overlaps at the top, or where a cell has no rank.
    """
    bounds = [(cell.low, cell.high) for cell in cells]
    tops = [low for low, _ in bounds if low is not None]
    if len(tops) < len(cells) or not tops:
        return set()
    top = max(tops)
    first = {at for at, pair in enumerate(bounds) if pair == (top, top)} or {tops.index(top)}
    beaten = all(high is not None and high < top for at, (_, high) in enumerate(bounds) if at not in first)
    return first if beaten and len(first) < len(cells) else set()


def _marked(row: RowDoc) -> RowDoc:
    ahead = leaders(row.cells)
    if not ahead:
        return row
    cells = (msgspec.structs.replace(cell, best=at in ahead) for at, cell in enumerate(row.cells))
    return msgspec.structs.replace(row, cells=tuple(cells))


def _cautions(audits: Sequence[Audit]) -> tuple[tuple[str, ...], bool]:
    """Say what keeps the audits from being comparable, and whether they were judged by the same rules."""
    said = []
    knowledge = {(a.tool.ruleset.digest, a.tool.vocabulary_digest) for a in audits}
    if len(knowledge) > 1:
        versions = ", ".join(sorted({a.tool.ruleset.version for a in audits}))
        said.append(
            f"the audits were made by different rules or vocabularies ({versions}): a difference may come from them, "
            "and no model is called ahead; audit them again to rank them"
        )
    days = sorted({a.as_of for a in audits})
    if len(days) > 1:
        said.append(f"the audits were made as of different days ({', '.join(days)})")
    live = {a.run.offline for a in audits}
    if len(live) > 1:
        said.append("some of the models were audited offline, on older or less evidence than the others")
    return tuple(said), len(knowledge) == 1


def _model(column: Column) -> ModelDoc:
    audit = column.audit
    dates = compare_rows.days(audit)
    return ModelDoc(
        id=audit.subject.id,
        kind=audit.subject.kind,
        revision=audit.subject.revision,
        sha=audit.subject.sha,
        url=audit.subject.url,
        last_modified=audit.subject.last_modified,
        as_of=audit.as_of,
        rules=audit.tool.ruleset,
        vocabulary_digest=audit.tool.vocabulary_digest,
        program=f"{audit.tool.name} {audit.tool.version}",
        offline=audit.run.offline,
        bundled=any(kept.id == audit.subject.id for kept in audit.run.bundled),
        evidence_from=dates[0] if dates else None,
        evidence_to=dates[-1] if dates else None,
        source="file" if column.from_file else "audited",
    )
