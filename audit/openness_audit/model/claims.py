"""What a card claims of its model's openness, and what was found of it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.model.evidence import Place, Polarity

ClaimKind: TypeAlias = Literal[
    "open-source",  # open terms, and what is named is there
    "fully-open",  # everything is there, under open terms
    "open-weights",  # the weights can be had by everyone
    "open-data",  # trained on public data only
    "released",  # what is named is there
    "reproducible",
]
Held: TypeAlias = Literal["held", "contradicted", "not-determined"]


class Claim(Struct, frozen=True, kw_only=True):
    """One statement of openness that the card makes of its own model.

    `about` are components of the criteria, or `model`, `data`, `code`, `everything` where the words say no more.
    `whole`: the words say all of it. `linked`: the paragraph links something or retells a paper, so that what it names
    may stand elsewhere. A promise or a denial is
    kept with its polarity, and is no claim that something is there. `held`, `why` and `found` are the judgement.
    """

    kind: ClaimKind
    about: tuple[str, ...]
    text: str
    place: Place
    polarity: Polarity = "affirmed"
    whole: bool = False
    linked: bool = False
    held: Held | None = None
    why: str = ""
    found: tuple[Place, ...] = ()
