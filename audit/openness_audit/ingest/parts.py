"""What the readers of all formats share: the reference that counts, and the links between things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from openness_audit.ingest.nouns import LicenseClaim, LicensePart, Mention, Ref, Thing
from openness_audit.ingest.references import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openness_audit.ingest.nouns import Acknowledged, Kind

NOTHING = frozenset({"", "NOASSERTION"})
_MOST = 64  # references, base models or data sets of one thing that are looked at


def chosen(tiers: Iterable[Iterable[tuple[str, str]]], endpoint: str) -> tuple[Ref, ...]:
    """Give what the best of the tiers names: a package URL goes before an address, a download before a page.

    Args:
        tiers: texts with their pointers, the surest first.
        endpoint: the configured Hub.

    Returns:
        Each thing named, once.
    """
    for tier in tiers:
        found: dict[tuple[str, str, str | None], Ref] = {}
        for number, (value, pointer) in enumerate(tier):
            if number == _MOST:
                break
            ref = read(value, pointer, endpoint)
            if ref is not None:
                found.setdefault((ref.kind, ref.id, ref.revision), ref)
        if found:
            return tuple(found.values())
    return ()


def kind_of(said: Kind, refs: tuple[Ref, ...]) -> Kind:
    """Say what a thing is: what it refers to on the Hub goes before its type."""
    return refs[0].kind if refs else said


def claim(about: Acknowledged, expression: str, pointer: str) -> LicenseClaim:
    """Make a claim of an SPDX expression; NOASSERTION has no parts."""
    parts = () if expression in NOTHING else (LicensePart(expression, expression=True),)
    return LicenseClaim(about, parts, pointer)


def mention(key: str, things: Mapping[str, Thing], pointer: str) -> Mention | None:
    """Mention another thing of the document; None for a reference that leads nowhere."""
    other = things.get(key)
    if other is None:
        return None
    return Mention(other.name, next((ref.id for ref in other.refs), None), pointer)


def named(text: str, pointer: str, endpoint: str) -> Mention:
    """Mention something that the document does not describe: by its address, or by its bare name."""
    ref = read(text, pointer, endpoint)
    return Mention(text, ref.id if ref else None, pointer)


def linked(
    things: dict[str, Thing],
    bases: Iterable[tuple[str, str, str]],
    datasets: Iterable[tuple[str, str, str]],
) -> tuple[dict[str, Thing], int]:
    """Put relationships into the things they are of.

    Args:
        things: by their keys.
        bases: a thing, the one it was made from, and the pointer of the relationship.
        datasets: a thing, the data it was made or tested with, and the pointer.

    Returns:
        The things, and how many relationships lead nowhere.
    """
    made_from: dict[str, dict[str, Mention]] = {}
    made_with: dict[str, dict[str, Mention]] = {}
    upstream: set[str] = set()
    nowhere = 0
    for rows, found in ((bases, made_from), (datasets, made_with)):
        for source, target, pointer in rows:
            other = mention(target, things, pointer)
            if other is None or source not in things:
                nowhere += 1
            elif source != target:
                found.setdefault(source, {}).setdefault(target, other)
                if found is made_from:
                    upstream.add(target)
    for key in made_from.keys() | made_with.keys() | upstream:
        thing = things[key]
        things[key] = msgspec.structs.replace(
            thing,
            bases=(*thing.bases, *made_from.get(key, {}).values()),
            datasets=(*thing.datasets, *made_with.get(key, {}).values()),
            upstream=thing.upstream or key in upstream,
        )
    return things, nowhere


def doubts(nowhere: int, twice: int) -> tuple[str, ...]:
    """Say what is wrong with a document that could be read all the same."""
    told = []
    if nowhere:
        told.append(f"references that lead nowhere in the document: {nowhere}")
    if twice:
        told.append(f"elements whose id stands twice, of which the first counts: {twice}")
    return tuple(told)
