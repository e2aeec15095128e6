"""The folder of a run: nothing that was finished is lost or done again, wherever the run is killed (docs/registry.md).

Rows are added to a part and brought to the disk; only then does the index take them in, with how long the part is now.
What stands behind that length was never finished, and is cut off when the run goes on.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from filelock import FileLock

from openness_audit.model.registry import CountsDoc, ScanRun
from openness_audit.model.row import Row
from openness_audit.scan.disk import unwritable, write_whole
from openness_audit.scan.index import Index, Part, Place
from openness_audit.scan.places import MANIFEST, part_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from openness_audit.scan.outcome import Outcome

PART_ROWS = 50_000
_SEIZE_S = 20.0
_EXIT_FIELDS = {0: "audited", 1: "violated", 3: "no_verdict", 4: "failed"}


class Done:
    """The places in a source that are finished; one bit each, since a source may hold millions."""

    def __init__(self, places: Iterable[int] = ()) -> None:
        """Begin with `places`."""
        self._bits = bytearray()
        self.count = 0
        for place in places:
            self.add(place)

    def add(self, place: int) -> None:
        """Add one."""
        byte, bit = divmod(place, 8)
        if byte >= len(self._bits):
            self._bits.extend(bytes(max(1024, byte - len(self._bits) + 1)))
        if not self._bits[byte] >> bit & 1:
            self._bits[byte] |= 1 << bit
            self.count += 1

    def __contains__(self, place: int) -> bool:
        """Say whether one is finished."""
        byte, bit = divmod(place, 8)
        return byte < len(self._bits) and bool(self._bits[byte] >> bit & 1)


class Folder:
    """The open folder of one run; it is locked until it is closed. Methods may be called from any thread."""

    def __init__(self, path: Path, manifest: ScanRun, index: Index, lock: FileLock) -> None:
        """Take over what `create_folder` or `resume_folder` opened."""
        self.path = path
        self.manifest = manifest
        self.done = Done(index.done())
        self._index = index
        self._lock = lock
        self._turn = threading.RLock()
        self._waiting: list[Outcome] = []
        self._stream: BinaryIO | None = None
        parts = index.parts()
        last = parts[-1] if parts else None
        self._part = last if last and not last.closed else _next_part(len(parts))

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Take rows; they count once `commit` has returned."""
        with self._turn:
            self._waiting += outcomes

    @property
    def waiting(self) -> int:
        """Rows that were taken and do not count yet."""
        return len(self._waiting)

    def commit(self) -> None:
        """Bring the rows to the disk and into the index. Raises OutputError; then none of them counts."""
        with self._turn:
            if not self._waiting:
                return
            fresh = [one for one in {o.seq: o for o in self._waiting}.values() if one.seq not in self.done]
            try:
                self._write(fresh)
            except (OSError, sqlite3.Error) as problem:
                self._close_part_file()
                raise unwritable(self.path, problem) from problem
            self._waiting.clear()
            for one in fresh:
                self.done.add(one.seq)
            if self._part.rows >= PART_ROWS:
                self._close_part()

    def _write(self, fresh: list[Outcome]) -> None:
        part = self._part
        if self._stream is None:
            self._stream = _open_at(self.path / part.name, part.size)
        data = b"".join(one.row + b"\n" for one in fresh)
        self._stream.write(data)
        self._stream.flush()
        os.fsync(self._stream.fileno())
        grown = msgspec.structs.replace(part, rows=part.rows + len(fresh), size=part.size + len(data))
        rows = [
            Place(one.seq, part.number, part.rows + place, msgspec.json.decode(one.row, type=Row), one.audit)
            for place, one in enumerate(fresh)
        ]
        self._index.enter(grown, rows)
        self._part = grown

    def _close_part_file(self) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None

    def _close_part(self) -> None:
        """Add nothing more to the present part; where Parquet is wanted, it is written now."""
        self._close_part_file()
        part, journal = self._part, self.path / self._part.name
        try:
            closed = msgspec.structs.replace(part, closed=True)
            if self.manifest.options.write == "parquet":
                from openness_audit.scan.parquet import write_part  # noqa: PLC0415 - an extra

                goal = self.path / part_name(part.number, "parquet")
                write_part(journal, goal, part.size)
                closed = msgspec.structs.replace(closed, name=goal.name, size=goal.stat().st_size)
            self._index.close_part(closed)
            if closed.name != part.name:
                journal.unlink()
        except (OSError, sqlite3.Error) as problem:
            raise unwritable(self.path, problem) from problem
        self._part = _next_part(part.number + 1)

    def counts(self) -> CountsDoc:
        """Give how many models are finished, and what came of them."""
        with self._turn:
            known = {_EXIT_FIELDS[code]: count for code, count in self._index.codes().items() if code in _EXIT_FIELDS}
            told = self.manifest.counts
            return CountsDoc(targets=told.targets, skipped=told.skipped, done=self.done.count, **known)

    def codes(self) -> dict[int, int]:
        """Give how many models earned each exit code."""
        with self._turn:
            return self._index.codes()

    def problems(self) -> dict[str, int]:
        """Give how many models could not be audited, by cause."""
        with self._turn:
            return self._index.problems()

    def examples(self) -> dict[str, str]:
        """Give the first model that could not be audited, in words, for each cause."""
        with self._turn:
            return {problem: self._index.example(problem) for problem in self._index.problems()}

    def tell(self, manifest: ScanRun) -> None:
        """Put a new manifest in the place of the old one. Raises OutputError."""
        with self._turn:
            self.manifest = manifest
            write_whole(self.path / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")

    def seize(self) -> None:
        """Let no other thread write any more; one that is writing finishes first."""
        self._turn.acquire(timeout=_SEIZE_S)

    def finish(self) -> None:
        """Close the last part and complete the index. Raises OutputError."""
        with self._turn:
            self.commit()
            if self._part.rows:
                self._close_part()
            try:
                self._index.finish()
            except sqlite3.Error as problem:
                raise unwritable(self.path, problem) from problem

    def close(self) -> None:
        """Close all files and let others in."""
        with self._turn:
            self._close_part_file()
            with contextlib.suppress(sqlite3.Error):
                self._index.close()
            self._lock.release()


def _next_part(number: int) -> Part:
    return Part(number=number, name=part_name(number, "jsonl"), rows=0, size=0, closed=False)


def _open_at(path: Path, size: int) -> BinaryIO:
    """Open a part for adding, exactly `size` bytes long."""
    stream = path.open("ab")
    if stream.tell() != size:
        stream.truncate(size)
        stream.seek(size)
    return stream
