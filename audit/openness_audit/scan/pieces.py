"""A source in pieces that are read where they are audited: the rows themselves need not pass through one process.

A file of lines is cut at bytes, a Parquet file at its row groups. A compressed file can only be read from its start,
so its rows are read here and sent; a folder of bundles is a list of paths.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from openness_audit.errors import UsageError
from openness_audit.scan.dump_read import ROWS, encoded, lines_of, parquet_file, readable, rows_of, wanted_columns
from openness_audit.scan.outcome import Job, Piece
from openness_audit.scan.targets import items_of, jobs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openness_audit.model.registry import SourceDoc
    from openness_audit.scan.folder import Done

PIECE_ROWS = 64  # a fraction of a second of work, some hundred kilobytes of rows that come back
PIECE_BYTES = 8 << 20
SENT_ROWS = 128  # of a compressed file, in one job
BUNDLES = 16
CUTS = 16  # of a row group at most: whoever reads one from its middle must pass over what stands before


def is_cut(path: str) -> bool:
    """Say whether a dump can be read from its middle."""
    return not path.lower().endswith(".gz")


def jobs_in_pieces(folder: Path, source: SourceDoc, done: Done) -> Iterator[Job]:
    """Cut what is not finished of a source into jobs.

    Args:
        folder: that of the run.
        source: a dump, or a folder of bundles.
        done: the places that are finished.

    Yields:
        The jobs, in the order of the source; those of a dump that can be cut hold a piece. Raises UsageError where a
        dump cannot be read.
    """
    path = Path(source.path or "")
    if source.kind != "dump":
        yield from jobs_of(items_of(folder, source), done, together=BUNDLES)
    elif not is_cut(path.name):
        yield from jobs_of(rows_of(path, source.columns), done, together=SENT_ROWS)
    else:
        for piece in _groups(path) if path.name.lower().endswith(".parquet") else _ranges(path):
            seqs = tuple(seq for seq in range(piece.first, piece.first + piece.count) if seq not in done)
            if seqs:
                yield Job(seqs=seqs, items=(), piece=piece)


def _ranges(path: Path) -> Iterator[Piece]:
    """Cut a file of lines; the one rule of what a line is, is `lines_of`'s."""
    with readable(path), path.open("rb") as stream:
        first = count = at = 0
        for _ in lines_of(stream):
            count += 1
            if count == PIECE_ROWS or stream.tell() - at >= PIECE_BYTES:
                yield Piece(first=first, count=count, at=at)
                first, count, at = first + count, 0, stream.tell()
        if count:
            yield Piece(first=first, count=count, at=at)


def _groups(path: Path) -> Iterator[Piece]:
    with readable(path), parquet_file(path) as file:
        first = 0
        for group in range(file.metadata.num_row_groups):
            rows: int = file.metadata.row_group(group).num_rows
            together = max(PIECE_ROWS, -(-rows // CUTS))
            for past in range(0, rows, together):
                yield Piece(first=first + past, count=min(together, rows - past), at=group, past=past)
            first += rows


def filled(job: Job, source: SourceDoc) -> Job:
    """Read the rows of a job.

    Args:
        job: a job of this source.
        source: what it is of.

    Returns:
        The job with its rows, blank lines left out. Raises UsageError where the file cannot be read, or has not got
        these rows.
    """
    piece = job.piece
    if piece is None:
        return job
    path, wanted = Path(source.path or ""), frozenset(job.seqs)
    rows = list(_rows(path, piece, source.columns))
    if len(rows) != piece.count:
        raise UsageError(f"the dump {path} is not the file that the run was begun with", hint="get that one back")
    kept = [(seq, row) for seq, row in enumerate(rows, piece.first) if seq in wanted and row.strip()]
    return Job(seqs=tuple(s for s, _ in kept), items=tuple(row for _, row in kept), attempts=job.attempts)


def _rows(path: Path, piece: Piece, columns: Mapping[str, str]) -> Iterator[bytes]:
    with readable(path):
        if path.name.lower().endswith(".parquet"):
            with parquet_file(path) as file:
                yield from _table_rows(file, piece, columns)
        else:
            with path.open("rb") as stream:
                stream.seek(piece.at)
                yield from islice(lines_of(stream), piece.count)


def _table_rows(file: object, piece: Piece, columns: Mapping[str, str]) -> Iterator[bytes]:
    before, left = piece.past, piece.count
    names = wanted_columns(file, columns)
    for batch in file.iter_batches(batch_size=ROWS, row_groups=[piece.at], columns=names):  # type: ignore[attr-defined]  # pyarrow has no types
        part = batch.slice(before, left) if before < batch.num_rows else None
        before = max(0, before - batch.num_rows)
        if part is not None:
            yield from map(encoded, part.to_pylist())
            left -= part.num_rows
        if not left:
            return


def single(job: Job, source: SourceDoc) -> list[Job]:
    """Take a job apart: one for each model, with what is to be read. Raises UsageError as `filled` does."""
    whole = filled(job, source)
    return [
        msgspec.structs.replace(whole, seqs=(seq,), items=(item,), attempts=job.attempts + 1)
        for seq, item in zip(whole.seqs, whole.items, strict=True)
    ]
