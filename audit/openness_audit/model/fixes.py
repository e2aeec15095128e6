"""What a publisher can do about an audit's findings, and what it would be worth."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.model.evidence import Place
from openness_audit.model.rules import Effort

Where: TypeAlias = Literal["front-matter", "section"]


class Addition(Struct, frozen=True, kw_only=True):
    """Text to add to the card: lines of the metadata under `key`, or what stands below the heading `key`.

    `filled`: every value in it was read in the repository; otherwise it is a blank for people to fill in.
    """

    where: Where
    key: str
    text: str
    filled: bool = False
    places: tuple[Place, ...] = ()


class Fix(Struct, frozen=True, kw_only=True):
    """One thing to mend: the finding, the score interval with it alone mended, and what to add to the card."""

    finding: str
    component: str | None
    effort: Effort
    low: int
    high: int
    text: str
    additions: tuple[Addition, ...] = ()


class Fixes(Struct, frozen=True, kw_only=True):
    """All fixes, and the shortest lists of them.

    `to_class` leads to the class `next_class`; `to_score` to the highest score that fixes reach, the most first.
    """

    every: tuple[Fix, ...] = ()
    next_class: str | None = None
    to_class: tuple[str, ...] = ()
    to_score: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
