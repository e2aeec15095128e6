"""Load the vocabulary by which licence texts are compared."""

from __future__ import annotations

from functools import cache

from msgspec import Struct, field

from openness_audit.packaged import read_as

__all__ = ["OptionalPart", "TextWords", "Variant", "text_words"]


class OptionalPart(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A part of a standard text that copies may lack: it runs from one phrase to another, or to the end.

    An empty `start` is the beginning of the text. `expressions` are the SPDX ids it belongs to, by prefix.
    """

    expressions: tuple[str, ...]
    start: str = ""
    end: str = ""


class Variant(Struct, frozen=True, forbid_unknown_fields=True):
    """Wordings of one clause that count as the same: every match of `pattern`, which holds `has`, is read as `as_`."""

    has: str
    pattern: str
    as_: str = field(name="as")


class TextWords(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Words by their weight in a comparison.

    `operative` words change what a text permits wherever they are added or lost; `binding` ones do so in what stands
    before the terms or in a name's place. `holder` words make up a place for a name, `person` ones make it one.
    `title` words may stand in any licence's title, `titled` ones say that something is a title. `closing` words may
    stand after the terms, `units` follow a number that counts, `markers` begin a list item.
    """

    operative: frozenset[str]
    binding: frozenset[str]
    variants: tuple[Variant, ...]
    holder: frozenset[str]
    person: frozenset[str]
    title: frozenset[str]
    titled: frozenset[str]
    closing: frozenset[str]
    units: frozenset[str]
    markers: frozenset[str]
    names: frozenset[str]
    non_commercial: tuple[str, ...]
    optional: tuple[OptionalPart, ...]


@cache
def text_words() -> TextWords:
    """Read `rules/vocabulary/license-texts.yaml`; RuleError when it is malformed."""
    return read_as("vocabulary/license-texts.yaml", TextWords)
