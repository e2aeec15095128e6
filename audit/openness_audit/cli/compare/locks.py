"""Read and write the lock file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from openness_audit.cli.base import output
from openness_audit.drift.lockfile import LOCK_FILE, parse, render
from openness_audit.errors import OutputError, UsageError
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from pathlib import Path

    from openness_audit.drift.lockfile import Row

LARGEST = 64 * 1024 * 1024  # bytes: some twenty thousand models
_APPROVE = "approve a model first: modelaudit approve MODEL --approver NAME; or name another file with --lock"


def read_lock(path: Path) -> tuple[Row, ...]:
    """Read the lock file.

    Args:
        path: the file.

    Returns:
        Its entries, each with why it cannot be trusted where it cannot. Raises UsageError where there is no lock.
    """
    shown = clean(str(path))
    try:
        if not path.is_file():  # nor a pipe, which would be waited for
            what = "is not a file" if path.exists() else "is not here"
            raise UsageError(f"the lock {shown} {what}", hint=_APPROVE)
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{shown} is too large for a lock", hint=f"{LOCK_FILE} is some kilobytes a model")
        return parse(path.read_bytes(), str(path))
    except OSError as problem:
        raise UsageError(f"{shown} cannot be read: {problem.strerror}", hint=_APPROVE) from problem
    except ValueError as problem:  # a name that holds a null byte
        raise UsageError(f"{shown!r} names no file: {problem}", hint=_APPROVE) from problem


def read_lock_if_there(path: Path) -> tuple[Row, ...]:
    """Read the lock file; there is none yet before the first approval."""
    return read_lock(path) if os.path.lexists(path) else ()


def check_lock_place(path: Path) -> None:
    """Refuse, before anything is audited, a lock that could not be written. Raises OutputError."""
    try:
        output.check_place(path)
    except OutputError as problem:
        raise OutputError(problem.message, hint=problem.hint.replace("-o", "--lock")) from problem


def write_lock(path: Path, rows: tuple[Row, ...]) -> None:
    """Write the whole lock or leave the old one as it is. Raises OutputError."""
    try:
        output.write_files([(path, render(rows))])
    except OutputError as problem:
        raise OutputError(problem.message, hint=problem.hint.replace("-o", "--lock")) from problem
