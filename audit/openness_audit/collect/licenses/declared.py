"""The tag as resolved, and whether another statement names the same licence; shared by all conflicts."""

from __future__ import annotations

import re

from msgspec import Struct

from openness_audit.licenses.ids import Resolved, resolve
from openness_audit.model.evidence import Place

__all__ = ["Declaration", "same_license", "stated", "within"]

_GNU = re.compile(r"-(?:only|or-later)$|\+$")


class Declaration(Struct, frozen=True):
    """The tag as resolved, with where it stands, and whose it is."""

    resolved: Resolved
    places: tuple[Place, ...]
    model: str


def _plain(expression: str) -> str:
    return _GNU.sub("", expression.lower().removeprefix("licenseref-").removeprefix("hf-"))


def same_license(one: str, other: str) -> bool:
    """Tell whether two expressions name the same licences, `-only` and `-or-later` and order apart."""
    split = re.compile(r"\s+(?:and|or)\s+|[()\s]+", re.IGNORECASE)
    a, b = ({_plain(part) for part in split.split(text) if part} for text in (one, other))
    return a == b


def stated(tag: Declaration) -> bool:
    """Tell whether the tag names terms that anything could contradict."""
    return tag.resolved.expression not in (None, "NOASSERTION")


def within(expression: str, tag: Declaration) -> bool:
    """Tell whether an expression is the tag's or one of its candidates, by whatever spelling."""
    wanted = resolve(expression)
    if set(wanted.known) & set(tag.resolved.known):
        return True
    return any(same_license(expression, c) for c in (tag.resolved.expression or "", *tag.resolved.candidates))
