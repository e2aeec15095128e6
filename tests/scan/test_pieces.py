"""A source in pieces: together they are the source, whatever is cut where, and wherever a run was stopped."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from openness_audit.errors import UsageError
from openness_audit.model.registry import SourceDoc
from openness_audit.scan import pieces
from openness_audit.scan.folder import Done
from openness_audit.scan.outcome import Job
from openness_audit.scan.pieces import filled, jobs_in_pieces, single
from openness_audit.scan.targets import items_of, jobs_of

LINES = [json.dumps({"modelId": f"acme/m{n}", "card": "x" * (n % 40)}).encode() for n in range(50)]
TEXT = b"\n".join([*LINES[:20], b"", b"  ", b"\xff{", b"y" * 5000, *LINES[20:]])


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE_ROWS", 7)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 300)
    monkeypatch.setattr(pieces, "SENT_ROWS", 5)


def lines(path: Path) -> None:
    path.write_bytes(TEXT)


def packed(path: Path) -> None:
    path.write_bytes(gzip.compress(TEXT))


def table(path: Path) -> None:
    arrow: Any = pytest.importorskip("pyarrow.parquet", reason="pip install 'openness-audit[parquet]'")
    import pyarrow as pa  # noqa: PLC0415 - an extra

    arrow.write_table(pa.Table.from_pylist([json.loads(line) for line in LINES]), path, row_group_size=19)


@pytest.mark.parametrize(("name", "write"), [("a.jsonl", lines), ("a.jsonl.gz", packed), ("a.parquet", table)])
@pytest.mark.parametrize("done", [Done(), Done((0, 1, 2, 3, 4, 5, 6, 9, 20, 30, 49)), Done(range(60))])
def test_pieces_are_the_source(name: str, write: Any, done: Done, tmp_path: Path) -> None:
    write(tmp_path / name)
    source = SourceDoc(kind="dump", path=str(tmp_path / name))
    jobs = [filled(job, source) for job in jobs_in_pieces(tmp_path, source, done)]
    assert entries(jobs) == entries(jobs_of(items_of(tmp_path, source), done))
    assert all(len(job.items) <= 7 for job in jobs)


def entries(jobs: Any) -> list[tuple[int, bytes]]:
    return [entry for job in jobs for entry in zip(job.seqs, job.items, strict=True)]


def test_a_line_that_is_too_long_ends_where_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from openness_audit.scan import dump_read  # noqa: PLC0415 - only here

    monkeypatch.setattr(dump_read, "LONGEST", 1000)
    test_pieces_are_the_source("a.jsonl", lines, Done(), tmp_path)


def test_a_job_is_taken_apart(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl")
    source = SourceDoc(kind="dump", path=str(tmp_path / "a.jsonl"))
    job = next(jobs_in_pieces(tmp_path, source, Done((1,))))
    parts = single(job, source)
    assert entries(parts) == entries([filled(job, source)])
    assert [(len(part.items), part.attempts) for part in parts] == [(1, 1)] * 6


def test_a_file_that_lost_rows_is_told(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl")
    source = SourceDoc(kind="dump", path=str(tmp_path / "a.jsonl"))
    jobs: list[Job] = list(jobs_in_pieces(tmp_path, source, Done()))
    (tmp_path / "a.jsonl").write_bytes(TEXT[:200])
    with pytest.raises(UsageError, match="is not the file that the run was begun with"):
        filled(jobs[-1], source)
    (tmp_path / "a.jsonl").unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        filled(jobs[-1], source)
