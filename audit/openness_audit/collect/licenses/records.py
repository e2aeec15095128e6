"""Read a base model's licence file and card where its metadata names no terms."""

from __future__ import annotations

from collections.abc import Mapping

from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.card.markdown import document_of, read_card
from openness_audit.collect.licenses.find import collect_licenses
from openness_audit.collect.licenses.parents import facts_node
from openness_audit.collect.lineage.find import find_lineage
from openness_audit.licenses.paths import license_role
from openness_audit.model.capture import Failure, FileEntry, Listing, RepoInfo, Text
from openness_audit.model.chain import Node
from openness_audit.model.evidence import Absent
from openness_audit.model.facts import Facts, Subject

__all__ = ["texts_node", "wanted_of"]

_CARD = "README.md"


def wanted_of(info: RepoInfo) -> tuple[str, ...]:
    """Name what may state the terms of a model whose metadata does not: its licence file, and its card."""
    files = sorted((path for path in info.siblings if license_role(path) == "license"), key=lambda p: (p.count("/"), p))
    return (*files[:1], *(path for path in info.siblings if path == _CARD))


def texts_node(info: RepoInfo, texts: Mapping[str, Text | Failure]) -> Node:
    """Give a base model's terms and base models by its record, its licence file and its card.

    Args:
        info: the Hub's record.
        texts: what `wanted_of` named, as far as it was asked for.
    """
    told = texts.get(_CARD)
    card = None
    if isinstance(told, Text):
        card = read_card(told.text, document_of(told, "card", info.id), truncated=told.truncated)
    listing = Listing(files=tuple(FileEntry(path=p) for p in info.siblings), complete=True, origin=info.origin)
    found = collect_licenses(info, card.front_matter if card else None, card, listing, texts, identity(info.id))
    subject = Subject(id=info.id, sha=info.sha, url=f"https://huggingface.co/{info.id}", gated=info.gated)
    nothing = Absent(())
    return facts_node(
        Facts(
            subject=subject,
            card=nothing,
            files=nothing,
            refs=nothing,
            lineage=find_lineage(card, info, info.siblings, dict(texts)),
            licenses=found,
        )
    )
