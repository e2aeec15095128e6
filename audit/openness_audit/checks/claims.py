"""Checks on what a card claims of its model's openness."""

from __future__ import annotations

from openness_audit.checks.base import Answer, CouldNot, NoArgs, NotSeen, check, seen
from openness_audit.model.evidence import Unavailable
from openness_audit.model.facts import Facts

_QUOTED = 120  # characters of a card's sentence in a message; the citation holds more


@check("claim-contradicted", NoArgs)
def claim_contradicted(facts: Facts, _: NoArgs) -> Answer:
    """The card claims openness that the evidence contradicts."""
    found = [c for c in facts.claims if c.held == "contradicted"]
    if not found:
        if isinstance(facts.card, Unavailable):
            return CouldNot(causes=(facts.card.cause,), searched=("README.md",))
        return NotSeen(searched=("README.md",))
    first = max(found, key=lambda c: (c.kind == "fully-open", c.kind == "open-source"))  # the gravest, else the first
    said = first.text if len(first.text) <= _QUOTED else f"{first.text[: _QUOTED - 4].rstrip()} ..."
    quoted = f'"{said}"' if said else "a sentence of the card"  # a bundled record holds no words of a card
    more = len(found) - 1
    places = (first.place, *(c.place for c in found if c is not first), *first.found)
    return seen(
        tuple(dict.fromkeys(places)),
        "verified",
        object=quoted,
        count=str(len(found)),
        detail=f"{first.why}{f'; and {more} more such sentence' + ('s' if more > 1 else '') if more else ''}",
        names=f"line {first.place.line}" if first.place.line else "the card",
    )
