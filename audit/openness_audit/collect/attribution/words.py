"""Load the words that tell whose a statement is, compiled once."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct

from openness_audit.collect.patterns import lazy, wide
from openness_audit.literals import folded
from openness_audit.packaged import read

_SEPARATOR: Final = r"[\s\-_]{1,2}"
# up to Latin-1, and both cases spelt out: wider classes compile slowly, and so do those in which case is ignored
LETTER: Final = r"(?-i:[0-9A-Za-z\xaa\xb5\xba\xc0-\xd6\xd8-\xf6\xf8-\xff])"
_ANY_LETTER: Final = r"[^\W_]"  # for phrases with letters beyond ASCII; a class without ranges compiles fast


@cache
def read_vocabulary(name: str) -> Any:
    """Read `rules/vocabulary/<name>.yaml`."""
    return read(f"vocabulary/{name}.yaml")


def literal(phrase: str) -> str:
    """Give the pattern of one phrase: a blank stands for blanks, a hyphen or an underscore."""
    return _SEPARATOR.join(re.escape(piece) for piece in phrase.lower().split())


def _narrow(phrase: str) -> bool:
    """Say whether a phrase is written in ASCII alone."""
    return phrase.isascii()


def _by_first_letter(phrases: list[str]) -> str:
    """Give a pattern of any of the phrases: a letter of the text is compared with first letters, not with all phrases.

    No text begins with two of them, so among those that may match the order stays.
    """
    groups: dict[str, list[str]] = {}
    for phrase in phrases:
        groups.setdefault(folded(phrase.lstrip()[:1]), []).append(phrase.lower().strip())
    parts = []
    for some in groups.values():
        first = some[0][:1]
        if len(some) > 1 and all(phrase[:1] == first for phrase in some):
            rest = "|".join(literal(phrase).removeprefix(re.escape(first)) for phrase in some)
            parts.append(f"{re.escape(first)}(?:{rest})")
        else:
            parts += [literal(phrase) for phrase in some]
    return "|".join(parts)


def alternatives(words: tuple[str, ...] | list[str] | frozenset[str]) -> str:
    """Give a pattern of any of the phrases, longest first, bounded by non-letters where the script has blanks."""
    bounded = sorted({w for w in words if not wide(w)}, key=lambda w: (-len(w), w))
    unbounded = sorted({w for w in words if wide(w)}, key=lambda w: (-len(w), w))
    parts = []
    for edge, some in (
        (LETTER, [w for w in bounded if _narrow(w)]),
        (_ANY_LETTER, [w for w in bounded if not _narrow(w)]),
    ):
        if some:
            parts.append(rf"(?<!{edge})(?:{_by_first_letter(some)})(?!{edge})")
    if unbounded:
        parts.append("|".join(re.escape(w) for w in unbounded))
    return "|".join(parts) if parts else r"(?!)"


def phrases(words: tuple[str, ...] | list[str] | frozenset[str]) -> re.Pattern[str]:
    """Compile `alternatives`, ignoring case."""
    return lazy(lambda: alternatives(words), re.IGNORECASE, whole=words)


class Sides(Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases bounded by non-letters, and literal beginnings or ends for scripts without blanks."""

    words: tuple[str, ...]
    ends: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()


class AttributionFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`rules/vocabulary/attribution.yaml`."""

    families: tuple[tuple[str, ...], ...]
    variants: frozenset[str]
    formats: frozenset[str]
    endings: frozenset[str]
    common: frozenset[str]
    not_a_model_after: tuple[str, ...]
    not_a_name_before_size: frozenset[str]
    units: tuple[str, ...]
    self: tuple[str, ...]
    base: tuple[str, ...]
    others: tuple[str, ...]
    quoted_headings: tuple[str, ...]
    other_headings: tuple[str, ...]
    derivation_in_heading: tuple[str, ...]
    owned: tuple[str, ...]
    owned_prepositions: tuple[str, ...]
    object_before: Sides
    object_after: Sides
    tuned_passive: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    tuned_names: frozenset[str]
    modifiers: frozenset[str]
    continues: tuple[str, ...]


class Patterns(Struct, frozen=True):
    """The patterns of sentence and heading attribution."""

    speakers: re.Pattern[str]  # group names: me, base, others
    quoted: re.Pattern[str]
    others: re.Pattern[str]
    derivation: re.Pattern[str]
    not_model: re.Pattern[str]
    units: re.Pattern[str]
    owned: re.Pattern[str]  # "... data of" at the end of what stands before a name
    object_before: re.Pattern[str]
    object_after: re.Pattern[str]
    tuned_passive: re.Pattern[str]
    continues: re.Pattern[str]
    topic: re.Pattern[str]


@cache
def attribution_file() -> AttributionFile:
    """Load the vocabulary, once."""
    return msgspec.convert(read_vocabulary("attribution"), AttributionFile)


@cache
def patterns() -> Patterns:
    """Compile the vocabulary, once."""
    raw = attribution_file()

    def compiled(pattern: str, whole: tuple[str, ...] = (), holding: tuple[str, ...] = ()) -> re.Pattern[str]:
        return lazy(pattern, re.IGNORECASE, whole=whole, holding=holding)

    before = alternatives(raw.object_before.words) + "".join(f"|{re.escape(e)}" for e in raw.object_before.ends)
    after = alternatives(raw.object_after.words) + "".join(f"|{re.escape(s)}" for s in raw.object_after.starts)
    not_quoted = tuple(f"{w}s" for w in raw.other_headings if w.isascii())
    return Patterns(
        speakers=compiled(
            f"(?P<base>{alternatives(raw.base)})|(?P<others>{alternatives(raw.others)})|(?P<me>{alternatives(raw.self)})",
            (*raw.base, *raw.others, *raw.self),
        ),
        quoted=phrases(raw.quoted_headings),
        others=phrases((*raw.other_headings, *not_quoted)),
        derivation=phrases(raw.derivation_in_heading),
        not_model=compiled(rf"['’\-_ ]{{0,2}}(?:{alternatives(raw.not_a_model_after)})", raw.not_a_model_after),
        units=compiled(rf"[\s\-]{{0,2}}(?:{alternatives(raw.units)})", raw.units),
        owned=compiled(rf"(?:{alternatives(raw.owned)})\s(?:{alternatives(raw.owned_prepositions)})\s?\Z", raw.owned),
        object_before=compiled(rf"(?:{before})\s?\Z", raw.object_before.words, raw.object_before.ends),
        object_after=compiled(rf"['’\-\s]{{0,2}}(?:{after})", raw.object_after.words, raw.object_after.starts),
        tuned_passive=compiled(
            rf"\s(?:model\s)?(?:{alternatives(raw.auxiliaries)})\s(?:{alternatives(raw.tuned_passive)})",
            raw.tuned_passive,
        ),
        continues=compiled(rf"\W{{0,3}}(?:{alternatives(raw.continues)})", raw.continues),
        topic=compiled(r"\A\W{0,4}(?:for|regarding|concerning|about|pour|für|para|per|для)\s\Z"),
    )
