"""Say which texts were read only in part: what they may say further down is not known, and never absent."""

from __future__ import annotations

from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card
from openness_audit.model.evidence import Cause, CauseCode
from openness_audit.model.facts import Unread


def cut_texts(cards: tuple[Card, ...], info: RepoInfo) -> tuple[Unread, ...]:
    """List the card and the own repositories' READMEs that are longer than what was read of them.

    The card's metadata count too where they could not be read here and the Hub tells none of them.
    """
    rows = [_unread(card) for card in cards if card.truncated]
    return (*rows, *(_metadata(card) for card in cards if card.role == "card" and _lost(card, info)))


def _lost(card: Card, info: RepoInfo) -> bool:
    return card.front_matter.state in {"too-large", "malformed"} and not info.card_data


def _metadata(card: Card) -> Unread:
    code: CauseCode = "too-large" if card.front_matter.state == "too-large" else "malformed"
    name = f"the metadata of {card.document.path}"
    detail = f"{name} could not be read: {card.front_matter.problem}"
    return Unread(what=name, scope="card", cause=Cause(code=code, source=name, retryable=False, detail=detail))


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
