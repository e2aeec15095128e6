"""Write an audit as JSON: the same audit, the same bytes; checked against the published schema first."""

from __future__ import annotations

import functools
import json
import re
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.errors import AuditError
from openness_audit.model.audit import SCHEMA_ID, Audit
from openness_audit.render.escape import hidden

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_NOT_ASCII = re.compile(r"[^\x00-\x7e]")
_EXPONENT = re.compile(rb"[:\[,]-?(?:0\.0000|[0-9][0-9.]*e)")  # Python writes 9e-05, msgspec 0.00009
_SORTED = {  # arrays whose order says nothing
    "assessments": ("rule",),
    "code_repositories": ("url", "role"),
    "evidence": ("repo", "path", "line", "id"),
    "files": ("path",),
    "not_checked": ("what", "code", "why"),
    "training_data": ("stage", "name", "url"),
}
MOST_PROBLEMS = 20


def _order(keys: tuple[str, ...], row: dict[str, Any]) -> list[tuple[int, str]]:
    """Order rows by several values: numbers as numbers, what is missing first."""
    return [(row[k], "") if isinstance(row[k], int) else (-1, row[k] or "") for k in keys]


def plain(audit: Audit) -> dict[str, Any]:
    """Give the document as dictionaries and lists, sorted where order has no meaning."""
    document: dict[str, Any] = msgspec.to_builtins(audit)
    for name, keys in _SORTED.items():
        document[name] = sorted(document[name], key=functools.partial(_order, keys))
    return document


def _escape(found: re.Match[str]) -> str:
    """Write hidden characters as JSON escapes: the value is the same, and no terminal is steered by it."""
    char = found.group()
    if not hidden(char):
        return char
    return json.dumps(char)[1:-1]


def dumps(document: dict[str, Any], *, indent: int | None) -> str:
    """Write any document of ours: one line feed at its end, and nothing in it that steers a terminal."""
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(document, ensure_ascii=False, indent=indent, separators=separators, allow_nan=False)
    return _NOT_ASCII.sub(_escape, text) + "\n"


def indented(document: dict[str, Any]) -> str:
    """Write a document indented by two blanks: the bytes that `dumps` gives, ten times as fast."""
    try:
        data = msgspec.json.encode(document)
    except UnicodeEncodeError:  # a lone surrogate, which only `dumps` can write
        return dumps(document, indent=2)
    if _EXPONENT.search(data):
        return dumps(document, indent=2)
    text = msgspec.json.format(data, indent=2).decode()
    return (text if text.isascii() and "\x7f" not in text else _NOT_ASCII.sub(_escape, text)) + "\n"


def render(audit: Audit) -> str:
    """Give the document, indented by two blanks. Raises AuditError if it does not fit its own schema."""
    return _checked(indented(plain(audit)))


def line(audit: Audit) -> str:
    """Give the document on one line, as several models are written. Raises AuditError as `render` does."""
    return _checked(dumps(plain(audit), indent=None))


def _checked(text: str) -> str:
    if not _fits(text) and (problems := validate_audit(text.encode("utf-8"))):
        raise AuditError(f"the audit does not fit its own schema: {'; '.join(problems[:3])}")
    return text


def _fits(text: str) -> bool:
    """Say whether a document surely fits, by the types the schema is generated from: a hundred times as fast.

    Lone surrogates, which JSON may hold and msgspec does not read, are left to the schema.
    """
    try:
        return msgspec.json.decode(text, type=Audit).schema == SCHEMA_ID
    except msgspec.MsgspecError:
        return False


@functools.cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - 90 ms, and only what does not fit needs it

    schema = json.loads((resources.files("openness_audit.schemas") / "audit.schema.json").read_text("utf-8"))
    return Draft202012Validator(schema)


def validate_audit(data: bytes) -> list[str]:
    """Check bytes against the committed schema of the audit document.

    Args:
        data: JSON in UTF-8.

    Returns:
        The problems found, each with its place in the document; none when it fits.
    """
    try:
        document = json.loads(data)
    except ValueError as problem:
        return [f"not JSON: {problem}"]
    return [
        f"{error.json_path}: {error.message[:200]}"
        for _, error in zip(range(MOST_PROBLEMS), _validator().iter_errors(document), strict=False)
    ]
