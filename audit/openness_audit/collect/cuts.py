"""Say which texts were read only in part: what they may say further down is not known, and never absent."""

from __future__ import annotations

from openness_audit.model.card import Card
from openness_audit.model.evidence import Cause
from openness_audit.model.facts import Unread


def cut_texts(cards: tuple[Card, ...]) -> tuple[Unread, ...]:
    """List the card and the own repositories' READMEs that are longer than what was read of them."""
    return tuple(_unread(card) for card in cards if card.truncated)


def _unread(card: Card) -> Unread:
    own = card.role == "own-readme"
    name = f"{card.document.repo}/{card.document.path}" if own else card.document.path
    last = max((block.line_end for block in card.blocks), default=card.front_matter.line_end)
    detail = f"{name} is longer than an audit reads: what stands behind line {last} was not looked at"
    return Unread(
        what=f"{name} behind line {last}",
        scope="own-readme" if own else "card",
        cause=Cause(code="too-large", source=f"{name} behind line {last}", retryable=False, detail=detail),
    )
