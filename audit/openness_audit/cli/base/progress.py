"""Show what is being waited for, on a terminal only."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from openness_audit.cli.base.output import colored
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def _silent(_message: str) -> None:
    """Show nothing."""


@contextlib.contextmanager
def progress(label: str, environ: Mapping[str, str], *, wanted: bool) -> Iterator[Callable[[str], None]]:
    """Give a function that shows one line of progress on standard error while the block runs.

    It may be called from any thread. Off a terminal, or where progress is not wanted, it shows nothing.
    """
    if not wanted or not sys.stderr.isatty() or environ.get("TERM") == "dumb":
        yield _silent
        return
    from rich.console import Console  # noqa: PLC0415 - 70 ms, and only a terminal needs it
    from rich.text import Text  # noqa: PLC0415 - only here

    console = Console(stderr=True, no_color=not colored(sys.stderr, environ), highlight=False)
    shown = clean(label)
    with console.status(Text(shown), spinner="line") as status:
        yield lambda message: status.update(Text(f"{shown}: {clean(message)}"))
