"""The cache's file: locked, damaged, foreign, unwritable; it never hangs and never crashes."""

from __future__ import annotations

import os
import pickle
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from sources_kit import Opener, got
from standin import StandIn


def file_of(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "http-1.sqlite"


def test_the_file_is_json_in_wal_mode_and_the_users_own(open_at: Opener, tmp_path: Path) -> None:
    got(open_at().info("model", "acme/one"))
    with sqlite3.connect(file_of(tmp_path)) as file:
        values = [row[0] for row in file.execute("SELECT value FROM responses")]
        mode = file.execute("PRAGMA journal_mode").fetchone()[0]
    file.close()

    assert (mode, [value[:1] for value in values]) == ("wal", ["{"])
    if os.name == "posix":
        assert file_of(tmp_path).stat().st_mode & 0o077 == 0


class _Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.parametrize("value", [pickle.dumps(_Bomb()), b"", "[]", "{}", '{"status_code": "x"}', "null", "[" * 9999])
def test_an_entry_that_makes_no_sense_is_a_miss(hub: StandIn, open_at: Opener, tmp_path: Path, value: object) -> None:
    got(open_at().info("model", "acme/one"))
    with sqlite3.connect(file_of(tmp_path)) as file:
        file.execute("UPDATE responses SET value = ?", (value,))
    file.close()

    assert not got(open_at().info("model", "acme/one")).origin.from_cache
    assert hub.count() == 2


def test_a_damaged_file_is_renamed_aside(open_at: Opener, tmp_path: Path) -> None:
    file_of(tmp_path).parent.mkdir()
    file_of(tmp_path).write_bytes(b"this is no database" * 100)
    told: list[str] = []
    got(open_at(told.append).info("model", "acme/one"))

    assert got(open_at().info("model", "acme/one")).origin.from_cache
    assert [path.read_bytes()[:7] for path in file_of(tmp_path).parent.glob("*.damaged-*")] == [b"this is"]
    assert ["damaged" in text for text in told] == [True]


def test_a_file_damaged_while_in_use_only_costs_the_cache(open_at: Opener, tmp_path: Path) -> None:
    sources = open_at()
    got(sources.info("model", "acme/one"))
    for path in file_of(tmp_path).parent.glob("*"):
        path.write_bytes(b"x" * 5000)

    assert got(sources.info("model", "acme/one")).id == "acme/one"
    assert got(sources.refs("acme/one")).refs


@pytest.mark.parametrize("statement", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_a_locked_file_at_the_start_never_hangs(open_at: Opener, tmp_path: Path, statement: str) -> None:
    file_of(tmp_path).parent.mkdir()
    holder = sqlite3.connect(file_of(tmp_path), isolation_level=None)
    holder.execute(statement)
    try:
        started = time.monotonic()
        sources = open_at()
        got(sources.info("model", "acme/one"))

        assert got(sources.info("model", "acme/one")).origin.from_cache  # in memory
        assert time.monotonic() - started < 8
    finally:
        holder.close()


def test_a_lock_taken_later_never_hangs(open_at: Opener, tmp_path: Path) -> None:
    sources = open_at()
    got(sources.info("model", "acme/one"))
    holder = sqlite3.connect(file_of(tmp_path), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        started = time.monotonic()
        got(sources.refs("acme/one"))
        got(sources.listing("model", "acme/one", None))

        assert got(sources.info("model", "acme/one")).origin.from_cache
        assert time.monotonic() - started < 5
    finally:
        holder.close()


def test_a_folder_that_cannot_be_made_costs_only_the_cache(open_at: Opener, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    told: list[str] = []
    sources = open_at(told.append, cache_dir=tmp_path / "file" / "cache")

    assert got(sources.info("model", "acme/one")).id == "acme/one"
    assert len(told) == 1


def test_many_threads_write_one_file(hub: StandIn, open_at: Opener) -> None:
    for number in range(60):
        hub.repos["models"][f"acme/m{number}"] = {"files": {}}
    one, two = open_at(), open_at()
    failed: list[object] = []

    def work(sources: object, numbers: range) -> None:
        for number in numbers:
            try:
                got(sources.info("model", f"acme/m{number}"))  # type: ignore[attr-defined]  # both are LiveSources
            except AssertionError as error:
                failed.append(error)

    threads = [threading.Thread(target=work, args=(s, range(k, 60, 4))) for s in (one, two) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
