"""The command line: parse, call, echo, exit. No judgement here."""

from __future__ import annotations

import gc
import sys

from openness_audit.cli.base import ending


def main() -> None:
    """Run the command line of the process and exit with its code."""
    ending.prepare()
    gc.set_threshold(500_000, 20, 20)  # loading makes much and drops little: collections find nothing
    try:
        from openness_audit.cli.base.output import complete_streams  # noqa: PLC0415 - only here
        from openness_audit.cli.entry import run  # noqa: PLC0415 - an interrupt while loading must not show a traceback

        complete_streams()
        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # where signals do not come by the thread of `ending`
        code = 130
    ending.leave(code)
