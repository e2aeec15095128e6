"""Lists of ids and rows of dumps: whatever a file holds, models are found, and the rest is counted, not fatal."""

from __future__ import annotations

import gzip
import io
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.cli.base.target import parse_target
from openness_audit.cli.registry.wish import columns_of
from openness_audit.errors import UsageError
from openness_audit.model.row import DumpRow
from openness_audit.scan import dump_rows
from openness_audit.scan.dump_read import digest_of, is_dump, rows_of
from openness_audit.scan.dump_rows import BadRowError, read_row
from openness_audit.scan.folder import Done
from openness_audit.scan.id_list import ListRead, read_ids
from openness_audit.scan.targets import CHUNK_BYTES, jobs_of
from openness_audit.settings import Target


def parse(word: str) -> Target | None:
    try:
        return parse_target(word, is_directory=lambda _: False)
    except UsageError:
        return None


def read(data: bytes) -> tuple[list[str], ListRead]:
    found = ListRead()
    models = [t.id + (f"@{t.revision}" if t.revision else "") for t in read_ids(io.BytesIO(data), parse, found)]
    return models, found


def test_a_list_as_people_keep_it() -> None:
    text = "# ours\n\nacme/tern  # small\nacme/gull@v1.0\r\nACME/Tern\nhttps://huggingface.co/acme/owl\nno model!\n"
    models, found = read(text.encode("utf-8-sig"))
    assert models == ["acme/tern", "acme/gull@v1.0", "acme/owl"]
    assert (found.junk.count, found.junk.first) == (1, [(7, "no model!")])
    assert (found.repeated.count, found.repeated.first) == (1, [(5, "ACME/Tern")])
    assert read(text.encode("utf-16"))[0] == models
    assert read(text.replace("\r\n", "\n").replace("\n", "\r").encode())[0] == models


def test_a_hundred_thousand_lines_of_junk_are_counted() -> None:
    lines = [f"!! {n} !!" for n in range(100_000)]
    models, found = read("\n".join([*lines, "acme/tern"]).encode())
    assert models == ["acme/tern"]
    assert (found.junk.count, found.junk.first[0]) == (100_000, (1, "!! 0 !!"))
    assert len(found.junk.first) == 5


@given(st.binary())
def test_no_bytes_break_a_list(data: bytes) -> None:
    models, found = read(data)
    assert found.models == len(models)


ROW = {
    "modelId": "acme/tern", "author": "acme", "last_modified": "2025-01-01T00:00:00Z", "downloads": 12, "likes": 3,
    "library_name": "transformers", "tags": ["license:mit"], "pipeline_tag": "text-generation",
    "createdAt": "2024-01-01T00:00:00Z", "card": "# Tern",
}  # fmt: skip
READ = DumpRow(
    id="acme/tern",
    card="# Tern",
    last_modified="2025-01-01T00:00:00Z",
    library_name="transformers",
    pipeline_tag="text-generation",
    tags=("license:mit",),
    downloads=12,
    likes=3,
    created_at="2024-01-01T00:00:00Z",
)


def row(line: dict[str, Any] | bytes, **columns: str) -> DumpRow:
    return read_row(line if isinstance(line, bytes) else json.dumps(line).encode(), columns, "")


def test_a_row_is_read_by_its_usual_columns() -> None:
    assert row(ROW) == READ


def test_columns_of_other_names() -> None:
    other = {("README" if name == "card" else name): value for name, value in ROW.items()}
    assert row(other, **columns_of(["card=README"])) == READ
    assert columns_of(["modelId=repo", "downloads=dl"]) == {"id": "repo", "downloads": "dl"}
    with pytest.raises(UsageError, match="no column is meant by 'crad'"):
        columns_of(["crad=README"])


def test_missing_columns_and_nulls_say_nothing() -> None:
    assert row({"modelId": "acme/tern"}) == DumpRow(id="acme/tern")
    assert row(dict.fromkeys(ROW) | {"modelId": "acme/tern"}) == DumpRow(id="acme/tern")


def test_mixed_types_say_nothing_or_what_they_mean() -> None:
    odd = ROW | {"downloads": 12.0, "likes": "3", "tags": '["license:mit"]', "library_name": 7, "pipeline_tag": []}
    assert row(odd) == msgspec.structs.replace(READ, library_name=None, pipeline_tag=None)


