"""Say what kind of file a name announces, by the patterns of `rules/vocabulary/files.yaml`."""

from __future__ import annotations

import fnmatch
import re
from functools import cache
from itertools import pairwise
from typing import Final

from msgspec import Struct

from openness_audit.collect.patterns import lazy
from openness_audit.packaged import read_as

MAX_NAME: Final = 500  # longer paths are cut before matching

_WIDTHS: Final = frozenset({"bit", "bits", "bpw"})
_TYPES: Final = frozenset({"int", "fp", "nf"})
_TOKENS = re.compile(r"[-_./\s]+")


class KindPatterns(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `kinds`."""

    kind: str
    names: tuple[str, ...]
    format: str = ""


class FileWords(Struct, frozen=True, forbid_unknown_fields=True):
    """`rules/vocabulary/files.yaml`."""

    kinds: tuple[KindPatterns, ...]
    whole: tuple[str, ...]
    archive_tags: frozenset[str]
    archive_names: tuple[str, ...]
    quantized_tokens: frozenset[str]
    gguf_tokens: frozenset[str]
    full_tokens: frozenset[str]
    native_methods: frozenset[str]
    quantized_files: frozenset[str]
    delta_tokens: frozenset[str]
    delta_phrases: tuple[str, ...]
    adapter_tags: frozenset[str]
    checkpoint_names: tuple[str, ...]
    checkpoint_files: tuple[str, ...]
    checkpoint_refs: tuple[str, ...]
    quantized_refs: tuple[str, ...]
    texts: tuple[str, ...]


@cache
def words() -> FileWords:
    """Load the vocabulary of file names, once."""
    return read_as("vocabulary/files.yaml", FileWords)


def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Compile shell patterns to one expression; a file's name or its path is matched whole."""
    return lazy("|".join(fnmatch.translate(p) for p in patterns) or r"(?!)")


@cache
def _compiled() -> tuple[tuple[str, str, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (
            entry.kind,
            entry.format,
            any_of(tuple(n for n in entry.names if "/" not in n)),
            any_of(tuple(n for n in entry.names if "/" in n)),
        )
        for entry in words().kinds
    )


@cache
def expression(which: str) -> re.Pattern[str]:
    """Compile one of the lists of regular expressions of the vocabulary, to be searched for."""
    return lazy("|".join(f"(?:{p})" for p in getattr(words(), which)), re.IGNORECASE)


@cache
def globs(which: str) -> re.Pattern[str]:
    """Compile one of the lists of shell patterns of the vocabulary."""
    return any_of(tuple(getattr(words(), which)))


def kind_of(path: str) -> tuple[str, str]:
    """Give the kind of a file, and the format of a weight file; `("other", "")` where no pattern fits."""
    low = path.lower()[-MAX_NAME:]
    name = low.rpartition("/")[2]
    for kind, form, by_name, by_path in _compiled():
        if by_name.match(name) or by_path.match(low):
            return kind, form
    return "other", ""


def tokens_of(name: str) -> frozenset[str]:
    """Split a name into its lower-case words; a width written apart is joined too (`4-bit` gives `4bit`)."""
    parts = [p for p in _TOKENS.split(name.lower()[:MAX_NAME]) if p]
    pairs = [
        a + b.removesuffix("s")
        for a, b in pairwise(parts)
        if (a.isdecimal() and b in _WIDTHS) or (a in _TYPES and b.isdecimal())
    ]
    return frozenset((*parts, *pairs))
