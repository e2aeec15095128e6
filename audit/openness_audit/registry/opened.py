"""Open the folder of a scan to be read: it may be finished, stopped, on a medium that cannot be written, or running."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from openness_audit.errors import UsageError
from openness_audit.scan.index import NAME, VERSION
from openness_audit.scan.opening import read_manifest
from openness_audit.scan.places import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openness_audit.model.registry import ScanRun

_ANEW = "scan again into another folder, or name another one"


@dataclass(slots=True)
class Opened:
    """A scan that is open for reading."""

    path: Path
    manifest: ScanRun
    db: sqlite3.Connection
    _names: dict[int, str] = field(default_factory=dict)

    def ask(self, question: str, *values: object) -> sqlite3.Cursor:
        """Ask the index; only our own words are in a question."""
        return self.db.execute(question, values)

    def one(self, question: str, *values: object) -> Any:
        """Give the first value of the first row, None where there is no row."""
        row = self.db.execute(question, values).fetchone()
        return row[0] if row else None

    def name(self, number: int) -> str:
        """Give the name that a number of the index stands for."""
        found = self._names.get(number)
        if found is None:
            found = self._names[number] = str(self.one("SELECT name FROM names WHERE id = ?", number))
        return found


def is_scan(path: Path) -> bool:
    """Say whether a path is the folder of a scan."""
    return path.is_dir() and (path / MANIFEST).is_file()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open the folder of a scan; nothing in it is changed.

    Args:
        path: the folder, as it was named.

    Yields:
        The scan. Raises UsageError for a folder that is none, is of another version, or is damaged.
    """
    if not path.is_dir():
        raise UsageError(f"{path} is no folder", hint="name the folder that `modelaudit scan --out DIR` wrote")
    manifest = read_manifest(path)
    place = path / NAME
    if not place.is_file():
        raise UsageError(f"{path} has no {NAME}", hint=_ANEW)
    db: sqlite3.Connection | None = None
    try:
        db = _connect(place)
        found = Opened(path, manifest, db)
        if found.one("PRAGMA user_version") != VERSION:
            raise UsageError(f"{place} is no index that this version knows", hint="use the version that wrote it")
        db.execute("PRAGMA temp_store = FILE")
        yield found
    except sqlite3.Error as problem:
        raise UsageError(f"{place} cannot be read: {str(problem)[:200]}", hint=_ANEW) from problem
    finally:
        if db is not None:
            db.close()


def _connect(place: Path) -> sqlite3.Connection:
    """Connect so that nothing is written, not even the file beside it by which processes that write know each other."""
    writing = place.with_name(f"{place.name}-wal").exists()
    address = f"file:{quote(str(place.resolve()))}?mode=ro{'' if writing else '&immutable=1'}"
    return sqlite3.connect(address, uri=True, isolation_level=None)


class Follower:
    """The rows of a question that is ordered by its first column, taken by that value beside another such question."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Begin at the first row."""
        self._rows = iter(rows)
        self._next: tuple[Any, ...] | None = next(self._rows, None)

    def take(self, key: Any) -> list[tuple[Any, ...]]:
        """Give the rows of a value; those of lesser values are passed over."""
        while self._next is not None and self._next[0] < key:
            self._next = next(self._rows, None)
        found = []
        while self._next is not None and self._next[0] == key:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found
