"""Read one row of a dump, whatever its columns are called and of whatever types they are. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.model.row import DumpRow
from openness_audit.sources.reading import is_repo_id, parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 32 * 1024 * 1024  # bytes of a row; a longer one is passed over unread
_LONGEST_TEXT = 200  # characters of a small field
_MOST_TAGS = 5000

COLUMNS: dict[str, tuple[str, ...]] = {  # what a row says -> the columns that may say it, the first one there counts
    "id": ("modelId", "id", "model_id"),
    "card": ("card",),
    "sha": ("sha",),
    "last_modified": ("last_modified", "lastModified"),
    "library_name": ("library_name",),
    "pipeline_tag": ("pipeline_tag",),
    "tags": ("tags",),
    "downloads": ("downloads",),
    "likes": ("likes",),
    "created_at": ("createdAt", "created_at"),
}


class BadRowError(Exception):
    """A row cannot be read; `id` is whose it is, as far as that can be told."""

    def __init__(self, code: str, why: str, name: str = "") -> None:
        """Keep what happened and to what."""
        super().__init__(why)
        self.code = code
        self.id = name


def read_row(line: bytes, columns: Mapping[str, str], taken: str) -> DumpRow:
    """Read one row.

    Args:
        line: the row as a JSON object.
        columns: columns that bear other names than usual, by the name in `COLUMNS`.
        taken: the day the dump was made.

    Returns:
        What it says; a column that is missing, or holds something else than it should, says nothing. Raises BadRowError
        for what is no row, names no model, or holds a card that is no text.
    """
    fields = fields_of(line)
    given = {name: _first(fields, columns.get(name), usual) for name, usual in COLUMNS.items()}
    name = given["id"]
    if not isinstance(name, str) or not is_repo_id(name):
        shown = str(name)[:_LONGEST_TEXT] if isinstance(name, str) else ""
        raise BadRowError("malformed", "the row names no model of the Hub", shown)
    card = given["card"]
    if card is not None and not isinstance(card, str):
        raise BadRowError("malformed", f"the card is no text but of type {type(card).__name__}", name)
    return DumpRow(
        id=name,
        card=card,
        sha=_text(given["sha"]),
        last_modified=_text(given["last_modified"]),
        library_name=_text(given["library_name"]),
        pipeline_tag=_text(given["pipeline_tag"]),
        tags=_tags(given["tags"]),
        downloads=_count(given["downloads"]),
        likes=_count(given["likes"]),
        created_at=_text(given["created_at"]),
        taken=taken,
    )


def fields_of(line: bytes) -> dict[str, Any]:
    """Give the columns of a row. Raises BadRowError for what is no JSON object, or too long."""
    if len(line) > LONGEST:
        raise BadRowError("too-large", f"the row has more than {LONGEST // 2**20} MiB", _guess(line))
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            value = parse_json(line)  # lone surrogates, NaN, bytes that are no UTF-8
        except ValueError as problem:
            raise BadRowError("malformed", f"the row is not JSON: {str(problem)[:100]}", _guess(line)) from None
    if not isinstance(value, dict):
        raise BadRowError("malformed", "the row is no object")
    return value


def _guess(line: bytes) -> str:
    """Give the id of a row that cannot be read, where it stands at the beginning as it does in most dumps."""
    for name in COLUMNS["id"]:
        _, found, rest = line[:1000].partition(f'"{name}"'.encode())
        said = rest.lstrip(b" :").split(b'"')
        if found and len(said) > 2 and not said[0] and is_repo_id(text := said[1].decode("ascii", "replace")):
            return text
    return ""


def _first(fields: dict[str, Any], told: str | None, usual: tuple[str, ...]) -> Any:
    names = (told,) if told is not None else usual
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT else None


def _count(value: Any) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) < 19:
        value = int(value)
    if isinstance(value, float) and value.is_integer():  # as tables with gaps keep numbers
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _tags(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, str) and value.startswith("["):
        try:
            value = msgspec.json.decode(value.encode("utf-8", "replace"))
        except msgspec.DecodeError:
            return None
    if not isinstance(value, list):
        return None
    return tuple(tag for tag in value[:_MOST_TAGS] if isinstance(tag, str))
