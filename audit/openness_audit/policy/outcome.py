"""What judging one clause comes to, and words that several clauses share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.wording import listed, plural

__all__ = [
    "Outcome",
    "State",
    "both_ends",
    "cited",
    "counted",
    "either",
    "met",
    "named",
    "said",
    "unknown",
    "violated",
    "worst",
]

State: TypeAlias = Literal["met", "violated", "unknown"]
MOST_CITED = 12  # citations of one clause; the part of the report it speaks of has the others


class Outcome(Struct, frozen=True):
    """How a clause stands: `why` says what was asked and what was found, `evidence` are ids of the audit."""

    state: State
    why: str
    evidence: tuple[str, ...] = ()


def met(why: str, evidence: Iterable[str] = ()) -> Outcome:
    """What was asked for is surely there."""
    return Outcome("met", why, cited(evidence))


def violated(why: str, evidence: Iterable[str] = ()) -> Outcome:
    """What was asked for is surely not there."""
    return Outcome("violated", why, cited(evidence))


def unknown(why: str, evidence: Iterable[str] = ()) -> Outcome:
    """Nobody can tell."""
    return Outcome("unknown", why, cited(evidence))


def cited(evidence: Iterable[str]) -> tuple[str, ...]:
    """Keep the first citations, each once."""
    return tuple(dict.fromkeys(evidence))[:MOST_CITED]


def both_ends(least: bool, most: bool) -> State:
    """Judge bounds: met where even the least is enough, violated where not even the most is."""
    return "met" if least else "unknown" if most else "violated"


def either(possible: Sequence[bool]) -> State:
    """Judge by everything that can still be so: met where all of it fits, violated where none of it does."""
    return "met" if all(possible) else "unknown" if any(possible) else "violated"


def worst(states: Iterable[State]) -> State:
    """Join several questions that must all be met."""
    found = set(states)
    return "violated" if "violated" in found else "unknown" if "unknown" in found else "met"


def said(found: str, asked: str, detail: str = "") -> str:
    """Word a clause: what was found, what was asked, and, after a colon, what there is to say of it."""
    return f"{found} (asked: {asked}){': ' if detail else ''}{detail}"


def named(items: Iterable[str], most: int = 4) -> str:
    """List the first few items and count the rest."""
    return listed(items, most)


def counted(count: int, word: str) -> str:
    """Count a noun."""
    return plural(count, word)
