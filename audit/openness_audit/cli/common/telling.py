"""Write and show a document of several audits: a comparison, or changes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from openness_audit.cli.base import output
from openness_audit.cli.common.showing import terminal_width
from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.cli.base.services import Services
    from openness_audit.render.formats import Formats

D = TypeVar("D")


class Wanted(Protocol):
    """How much is to be told."""

    @property
    def quiet(self) -> bool:
        """Nothing but errors, and what `-f` asks for."""

    @property
    def verbose(self) -> bool:
        """All there is."""


class Plan(NamedTuple):
    """The format on standard output (None: nothing is shown), and each file with its format."""

    shown: str | None
    files: tuple[tuple[Path, str], ...]


def plan(formats: Formats[Any], chosen: str | None, outputs: Sequence[str], how: Wanted, example: str) -> Plan:
    """Work out what is shown, and which files are written, before anything is audited.

    Args:
        formats: those of the command's document.
        chosen: the value of `-f`.
        outputs: the values of `-o`.
        how: how much is to be told.
        example: the name of a file that could be written.

    Returns:
        The plan. Raises UsageError and OutputError.
    """
    if chosen is not None:
        formats.known(chosen)
    files = []
    for text in outputs:
        if not text or text.endswith(("/", "\\")) or os.path.isdir(text):  # noqa: PTH112 - never raises
            raise UsageError("-o names no file", hint=f"it is one file for all models: -o {example}")
        files.append((Path(text), formats.of_path(text)))
        output.check_place(Path(text))
    if len({path.resolve() for path, _ in files}) < len(files):
        raise UsageError("the same file is given twice with -o", hint="give each file once")
    return Plan(None if how.quiet and chosen is None else chosen or "text", tuple(files))


def deliver(document: D, formats: Formats[D], planned: Plan, how: Wanted, services: Services) -> None:
    """Write the files and show what is to be shown. Raises OutputError where a file could not be written."""
    output.write_files([(path, formats.render(name, document)) for path, name in planned.files])
    if planned.files and not how.quiet:
        output.tell(f"wrote {', '.join(str(path) for path, _ in planned.files)}")
    try:
        _show(document, formats, planned.shown, how, services)
    except BrokenPipeError:
        output.reader_gone()


def _show(document: D, formats: Formats[D], name: str | None, how: Wanted, services: Services) -> None:
    if name is None:
        return
    if name != "text":
        output.emit(formats.render(name, document), machine=True)
        return
    color, encoding = output.colored(sys.stdout, services.environ), sys.stdout.encoding or "utf-8"
    width = terminal_width()
    output.emit(formats.render("text", document, width=width, color=color, verbose=how.verbose, encoding=encoding))
