"""Load how licence names written by people are read."""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from openness_audit.packaged import read_as

__all__ = ["FamilyWords", "LinkPart", "LinkPattern", "Names", "names"]


class FamilyWords(Struct, frozen=True, forbid_unknown_fields=True):
    """Words in a name that give its family away."""

    family: str
    words: tuple[str, ...]


class LinkPart(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of an address that stands for a licence under `rules/licenses`."""

    part: str
    id: str


class LinkPattern(Struct, frozen=True, forbid_unknown_fields=True):
    """Addresses that carry the licence's name: `{0}` of `name` is the first group of `pattern`."""

    pattern: str
    name: str


class Names(Struct, frozen=True, forbid_unknown_fields=True):
    """`nothing` are values that state nothing, `unclear` those that do not say which licence.

    `nameless` are names, by their key, that many licences have; `keys` the keys of a mapping that hold a name; `later`
    is how "or later" ends a name, `choice` how two are told apart.
    """

    nothing: frozenset[str]
    unclear: frozenset[str]
    nameless: frozenset[str]
    keys: tuple[str, ...]
    later: str
    choice: str
    families: tuple[FamilyWords, ...]
    links: tuple[LinkPart, ...]
    patterns: tuple[LinkPattern, ...]


@cache
def names() -> Names:
    """Read `rules/vocabulary/license-names.yaml`; RuleError when it is malformed."""
    return read_as("vocabulary/license-names.yaml", Names)
