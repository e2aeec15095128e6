"""Share the states of limits among threads, and by a small SQLite file among processes: all keep to one quota."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING, Protocol

import msgspec

from openness_audit.sources.allowance import Allowance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

QUOTA_FILE = "quota-1.sqlite"
BUSY_S = 5.0
_MAKE = "CREATE TABLE IF NOT EXISTS limits (name TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID"
_READ = "SELECT state FROM limits WHERE name = ?"
_WRITE = "INSERT INTO limits VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state"

_STATE = msgspec.json.Decoder(Allowance)  # made once: msgspec cannot learn a type in two threads at a time


class Ledger(Protocol):
    """Holds the state of each limit."""

    def change(self, name: str) -> AbstractContextManager[Allowance]:
        """Give the state of a limit, to be changed inside the block, where nobody else has it."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


class MemoryLedger:
    """The limits of one process."""

    def __init__(self) -> None:
        """Nothing is known."""
        self._lock = threading.Lock()
        self._states: dict[str, Allowance] = {}

    @contextlib.contextmanager
    def change(self, name: str) -> Iterator[Allowance]:
        """Give the state of a limit."""
        with self._lock:
            yield self._states.setdefault(name, Allowance())

    def close(self) -> None:
        """Hold no files."""


class FileLedger:
    """The limits that all processes know which use this file; where it fails, this process goes on by itself."""

    def __init__(self, path: Path) -> None:
        """Open the file when it is first needed."""
        self._path = path
        self._lock = threading.Lock()
        self._line: sqlite3.Connection | None = None
        self._alone: MemoryLedger | None = None

    @contextlib.contextmanager
    def change(self, name: str) -> Iterator[Allowance]:
        """Give the state of a limit."""
        with self._lock:
            state = self._begin(name) if self._alone is None else None
            if state is not None:
                try:
                    yield state
                finally:
                    self._end(name, state)
                return
        assert self._alone is not None  # noqa: S101 - `_begin` gave up
        with self._alone.change(name) as own:
            yield own

    def close(self) -> None:
        """Close the file."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            if self._line is not None:
                self._line.close()
            self._line, self._alone = None, self._alone or MemoryLedger()

    def _begin(self, name: str) -> Allowance | None:
        try:
            line = self._line = self._line or _opened(self._path)
            line.execute("BEGIN IMMEDIATE")
            row = line.execute(_READ, (name,)).fetchone()
        except (sqlite3.Error, OSError):
            self._give_up()
            return None
        try:
            return _STATE.decode(row[0]) if row else Allowance()
        except msgspec.MsgspecError:  # of another version, or damaged: what it said is told anew by the next answer
            return Allowance()

    def _end(self, name: str, state: Allowance) -> None:
        assert self._line is not None  # noqa: S101 - `_begin` opened it
        try:
            self._line.execute(_WRITE, (name, msgspec.json.encode(state)))
            self._line.execute("COMMIT")
        except sqlite3.Error:
            self._give_up()

    def _give_up(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            if self._line is not None:
                self._line.close()
        self._line, self._alone = None, MemoryLedger()


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    line = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    for said in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = OFF", _MAKE):  # nothing here outlives an hour
        line.execute(said)
    return line
