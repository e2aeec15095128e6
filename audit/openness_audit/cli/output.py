"""Write reports: whole files or none, and streams that may be closed, full, or of another encoding."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from openness_audit.errors import OutputError
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def emit(text: str, *, machine: bool = False) -> None:
    """Write a report on standard output: in UTF-8 for machines, else in what the terminal reads.

    Raises OutputError where it cannot be written; BrokenPipeError where the reader has gone.
    """
    stream = sys.stdout
    encoding = "utf-8" if machine else stream.encoding or "utf-8"
    data = text.encode(encoding, "replace" if encoding.lower() in ("utf-8", "utf8") else "backslashreplace")
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise OutputError(
            f"standard output: {problem.strerror}", hint="free space, or write to a file with -o"
        ) from problem


def flush() -> None:
    """Flush standard output now, so that a failure is still ours to tell. Raises OutputError."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise OutputError(f"standard output: {problem.strerror}") from problem


def tell(message: str) -> None:
    """Write one line on standard error; a closed standard error is no reason to fail."""
    with contextlib.suppress(OSError, ValueError):
        encoding = sys.stderr.encoding or "utf-8"
        print(clean(message).encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr, flush=True)  # noqa: T201 - cli prints


def tell_error(message: str, hint: str = "") -> None:
    """Say on standard error what happened to what, and what to do next."""
    tell(f"error: {message}")
    if hint:
        tell(f"help: {hint}")


def reader_gone() -> None:
    """Point standard output at nothing: its reader has closed it, and Python would complain at exit."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


def colored(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Say whether a stream takes colour: a terminal, not a dumb one, and NO_COLOR is not set (no-color.org)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def check_place(path: Path) -> None:
    """Refuse, before any work, a file that could not be written. Raises OutputError."""
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(f"{path}: there is no folder {folder}", hint="create the folder first")
    if path.exists() and not os.access(path, os.W_OK):
        raise OutputError(f"{path}: permission denied", hint="choose another file with -o")
    if not _special(path) and not os.access(path.resolve().parent, os.W_OK):
        raise OutputError(f"{path}: the folder cannot be written to", hint="choose another folder with -o")


def write_files(files: Iterable[tuple[Path, str]]) -> None:
    """Write all files or none: each to a temporary file beside it first, renamed when all are complete.

    Raises OutputError; no temporary file is left behind, whatever happens.
    """
    waiting: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, text in files:
            data = text.encode("utf-8", "replace")
            if _special(path):
                path.write_bytes(data)
                continue
            goal = path.resolve()  # a link stays a link: the file it names is replaced
            part = goal.with_name(f".modelaudit-{os.getpid()}-{len(waiting)}.tmp")
            waiting.append((part, goal))
            with part.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        while waiting:
            part, path = waiting[0]
            part.replace(path)
            waiting.pop(0)
    except OSError as problem:
        hint = "free space on the disk" if problem.errno == errno.ENOSPC else "choose another place with -o"
        raise OutputError(f"{path}: {problem.strerror or problem}", hint=hint) from problem
    finally:
        for part, _ in waiting:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def _special(path: Path) -> bool:
    """Say whether a path is a device or a pipe: it is written to, never replaced."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
