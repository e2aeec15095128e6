"""Read bodies written by strangers: JSON field by field, text in any encoding, paths and ids that may be traps."""

from __future__ import annotations

import codecs
import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from openness_audit.model.capture import Failure, FileEntry, Origin, Text
from openness_audit.sources.exchange import failure

if TYPE_CHECKING:
    from openness_audit.sources.exchange import Reply

T = TypeVar("T")
MAX_FILES = 100_000
_ID = re.compile(r"[A-Za-z0-9_.-]{1,96}(?:/[A-Za-z0-9_.-]{1,96})?")
_HEX = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def parse_json(body: bytes) -> Any:
    """The value a body holds, without lone surrogates, infinities or NaN.

    Raises:
        ValueError: it is not JSON, or nested beyond reason.
    """
    text = body.decode("utf-8-sig", "replace")
    try:
        value = _loaded(text)
        if "\\u" in text:  # an escaped lone surrogate parses, but nothing that holds it can be written
            clean = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
            value = json.loads(clean)
    except RecursionError:
        raise ValueError("nested beyond reason") from None
    return value


def json_of(reply: Reply, source: str, kind: type[T], what: str) -> T | Failure:
    """The value an answer holds, where it is of a kind; else the failure, which says that it is not `what`."""
    if reply.truncated:
        return failure("too-large", source, "the answer exceeds the cap")
    try:
        value = parse_json(reply.body)
    except ValueError as error:
        return failure("malformed", source, f"not JSON: {error}")
    return value if isinstance(value, kind) else failure("malformed", source, f"not {what}")


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python refuses to read numbers of thousands of digits; they mean nothing here
        return json.loads(
            text, parse_constant=lambda _: None, parse_int=lambda digits: int(digits) if len(digits) < 40 else None
        )


def is_deep(value: object, most: int = 50) -> bool:
    """Whether a value nests deeper than any front matter does; recursion elsewhere must not meet it."""
    level: list[Any] = [value]
    for _ in range(most):
        level = [inner for each in level if isinstance(each, dict | list) for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def decode_text(body: bytes) -> str:
    """Text whatever the encoding; lines keep their number."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    return body.decode("utf-8", "replace")


def text_of(reply: Reply, path: str, url: str, sha: str | None) -> Text:
    """A text file as a capture holds it."""
    return Text(path=path, text=decode_text(reply.body), origin=origin(reply, url), sha=sha, truncated=reply.truncated)


def origin(reply: Reply, url: str) -> Origin:
    """Where an answer came from; `url` is the canonical one."""
    return Origin(
        url=url,
        sha256=sha256(reply.body).hexdigest(),
        retrieved_at=reply.retrieved_at,
        from_cache=reply.from_cache,
        stale=reply.stale,
    )


def is_repo_id(value: object) -> bool:
    """Whether this can be the name of a repository and nothing else."""
    if not isinstance(value, str) or not _ID.fullmatch(value) or ".." in value:
        return False
    return all(part.strip("._-") for part in value.split("/"))


def is_sha(value: object) -> bool:
    """Whether this is a full commit id."""
    return isinstance(value, str) and bool(_HEX.fullmatch(value))


def quoted_path(path: str) -> str | None:
    """A file's path as part of a URL; None for one that could leave its repository."""
    parts = path.split("/")
    if any(part in {"", ".", ".."} or "\x00" in part for part in parts) or len(path) > 2000:
        return None
    return "/".join(quote(part, safe="") for part in parts)


def as_dict(value: object) -> dict[str, Any]:
    """A JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def as_text(value: object) -> str | None:
    """A string that says something, else None."""
    return value if isinstance(value, str) and value else None


def as_size(value: object) -> int | None:
    """A count of bytes, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def file_entry(row: object) -> FileEntry | None:
    """One row of a Hub listing, if it names a file."""
    fields = as_dict(row)
    path = as_text(fields.get("path"))
    if fields.get("type") != "file" or path is None:
        return None
    lfs = as_dict(fields.get("lfs"))
    size = as_size(lfs.get("size"))
    return FileEntry(
        path=path,
        size=size if size is not None else as_size(fields.get("size")),
        sha256=as_text(lfs.get("oid")) or as_text(lfs.get("sha256")),
        oid=as_text(fields.get("oid")),
    )
