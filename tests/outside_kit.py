"""What tests of the outside world share: a small Hub, the command as a process, and a server of raw bytes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Self

import command_kit
from standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

MODEL = "acme/lantern-1b"
CARD = """---
license: apache-2.0
datasets: [acme/corpus]
---
# Lantern 1B

Lantern 1B is a language model of 24 layers. The training and evaluation code is at
[github.com/acme/lantern](https://github.com/acme/lantern).

## Training data

Lantern 1B was pre-trained on [acme/corpus](https://huggingface.co/datasets/acme/corpus), all of it.
"""
HANG_S = 90  # a guard against a test that never ends; no test measures time against it


def small_hub() -> StandIn:
    """One model with a data set and a code repository."""
    return StandIn(
        models={
            MODEL: {
                "files": {"README.md": CARD, "config.json": "{}", "LICENSE": "x", "model.safetensors": 2_000_000_000}
            }
        },
        datasets={"acme/corpus": {"files": {"README.md": "# Corpus\n\nTen million pages of gardening advice.\n"}}},
        github={"acme/lantern": {"files": {"README.md": "# Lantern", "train.py": "", "evaluate.py": ""}}},
    )


def environment(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """What the process sees: nothing of the machine the tests run on."""
    return {"PATH": os.defpath, "HOME": str(folder), "OPENNESS_AUDIT_CACHE": str(folder / "cache"), **given}


def start(folder: Path, *words: str, env: Mapping[str, str], **options: Any) -> subprocess.Popen[str]:
    """The command as a process of its own, working in `folder`."""
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(
        [sys.executable, "-m", "openness_audit", *words],
        env=environment(folder, env),
        cwd=folder,
        text=True,
        **given,
    )


def run(folder: Path, *words: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """The command, waited for."""
    return command_kit.run(folder, *words, env=environment(folder, env))


def shell(folder: Path, line: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A line of bash in which `modelaudit` is the command."""
    here = f'modelaudit() {{ "{sys.executable}" -m openness_audit "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", here],  # noqa: S607  # bash is wherever it is
        env=environment(folder, env),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG_S,
    )


class RawServer:
    """Hands every connection to a function, which may do what no HTTP server does; a context manager."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.endpoint = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.environ = {"HF_ENDPOINT": self.endpoint, "GITHUB_API_URL": f"{self.endpoint}/github"}

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, where: TracebackType | None
    ) -> None:
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                self._answer(connection)
            except OSError:
                return


def no_mishap(done: subprocess.CompletedProcess[str]) -> None:
    """Neither a traceback nor an internal error was shown."""
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
