"""Read what a card's tables say a model was made from."""

from __future__ import annotations

import re
from collections.abc import Callable

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.lineage.refs import Ref, Statement, cite_ref
from openness_audit.collect.lineage.words import lineage_patterns
from openness_audit.model.card import Block, Card

_MARKS = re.compile(r"^[^\w]+|[^\w]+$")  # around a name in a cell


def _names_own(cell: str, identity: Identity) -> bool:
    """Say whether a cell holds this model's name and nothing else but marks."""
    return _MARKS.sub("", cell.lower()) in {identity.id.lower(), *identity.aliases}


def table_statements(card: Card, block: Block, refs: Callable[[], list[Ref]], identity: Identity) -> list[Statement]:
    """Read a column or a row headed "Base model": of several rows, the one that names this model.

    A heading "Base model: X" is of every model below it.
    """
    labels = lineage_patterns().labels
    header = block.rows[0] if block.rows else ()
    columns = [i for i, cell in enumerate(header) if labels.search(cell) and len(cell) < 40]
    own = [
        row
        for row in block.rows[1:]
        if any(cell.strip().lower() in {identity.id.lower(), *identity.aliases} for cell in row)
    ]
    wanted = [row[i] for row in own for i in columns if i < len(row)]
    if not wanted and len(header) == 2:
        wanted = [row[1] for row in block.rows if len(row) == 2 and labels.search(row[0]) and len(row[0]) < 40]
    headed = [i for row in block.rows[1:] for i, cell in enumerate(row) if _names_own(cell, identity)]
    wanted += [header[i] for i in headed[:1] if i < len(header) and labels.match(header[i].strip(" *_"))]
    found = []
    for cell in wanted:
        named = [r for r in refs() if (r.id or cell in header) and block.text[r.start : r.end] in cell]
        found += [Statement(r, "unknown", strong=True, place=cite_ref(card, block, r)) for r in named[:1]]
    return found
