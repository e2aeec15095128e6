"""Decide whose a block of a card or of an own repository's README is, from headings, names and the text's role."""

from __future__ import annotations

from openness_audit.collect.results_names import Names
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import Whose


def is_shared(card: Card, names: Names) -> bool:
    """Tell whether a README covers a family, so that only what names this very model is this model's.

    A repository named like the model, size included where the model's name has one, is this model's own.
    """
    if card.role == "card":
        return False
    repository = card.document.repo.rstrip("/").rpartition("/")[2]
    return names.naming(repository) != "exact"


def block_whose(card: Card, block: Block, names: Names) -> Whose:
    """Say whose a block is by the headings above it; its own words are for the caller to judge."""
    path = card.path_of(block)
    other = names.words.texts["other_sections"]
    for depth, title in enumerate(path):
        if other.search(title):
            return "base"
        if depth and names.is_parent(title):
            return "base"
        if depth and names.about(title) == "other":
            return "other"
    return "self"
