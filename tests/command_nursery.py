"""A process that has loaded the program and gives birth to commands: each a process of its own, started in no time.

Loading the program takes most of the time of a small audit. Tests of what a command does, and not of how it starts,
get theirs here by `command_kit`. On one connection comes one command: its words, folder, environment and three open
files; back go the number of the process and how it ended.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
import traceback
from typing import Any

LONGEST = 1 << 20  # bytes read at once of a request: the environment is most of it


def load() -> None:
    """Load what an audit needs; nothing is asked of anybody, and no thread is left running."""
    for name in ("httpx2", "huggingface_hub.utils", "requests_cache", "rich.cells"):
        importlib.import_module(name)
    program = importlib.import_module("openness_audit")
    for module in pkgutil.walk_packages(program.__path__, f"{program.__name__}."):
        if not module.name.endswith("__main__"):
            with contextlib.suppress(ImportError):  # what cannot be loaded fails where it is used
                importlib.import_module(module.name)
    importlib.import_module("openness_audit.warm").warm_up()
    importlib.import_module("openness_audit.collect.patterns").compile_all()
    gc.collect()
    gc.freeze()  # what no collection touches stays shared between the processes


def _become(asked: dict[str, Any], files: list[int]) -> None:
    """Be a command: put in place what a fresh interpreter would have found, then do as `python -m` does."""
    code = 1
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.closerange(3, 256)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environ"])
        sys.stdin, sys.stdout = os.fdopen(0, encoding="utf-8"), os.fdopen(1, "w", encoding="utf-8")
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace")
        sys.argv = ["", *asked["words"]]
        sys.modules.pop(asked["module"] if asked["module"].count(".") else "", None)  # it is run, not imported
        runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - what an interpreter does with it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _attend(connection: socket.socket) -> None:
    """Start the command of one connection, and tell how it ended."""
    request, files, _, _ = socket.recv_fds(connection, LONGEST, 3)
    while not request.endswith(b"\n"):
        request += connection.recv(LONGEST)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _become(json.loads(request), files)
    for file in files:
        os.close(file)
    connection.sendall(b"%d\n" % child)
    connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def serve(path: str) -> None:
    """Take connections until the process that started this one ends, or closes standard input."""
    load()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the test runner, which then ends
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who attend
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen(16)
        os.write(1, b"ready\n")
        while 0 not in select.select([0, door.fileno()], [], [])[0]:
            connection, _ = door.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                door.close()
                _attend(connection)
                os._exit(0)
            connection.close()


if __name__ == "__main__":
    serve(sys.argv[1])
