"""All that a card says, in one text: what does not stand there stands in no block."""

from __future__ import annotations

from openness_audit.collect.once import once_a_card
from openness_audit.model.card import Card


@once_a_card
def low_text(card: Card) -> str:
    """Give the headings and blocks of a card in lower case, each on lines of its own."""
    titles = (section.title for section in card.sections)
    heads = (" ".join(block.rows[0]) for block in card.blocks if block.rows)
    return "\n".join((*titles, *heads, *(block.text for block in card.blocks))).lower()
