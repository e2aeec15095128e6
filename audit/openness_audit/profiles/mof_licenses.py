"""Whether a licence is open by the Model Openness Framework, and what kind of content it is made for."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from msgspec import Struct

from openness_audit.licenses.ids import resolve
from openness_audit.profiles.basis import Cover
from openness_audit.profiles.data import Content, LicenseRule, load_profiles

_JOINT = re.compile(r"[()]|\s+(?:AND|OR|WITH)\s+")
NOT_SAID = "NOASSERTION"


class Judged(Struct, frozen=True, kw_only=True):
    """`open`: True, False, or None where nobody knows the terms; `fits`: the kinds of content it is made for."""

    open: bool | None = None
    fits: frozenset[Content] = frozenset()


def cover_of(text: str, of: str) -> Cover:
    """Resolve a licence as somebody wrote it."""
    found = resolve(text)
    return Cover(found.expression or "NONE", found.family, of)


@cache
def _exceptions() -> dict[str, LicenseRule]:
    rows = load_profiles().mof.licenses.exceptions
    return {row.license.lower(): LicenseRule(open=row.open, made_for=row.made_for) for row in rows}


def _unlisted(expression: str) -> bool:
    """Say whether an expression is no id of the SPDX list."""
    return (resolve(expression).expression or "LicenseRef-").startswith("LicenseRef-")


def _by_family(expression: str, family: str) -> Judged:
    rule = load_profiles().mof.licenses.families.get(family)
    if rule is None:  # a licence of the SPDX list that is on none of the lists of open ones is not open
        listed = expression != "NONE" and not expression.startswith("LicenseRef-") and not _unlisted(expression)
        return Judged(open=False) if listed else Judged()
    if rule.open and "LicenseRef-" in expression:  # "gpl", "bsd": a family of licences, which names no text
        return Judged()
    return Judged(open=rule.open, fits=frozenset(rule.made_for))


def _one(expression: str, family: str) -> Judged:
    row = _exceptions().get(expression.lower())
    return Judged(open=row.open, fits=frozenset(row.made_for)) if row else _by_family(expression, family)


@lru_cache(maxsize=4096)  # strangers write expressions, and one process may read many
def judge(expression: str, family: str) -> Judged:
    """Judge a licence expression; of licences that bind together all have to be open, of a choice one.

    Args:
        expression: SPDX expression, LicenseRef, NOASSERTION or NONE.
        family: its family, which decides where no part is known by itself.

    Returns:
        Whether it is open, and what it is made for. A licence that nobody knows is neither open nor closed.
    """
    if expression == NOT_SAID:  # its words may say what it is not
        known = load_profiles().mof.licenses.families.get(family)
        return Judged() if known is None or known.open else Judged(open=False)
    parts = [part.strip() for part in _JOINT.split(expression) if part.strip()]
    if len(parts) < 2 or " WITH " in expression:
        return _one(expression, family)
    rows = [_one(part, resolve(part).family) for part in parts]
    whole = load_profiles().mof.licenses.families.get(family)
    if " OR " in expression and " AND " not in expression:
        if any(row.open for row in rows):
            return Judged(open=True, fits=frozenset().union(*(row.fits for row in rows if row.open)))
        return Judged(open=False if all(row.open is False for row in rows) else None)
    if any(row.open is False for row in rows) or (whole is not None and not whole.open):
        return Judged(open=False)
    if any(row.open is None for row in rows):
        return Judged()
    return Judged(open=True, fits=frozenset.intersection(*(row.fits for row in rows)))
