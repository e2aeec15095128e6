"""The cache and the clock, as a user meets them: whatever happens to either, the audit is the same."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from outside_kit import MODEL, no_mishap, run, shell, small_hub, start

CACHE = "http-1.sqlite"


def judged(text: str) -> dict[str, str]:
    """The level of every component."""
    return {each["id"]: each["availability"] for each in json.loads(text)["components"]}


def locked(path: Path) -> sqlite3.Connection:
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    return holder


def damaged_inside(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[4096:] = os.urandom(len(body) - 4096)
    path.write_bytes(body)
    for companion in ("-wal", "-shm"):
        path.with_name(path.name + companion).unlink(missing_ok=True)


def of_another_version(path: Path) -> None:
    for each in path.parent.glob(f"{CACHE}*"):
        each.unlink()
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE responses (id INTEGER, future TEXT)")
        file.execute("PRAGMA user_version = 99")
    file.close()


def a_folder(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.mkdir(parents=True)


FATES: dict[str, tuple[Callable[[Path], object], str]] = {
    "locked by another process": (locked, "database is locked"),
    "no database": (lambda path: path.write_bytes(b"garbage" * 999), "damaged"),
    "damaged inside": (damaged_inside, "damaged"),
    "of another version": (of_another_version, ""),
    "empty": (lambda path: path.write_bytes(b""), ""),
    "a folder": (a_folder, "cannot be used"),
}


@pytest.mark.parametrize("fate", FATES)
def test_whatever_became_of_the_cache_the_audit_is_the_same(tmp_path: Path, fate: str) -> None:
    change, said = FATES[fate]
    with small_hub() as hub:
        first = run(tmp_path, MODEL, "-q", "-f", "json", env=hub.environ)
        holder = change(tmp_path / "cache" / CACHE)
        again = run(tmp_path, MODEL, "-f", "json", env=hub.environ)
        told = run(tmp_path, "cache", "info", env=hub.environ)
        if isinstance(holder, sqlite3.Connection):
            holder.close()
        last = run(tmp_path, MODEL, "-q", "-f", "json", env=hub.environ)

    for each in (first, again, last, told):
        no_mishap(each)
        assert each.returncode == 0, each.stderr
    assert judged(first.stdout) == judged(again.stdout) == judged(last.stdout)
    notes = [line for line in again.stderr.splitlines() if line.startswith("note: the cache")]
    assert len(notes) == (1 if said else 0)
    assert said in again.stderr


def test_a_cache_deleted_while_it_is_in_use_costs_nothing(tmp_path: Path) -> None:
    with small_hub() as hub:
        hub.latency_s = 0.1
        process = start(tmp_path, MODEL, "-q", "-f", "json", env=hub.environ)
        while not (tmp_path / "cache" / CACHE).exists() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)
        out, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (0, "")
    assert judged(out)


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
@pytest.mark.parametrize("blocks", [0, 40])
def test_a_disk_with_no_room_for_the_cache_costs_nothing(tmp_path: Path, blocks: int) -> None:
    with small_hub() as hub:
        done = shell(tmp_path, f"ulimit -f {blocks}; modelaudit {MODEL} -q -f json | cat", hub.environ)

    no_mishap(done)
    assert judged(done.stdout)


@pytest.mark.parametrize("day", ["1970-01-01", "9999-12-31"])
def test_any_day_may_be_the_day_of_the_audit(tmp_path: Path, day: str) -> None:
    with small_hub() as hub:
        now = run(tmp_path, MODEL, "-q", "-f", "json", env=hub.environ)
        then = run(tmp_path, MODEL, "-q", "-f", "json", "--as-of", day, env=hub.environ)

    assert then.returncode == 0, then.stderr
    assert json.loads(then.stdout)["as_of"] == day
    assert judged(now.stdout) == judged(then.stdout)
