"""The formats a comparison can be told in: one pure function each, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from openness_audit import render
from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.compare import Comparison

    Renderer: TypeAlias = Callable[[Comparison], str]

_MODULES = {  # format -> module with `render(comparison) -> str`
    "text": "openness_audit.render.compare_text",
    "json": "openness_audit.render.compare_json",
    "html": "openness_audit.render.compare_html",
    "markdown": "openness_audit.render.compare_markdown",
}
FORMATS = tuple(_MODULES)


def known_format(name: str) -> str:
    """Give the format's name back. Raises UsageError, which names what is available, for any other."""
    if name not in _MODULES:
        offered = f"available formats: {', '.join(FORMATS)}"
        raise UsageError(f"format {name!r} is not available for a comparison", hint=offered)
    return name


def format_of(path: str) -> str:
    """Tell the format by a file's ending. Raises UsageError where it names none that a comparison has."""
    name = next((known for ending, known in render.ENDINGS if path.lower().endswith(ending)), None)
    if name not in _MODULES:
        offered = ", ".join(ending for ending, known in render.ENDINGS if known in _MODULES)
        raise UsageError(
            f"the ending of {path!r} names no format of a comparison", hint=f"available endings: {offered}"
        )
    return name


def renderer(name: str) -> Renderer:
    """Load the function that tells a comparison in a format. Raises UsageError for a format that is not available."""
    function: Renderer = import_module(_MODULES[known_format(name)]).render
    return function
