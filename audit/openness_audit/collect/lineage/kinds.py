"""Tell by the configuration's kind of model that it was not made from a model of another kind."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from openness_audit.collect.attribution.words import read_vocabulary
from openness_audit.collect.code.vocabulary import normal
from openness_audit.model.capture import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openness_audit.model.capture import Failure

_LONGEST: Final = 3  # words of a kind's name
_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
_VERSION = re.compile(r"(?<=[a-z]{4})-?v?\d+(?:\.\d+)?$")


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """One row of kinds: the types of configurations, and the words of names."""

    types: tuple[str, ...]
    names: tuple[str, ...]


@cache
def _kinds() -> tuple[dict[str, int], dict[str, int]]:
    """Load the rows of `rules/vocabulary/ties.yaml`: their numbers by type, and by name without separators."""
    rows = msgspec.convert(read_vocabulary("ties")["kinds"], tuple[Kind, ...])
    types = {t: number for number, row in enumerate(rows) for t in row.types}
    return types, {normal(n): number for number, row in enumerate(rows) for n in row.names}


def kind_of_config(texts: Mapping[str, Text | Failure]) -> int | None:
    """Give the row of the `model_type` in config.json; None where there is none, or it is in no row."""
    text = texts.get("config.json")
    if not isinstance(text, Text):
        return None
    try:
        value = msgspec.json.decode(text.text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
    named = value.get("model_type") if isinstance(value, dict) else None
    return _kinds()[0].get(normal(named)) if isinstance(named, str) else None


def kinds_of_name(name: str) -> frozenset[int]:
    """Give the rows that the words of a model's name stand in: the longest run of words counts."""
    words, names = _WORD.findall(name.rpartition("/")[2].lower())[:20], _kinds()[1]
    found: set[int] = set()
    at = 0
    while at < len(words):
        for length in range(_LONGEST, 0, -1):
            run = normal("".join(words[at : at + length]))
            row = names.get(run, names.get(_VERSION.sub("", run)))
            if row is not None and len(words[at : at + length]) == length:
                found.add(row)
                at += length - 1
                break
        at += 1
    return frozenset(found)
