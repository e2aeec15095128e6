"""Builders shared by the tests of lineage, papers, sections and attribution."""

from __future__ import annotations

from typing import Any

from openness_audit.collect.attribution.identity import Identity, identity
from openness_audit.collect.card.markdown import document_of, read_card
from openness_audit.collect.lineage.find import find_lineage
from openness_audit.model.capture import Failure, Origin, RepoInfo, Text
from openness_audit.model.card import Card
from openness_audit.model.facts_origins import Lineage


def origin(path: str) -> Origin:
    return Origin(url=f"https://huggingface.co/{path}", sha256="0" * 64, retrieved_at="2026-01-01T00:00:00Z")


def info(model: str, **fields: Any) -> RepoInfo:
    return RepoInfo(kind="model", id=model, origin=origin(f"api/models/{model}"), sha="a" * 40, **fields)


def card(text: str, model: str = "acme/zeta-7b", role: Any = "card") -> Card:
    source = Text(path="README.md", text=text, origin=origin(f"{model}/resolve/main/README.md"))
    return read_card(text, document_of(source, "card", model), role)


def lineage(text: str | None, model: str, *, paths: tuple[str, ...] = (), **fields: Any) -> Lineage:
    texts: dict[str, Text | Failure] = fields.pop("texts", {})
    return find_lineage(card(text, model) if text is not None else None, info(model, **fields), paths, texts)


def names_of(model: str, found: Lineage) -> Identity:
    return identity(
        model,
        parent_ids=tuple(p.id for p in found.parents if p.id),
        parent_names=tuple(p.name for p in found.parents),
        derivation=found.derivation,
    )
