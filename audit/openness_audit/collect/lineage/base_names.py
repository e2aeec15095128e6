"""Which repositories a base model's bare name may mean."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

import msgspec
from msgspec import Struct

from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card
from openness_audit.model.facts_origins import Lineage
from openness_audit.packaged import read_as

_JOIN = re.compile(r"[\s_-]+")


class NamedModels(Struct, frozen=True, forbid_unknown_fields=True):
    """Spellings of a name, and every repository of the publisher that bears it.

    `language`: others publish models of that name for other languages, so a model for another may mean one of theirs.
    """

    names: tuple[str, ...]
    ids: tuple[str, ...]
    language: str | None = None


def _plain(name: str) -> str:
    return _JOIN.sub(" ", name.lower()).strip()


@cache
def _table() -> dict[str, NamedModels]:
    entries = read_as("vocabulary/base-models.yaml", list[NamedModels])
    return {_plain(name): entry for entry in entries for name in entry.names}


def candidates(name: str, languages: Collection[str] = ()) -> tuple[str, ...]:
    """Give the ids of the models that a bare name may mean, empty where the name is not on the list.

    Args:
        name: the name as written.
        languages: what the subject's metadata says it is for, as ISO 639 codes; empty where it says nothing.
    """
    entry = _table().get(_plain(name))
    if entry is None or (entry.language and languages and entry.language not in languages):
        return ()
    return entry.ids


def _languages(info: RepoInfo, card: Card | None) -> frozenset[str]:
    said = (card.front_matter.values if card is not None else info.card_data or {}).get("language")
    rows = said if isinstance(said, list) else [said]
    return frozenset(str(row).lower().partition("-")[0] for row in rows if isinstance(row, str))


def with_candidates(lineage: Lineage, info: RepoInfo, card: Card | None) -> Lineage:
    """Give the lineage with the candidates of every base model that is known by its name alone."""
    if all(parent.id for parent in lineage.parents):
        return lineage
    spoken = _languages(info, card)
    parents = tuple(
        p if p.id else msgspec.structs.replace(p, candidates=candidates(p.name, spoken)) for p in lineage.parents
    )
    return msgspec.structs.replace(lineage, parents=parents)
