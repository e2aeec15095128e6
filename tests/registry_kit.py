"""A run of made-up models: its manifest, what came of them, and its rows read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from audit_sample import AUDIT
from openness_audit.model.registry import SCHEMA_ID, CountsDoc, OptionsDoc, ScanRun, SourceDoc
from openness_audit.model.row import Row
from openness_audit.scan.outcome import Outcome

if TYPE_CHECKING:
    from pathlib import Path


def MANIFEST(write: Any = "jsonl", **source: Any) -> ScanRun:  # noqa: N802 - it stands for a value
    """Give the manifest of a run of an organisation's models."""
    return ScanRun(
        schema=SCHEMA_ID,
        tool=AUDIT.tool,
        as_of="2026-11-21",
        policy=None,
        source=SourceDoc(**({"kind": "hub", "author": "acme"} | source)),
        options=OptionsDoc(write=write),
        state="running",
        counts=CountsDoc(),
        started_at="2026-11-21T09:00:00+00:00",
        updated_at="2026-11-21T09:00:00+00:00",
    )


def outcome(seq: int, cause: str | None = None, *, retryable: bool = False) -> Outcome:
    """Give what came of the model at a place."""
    row = Row(model=f"acme/m{seq}", problem=cause, exit_code=3 if cause else 0)
    return Outcome(seq=seq, row=msgspec.json.encode(row), cause=cause, retryable=retryable)


def rows(folder: Path, name: str | None = None) -> list[dict[str, Any]]:
    """Read the rows of a run, or of one of its parts, in the order of the files."""
    found: list[dict[str, Any]] = []
    for part in sorted(folder.glob(name or "rows-*")):
        if part.suffix == ".parquet":
            import pyarrow.parquet  # noqa: PLC0415 - an extra

            found += [
                row | {"components": dict(row["components"])} for row in pyarrow.parquet.read_table(part).to_pylist()
            ]
        else:
            found += [msgspec.json.decode(line) for line in part.read_bytes().splitlines()]
    return found
