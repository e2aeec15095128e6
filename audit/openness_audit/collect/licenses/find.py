"""Collect all that a repository says about its licence: tag, texts, prose, what they grant together, and conflicts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.licenses.conflicts import conflicts
from openness_audit.collect.licenses.declared import Declaration
from openness_audit.collect.licenses.gate_prompt import find_gate_terms
from openness_audit.collect.licenses.own import Said, own_license
from openness_audit.collect.licenses.prose import find_prose
from openness_audit.collect.licenses.texts import collect_texts, texts_searched
from openness_audit.collect.places import info_place
from openness_audit.licenses.ids import Resolved, resolve
from openness_audit.model.capture import Failure, Listing, RepoInfo, Text
from openness_audit.model.card import Card, FrontMatter
from openness_audit.model.evidence import Absent, Cause, Fact, Observed, Place, Unavailable
from openness_audit.model.facts_licenses import DeclaredLicense, LicenseFacts
from openness_audit.model.facts_origins import CodeRepository, DataSet

__all__ = ["collect_licenses"]

_KEYS = ("license", "licenses", "licence")  # the Hub reads the first only; people write all three
_LINE = re.compile(r"^(license|license_name|license_link)\s*:\s*['\"]?([^'\"#\n]{1,200}?)['\"]?\s*$")


def _values(front: FrontMatter | None, info: RepoInfo) -> dict[str, Any]:
    """Give the metadata: the card's own front matter, else the Hub's reading of it."""
    if front is not None and front.state == "ok":
        return front.values
    return info.card_data or {}


def _raw(values: dict[str, Any]) -> tuple[str, object]:
    return next(((name, values[name]) for name in _KEYS if values.get(name) is not None), ("license", None))


def _strings(raw: object) -> tuple[str, ...]:
    items = raw if isinstance(raw, list | tuple) else [raw]
    return tuple(str(item)[:300] for item in items[:16] if item is not None)


def _places(names: tuple[str, ...], values: dict[str, Any], front: FrontMatter | None, card: Card | None,
            info: RepoInfo) -> tuple[Place, ...]:  # fmt: skip
    """Cite the lines of the front matter, or the Hub's record where the card has none."""
    said = [name for name in names if values.get(name) is not None]
    if front is None or card is None or front.state != "ok":
        return (info_place(info, "; ".join(f"{name}: {str(values[name])[:80]}" for name in said)),)
    places = []
    for name in said:
        place = card.document.at(front.lines.get(name, 1), f"{name}: {str(values[name])[:150]}", text_kind="yaml")
        places.append(place)
    return tuple(places)


def _unparsed(front: FrontMatter | None, texts: Mapping[str, Text | Failure]) -> dict[str, Any]:
    """Read the licence lines of a front matter that no parser takes: a careful reader would."""
    if front is None or front.state not in ("malformed", "unclosed", "too-large"):
        return {}
    text = next((t for path, t in texts.items() if path.lower() == "readme.md" and isinstance(t, Text)), None)
    if text is None:
        return {}
    found: dict[str, Any] = {}
    for line in text.text[:20_000].splitlines()[1:200]:
        if line.strip() in ("---", "..."):
            break
        match = _LINE.match(line.strip()) if not line[:1].isspace() else None
        if match and match[2].strip():
            found.setdefault(match[1], match[2].strip())
    return found


def _declared(
    info: RepoInfo, front: FrontMatter | None, card: Card | None, texts: Mapping[str, Text | Failure]
) -> tuple[Fact[DeclaredLicense], Resolved]:
    """Resolve the metadata's licence; an unreadable card is not a card that declares nothing."""
    values = _values(front, info)
    if not any(values.get(name) is not None for name in (*_KEYS, "license_name", "license_link")):
        values = _unparsed(front, texts) or values
    key, raw = _raw(values)
    name, link = values.get("license_name"), values.get("license_link")
    resolved = resolve(raw, name, link)
    if resolved.expression is None and raw is None and name is None:
        unread = next(
            (t.cause for path, t in texts.items() if path.lower() == "readme.md" and isinstance(t, Failure)), None
        )
        if unread is not None and info.card_data is None and unread.code != "not-found-or-private":
            return Unavailable(unread), resolved
        if front is not None and front.state in ("malformed", "too-large") and info.card_data is None:
            detail = f"the card's front matter could not be read: {front.problem or front.state}"
            return Unavailable(Cause(code="malformed", source="README.md", retryable=False, detail=detail)), resolved
        return Absent(("front matter of README.md", "the Hub's record")), resolved
    found = DeclaredLicense(
        raw=_strings(raw),
        expression=resolved.expression,
        family=resolved.family,
        candidates=resolved.candidates,
        places=_places((key, "license_name", "license_link"), values, front, card, info),
        name=str(name)[:200] if name is not None else None,
        link=str(link)[:300] if link is not None else None,
    )
    return Observed(found, found.places), resolved


def _unseen(listing: Listing | Failure, texts: Mapping[str, Text | Failure], searched: Fact[bool]) -> Cause | None:
    """Give the cause why a place that may state the licence could not be read, None when all were."""
    card = next((t.cause for path, t in texts.items() if path.lower() == "readme.md" and isinstance(t, Failure)), None)
    if card is not None and (card.code != "not-found-or-private" or isinstance(listing, Listing)):
        return card  # a card that is listed is there, whatever the server says
    if isinstance(listing, Failure):
        return listing.cause
    return searched.cause if isinstance(searched, Unavailable) else None


def _cut(card: Card | None) -> Cause | None:
    """Give the cause why the end of a card was not read, None where it was: it may state terms."""
    if card is None or not card.truncated:
        return None
    return Cause(code="too-large", source=f"the end of {card.document.path}", retryable=False, detail="it is too long")


def collect_licenses(  # noqa: PLR0917 - called by position in one place, assemble
    info: RepoInfo,
    front: FrontMatter | None,
    card: Card | None,
    listing: Listing | Failure,
    texts: Mapping[str, Text | Failure],
    identity: Identity,
    code: tuple[CodeRepository, ...] = (),
    data: tuple[DataSet, ...] = (),
) -> LicenseFacts:
    """Collect the licence facts of one repository.

    Args:
        info: the Hub's record, whose reading of the metadata counts where the card has none.
        front: the card's front matter; None where there is no card.
        card: the subject's own card.
        listing: the file listing, which says which licence files there are.
        texts: the text files that were read, by path.
        identity: the subject's names.
        code: linked code repositories, resolved.
        data: data sets, resolved.

    Returns:
        Tag, texts, prose, what they grant together, and where they contradict.
    """
    declared, tag = _declared(info, front, card, texts)
    read = dict(texts)
    found = collect_texts(info, read)
    said = (*find_prose(card, identity), *find_gate_terms(info, front, card, identity))
    prose = tuple(p for p in said if p.expression or p.restricts or tag.expression is None)
    places = declared.value.places if isinstance(declared, Observed) else ()
    searched = texts_searched(info, listing, read)
    return LicenseFacts(
        declared=declared,
        texts=found,
        prose=prose,
        own=own_license(Said(tag, declared, found, prose, _unseen(listing, texts, searched) or _cut(card))),
        conflicts=conflicts(Declaration(tag, places, info.id), found, prose, code, data),
        texts_searched=searched,
    )
