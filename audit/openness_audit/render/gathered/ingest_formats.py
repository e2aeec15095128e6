"""The formats an ingest can be told in: of the comparison itself, or of all its audits together."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from openness_audit import render
from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.ingest import Ingest

    Renderer: TypeAlias = Callable[[Ingest], str]

_MODULES = {  # format -> module with `render(ingest) -> str`
    "text": "openness_audit.render.gathered.ingest_text",
    "json": "openness_audit.render.gathered.ingest_json",
    "markdown": "openness_audit.render.gathered.ingest_markdown",
}
BATCHES = (  # told of the audits, by the formats that hold several
    "sarif",
    "junit",
    "csv",
    "spdx",
    "spdx-tag",
    "spdx-rdf",
    "spdx3",
    "cyclonedx",
    "cyclonedx-1.7",
)
FORMATS = (*_MODULES, *BATCHES)


def known_format(name: str) -> str:
    """Give the format's name back. Raises UsageError, which names what is available, for any other."""
    if name not in FORMATS:
        offered = f"available: {', '.join(FORMATS)}; -o DIR/ writes the audit of each model"
        raise UsageError(f"format {name!r} is not available for a bill of materials", hint=offered)
    return name


def format_of(path: str) -> str:
    """Tell the format by a file's ending. Raises UsageError where it names none that an ingest has."""
    name = render.ending_without_batch(path)
    if name not in FORMATS:
        offered = ", ".join(ending for ending, known in render.ENDINGS if known in FORMATS)
        raise UsageError(
            f"the ending of {path!r} names no format for a bill of materials", hint=f"available endings: {offered}"
        )
    return name


def renderer(name: str) -> Renderer:
    """Load the function that tells an ingest itself. Raises UsageError for a format that is not available."""
    function: Renderer = import_module(_MODULES[known_format(name)]).render
    return function
