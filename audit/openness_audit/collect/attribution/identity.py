"""Who the subject is, by every name a card may use for it: the ground of all attribution."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from msgspec import Struct

_SIZE = re.compile(r"^\d+(?:\.\d+)?[bmk]$|^\d+x\d+b$", re.IGNORECASE)
_SPLIT = re.compile(r"[-_.\s]+")
_FORMAT = frozenset(
    {"hf", "gguf", "gptq", "awq", "exl2", "fp16", "bf16", "int4", "int8", "4bit", "8bit", "mlx", "onnx", "ggml"}
)


class Identity(Struct, frozen=True, kw_only=True, cache_hash=True):
    """The subject's names.

    `aliases` are lower-case spellings of this very model ("olmo-7b", "olmo 7b"); `family` are the spellings without
    size, date and format ("olmo"); `org` is the publisher; `project` are organisations and project words that the
    card shows to be the publisher's own (code organisations differ from Hub ones: HuggingFaceH4 and huggingface).
    """

    id: str
    org: str
    name: str
    aliases: frozenset[str]
    family: frozenset[str]
    project: frozenset[str] = frozenset()
    parent_ids: tuple[str, ...] = ()
    parent_names: frozenset[str] = frozenset()  # lower-case names and aliases of the base models
    derivation: str = "base"


def aliases_of(name: str) -> frozenset[str]:
    """Give the lower-case spellings of a model name: as written, with blanks, and without a format suffix."""
    low = name.lower()
    tokens = [t for t in _SPLIT.split(low) if t]
    kept = [t for t in tokens if t not in _FORMAT]
    return frozenset(s for s in (low, " ".join(tokens), "-".join(kept), " ".join(kept)) if len(s) >= 3)


def abbreviation_of(name: str) -> str:
    """Give the initials of a name's words with its size, as cards shorten it: `snowy-owl-7b` is SO-7B; or nothing."""
    tokens = [t for t in _SPLIT.split(name.lower()) if t and t not in _FORMAT]
    words = list(itertools.takewhile(str.isalpha, tokens))
    rest = tokens[len(words) :]
    short = len(words) < 2 or len(rest) != 1 or not _SIZE.match(rest[0])
    return "" if short else f"{''.join(word[0] for word in words)}-{rest[0]}"


def family_of(name: str) -> frozenset[str]:
    """Give the leading word of a model name, without size and version: `OLMo-7B` gives `olmo`."""
    tokens = [t for t in _SPLIT.split(name.lower()) if t]
    lead: list[str] = []
    for token in tokens:
        if _SIZE.match(token) or token in _FORMAT or re.fullmatch(r"v?\d+(\.\d+)*", token):
            break
        lead.append(token)
    bare = re.sub(r"\d+$", "", lead[0]) if lead else ""
    words = {lead[0] if lead else "", "-".join(lead), " ".join(lead), bare}
    return frozenset(w for w in words if len(w) >= 3)


@lru_cache(maxsize=256)  # every reader of a card builds the same ones
def identity(
    repo_id: str, *, parent_ids: tuple[str, ...] = (), parent_names: tuple[str, ...] = (), derivation: str = "base"
) -> Identity:
    """Build the identity of `org/name` (or a bare legacy name), with its base models' names told apart from its own."""
    org, _, name = repo_id.rpartition("/")
    own = aliases_of(name)
    parents: set[str] = set()
    for parent in (*parent_ids, *parent_names):
        parents |= aliases_of(parent.rpartition("/")[2])
        parents.add(parent.lower())
    return Identity(
        id=repo_id,
        org=org.lower(),
        name=name,
        aliases=own,
        family=family_of(name),
        parent_ids=parent_ids,
        parent_names=frozenset(parents - own),
        derivation=derivation,
    )
