"""Read of the rows themselves what the index does not hold: which findings could not be ruled out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from openness_audit.errors import UsageError
from openness_audit.registry.opened import Follower

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openness_audit.registry.opened import Opened

BATCH = 20_000  # rows of Parquet at a time
_ANEW = "scan again into another folder"
_PART = 1 << 32  # more lines than a part has


class _Undecided(msgspec.Struct):
    undecided: tuple[str, ...] = ()


def undecided(scan: Opened) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Give part, line (from 0) and the rules that could not be ruled out, of each row in the order of the parts.

    Args:
        scan: the open scan.

    Yields:
        One entry a row. Raises UsageError for a part that is gone or damaged.
    """
    parts = scan.ask("SELECT part, name, rows, bytes FROM parts ORDER BY part").fetchall()
    for part, name, rows, size in parts:
        place = scan.path / name
        reader = _of_parquet(place) if place.suffix == ".parquet" else _of_lines(place, size)
        count = 0
        try:
            for count, found in enumerate(reader, 1):
                yield part, count - 1, found
        except (OSError, msgspec.MsgspecError, ValueError) as problem:
            raise UsageError(f"{place} cannot be read: {str(problem)[:200]}", hint=_ANEW) from problem
        if count < rows:
            raise UsageError(f"{place} was cut: it holds {count} of {rows} rows", hint=_ANEW)


def _of_lines(place: Path, size: int) -> Iterator[tuple[str, ...]]:
    decode = msgspec.json.Decoder(_Undecided).decode
    with place.open("rb") as stream:
        while size > 0 and (line := stream.readline()):
            size -= len(line)
            yield decode(line).undecided


def _of_parquet(place: Path) -> Iterator[tuple[str, ...]]:
    from openness_audit.scan.parquet import load  # noqa: PLC0415 - an extra

    file = load().parquet.ParquetFile(place)
    for batch in file.iter_batches(BATCH, columns=["undecided"]):
        for found in batch.column(0).to_pylist():
            yield tuple(found or ())


def keep_undecided(scan: Opened) -> Counter[str]:
    """Put what could not be ruled out beside the index, as `undecided(seq, rules)`, where questions can reach it.

    Args:
        scan: the open scan; the table lasts as long as it is open, in a file of the system's own.

    Returns:
        For how many models each rule could not be ruled out. Raises UsageError as `undecided` does.
    """
    counts: Counter[str] = Counter()
    scan.ask("CREATE TEMP TABLE undecided (seq INTEGER PRIMARY KEY, rules TEXT NOT NULL)")
    places = Follower(scan.ask("SELECT part * 4294967296 + line, seq FROM models ORDER BY part, line"))

    def rows() -> Iterator[tuple[int, str]]:
        for part, line, found in undecided(scan):
            if found:
                counts.update(found)
                yield from ((seq, " ".join(found)) for _, seq in places.take(part * _PART + line))

    scan.db.execute("BEGIN")
    scan.db.executemany("INSERT OR REPLACE INTO undecided VALUES (?, ?)", rows())
    scan.db.execute("COMMIT")
    return counts
