"""The formats that audits can be told in: one pure function each, loaded when it is asked for."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch
    from openness_audit.render.bom.bill import Bom
    from openness_audit.render.records.dsse import Sign

    Renderer: TypeAlias = Callable[[Audit], str]
    BatchRenderer: TypeAlias = Callable[[Batch], str]

_MODULES = {  # format -> module with `render(audit) -> str`
    "text": "openness_audit.render.text.audit",
    "json": "openness_audit.render.json",
    "html": "openness_audit.render.html.audit",
    "markdown": "openness_audit.render.markdown.audit",
    "badge": "openness_audit.render.ci.badge",
    "notice": "openness_audit.render.records.notice",
    "mof-yaml": "openness_audit.render.records.mof_yaml",
    "in-toto": "openness_audit.render.records.intoto",
}
SIGNED = ("dsse", "in-toto-bundle")  # formats that need a key: an envelope, and a file of them, one a line
BILLS = {  # bills of materials: format -> module with `render` and `render_batch`, for one model and for several
    "spdx": "openness_audit.render.spdx.v2_json",
    "spdx-tag": "openness_audit.render.spdx.v2_tag",
    "spdx-rdf": "openness_audit.render.spdx.v2_rdf",
    "spdx3": "openness_audit.render.spdx.v3",
    "cyclonedx": "openness_audit.render.cyclonedx.v1_6",
    "cyclonedx-1.7": "openness_audit.render.cyclonedx.v1_7",
}
_BATCHES = {  # format -> module with `render_batch(batch) -> str`: of several models, those without an audit too
    "sarif": "openness_audit.render.ci.sarif",
    "junit": "openness_audit.render.ci.junit",
    "csv": "openness_audit.render.records.csv",
    "summary": "openness_audit.render.ci.summary",
    "comment": "openness_audit.render.ci.comment",
}
FORMATS = (*_MODULES, *SIGNED, *BILLS, *_BATCHES)
ENDINGS = (  # the longest first: a BOM is not plain JSON, and must never be written as such
    (".v1.7.cdx.json", "cyclonedx-1.7"),
    (".spdx.rdf.xml", "spdx-rdf"),
    (".spdx3.json", "spdx3"),
    (".intoto.jsonl", "in-toto-bundle"),
    (".intoto.json", "in-toto"),
    (".dsse.json", "dsse"),
    (".spdx.json", "spdx"),
    (".cdx.json", "cyclonedx"),
    (".spdx.rdf", "spdx-rdf"),
    (".sarif.json", "sarif"),
    (".summary.md", "summary"),
    (".comment.md", "comment"),
    (".notice.md", "notice"),
    (".mof.yaml", "mof-yaml"),
    (".mof.yml", "mof-yaml"),
    (".markdown", "markdown"),
    (".sarif", "sarif"),
    (".spdx", "spdx-tag"),
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
    if name not in FORMATS:
        raise UsageError(f"format {name!r} is not available", hint=f"available formats: {_OFFERED}")
    return name


def format_of(path: str) -> str:
    """Tell the format by a file's ending. Raises UsageError where the ending is unknown or its format not available."""
    name = next((known for ending, known in ENDINGS if path.lower().endswith(ending)), None)
    if name is None:
        offered = ", ".join(ending for ending, known in ENDINGS if known in FORMATS)
        raise UsageError(f"the ending of {path!r} names no format", hint=f"available endings: {offered}")
    return known_format(name)


def ending_without_batch(path: str) -> str | None:
    """Tell the format of a document that is no batch by a file's ending: its summary and comment are its Markdown."""
    name = next((known for ending, known in ENDINGS if path.lower().endswith(ending)), None)
    return "markdown" if name in ("summary", "comment") else name


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
        "in-toto": ".intoto.json",
        "dsse": ".dsse.json",
        "in-toto-bundle": ".intoto.jsonl",
        "spdx": ".spdx.json",
        "spdx-tag": ".spdx",
        "spdx-rdf": ".spdx.rdf.xml",
        "spdx3": ".spdx3.json",
        "cyclonedx": ".cdx.json",
        "cyclonedx-1.7": ".v1.7.cdx.json",
        "sarif": ".sarif",
        "junit": ".xml",
        "csv": ".csv",
        "summary": ".summary.md",
        "comment": ".comment.md",
    }[known_format(name)]


def bill_of(name: str, bom: Bom) -> str:
    """Tell a bill of materials that was made already. Raises UsageError for a format that is none of them."""
    if name not in BILLS:
        raise UsageError(f"format {name!r} is no bill of materials", hint=f"available formats: {', '.join(BILLS)}")
    function: Callable[[Bom], str] = import_module(BILLS[name]).of_bom
    return function(bom)


def holds_several(name: str) -> bool:
    """Say whether one file of a format holds several models. Markdown does: of several it is their summary."""
    return tells_problems(name) or name in BILLS or name in ("markdown", "in-toto-bundle")


def tells_problems(name: str) -> bool:
    """Say whether a format tells of a model without an audit, too: it is written whatever comes of a call."""
    return known_format(name) in _BATCHES


def renderer(name: str, sign: Sign | None = None) -> Renderer:
    """Load the function that tells an audit in a format.

    Args:
        name: the format.
        sign: what signs, for the formats that are signed.

    Returns:
        The function. Raises UsageError for a format that is not available, and for one that is signed without `sign`.
    """
    if tells_problems(name):
        from openness_audit.model.batch import Batch, Item  # noqa: PLC0415 - only for such a format

        together = batch_renderer(name)
        return lambda audit: together(Batch(items=(Item(asked=audit.subject.id, audit=audit),)))
    if name in SIGNED:
        from openness_audit.render.records import dsse  # noqa: PLC0415 - only for such a format

        return partial(dsse.render, sign=_key(name, sign))
    function: Renderer = import_module((_MODULES | BILLS)[name]).render
    return function


def batch_renderer(name: str, sign: Sign | None = None) -> BatchRenderer:
    """Load the function that tells several models in one file; `sign` as for `renderer`.

    Raises UsageError for a format that cannot.
    """
    if not holds_several(name):
        raise UsageError(f"a file of format {name!r} holds one model", hint="write a file for each: -o DIR/")
    if name in SIGNED:
        from openness_audit.render.records import dsse  # noqa: PLC0415 - only for such a format

        return partial(dsse.render_batch, sign=_key(name, sign))
    function: BatchRenderer = import_module((_BATCHES | BILLS)["summary" if name == "markdown" else name]).render_batch
    return function


def _key(name: str, sign: Sign | None) -> Sign:
    if sign is None:
        raise UsageError(f"format {name!r} is signed", hint="give the key: --sign-key FILE; or -f in-toto, unsigned")
    return sign