@pytest.mark.parametrize(
    ("line", "code", "name"),
    [
        (b"{", "malformed", ""),
        (b"[]", "malformed", ""),
        (b'{"modelId": "acme/tern", "card": "cut of', "malformed", "acme/tern"),
        (b'{"modelId": 7}', "malformed", ""),
        (b'{"modelId": "../../etc"}', "malformed", "../../etc"),
        (b'{"modelId": "acme/tern", "card": {"a": 1}}', "malformed", "acme/tern"),
        (b"[" * 100_000, "malformed", ""),
    ],
)
def test_rows_that_cannot_be_read_are_told(line: bytes, code: str, name: str) -> None:
    with pytest.raises(BadRowError) as told:
        row(line)
    assert (told.value.code, told.value.id) == (code, name)


def test_a_row_that_is_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump_rows, "LONGEST", 1000)
    monkeypatch.setattr("openness_audit.scan.dump_read.LONGEST", 1000)
    path = tmp_path / "dump.jsonl"
    path.write_bytes(b"\n".join(json.dumps(one).encode() for one in (ROW, ROW | {"card": "x" * 9000}, ROW)))
    lines = list(rows_of(path, {}))
    assert len(lines) == 3
    assert row(lines[0]) == row(lines[2]) == READ
    with pytest.raises(BadRowError, match="more than") as told:
        row(lines[1])
    assert (told.value.code, told.value.id) == ("too-large", "acme/tern")
    assert len(lines[1]) < 1100


def test_lone_surrogates_are_read() -> None:
    line = json.dumps(ROW | {"card": "# Tern \ud800"}).encode()
    assert row(line).card == "# Tern ?"


@given(st.binary())
def test_no_bytes_break_a_row(data: bytes) -> None:
    with suppress(BadRowError):
        row(data)


def test_the_same_rows_from_every_kind_of_file(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    models = [ROW | {"modelId": f"acme/m{n}", "downloads": n or None} for n in range(700)]
    plain, packed, table = (tmp_path / f"dump.{ending}" for ending in ("jsonl", "jsonl.gz", "parquet"))
    plain.write_text("\n".join(map(json.dumps, models)), "utf-8")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    pq.write_table(pa.Table.from_pylist([one | {"unrelated": b"\0"} for one in models]), table)
    told = [[row(line) for line in rows_of(path, {})] for path in (plain, packed, table)]
    assert told[0] == told[1] == told[2]
    assert [one.id for one in told[0]] == [one["modelId"] for one in models]
    assert all(is_dump(str(path)) for path in (plain, packed, table))


def test_a_dump_that_ends_early_is_told(tmp_path: Path) -> None:
    path = tmp_path / "dump.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ROW).encode() * 50)[:-12])
    with pytest.raises(UsageError, match="cannot be read"):
        list(rows_of(path, {}))
    (tmp_path / "dump.parquet").write_bytes(b"no table")
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    with pytest.raises(UsageError, match="cannot be read"):
        list(rows_of(tmp_path / "dump.parquet", {}))


def test_a_changed_dump_has_another_digest(tmp_path: Path) -> None:
    path, seen = tmp_path / "dump.jsonl", set()
    for text in ("a" * 200_000, "a" * 200_001, "b" + "a" * 199_999, "a" * 199_999 + "b"):
        path.write_text(text)
        seen.add(digest_of(path))
    assert len(seen) == 4


@given(st.lists(st.sampled_from([b"{}", b"x" * (CHUNK_BYTES // 2), b""]), max_size=80), st.sets(st.integers(0, 80)))
def test_jobs_hold_each_entry_that_is_left_once(items: list[bytes], done: set[int]) -> None:
    jobs = list(jobs_of(iter(items), Done(done), together=8))
    told = [pair for job in jobs for pair in zip(job.seqs, job.items, strict=True)]
    assert told == [(seq, item) for seq, item in enumerate(items) if seq not in done and item]
    assert all(len(job.items) <= 8 and sum(map(len, job.items[:-1])) < CHUNK_BYTES for job in jobs)
