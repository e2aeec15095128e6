"""Resolve what people write as a licence to an SPDX expression or LicenseRef, and its family."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from openness_audit.licenses.expressions import STRICTNESS, Joined, joined, parse, strictest
from openness_audit.licenses.names import names
from openness_audit.licenses.single import LONGEST, One, from_link, of_name, of_terms, slug
from openness_audit.licenses.terms import by_name, key, terms

__all__ = ["STRICTNESS", "Resolved", "from_link", "resolve", "slug", "strictest"]

_MOST = 16  # values of a list that are looked at
_DEEPEST = 4  # lists in lists
_LONGEST_LIST = 1000  # characters of an expression or of "MIT, Apache 2.0"; cut, it would lose what may bind
_LARGEST = 1e15  # a number is no licence, and one of a thousand digits is not written out
_UNREADABLE = "?"  # stands for a value that is neither text nor a list nor a mapping with a name
_SEVERAL = re.compile(r"\s*(?:[,;|/]|\s(?:and|&)\s)\s*", re.IGNORECASE)


class Resolved(Struct, frozen=True, kw_only=True):
    """What a declared licence resolves to.

    `expression` is None where nothing was declared and NOASSERTION where it is not said which. `candidates` are the
    expressions of a list, each on its own; `known` the ids under `rules/licenses` they stand for.
    """

    expression: str | None
    family: str
    candidates: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    @property
    def precise(self) -> bool:
        """Whether it names one text, not a family of licences or nothing."""
        return "NOASSERTION" not in (self.expression or "NOASSERTION") and all(terms(k).precise for k in self.known)


def _strings(raw: object, depth: int = 0) -> list[str]:
    """Flatten what stands in the metadata to at most sixteen strings.

    None and false are nothing. A mapping gives its name (`license: {name: MIT}`), or its only key where that has no
    value (`license: {mit}`). What else is there says something that cannot be read.
    """
    if isinstance(raw, str):
        return [" ".join(raw.split())]
    if raw is None or raw is False:
        return []
    if isinstance(raw, list | tuple | set | frozenset):
        if depth >= _DEEPEST:
            return [_UNREADABLE]
        ordered = sorted(raw, key=str) if isinstance(raw, set | frozenset) else raw
        found = [text for item in list(ordered)[:_MOST] for text in _strings(item, depth + 1)]
        whole = len(raw) <= _MOST and len(found) <= _MOST
        return found if whole else [*found[:_MOST], _UNREADABLE]  # what was not looked at may bind
    if isinstance(raw, dict):
        named = next((raw[name] for name in names().keys if raw.get(name)), None)
        if named is None and len(raw) == 1 and next(iter(raw.values())) is None:
            named = next(iter(raw))
        return [_UNREADABLE] if named is None or depth >= _DEEPEST else _strings(named, depth + 1)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return [_UNREADABLE if abs(raw) >= _LARGEST else f"{raw:g}"]
    return [_UNREADABLE]


def _says_nothing(value: str) -> bool:
    return value.lower() in names().nothing or (key(value) in names().nothing and bool(key(value)))


def _unclear(value: str) -> bool:
    """Whether it says that there are terms but not which; "License" and "???" name none either."""
    return value.lower() in names().unclear or not any(map(str.isalpha, value)) or not key(value)


def _known(found: tuple[One, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.known for one in found if one.known))


def _several(text: str) -> Joined | None:
    """Split "MIT, Apache 2.0" and "MIT or Apache 2.0" when every part is a known licence."""
    for pattern, operator in ((_SEVERAL, "AND"), (re.compile(names().choice, re.IGNORECASE), "OR")):
        parts = [part for part in pattern.split(text) if part]
        if 2 <= len(parts) <= _MOST:
            found = tuple(of_name(part, "hf-") for part in parts)
            if all(one.known or not one.expression.startswith("LicenseRef-") for one in found):
                return joined(found, operator)
    return None


def _other(name: object, link: object) -> tuple[One, ...]:
    """Resolve `other` by its `license_name`, or by an address everybody knows.

    A name that nobody knows with a link that everybody knows is a changed copy as likely as not: the link may make it
    stricter, never open.
    """
    linked = from_link(link) if isinstance(link, str) else None
    found = []
    for text in _strings(name):
        if _says_nothing(text) or _unclear(text) or (linked and key(text) in names().nameless):
            continue
        one = of_name(text, "")
        if one.known is None and one.family == "unknown" and linked and linked.family in STRICTNESS[5:]:
            one = One(one.expression, linked.family, linked.id)
        found.append(one)
    return tuple(found) if found or linked is None else (of_terms(linked),)


def resolve(raw: object, name: object = None, link: object = None) -> Resolved:
    """Resolve the metadata's `license`, `license_name` and `license_link`.

    Args:
        raw: `license` as parsed: a string, a list (a set of candidates: all of them, never the first), None, false, or
            anything a stranger wrote there.
        name: `license_name`, which counts where `license` is `other` or missing.
        link: `license_link`, which counts where there is no name and the address is a known one.

    Returns:
        The expression (None: nothing declared; NOASSERTION: not said which), its family, and the candidates.
    """
    if isinstance(raw, list) and len(raw) <= _MOST and all(isinstance(item, str) for item in raw):
        raw = tuple(raw)
    if all(map(_short, raw if isinstance(raw, tuple) else (raw,))) and _short(name) and _short(link):
        return _cached(raw, name, link)
    return _resolve(raw, name, link)


def _short(value: object) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= LONGEST)


@lru_cache(maxsize=4096)
def _cached(raw: object, name: object, link: object) -> Resolved:
    return _resolve(raw, name, link)


def _resolve(raw: object, name: object, link: object) -> Resolved:
    values = tuple(_strings(raw))
    one = of_name(values[0], "hf-") if len(values) == 1 and by_name(values[0]) else None
    if one and one.known:  # by far the most: one id of the Hub
        return Resolved(
            expression=one.expression, family=one.family, candidates=(one.expression,), raw=values, known=(one.known,)
        )
    found: list[One] = []
    unclear = unnamed = False
    for value in values:
        if _says_nothing(value):
            continue
        if _unclear(value):
            unclear = True
            other = () if value.lower() == "unknown" else _other(name, link)
            found += other
            unnamed = unnamed or not other
            continue
        whole = len(value) <= LONGEST and not by_name(value)  # half an expression may lack the part that binds
        several = (parse(value) or _several(value)) if whole else None
        if several is None:
            found.append(of_name(value, "hf-"))
        elif len(values) == 1:
            return Resolved(
                expression=several.expression, family=several.family, raw=values, known=_known(several.parts),
                candidates=tuple(dict.fromkeys(one.expression for one in several.parts)),
            )  # fmt: skip
        else:  # a choice within a list: all of it may bind
            found += several.parts
    if not found and not unclear:
        found += _other(name, link)
    if found:
        return _all_of(tuple(found), values, unnamed=unnamed)
    if unclear:
        said_unknown = all(v.lower() == "unknown" for v in values)
        return Resolved(
            expression="NOASSERTION", family="none-declared" if said_unknown else "unknown", raw=values,
            known=("unknown" if said_unknown else "other",),
        )  # fmt: skip
    return Resolved(expression=None, family="none-declared", raw=values)


def _all_of(found: tuple[One, ...], values: tuple[str, ...], *, unnamed: bool) -> Resolved:
    """Join licences that all bind; `[mit, other]`: what `other` is may take back what MIT gives."""
    unsaid = (One("NOASSERTION", "unknown"),) if unnamed else ()
    whole = joined((*found, *unsaid), "AND")
    candidates = tuple(dict.fromkeys(one.expression for one in whole.parts))
    return Resolved(
        expression=whole.expression, family=whole.family, candidates=candidates, raw=values, known=_known(found)
    )
