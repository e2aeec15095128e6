"""The formats a scan can be told in: of the scan itself, of all its audits together, or as a bill of materials."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from openness_audit import render
from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.batch import Batch
    from openness_audit.model.scan import Scan

    Renderer: TypeAlias = Callable[[Scan], str]

_MODULES = {  # format -> module with `render(scan) -> str`
    "text": "openness_audit.render.gathered.scan_text",
    "json": "openness_audit.render.gathered.scan_json",
    "markdown": "openness_audit.render.gathered.scan_markdown",
}
BATCHES = ("sarif", "junit", "csv")  # told of the audits, by the formats that hold several
FORMATS = (*_MODULES, *BATCHES, *render.BILLS)


def known_format(name: str, *, listed_only: bool = False) -> str:
    """Give the format's name back. Raises UsageError, which names what is available, for any other."""
    offered = tuple(_MODULES) if listed_only else FORMATS
    if name not in offered:
        what = "a list without audits" if listed_only else "a scan"
        raise UsageError(f"format {name!r} is not available for {what}", hint=f"available: {', '.join(offered)}")
    return name


def format_of(path: str, *, listed_only: bool = False) -> str:
    """Tell the format by a file's ending. Raises UsageError where it names none that a scan has."""
    name = render.ending_without_batch(path)
    if name not in FORMATS:
        offered = ", ".join(ending for ending, known in render.ENDINGS if known in FORMATS)
        raise UsageError(f"the ending of {path!r} names no format of a scan", hint=f"available endings: {offered}")
    return known_format(name, listed_only=listed_only)


def bill(name: str, scan: Scan, batch: Batch) -> str:
    """Tell the code, and every model and data set that it names, as a bill of materials."""
    from openness_audit.render.bom.scan import of_scan  # noqa: PLC0415 - only for such a format

    return render.bill_of(name, of_scan(scan, batch))


def renderer(name: str) -> Renderer:
    """Load the function that tells a scan itself. Raises UsageError for a format that is not available."""
    function: Renderer = import_module(_MODULES[known_format(name)]).render
    return function
