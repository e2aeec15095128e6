"""The formats in which changes can be told: one pure function each, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from openness_audit import render
from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.changes import ChangesDoc

    Renderer: TypeAlias = Callable[[ChangesDoc], str]

_MODULES = {  # format -> module with `render(document) -> str`
    "text": "openness_audit.render.changes_text",
    "json": "openness_audit.render.changes_json",
    "markdown": "openness_audit.render.changes_markdown",
}
FORMATS = tuple(_MODULES)


def known_format(name: str) -> str:
    """Give the format's name back. Raises UsageError, which names what is available, for any other."""
    if name not in FORMATS:
        raise UsageError(
            f"format {name!r} is not available for changes", hint=f"available formats: {', '.join(FORMATS)}"
        )
    return name


def format_of(path: str) -> str:
    """Tell the format by a file's ending. Raises UsageError where it names none that changes are told in."""
    name = next((known for ending, known in render.ENDINGS if path.lower().endswith(ending)), None)
    if name not in FORMATS:
        offered = ", ".join(ending for ending, known in render.ENDINGS if known in FORMATS)
        raise UsageError(f"the ending of {path!r} names no format for changes", hint=f"available endings: {offered}")
    return name


def renderer(name: str) -> Renderer:
    """Load the function that tells changes in a format. Raises UsageError for a format that is not available."""
    function: Renderer = import_module(_MODULES[known_format(name)]).render
    return function
