"""Begin the folder of a run, or open one to go on with: never that of another run, and never two at a time."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING

import msgspec
from filelock import FileLock, Timeout

from openness_audit.errors import UsageError
from openness_audit.model.registry import SCHEMA_ID, ScanRun
from openness_audit.scan.disk import unwritable
from openness_audit.scan.folder import Folder
from openness_audit.scan.index import NAME, VERSION, Index
from openness_audit.scan.places import MANIFEST, is_part

if TYPE_CHECKING:
    from pathlib import Path

    from openness_audit.scan.index import Part

LOCK = ".lock"
_ANOTHER = "choose another folder with --out"
_NEWER = "it was written by another version of modelaudit: use that one, or another folder"


def create_folder(path: Path, manifest: ScanRun) -> Folder:
    """Begin the folder of a new run.

    Args:
        path: a folder that does not exist, or is empty.
        manifest: what the run is.

    Returns:
        The folder, locked. Raises UsageError where there is something else already, OutputError where it cannot be
        made.
    """
    if path.is_dir() and not (path / MANIFEST).exists():
        _check_empty(path)  # before the lock puts anything into a stranger's folder
    lock = _locked(path)
    try:
        _check_empty(path)
        index = Index(path / NAME, create=True)
        folder = Folder(path, manifest, index, lock)
        folder.tell(manifest)
    except (OSError, sqlite3.Error) as problem:
        lock.release()
        raise unwritable(path, problem) from problem
    except BaseException:
        lock.release()
        raise
    return folder


def _check_empty(path: Path) -> None:
    others = sorted(one.name for one in path.iterdir() if one.name != LOCK)
    if MANIFEST in others:
        raise UsageError(
            f"{path} holds a scan already", hint="go on with it by --resume, or choose another folder with --out"
        )
    if others:
        raise UsageError(f"{path} is not empty: it holds {others[0]!r}", hint=_ANOTHER)


def resume_folder(path: Path) -> Folder:
    """Open the folder of a run that was stopped or killed, and cut off what was never finished.

    Args:
        path: the folder.

    Returns:
        The folder, locked; its manifest says what the run is. Raises UsageError where there is no run that this version
        can go on with, OutputError where its files were changed or cannot be written.
    """
    if not (path / MANIFEST).is_file():
        raise UsageError(f"{path} holds no scan to go on with", hint="leave --resume away to begin one")
    lock = _locked(path)
    try:
        manifest = read_manifest(path)
        index = Index(path / NAME, create=not (path / NAME).exists())
        _check_version(path / NAME, index)
        _repair(path, index.parts())
        return Folder(path, manifest, index, lock)
    except (OSError, sqlite3.Error) as problem:
        lock.release()
        raise unwritable(path, problem) from problem
    except BaseException:
        lock.release()
        raise


def discard(folder: Folder, *, whole: bool) -> None:
    """Take away what `create_folder` made, for a run that came to nothing; where `whole`, the folder as well."""
    folder.close()
    for name in (MANIFEST, NAME, f"{NAME}-wal", f"{NAME}-shm", LOCK):
        with contextlib.suppress(OSError):
            (folder.path / name).unlink(missing_ok=True)
    if whole:
        with contextlib.suppress(OSError):
            folder.path.rmdir()


def _check_version(path: Path, index: Index) -> None:
    if index.version != VERSION:
        raise UsageError(f"{path} is no index that this version knows", hint=_NEWER)


def read_manifest(path: Path) -> ScanRun:
    """Read the manifest of a folder. Raises UsageError where there is none, or one of another version."""
    place = path / MANIFEST
    try:
        text = place.read_bytes()
        schema = msgspec.json.decode(text, type=_Named).schema
        if schema != SCHEMA_ID:
            raise UsageError(f"{place} is of a version that this program does not know ({schema[:80]})", hint=_NEWER)
        return msgspec.json.decode(text, type=ScanRun)
    except OSError as problem:
        raise UsageError(f"{path} holds no scan: {problem.strerror}", hint="name the folder of --out") from problem
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise UsageError(f"{place} cannot be read: {str(problem)[:200]}", hint=_NEWER) from problem


class _Named(msgspec.Struct):
    schema: str


def _repair(path: Path, parts: list[Part]) -> None:
    """Bring the parts to what the index knows of them. Raises UsageError where rows that it knows are gone."""
    known = {part.name: part for part in parts}
    for part in parts:
        place = path / part.name
        size = place.stat().st_size if place.exists() else -1
        if size < part.size:
            raise UsageError(f"{place} was cut or removed since it was written", hint="begin anew in another folder")
        if not part.closed and size > part.size:
            os.truncate(place, part.size)
    for one in path.iterdir():
        if is_part(one.name) and one.name not in known:  # begun or being converted when the run was killed
            one.unlink()


def _locked(path: Path) -> FileLock:
    """Lock a folder, which is made if need be. The system lets go of the lock however the process ends."""
    lock = FileLock(path / LOCK, timeout=0)
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise UsageError(
            f"{path} is being written by another modelaudit", hint="wait for it, or choose another folder with --out"
        ) from None
    except OSError as problem:
        raise unwritable(path, problem) from problem
    return lock
