"""Checks on papers and on the parts of the model card."""

from __future__ import annotations

from msgspec import Struct

from openness_audit.checks.base import (
    Answer,
    CouldNot,
    NotSeen,
    card_unread,
    check,
    mentions_of,
    seen,
    texts_searched,
    texts_unread,
)
from openness_audit.model.evidence import Place, Unavailable
from openness_audit.model.facts import Facts

_RESULTS = frozenset({"table", "list", "model-index"})
_NO_CARD = "README.md in the file listing"


class PaperArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`covers`: any of the coverings of `Paper.covers`; `kinds`: any of paper, report, blog."""

    covers: tuple[str, ...]
    kinds: tuple[str, ...] = ("paper", "report")


@check("paper", PaperArgs)
def paper(facts: Facts, args: PaperArgs) -> Answer:
    """The card, an own README or the metadata points to a paper, report or blog post, with what it covers."""
    found = [p for p in facts.papers if p.covers in args.covers and p.kind in args.kinds]
    if found:
        places = tuple(dict.fromkeys(place for p in found for place in p.places))
        names = ", ".join(dict.fromkeys(p.id for p in found[:3]))
        return seen(
            places, "declared", object=found[0].id, names=names, count=str(len(found)), detail=found[0].title or ""
        )
    causes = texts_unread(facts)
    unread = any(row.scope == "record" for row in facts.unread)  # then the Hub's tags were not seen either
    searched = (*texts_searched(facts), *(() if unread else ("arXiv tags",)))
    return CouldNot(causes=causes, searched=searched) if causes else NotSeen(searched=searched)


class CardPartsArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`groups`: each is a list of parts of which any will do; `at_least`: how many groups (0: all of them).

    `without`: statements with one of these attributes fill no part.
    """

    groups: tuple[tuple[str, ...], ...]
    at_least: int = 0
    without: tuple[str, ...] = ()


@check("card-parts", CardPartsArgs)
def card_parts(facts: Facts, args: CardPartsArgs) -> Answer:
    """The model card has content in the named parts: description, training, evaluation and so on."""
    if isinstance(facts.card, Unavailable):
        return CouldNot(causes=(facts.card.cause,))
    parts = _parts(facts, frozenset(args.without))
    there = [group for group in args.groups if any(part in parts for part in group)]
    missing = ", ".join(" or ".join(group) for group in args.groups if group not in there)
    if there and len(there) >= (args.at_least or len(args.groups)):
        places = tuple(dict.fromkeys(p for group in there for part in group for p in parts.get(part, ())))
        names = ", ".join(part for group in there for part in group if part in parts)
        return seen(places, "verified", names=names, count=str(len(there)), detail=missing, object=names)
    causes = card_unread(facts)  # what is behind the end of a card that was cut may be there
    return CouldNot(causes=causes) if causes else NotSeen(searched=texts_searched(facts) or (_NO_CARD,))


def _parts(facts: Facts, without: frozenset[str]) -> dict[str, tuple[Place, ...]]:
    """Give the parts of the card that have content, with their places; reported numbers are an evaluation part."""
    found: dict[str, tuple[Place, ...]] = {}
    for mention in (*mentions_of(facts, "evaluation-results"), *mentions_of(facts, "card-section")):
        part = mention.object if mention.topic == "card-section" and "content" in mention.attrs else ""
        if mention.topic == "evaluation-results" and mention.place.kind in {"card", "metadata"}:
            part = "evaluation" if mention.attrs & _RESULTS else ""
        if part and mention.whose == "self" and mention.polarity == "affirmed" and not without & mention.attrs:
            found[part] = (*found.get(part, ()), mention.place)
    return found
