"""The formats an audit can be told in: one pure function each, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.audit import Audit

    Renderer: TypeAlias = Callable[[Audit], str]

_MODULES = {  # format -> module with `render(audit) -> str`
    "text": "openness_audit.render.text",
    "json": "openness_audit.render.json",
    "html": "openness_audit.render.html",
    "markdown": "openness_audit.render.markdown",
    "badge": "openness_audit.render.badge",
    "notice": "openness_audit.render.notice",
    "mof-yaml": "openness_audit.render.mof_yaml",
}
FORMATS = tuple(_MODULES)
ENDINGS = (  # the longest first: a BOM is not plain JSON, and must never be written as such
    (".spdx3.json", "spdx3"),
    (".spdx.json", "spdx"),
    (".cdx.json", "cyclonedx"),
    (".sarif.json", "sarif"),
    (".notice.md", "notice"),
    (".mof.yaml", "mof-yaml"),
    (".mof.yml", "mof-yaml"),
    (".markdown", "markdown"),
    (".sarif", "sarif"),
    (".json", "json"),
    (".html", "html"),
    (".htm", "html"),
    (".txt", "text"),
    (".xml", "junit"),
    (".svg", "badge"),
    (".csv", "csv"),
    (".md", "markdown"),
)
_OFFERED = ", ".join(FORMATS)


def known_format(name: str) -> str:
    """Give the format's name back. Raises UsageError, which names what is available, for any other."""
    if name not in _MODULES:
        raise UsageError(f"format {name!r} is not available", hint=f"available formats: {_OFFERED}")
    return name


def format_of(path: str) -> str:
    """Tell the format by a file's ending. Raises UsageError where the ending is unknown or its format not available."""
    name = next((known for ending, known in ENDINGS if path.lower().endswith(ending)), None)
    if name is None:
        offered = ", ".join(ending for ending, known in ENDINGS if known in _MODULES)
        raise UsageError(f"the ending of {path!r} names no format", hint=f"available endings: {offered}")
    return known_format(name)


def ending_of(name: str) -> str:
    """Give the usual ending of a format's files."""
    return {
        "json": ".json",
        "html": ".html",
        "markdown": ".md",
        "text": ".txt",
        "badge": ".svg",
        "notice": ".notice.md",
        "mof-yaml": ".mof.yaml",
    }[known_format(name)]


def renderer(name: str) -> Renderer:
    """Load the function that tells an audit in a format. Raises UsageError for a format that is not available."""
    function: Renderer = import_module(_MODULES[known_format(name)]).render
    return function
