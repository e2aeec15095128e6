"""A small model card, and the data sets read in it."""

from __future__ import annotations

from typing import Any

from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.card.markdown import read_card
from openness_audit.collect.data.find import find_data
from openness_audit.model.capture import Origin, RepoInfo
from openness_audit.model.card import Card, Document
from openness_audit.model.facts_origins import DataSet, Derivation, Lineage, Parent

TUNED: dict[str, Any] = {"derivation": "finetune", "parent": "openbase/gull-7b"}

ORIGIN = Origin(
    url="https://huggingface.co/api/models/acme/tern-7b", sha256="0" * 64, retrieved_at="2025-01-01T00:00:00Z"
)


def card_of(text: str) -> Card:
    document = Document(
        kind="card",
        repo="acme/tern-7b",
        path="README.md",
        url="https://huggingface.co/acme/tern-7b/blob/main/README.md",
        sha=None,
        sha256="0" * 64,
        retrieved_at="2025-01-01T00:00:00Z",
        from_cache=False,
    )
    return read_card(text, document)


def find(text: str, derivation: Derivation = "base", parent: str | None = None, **lineage: Any) -> tuple[DataSet, ...]:
    parents = (
        (Parent(id=parent, name=parent, relation="finetune", source="metadata", places=()),)
        if parent is not None
        else ()
    )
    line = Lineage(derivation=derivation, places=(), parents=parents, **lineage)
    me = identity("acme/tern-7b", parent_ids=tuple(p.id for p in parents if p.id), derivation=derivation)
    info = RepoInfo(kind="model", id="acme/tern-7b", origin=ORIGIN)
    return find_data((card_of(text),), info, me, line)


def own(text: str, derivation: Derivation = "base", parent: str | None = None, **lineage: Any) -> list[tuple[str, ...]]:
    found = find(text, derivation, parent, **lineage)
    return [(d.stage, d.how, d.extent, d.id or d.name) for d in found if d.whose == "self" and d.stage != "evaluation"]
