"""Write reports: whole files or none, and streams that may be closed, full, or of another encoding."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from openness_audit.cli.base import ending
from openness_audit.errors import OutputError
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

READER_WAIT_S = 10.0  # for the other end of a pipe given with -o
LONGEST_NAME = 255  # bytes, on every file system in use
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EBADF, errno.EIO)  # of a stream, which has no file name
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CI_COMMAND = re.compile(r"^[ \t]*::|##(?:vso|teamcity)?\[", re.MULTILINE)
_MAKE = "create the folder first"
_ELSEWHERE = "choose another place with -o"


def harmless(text: str) -> str:
    """Break what CI servers would take for a command in a log: reports quote strangers (GitHub, Azure, TeamCity)."""
    return _CI_COMMAND.sub(lambda found: f"{found[0][:-1]} {found[0][-1]}", text)


def emit(text: str, *, machine: bool = False) -> None:
    """Write a report on standard output: in UTF-8 for machines, else in what the terminal reads.

    Raises OutputError where it cannot be written; BrokenPipeError where the reader has gone.
    """
    stream = sys.stdout
    text = text if machine else harmless(text)
    encoding = "utf-8" if machine else stream.encoding or "utf-8"
    data = text.encode(encoding, "replace" if encoding.lower() in ("utf-8", "utf8") else "backslashreplace")
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise unwritten(problem) from problem


def flush() -> None:
    """Flush standard output now, so that a failure is still ours to tell. Raises OutputError."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise unwritten(problem) from problem


def unwritten(problem: OSError) -> OutputError:
    """The error to raise when standard output takes nothing; what waits in its buffer is dropped."""
    drop(sys.stdout)
    said = "it is closed" if problem.errno == errno.EBADF else problem.strerror
    return OutputError(f"standard output: {said}", hint="free space, or write to a file with -o")


def complete_streams() -> None:
    """Give a process that was started without some of its standard streams others in their place.

    Else the next file opened would get the number of standard output, and what is meant for the one would go into the
    other. Writing on a standard output that was closed fails, as it should; a closed standard error swallows all.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest free number
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor, for good
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor, for good


def tell(message: str) -> None:
    """Write one line on standard error; a closed standard error is no reason to fail."""
    try:
        encoding = sys.stderr.encoding or "utf-8"
        said = harmless(clean(message)).encode(encoding, "backslashreplace").decode(encoding)
        print(said, file=sys.stderr, flush=True)  # noqa: T201 - cli prints
    except (OSError, ValueError):
        drop(sys.stderr)


def tell_error(message: str, hint: str = "") -> None:
    """Say on standard error what happened to what, and what to do next."""
    tell(f"error: {message}")
    if hint:
        tell(f"help: {hint}")


def reader_gone() -> None:
    """Point standard output at nothing: its reader has closed it."""
    drop(sys.stdout)


def drop(stream: TextIO) -> None:
    """Point a stream that cannot be written at nothing: Python would complain at exit, and change the exit code."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)


def colored(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Say whether a stream takes colour: a terminal, not a dumb one, and NO_COLOR is not set (no-color.org)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def check_place(path: Path) -> None:
    """Refuse, before any work, a file that could not be written. Raises OutputError."""
    try:
        folder = path.resolve().parent  # where a link leads
        if not folder.is_dir():
            raise OutputError(f"{path}: there is no folder {folder if path.is_symlink() else path.parent}", hint=_MAKE)
        if path.exists() and not os.access(path, os.W_OK):
            raise OutputError(f"{path}: permission denied", hint="choose another file with -o")
        if not _special(path) and not os.access(folder, os.W_OK):
            raise OutputError(f"{path}: the folder cannot be written to", hint=_ELSEWHERE)
        if len(os.fsencode(path.name)) > LONGEST_NAME:
            raise OutputError(f"{path}: the name is too long", hint="choose a shorter one with -o")
    except RuntimeError as problem:  # what pathlib makes of links in a circle
        raise OutputError(f"{path}: the link leads in a circle", hint="choose another file with -o") from problem
    except (OSError, ValueError) as problem:
        said = getattr(problem, "strerror", None) or problem
        raise OutputError(f"{path}: {said}", hint="choose another file with -o") from problem


def write_files(files: Iterable[tuple[Path, str | bytes | Iterator[str]]]) -> None:
    """Write all files or none: each to a temporary file beside it first, renamed when all are complete.

    What is too long to be held at once comes in pieces. Raises OutputError; no temporary file is left behind, whatever
    happens.
    """
    waiting: list[tuple[Path, Path]] = []
    devices: list[tuple[Path, Iterable[bytes]]] = []
    path = Path()
    try:
        for path, text in files:
            data = _bytes(text)
            if _special(path):
                devices.append((path, data))
                continue
            goal = path.resolve()  # a link stays a link: the file it names is replaced
            part = goal.with_name(f".modelaudit-{os.getpid()}-{len(waiting)}.tmp")
            waiting.append((part, goal))
            ending.unfinished.add(str(part))
            _write_part(part, data)
        with ending.settling:
            for part, path in list(waiting):
                part.replace(path)
                waiting.remove((part, path))
                ending.unfinished.discard(str(part))
        for path, data in devices:
            _write_device(path, data)
    except (OSError, RuntimeError) as problem:  # RuntimeError: a link that was bent into a circle since
        hint = "free space on the disk" if getattr(problem, "errno", 0) in _NO_ROOM else _ELSEWHERE
        raise OutputError(f"{path}: {getattr(problem, 'strerror', None) or problem}", hint=hint) from problem
    finally:
        for part, _ in waiting:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            ending.unfinished.discard(str(part))


def _bytes(text: str | bytes | Iterator[str]) -> Iterable[bytes]:
    if isinstance(text, bytes):
        return (text,)
    return (piece.encode("utf-8", "replace") for piece in ((text,) if isinstance(text, str) else text))


def _write_part(part: Path, data: Iterable[bytes]) -> None:
    """Write a temporary file, down to the disk."""
    with part.open("xb") as stream:
        stream.writelines(data)
        stream.flush()
        os.fsync(stream.fileno())


def _write_device(path: Path, data: Iterable[bytes]) -> None:
    """Write to a device or a pipe; a pipe that nobody reads is waited for only so long."""
    end = time.monotonic() + READER_WAIT_S
    while True:
        try:
            file = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            break
        except OSError as problem:
            if problem.errno != errno.ENXIO:
                raise
            if time.monotonic() > end:
                raise OSError(errno.ENXIO, "nobody reads this pipe") from problem
            time.sleep(0.05)
    os.set_blocking(file, True)
    with os.fdopen(file, "wb", closefd=True) as stream:
        stream.writelines(data)


def _special(path: Path) -> bool:
    """Say whether a path is a device or a pipe: it is written to, never replaced."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
