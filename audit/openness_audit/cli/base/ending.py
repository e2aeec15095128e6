"""End at once on Ctrl-C and when told to stop: one line, no traceback, nothing half-written."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import NoReturn

_WORDS = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "hung up"}
_SHOW_CURSOR = b"\r\x1b[2K\x1b[?25h"  # the progress line hides it

# held while finished files take their places: they all do, or none
settling = threading.RLock()
unfinished: set[str] = set()  # temporary files to remove
before: list[Callable[[], str | None]] = []  # what has to be done first, in any thread; gives words to say of it


def prepare() -> None:
    """Let signals end the process, wherever it is.

    Python runs its own handlers only between two steps of the main thread, which may be waiting for a server or for
    the threads that wait for one. A thread of its own is told at once, and leaves without waiting for anybody.
    """
    numbers = [number for name in _WORDS if (number := getattr(signal, name, None)) is not None]
    wanted = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]  # as under nohup
    if os.name != "posix" or not wanted:
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reading,), name="signals", daemon=True).start()
    for number in wanted:
        signal.signal(number, _leave_it_to_the_thread)


def _leave_it_to_the_thread(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: without a handler the thread would not be told."""


def _watch(reading: int) -> None:
    while received := os.read(reading, 1):
        name = signal.Signals(received[0]).name
        if name in _WORDS:
            end(128 + received[0], _WORDS[name])


def end(code: int, word: str) -> None:
    """Say one word on standard error, do what has to be done, remove what is unfinished, and leave."""
    for do in before:
        with contextlib.suppress(Exception):  # leaving comes first
            word = "; ".join(filter(None, (word, do())))
    settling.acquire(timeout=1.0)  # never given back: nothing is to be put in place any more
    for name in list(unfinished):
        with contextlib.suppress(OSError):
            os.unlink(name)  # noqa: PTH108 - as few steps as possible
    _say(word)
    os._exit(code)


def leave(code: int) -> NoReturn:
    """Leave with everything told and written: taking the process apart would only take a third of a second more."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _say(word: str) -> None:
    """Write to standard error without its buffer, whose lock another thread may hold; never wait for a full pipe."""
    try:
        import select  # noqa: PLC0415 - only now

        if select.select([], [2], [], 0.2)[1]:
            terminal = sys.__stderr__ is not None and os.isatty(2)
            os.write(2, (_SHOW_CURSOR if terminal else b"") + word.encode() + b"\n")
    except (OSError, ValueError):
        return
