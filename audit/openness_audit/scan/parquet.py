"""Rows as Parquet, by pyarrow, which is an extra: `pip install 'openness-audit[parquet]'`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.errors import UsageError
from openness_audit.model.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import ModuleType

BATCH = 5_000  # rows in memory at a time
_INTEGERS = {"downloads", "likes", "score", "score_low", "score_high", "not_checked", "exit_code"}
_TEXTS = {"unresolved", "errors", "warnings", "notes", "undecided", "causes"}
_TEXTS |= {"policy_violated", "policy_unknown", "policy_waived"}


def load() -> ModuleType:
    """Give pyarrow. Raises UsageError where it is not installed."""
    try:
        import pyarrow.parquet  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as problem:
        raise UsageError(
            "Parquet needs pyarrow, which is not installed", hint="pip install 'openness-audit[parquet]'"
        ) from problem
    module: ModuleType = pyarrow
    return module


def schema() -> Any:
    """Give the columns of the rows: the fields of `Row`, whatever a part happens to hold."""
    pa = load()
    texts = pa.list_(pa.string())
    kinds: dict[str, Any] = dict.fromkeys(_INTEGERS, pa.int64()) | dict.fromkeys(_TEXTS, texts)
    kinds |= {"gated": pa.bool_(), "coverage": pa.float64(), "components": pa.map_(pa.string(), pa.string())}
    kinds["bases"] = pa.list_(pa.struct([(name, pa.string()) for name in ("id", "name", "relation")]))
    kinds["ancestors"] = pa.list_(pa.struct([(name, pa.string()) for name in ("id", "license", "family")]))
    names = [f.encode_name for f in msgspec.structs.fields(Row)]
    return pa.schema([(name, kinds.get(name, pa.string())) for name in names])


def write_part(journal: Path, goal: Path, size: int) -> None:
    """Write the first `size` bytes of a part that is JSON lines as Parquet, whole or not at all. Raises OSError."""
    pa = load()
    columns = schema()
    draft = goal.with_name(f".{goal.name}.tmp")
    try:
        with pa.parquet.ParquetWriter(draft, columns, compression="zstd") as writer:
            for batch in _batches(_lines(journal, size)):
                writer.write_table(pa.Table.from_pylist(batch, schema=columns))
        with draft.open("rb") as stream:
            os.fsync(stream.fileno())
        draft.replace(goal)
    finally:
        draft.unlink(missing_ok=True)


def _lines(journal: Path, size: int) -> Iterator[bytes]:
    with journal.open("rb") as stream:
        while size > 0 and (line := stream.readline()):
            size -= len(line)
            yield line


def _batches(lines: Iterable[bytes]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for line in lines:
        row: dict[str, Any] = msgspec.json.decode(line)
        batch.append(row | {"components": list(row["components"].items())})
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
