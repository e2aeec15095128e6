"""Write files whole or not at all, and say why they cannot be written."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from openness_audit.errors import OutputError

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


def make_folder(path: Path) -> None:
    """Make a folder, and those above it. Raises OutputError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise unwritable(path, problem) from problem


def write_whole(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Put a file in its place, whole or not at all; `durable`: it outlasts a loss of power. Raises OutputError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        try:
            with draft.open("wb") as stream:
                stream.write(data)
                stream.flush()
                if durable:
                    os.fsync(stream.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as problem:
        raise unwritable(path, problem) from problem


def unwritable(path: Path, problem: OSError | sqlite3.Error) -> OutputError:
    """Word why nothing more can be written."""
    said = problem.strerror if isinstance(problem, OSError) else str(problem)
    return OutputError(
        f"{path}: {said or problem}", hint="free space on the disk if it is full, then go on with --resume"
    )
