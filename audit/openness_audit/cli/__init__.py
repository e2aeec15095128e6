"""The command line: parse, call, echo, exit. No judgement here."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line of the process and exit with its code."""
    try:
        from openness_audit.cli.entry import run  # noqa: PLC0415 - an interrupt while loading must not show a traceback

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
