"""Leave out of a card's metadata the results of a model whose whole card was copied under another name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

import msgspec

from openness_audit.collect.lineage.refs import hub_id
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card
from openness_audit.model.facts_origins import COPIES, Lineage

_KEYS: Final = ("model-index", "model_index")
_BLOCKS: Final = 400
_TEXT: Final = 20_000  # characters of a block that are read
_LEAST: Final = 4  # characters of a name that can be told from other words
_LOADED = re.compile(r"['\"](?P<id>[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})['\"]")
_PLAIN = re.compile(r"[\W_]+")


def own_metadata(card: Card, info: RepoInfo, lineage: Lineage) -> Card:
    """Leave `model-index` out where its one entry is named after another publisher's model, and the body agrees.

    Generators give that entry the base model's name or a folder's, so a name alone proves nothing: the body must link
    or load the model of that name, and never name the subject.

    Args:
        card: the subject's card.
        info: the Hub's record of the subject.
        lineage: what it was made from; a copy's results are its original's in any case.

    Returns:
        The card without those results, else the same card.
    """
    name = _plain(_entry_name(card))
    me = _plain(info.id.rpartition("/")[2])
    bases = {_plain(_last(p.id or p.name)) for p in lineage.parents}
    ours = len(name) < _LEAST or name in bases or name in me or me in name
    if ours or lineage.derivation in COPIES or _names(card, info.id) or name not in _others(card, info.id):
        return card
    kept = {key: value for key, value in card.front_matter.values.items() if key not in _KEYS}
    return msgspec.structs.replace(card, front_matter=msgspec.structs.replace(card.front_matter, values=kept))


def _plain(name: str) -> str:
    return _PLAIN.sub("", name.lower())


def _last(repo_id: str) -> str:
    return repo_id.rpartition("/")[2]


def _entry_name(card: Card) -> str:
    """Give the name of a `model-index` of one entry, empty where there are several or none."""
    values = card.front_matter.values
    index: Any = next((values[key] for key in _KEYS if values.get(key)), None)
    entries = index if isinstance(index, list) else [index]
    entry = entries[0] if len(entries) == 1 else None
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return _last(name.strip()) if isinstance(name, str) else ""


def _names(card: Card, repo_id: str) -> bool:
    """Say whether the body names the subject, by its id, its name or a link to it."""
    name = _last(repo_id).lower()
    for block in card.blocks[:_BLOCKS]:
        if name in block.text[:_TEXT].lower() or any(repo_id.lower() in link.url.lower() for link in block.links[:200]):
            return True
    return len(name) < _LEAST


def _others(card: Card, repo_id: str) -> set[str]:
    """Give the names of other publishers' models that the body links or loads."""
    org = repo_id.partition("/")[0].lower()
    return {_plain(_last(found)) for found in _ids(card) if found.partition("/")[0].lower() != org}


def _ids(card: Card) -> Iterator[str]:
    for block in card.blocks[:_BLOCKS]:
        yield from (found for link in block.links[:200] if (found := hub_id(link.url)))
        if block.kind == "code":
            yield from (match["id"] for match in islice(_LOADED.finditer(block.text[:_TEXT]), 50))
