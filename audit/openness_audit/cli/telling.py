"""Write and show a document of changes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.cli import output
from openness_audit.cli.showing import terminal_width
from openness_audit.errors import UsageError
from openness_audit.render import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openness_audit.cli.options import How
    from openness_audit.cli.services import Services
    from openness_audit.model.changes import ChangesDoc


def plan(
    chosen: str | None, outputs: Sequence[str], how: How, format_of: Callable[[str], str] = changed.format_of
) -> tuple[str | None, list[tuple[Path, str]]]:
    """Work out what is shown, and which files are written, before anything is audited.

    Args:
        chosen: the value of `-f`, known to be one of the command's formats.
        outputs: the values of `-o`.
        how: the shared options.
        format_of: tells the format by a file's ending.

    Returns:
        The format on standard output (None: nothing is shown), and each file with its format. Raises UsageError and
        OutputError.
    """
    files = []
    for text in outputs:
        if not text or text.endswith(("/", "\\")) or os.path.isdir(text):  # noqa: PTH112 - never raises
            raise UsageError("-o names no file", hint="the changes are one file: -o changes.md")
        files.append((Path(text), format_of(text)))
        output.check_place(Path(text))
    if len({path.resolve() for path, _ in files}) < len(files):
        raise UsageError("the same file is given twice with -o", hint="give each file once")
    return (None if how.quiet and chosen is None else chosen or "text"), files


def show(document: ChangesDoc, how: How, services: Services, name: str) -> None:
    """Print a document of changes in a format that `render.changed` has."""
    if name != "text":
        output.emit(changed.renderer(name)(document), machine=True)
        return
    from openness_audit.render import changes_text  # noqa: PLC0415 - only here

    color, encoding = output.colored(sys.stdout, services.environ), sys.stdout.encoding or "utf-8"
    width = terminal_width()
    output.emit(changes_text.render(document, width=width, color=color, verbose=how.verbose, encoding=encoding))
