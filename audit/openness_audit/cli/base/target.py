"""Read what the user named: a model on the Hub in any of its spellings, or a directory."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from openness_audit.errors import UsageError
from openness_audit.render.escape import clean
from openness_audit.settings import Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn
    from urllib.parse import SplitResult

EVIDENCE = ".bundle"  # how files of evidence end
LONGEST_ID = 96  # huggingface_hub: validate_repo_id
LONGEST_REVISION = 200
_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_PART = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]{1,200}@")
_REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/+=#-]*")
_OTHER_KINDS = {"datasets": "a data set", "spaces": "a space", "collections": "a collection", "papers": "a paper"}
_AT_REVISION = frozenset({"tree", "blob", "resolve", "raw", "commit", "commits", "blame"})
_HINT = "a model is org/name, name, hf://org/name, its address on the Hub, or a directory such as ./model"


def parse_target(text: str, *, is_directory: Callable[[str], bool], endpoint: str = "") -> Target:
    """Read one MODEL of the command line.

    Args:
        text: `org/name`, `name`, either with `@REV`, `hf://...`, a Hub address (also with /tree/REV), or a path.
        is_directory: tells whether a path names a directory.
        endpoint: the configured Hub; addresses there are understood as well.

    Returns:
        The target. Raises UsageError, quoting `text` harmlessly, for anything else.
    """
    if not text.strip() or clean(text) != text:
        _refuse(text, "it is empty or holds blanks or hidden characters")
    if "://" in text:
        return _address(text, endpoint)
    if is_path(text) or ("/" in text and is_directory(text)):
        if not is_directory(text):
            raise UsageError(f"there is no directory {clean(text)!r}", hint=_HINT)
        return Target(kind="directory", id=text)
    name, at, revision = text.partition("@")
    return _hub(name, revision if at else None, text)


def is_path(text: str) -> bool:
    """Say whether the spelling alone makes it a path."""
    return text in (".", "..", "~") or text.startswith(("./", "../", "~/", ".\\", "..\\")) or os.path.isabs(text)  # noqa: PTH117 - a pure test of spelling


def _refuse(text: str, why: str) -> NoReturn:
    shown = clean(_CREDENTIALS.sub("***@", text))[:120]
    raise UsageError(f"{shown!r} names no model: {why}", hint=_HINT)


def _hub(name: str, revision: str | None, text: str) -> Target:
    parts = name.split("/")
    if len(parts) > 2 or len(name) > LONGEST_ID or name.endswith(".git"):
        _refuse(text, f"an id is one or two parts, at most {LONGEST_ID} characters, and does not end in .git")
    for part in parts:
        if not _PART.fullmatch(part) or ".." in part or "--" in part:
            _refuse(text, "a part of an id holds letters, digits, single dots, hyphens and underscores only")
    if revision is not None and (
        len(revision) > LONGEST_REVISION
        or not _REVISION.fullmatch(revision)
        or any(bad in revision for bad in ("..", "//"))
        or revision.endswith(("/", ".lock"))
    ):
        _refuse(text, "the revision is no branch, tag or commit")
    return Target(kind="hub", id=name, revision=revision)


def _address(text: str, endpoint: str) -> Target:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        _refuse(text, "it is no address")
    if parts.scheme == "hf":
        name, at, revision = text.removeprefix("hf://").removeprefix("models/").rstrip("/").partition("@")
        return _kind(name.split("/"), revision if at else None, text)
    mine = urlsplit(endpoint)
    path = parts.path
    if parts.scheme not in ("http", "https") or not _is_hub(parts, mine):
        _refuse(text, "the address is not one of the Hub")
    if mine.netloc == parts.netloc:
        path = path.removeprefix(mine.path.rstrip("/"))
    segments = [unquote(s) for s in path.strip("/").split("/")]
    segments = segments[1:] if segments[0] == "models" and len(segments) > 2 else segments
    cut = next((i for i in (1, 2) if len(segments) > i and segments[i] in _AT_REVISION), None)
    if cut is None:
        return _kind(segments, None, text)
    rest = segments[cut + 1 :]
    if not rest:
        return _kind(segments[:cut], None, text)
    # `refs/pr/1` is one revision of three parts; any other branch with a slash is written as %2F in Hub addresses
    revision = "/".join(rest[:3]) if rest[0] == "refs" and len(rest) >= 3 else rest[0]
    return _kind(segments[:cut], revision, text)


def _is_hub(parts: SplitResult, mine: SplitResult) -> bool:
    return "@" not in parts.netloc and (
        parts.netloc.lower() in _HOSTS or (bool(mine.netloc) and parts.netloc == mine.netloc)
    )


def _kind(segments: list[str], revision: str | None, text: str) -> Target:
    if segments[0] in _OTHER_KINDS and len(segments) > 1:
        _refuse(text, f"it is {_OTHER_KINDS[segments[0]]}")
    return _hub("/".join(segments), revision, text)
