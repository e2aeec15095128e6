"""Evaluate CEL in a process of its own, so that an expression that never ends can be ended: `python cel_worker.py`.

One JSON object on standard input: `expressions`, `documents` (an empty list: compile only), `cpu_s` and `memory`. One
JSON line on standard output for each expression, in order: `{"answers": [...]}`, one a document, or `{"error": ...}`.
An expression that takes more than `cpu_s` of computing time ends the process: the caller sees which line is missing.
"""

from __future__ import annotations

import json
import signal
import sys
from types import ModuleType
from typing import Any


def _limit(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, where only the caller's clock ends it

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return


def _clock(seconds: float) -> None:
    """Let the system end this process after so much computing time; 0 stops the clock."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _engine() -> Any:
    # the package's own command line loads a terminal toolkit for a third of a second; nothing here needs it
    sys.modules["cel.cli"] = ModuleType("cel.cli")
    import cel  # noqa: PLC0415 - after the line above

    return cel


def _answer(program: Any, context: Any) -> Any:
    """Give what an expression says of a document: true, false, or why neither."""
    try:
        found = program.execute(context)
    except BaseException as problem:  # noqa: BLE001 - whatever the library raises, panics included, is one answer
        return {"error": f"{type(problem).__name__}: {problem}"[:500]}
    return found if isinstance(found, bool) else {"type": type(found).__name__}


def main() -> None:
    """Read the task, write the answers."""
    for name in ("SIGPROF", "SIGINT"):  # either ends the process at once, without a word
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    task = json.load(sys.stdin)
    cel = _engine()
    _limit(int(task["memory"]))
    contexts = [cel.Context({"audit": document}) for document in task["documents"]]  # converted once for all
    for text in task["expressions"]:
        _clock(float(task["cpu_s"]))
        try:
            program = cel.compile(text)
        except BaseException as problem:  # noqa: BLE001 - as above
            line: dict[str, Any] = {"error": str(problem)[:500]}
        else:
            line = {"answers": [_answer(program, context) for context in contexts], **program.references()}
        _clock(0)
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
