"""Which repositories a base model's bare name may mean."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import msgspec
import yaml
from msgspec import Struct

from openness_audit.model.facts import Lineage

_JOIN = re.compile(r"[\s_-]+")


class NamedModels(Struct, frozen=True, forbid_unknown_fields=True):
    """Spellings of a name, and every repository of the publisher that bears it."""

    names: tuple[str, ...]
    ids: tuple[str, ...]


def _plain(name: str) -> str:
    return _JOIN.sub(" ", name.lower()).strip()


@cache
def _table() -> dict[str, tuple[str, ...]]:
    text = (resources.files("openness_audit.rules") / "vocabulary" / "base-models.yaml").read_text("utf-8")
    entries = msgspec.convert(yaml.load(text, yaml.CSafeLoader), list[NamedModels])
    return {_plain(name): entry.ids for entry in entries for name in entry.names}


def candidates(name: str) -> tuple[str, ...]:
    """Give the ids of the models that a bare name may mean, empty where the name is not on the list."""
    return _table().get(_plain(name), ())


def with_candidates(lineage: Lineage) -> Lineage:
    """Give the lineage with the candidates of every base model that is known by its name alone."""
    if all(parent.id for parent in lineage.parents):
        return lineage
    parents = tuple(p if p.id else msgspec.structs.replace(p, candidates=candidates(p.name)) for p in lineage.parents)
    return msgspec.structs.replace(lineage, parents=parents)
