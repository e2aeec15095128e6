"""The command line: parse, call, echo, exit. No judgement here."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line of the process and exit with its code."""
    gc.set_threshold(20_000, 20, 20)  # loading makes much and drops little: most collections find nothing
    try:
        from openness_audit.cli.entry import run  # noqa: PLC0415 - an interrupt while loading must not show a traceback

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
