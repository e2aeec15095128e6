"""What a licence claim, or an expression of an audit, means: choices, all licences of each of which bind; pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from openness_audit.licenses.clauses import vocabulary
from openness_audit.licenses.families import OPEN, RESTRICTED
from openness_audit.licenses.identify import identify
from openness_audit.licenses.ids import STRICTNESS, from_link, resolve, slug, strictest
from openness_audit.licenses.rulings import ORDER, Verdict, of_link
from openness_audit.licenses.single import of_name
from openness_audit.licenses.terms import by_expression
from openness_audit.model.chain import Link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openness_audit.ingest.nouns import LicenseClaim, LicensePart, LicenseText

__all__ = ["NONE", "UNKNOWN", "Meaning", "of_claim", "of_expression"]

NONE_SAID = "NONE"
_PIECE = re.compile(r"\(|\)|[^\s()]+")
_MOST_PIECES, _MOST_CHOICES = 64, 64
_SAME_TEXT = frozenset({"exact", "equivalent"})
_WORDS = 8  # of a text: fewer are a name
_LONGEST_TEXT = 200_000  # characters of a licence text that is looked at


class Leaf(Struct, frozen=True):
    """One licence: the key by which two spellings are one, its family, and its id under `rules/licenses`."""

    key: str
    family: str
    known: str = ""


class Meaning(Struct, frozen=True):
    """What an expression comes to: one of `choices`, all licences of which bind. `kind` `none`: no licence at all."""

    kind: Literal["licence", "none", "unknown"]
    choices: frozenset[frozenset[Leaf]] = frozenset()

    @property
    def family(self) -> str:
        """Give the family of the freest choice, of which the strictest licence counts."""
        if self.kind != "licence":
            return "none-declared" if self.kind == "none" else "unknown"
        each = [strictest(tuple(leaf.family for leaf in choice)) for choice in self.choices]
        return min(each, key=STRICTNESS.index)

    def verdict(self, use: str) -> Verdict:
        """Say what it says to a use: the best choice, of which every licence must allow it."""
        return min((_worst(choice, use) for choice in self.choices), key=ORDER.index)


NONE = Meaning("none")
UNKNOWN = Meaning("unknown")


def _worst(choice: frozenset[Leaf], use: str) -> Verdict:
    return max((_of_leaf(leaf, use) for leaf in choice), key=ORDER.index)


@lru_cache(maxsize=4096)
def _of_leaf(leaf: Leaf, use: str) -> Verdict:
    known = (leaf.known,) if leaf.known else ()
    link = Link(
        id="it", path=("it",), relations=(), expression=leaf.key, family=leaf.family, how="declared", known=known
    )
    return next(of_link(link, each.id).verdict for each in vocabulary().uses if each.id == use)


def of_claim(claim: LicenseClaim, texts: Mapping[str, LicenseText]) -> Meaning:
    """Say what a claim of a document means.

    Args:
        claim: the claim; all its parts bind.
        texts: the LicenseRefs that the document describes.

    Returns:
        The meaning; unknown where a part names no licence that can be told.
    """
    found = [_of_part(part, texts) for part in claim.parts]
    if not found or any(each.kind == "unknown" for each in found):
        return UNKNOWN
    if any(each.kind == "none" for each in found):
        return NONE
    return _all_of(found)


def of_expression(expression: str | None, family: str = "unknown") -> Meaning:
    """Say what an expression of an audit means; `family` is what the audit says of a single one that nobody knows."""
    if expression in (None, "", "NOASSERTION"):
        return UNKNOWN
    if expression == NONE_SAID:
        return NONE
    found = _parsed(str(expression), {})
    if found.kind == "licence" and len(found.choices) == 1:
        (choice,) = found.choices
        (leaf,) = choice if len(choice) == 1 else (None,)
        if leaf and leaf.family == "unknown" and family in STRICTNESS:
            return Meaning("licence", frozenset({frozenset({Leaf(leaf.key, family, leaf.known)})}))
    return found


def _of_part(part: LicensePart, texts: Mapping[str, LicenseText]) -> Meaning:
    if part.expression:
        return _parsed(part.text, texts)
    if part.text in texts:
        return _one(_described(part.text, texts[part.text].name, texts[part.text].body, texts[part.text].urls))
    return _one(_described(part.text, part.text, part.body, part.urls))


def _one(leaf: Leaf) -> Meaning:
    return Meaning("licence", frozenset({frozenset({leaf})}))


def _parsed(text: str, texts: Mapping[str, LicenseText]) -> Meaning:
    """Read an expression; words that are none are read as the name of a licence."""
    if text in ("NOASSERTION", ""):
        return UNKNOWN
    if text == NONE_SAID:
        return NONE
    pieces = _PIECE.findall(text)
    if len(pieces) > _MOST_PIECES:
        return UNKNOWN
    reading = _Reading(pieces, texts)
    found = reading.choice()
    if found is not None and reading.at == len(pieces):
        return found
    said = resolve(text)
    if said.expression in (None, "NOASSERTION"):
        return UNKNOWN
    return _one(_leaf(text)) if said.expression == text or " " not in str(said.expression) else UNKNOWN


class _Reading:
    """One reading of an expression, from left to right: OR binds least, WITH most (SPDX, annex D)."""

    def __init__(self, pieces: list[str], texts: Mapping[str, LicenseText]) -> None:
        self.pieces, self.texts, self.at = pieces, texts, 0

    def take(self, word: str) -> bool:
        """Pass over a word that stands here, in capitals or all small."""
        if self.at < len(self.pieces) and self.pieces[self.at] in (word, word.lower()):
            self.at += 1
            return True
        return False

    def choice(self) -> Meaning | None:
        """Read what is joined by OR."""
        found = [self.all()]
        while found[-1] is not None and self.take("OR"):
            found.append(self.all())
        good = [each for each in found if each is not None]
        if len(good) < len(found):
            return None
        return good[0] if len(good) == 1 else _any_of(good)

    def all(self) -> Meaning | None:
        """Read what is joined by AND."""
        found = [self.single()]
        while found[-1] is not None and self.take("AND"):
            found.append(self.single())
        good = [each for each in found if each is not None]
        return _all_of(good) if len(good) == len(found) else None

    def single(self) -> Meaning | None:
        """Read one licence, with its exception, or what stands in brackets."""
        if self.take("("):
            inner = self.choice()
            return inner if inner is not None and self.take(")") else None
        if self.at >= len(self.pieces) or self.pieces[self.at] in ("AND", "OR", "WITH", "and", "or", "with", ")"):
            return None
        name = self.pieces[self.at]
        self.at += 1
        if name in ("NOASSERTION", NONE_SAID):
            return UNKNOWN
        told = self.texts.get(name)
        leaf = _described(name, told.name, told.body, told.urls) if told else _leaf(name)
        if self.take("WITH"):
            if self.at >= len(self.pieces):
                return None
            leaf = Leaf(f"{leaf.key} WITH {self.pieces[self.at].lower()}", leaf.family, leaf.known)
            self.at += 1
        return _one(leaf)


def _all_of(found: list[Meaning]) -> Meaning:
    if any(each.kind != "licence" for each in found):
        return UNKNOWN
    count = 1
    for each in found:
        count *= len(each.choices)
    if count > _MOST_CHOICES:
        return UNKNOWN
    joined = (frozenset().union(*row) for row in product(*(each.choices for each in found)))
    return Meaning("licence", frozenset(joined))


def _any_of(found: list[Meaning]) -> Meaning:
    if any(each.kind != "licence" for each in found):
        return UNKNOWN
    every = frozenset().union(*(each.choices for each in found))
    return Meaning("licence", every) if len(every) <= _MOST_CHOICES else UNKNOWN


@lru_cache(maxsize=4096)
def _leaf(name: str) -> Leaf:
    """Read the name of one licence: its own key where it is known, else its spelling without case and prefix."""
    known = by_expression(name)
    if known is not None:
        return Leaf(known.expression.lower(), known.family, known.id)
    one = of_name(name, "hf-")
    entry = by_expression(one.expression)
    if entry is not None:
        return Leaf(one.expression.lower(), entry.family, entry.id)
    spelt = name.lower().removeprefix("licenseref-").removeprefix("hf-")
    if one.known is None and spelt != name.lower():
        vendor = of_name(spelt, "hf-")
        entry = by_expression(vendor.expression)
        if entry is not None and entry.family in RESTRICTED:  # an open licence under another name may be a changed copy
            return Leaf(vendor.expression.lower(), entry.family, entry.id)
    key = slug(spelt) if one.expression.startswith("LicenseRef-") else one.expression.lower()
    return Leaf(key or "unnamed", one.family, one.known or "")


@lru_cache(maxsize=1024)
def _described(ref: str, name: str, body: str, urls: tuple[str, ...]) -> Leaf:
    """Read a licence that a document describes: its text goes before its name, its name before its address."""
    found = identify(body[:_LONGEST_TEXT]) if len(body) > len(name) else None
    if found is not None and found.expression and found.match in _SAME_TEXT:
        return _leaf(found.expression)
    if by_expression(ref) is not None:
        return _leaf(ref)
    named = next((leaf for leaf in map(_leaf, filter(None, (ref, name))) if leaf.known), _leaf(ref))
    if named.family in OPEN and len(body.split()) > _WORDS:  # a text that is not that of the name may take it all back
        return Leaf(f"{named.key} with a text of its own", "unknown")
    if named.known or named.family != "unknown":
        return named
    linked = next((entry for url in urls if (entry := from_link(url)) is not None), None)
    if linked is not None and linked.family in RESTRICTED:  # an unknown name with an open text's address may be a copy
        return Leaf(linked.expression.lower(), linked.family, linked.id)
    return _leaf(name) if name and _leaf(name).family != "unknown" else named
