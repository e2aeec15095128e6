"""The command as a process of its own, born loaded where that can be had, else started like any other."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

import command_nursery

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

HANG_S = 300  # a guard against a test that never ends; no test measures time against it
PROGRAM = "openness_audit"
FORKS = sys.platform == "linux"  # elsewhere libraries of the system forbid a fork


def run(
    folder: Path, *words: str, env: Mapping[str, str], stdout: int | None = None, module: str = PROGRAM
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end.

    Args:
        folder: where it works.
        words: what stands after the program's name.
        env: its whole environment.
        stdout: an open file to write to instead of the result's `stdout`.
        module: what `python -m` would be given.
    """
    if not FORKS:
        return subprocess.run(
            [sys.executable, "-m", module, *words],
            stdin=subprocess.DEVNULL, stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            check=False, env=dict(env), cwd=folder, timeout=HANG_S,
        )  # fmt: skip
    with Born(folder, words, env, stdout, module) as born:
        out, err = born.communicate()
        return subprocess.CompletedProcess(words, born.returncode, out, err)


class Born:
    """A command that runs: its number, how it ended, and what it wrote; a context manager."""

    def __init__(
        self, folder: Path, words: tuple[str, ...], env: Mapping[str, str], stdout: int | None, module: str
    ) -> None:
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        asked = {"module": module, "words": words, "folder": str(folder), "environ": dict(env)}
        self._line = socket.socket(socket.AF_UNIX)
        self._line.settimeout(HANG_S)
        self._line.connect(_nursery())
        with Path(os.devnull).open("rb") as nothing:
            files = [nothing.fileno(), self._out.fileno() if stdout is None else stdout, self._err.fileno()]
            request = json.dumps(asked).encode() + b"\n"
            sent = socket.send_fds(self._line, [request], files)
            self._line.sendall(request[sent:])
        self._told = self._line.makefile("rb")
        self.pid = int(self._told.readline())
        self.returncode = 0

    def communicate(self) -> tuple[str, str]:
        """Wait for its end; give what it wrote."""
        self.returncode = int(self._told.readline())
        said = []
        for file in (self._out, self._err):
            file.seek(0)
            said.append(file.read().decode("utf-8"))
        return said[0], said[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, where: TracebackType | None
    ) -> None:
        for file in (self._told, self._line, self._out, self._err):
            file.close()


@cache
def _nursery() -> str:
    """The door of this process's nursery, which ends when this process does."""
    folder = tempfile.mkdtemp(prefix="nursery-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    door = str(Path(folder) / "door")
    process = subprocess.Popen(
        [sys.executable, command_nursery.__file__, door], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(process.communicate)  # closes its standard input
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return door
