"""All that a card says, in one text: what does not stand there stands in no block."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from openness_audit.collect.once import once_a_card
from openness_audit.model.card import Card

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence


@once_a_card
def low_text(card: Card) -> str:
    """Give the headings and blocks of a card in lower case, each on lines of its own."""
    titles = (section.title for section in card.sections)
    heads = (" ".join(block.rows[0]) for block in card.blocks if block.rows)
    return "\n".join((*titles, *heads, *(block.text for block in card.blocks))).lower()


def where(pattern: re.Pattern[str], texts: Sequence[str]) -> Iterator[int]:
    """Number the texts in which a pattern begins that matches no line break, by one look through all; some repeat."""
    ends = list(accumulate(len(text) + 1 for text in texts))
    return (bisect_right(ends, match.start()) for match in pattern.finditer("\n".join(texts)))
