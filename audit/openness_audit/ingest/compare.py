"""Every claim about one model, from all things that name it, against its audit: claims alike share a row; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import msgspec

from openness_audit.ingest import compare_licenses, compare_origins
from openness_audit.model.ingest import BillPlaceDoc, ComparedDoc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.ingest.compare_licenses import Row
    from openness_audit.ingest.gather import Held, Places
    from openness_audit.model.audit import Audit
    from openness_audit.model.ingest import Result

_ORDER = ("license-declared", "license-concluded", "license", "commit", "file", "base-model", "dataset")
_WORST: tuple[Result, ...] = ("contradicts", "drifted", "narrower", "not-determined", "says-nothing", "agrees")
_TOO_OPEN, _DIFFERS, _NARROWER = "bom-license-too-open", "bom-license-differs", "bom-license-narrower"
_NOT_ALL, _DRIFTED, _FILE = "bom-license-not-all", "bom-commit-drifted", "bom-file-differs"
_BASE, _DATASET = "bom-base-model-differs", "bom-dataset-missing"
RULES = (_BASE, _DRIFTED, _DATASET, _FILE, _DIFFERS, _NARROWER, _NOT_ALL, _TOO_OPEN)


def compare(
    every: Sequence[Held], audit: Audit, head: str | None, places: Places
) -> tuple[tuple[ComparedDoc, str | None], ...]:
    """Compare what documents claim of one model.

    Args:
        every: the things that name it.
        audit: what was found.
        head: the present commit of its repository, where it was asked for.
        places: where everything stands.

    Returns:
        The claims compared, in the order of what they are about, the worst first; with the rule that each breaks.
    """
    found: dict[Row, dict[BillPlaceDoc, None]] = {}
    licenses = compare_licenses.Found(audit)
    for held in every:
        for row in (*compare_licenses.rows(held, licenses), *compare_origins.rows(held, audit, head)):
            at = places.at(held.path, row.pointer)
            alike = _alike(row)
            found.setdefault(alike, {})[at] = None
    made = [(_told(row, tuple(at)), _rule(row)) for row, at in found.items()]
    return tuple(sorted(made, key=lambda pair: (_ORDER.index(pair[0].about), _WORST.index(pair[0].result))))


def _alike(row: Row) -> Row:
    """Give a row as it is apart from its place."""
    return msgspec.structs.replace(row, pointer="")


def _told(row: Row, places: tuple[BillPlaceDoc, ...]) -> ComparedDoc:
    return ComparedDoc(
        about=row.about,
        said=row.said,
        found=row.found,
        result=row.result,
        why=row.why,
        places=places,
        evidence=row.evidence,
        freedom=cast('Literal["more", "less", "same"] | None', row.freedom),
        uses=row.uses,
    )


def _rule(row: Row) -> str | None:
    """Name the rule that a claim breaks, if any."""
    if row.about in ("license-declared", "license-concluded", "license"):
        if row.result == "contradicts":
            return _TOO_OPEN if row.freedom == "more" else _DIFFERS
        if row.result == "narrower":
            return _NARROWER
        return _NOT_ALL if row.binds else None
    if row.about == "commit":
        return _DRIFTED if row.result == "drifted" else None
    if row.about == "file":
        return _FILE if row.result == "contradicts" else None
    if row.about == "base-model":
        return _BASE if row.result == "contradicts" or row.binds else None
    return _DATASET if row.binds else None
