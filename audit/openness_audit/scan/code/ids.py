"""Read what a text in code names: an id of the Hub, with its kind and revision, or why it is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, TypeAlias
from urllib.parse import unquote

from msgspec import Struct

from openness_audit.model.usages import Kind, Pinned
from openness_audit.scan.code.vocabulary import index, words

LONGEST_ID = 96  # huggingface_hub: validate_repo_id
LONGEST_TEXT = 400
_PART = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")
REVISION = re.compile(r"[A-Za-z0-9_](?:(?!\.\.|//)[A-Za-z0-9._/+=#-]){0,198}")  # a branch, tag or commit
_COMMIT = re.compile(r"[0-9a-f]{40}")
_WORDS = re.compile(r"[-_.]")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_FILLED = re.compile(r"[<>{}$%*|\[\]()\s\\\"'`,;!?&=#^]")
_AT_REVISION = frozenset({"tree", "blob", "resolve", "raw", "commit", "commits", "blame"})
Shape: TypeAlias = Literal["id", "old-id", "bare", "doubtful", "none"]
IsLocal: TypeAlias = Callable[[str], bool]


class Named(Struct, frozen=True, kw_only=True):
    """What a text names.

    `shape`: `id` has an owner, `old-id` is one of the Hub's first without, `bare` any other name without an owner,
    `doubtful` looks like a folder or a placeholder (`note` says which), `none` is no id. `marked`: it stood behind an
    address of the Hub.
    """

    shape: Shape
    id: str = ""
    kind: Kind | None = None
    revision: str | None = None
    marked: bool = False
    note: str = ""


NOTHING = Named(shape="none")


def pinned(revision: str | None) -> Pinned:
    """Say what a revision is worth: only a full commit id cannot be moved."""
    if revision is None:
        return "no"
    return "commit" if _COMMIT.fullmatch(revision) else "branch-or-tag"


@lru_cache(maxsize=8192)
def read_id(text: str, *, tagged: bool = False) -> Named:
    """Read what `text` names by its spelling alone.

    Args:
        text: what stands in the code: an id, an address, a path.
        tagged: `:Q4_K_M` behind the name is a quantisation (llama.cpp).

    Returns:
        What it names; `shape` is `none` for paths, files, and names of other services.
    """
    if not text or len(text) > LONGEST_TEXT or text != text.strip():
        return NOTHING
    scheme = next((s for s in words().schemes if text.startswith(s)), None)
    if scheme or "://" in text:
        return _address(text, scheme)
    name, at, revision = text.partition("@")
    if tagged or ":" in name:
        name, colon, tag = name.partition(":")
        if colon and ("/" not in name or (not tagged and (not tag or "/" in tag))):
            return NOTHING
    if at and not REVISION.fullmatch(revision):
        return NOTHING
    return _plain(name, revision if at else None)


def _plain(name: str, revision: str | None) -> Named:
    if _FILLED.search(name):
        return NOTHING
    if name.startswith((".", "/", "~", "-")) or _DRIVE.match(name) or name.endswith(("/", ".git")):
        return NOTHING
    parts = name.split("/")
    if len(parts) > 2 or len(name) > LONGEST_ID or any(not _PART.fullmatch(p) or "--" in p or ".." in p for p in parts):
        return NOTHING
    ending = parts[-1].rpartition(".")[2].lower() if "." in parts[-1] else ""
    if ending in words().endings:
        return NOTHING
    if len(parts) == 1:
        if name in words().canonical:
            return Named(shape="old-id", id=name, revision=revision)
        if name.lower() in words().folders or name.lower() in words().placeholders.names:
            return Named(shape="doubtful", id=name, revision=revision, note="a folder or a placeholder, by its look")
        return Named(shape="bare", id=name, revision=revision)
    return Named(shape="doubtful" if (note := _doubt(*parts)) else "id", id=name, revision=revision, note=note)


def _doubt(owner: str, name: str) -> str:
    """Say why a name of two parts may be no id; empty where nothing speaks against it."""
    standing = words().placeholders
    low, last = owner.lower(), name.lower()
    if low in words().folders:
        return "a folder, by its look"
    if low in standing.owners or last in standing.names or standing.words & set(_WORDS.split(f"{low}-{last}")):
        return "a placeholder, by its look"
    return ""


def _address(text: str, scheme: str | None) -> Named:
    """Read an address of the Hub: `https://huggingface.co/org/name/resolve/REV/file`, `hf.co/...`, `hf://...`."""
    rest = text
    if "://" in text and not text.startswith("hf"):
        rest = text.partition("://")[2]
    host, slash, path = rest.partition("/")
    if host.lower() in words().hosts and slash:
        rest = path
    elif scheme is None:
        return NOTHING
    else:
        rest = text.removeprefix(scheme)
    rest = re.split(r"[?#]", rest, maxsplit=1)[0].strip("/")
    segments = [unquote(s) for s in rest.split("/")]
    kind: Kind = "model"
    while segments and segments[0] in words().kinds and len(segments) > 1:
        kind = words().kinds[segments[0]]
        segments = segments[1:]
    if not segments or (kind == "model" and segments[0].lower() in words().not_owners):
        return NOTHING
    two = len(segments) > 1 and segments[1] not in _AT_REVISION
    name, at, revision = "/".join(segments[: 2 if two else 1]).partition("@")
    name = name.partition(":")[0]
    after = segments[2 if two else 1 :]
    if not at and len(after) > 1 and after[0] in _AT_REVISION:
        revision, at = ("/".join(after[1:4]) if after[1] == "refs" else after[1]), "@"
    if not two and kind == "model" and name not in words().canonical:
        return NOTHING  # a person's or an organisation's page
    found = _plain(name, revision if at else None)
    if found.shape == "none" or (found.shape == "bare" and kind == "model"):
        return NOTHING
    shape: Shape = "id" if found.shape in ("bare", "old-id") else found.shape
    return Named(shape=shape, id=found.id, kind=kind, revision=found.revision, marked=True, note=found.note)


def routed_elsewhere(name: str) -> bool:
    """Say whether a name means a model of another service, where it stands under a key that any service may use."""
    return index().not_hub.fullmatch(name) is not None


def is_builder(name: str) -> bool:
    """Say whether a name given to `load_dataset` means files of one's own."""
    return name.lower() in words().builders
