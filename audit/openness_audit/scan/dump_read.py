"""Read a dump row by row without ever holding it: JSON lines, plain or compressed, or Parquet."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import msgspec

from openness_audit.errors import UsageError
from openness_audit.scan.dump_rows import COLUMNS, LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENDINGS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".parquet")
_SAMPLE = 1 << 16  # bytes of each end that the digest of a file is made of
ROWS = 256  # of a Parquet file, in memory at a time


def is_dump(path: str) -> bool:
    """Say whether a name is that of a dump."""
    return path.lower().endswith(ENDINGS)


def digest_of(path: Path) -> str:
    """Give what tells a file from a changed one: of its length, its beginning and its end.

    Raises UsageError where it cannot be read.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            ends = stream.read(_SAMPLE)
            stream.seek(max(0, size - _SAMPLE))
            ends += stream.read(_SAMPLE)
    except OSError as problem:
        raise UsageError(f"the dump {path} cannot be read: {problem.strerror}", hint="name a file") from problem
    return "sha256:" + hashlib.sha256(b"%d\0" % size + ends).hexdigest()


def rows_of(path: Path, columns: Mapping[str, str]) -> Iterator[bytes]:
    """Read a dump.

    Args:
        path: the file; its ending says what it is.
        columns: columns that bear other names than usual, by the name in `COLUMNS`.

    Yields:
        Each row as a JSON object in bytes, in order; blank lines are rows as well, so that a row keeps its number.
        Raises UsageError for a file that cannot be read, or not to its end.
    """
    with readable(path):
        if path.name.lower().endswith(".parquet"):
            with parquet_file(path) as file:
                for batch in file.iter_batches(batch_size=ROWS, columns=wanted_columns(file, columns)):
                    yield from map(encoded, batch.to_pylist())
        elif path.name.lower().endswith(".gz"):
            with gzip.open(path, "rb") as stream:
                yield from lines_of(cast("IO[bytes]", stream))
        else:
            with path.open("rb") as plain:
                yield from lines_of(plain)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Word what goes wrong while a dump is read. Raises UsageError."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as problem:
        said = getattr(problem, "strerror", None) or str(problem)
        raise UsageError(
            f"the dump {path} cannot be read: {said}", hint="get it anew, and scan it into another folder"
        ) from problem


def lines_of(stream: IO[bytes]) -> Iterator[bytes]:
    """Give each line; of one that is too long, only its beginning is kept, and it is no row any more."""
    while line := stream.readline(LONGEST + 2):
        if len(line) > LONGEST and not line.endswith(b"\n"):
            while rest := stream.readline(1 << 20):
                if rest.endswith(b"\n"):
                    break
        yield line


@contextmanager
def parquet_file(path: Path) -> Iterator[Any]:
    """Open a Parquet file, whose pages are read as they are wanted. Raises UsageError where they cannot be."""
    from openness_audit.scan.parquet import load  # noqa: PLC0415 - an extra

    pa = load()
    try:
        with pa.parquet.ParquetFile(path, memory_map=True) as file:
            yield file
    except pa.ArrowException as problem:
        raise UsageError(f"the dump {path} cannot be read: {problem}", hint="get it anew") from problem


def wanted_columns(file: Any, columns: Mapping[str, str]) -> list[str]:
    """Give the columns of a Parquet file that say anything to an audit."""
    wanted = {*columns.values(), *(name for names in COLUMNS.values() for name in names)}
    return [name for name in file.schema_arrow.names if name in wanted]


def encoded(row: dict[str, Any]) -> bytes:
    """Give a row of a table as JSON; `null` where that cannot be."""
    try:
        return msgspec.json.encode(row, enc_hook=str)
    except (ValueError, TypeError, OverflowError, RecursionError, msgspec.MsgspecError):
        return b"null"
