"""Compile the words of `rules/vocabulary/compute.yaml`: accelerators, amounts, and what tells training from use."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from openness_audit.collect.card.whole import where
from openness_audit.collect.patterns import lazy
from openness_audit.collect.results.phrases import Phrases, words_in
from openness_audit.collect.results.vocabulary import plain, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGIT = re.compile(r"\d")
_NUMBER: Final = r"\d{1,3}(?:[,' ]\d{3}){1,4}(?:\.\d{1,3})?|\d{1,9}(?:[.,]\d{1,4})?(?:k|m)?"
_CO2: Final = (
    rf"(?:{_NUMBER})\s?(?:metric\s)?(?:kg|kilograms?|g|grams?|t|tons?|tonnes?)\s{{0,2}}(?:of\s)?(?:co2|co₂|carbon|co_2)"
    rf"|(?:co2|co₂)[^.\n]{{0,60}}?(?:{_NUMBER})\s?(?:kg|grams?|g|t|tons?|tonnes?)\b|(?:{_NUMBER})\s?t?co2(?:e|eq|eq\.)?\b"
)
_ENERGY: Final = rf"(?:{_NUMBER})\s?(?:kwh|mwh|gwh|kilowatt[- ]hours?|megawatt[- ]hours?)\b"
_FLOPS: Final = (
    r"\d[\d.,]{0,8}\s?(?:x|\*|×|e|\^|10|\s|\+){1,6}\s?\d{0,3}\s?(?:zetta|exa|peta|z|e)?flo?p?s?\b"
    r"|\d[\d.,]{0,8}\s?(?:zetta|exa|peta|z|e|p)flops?(?:[- ]?(?:s|days?))?\b"
)
_CHIP_NAMES: Final = (
    "gpu",
    "tpu",
    "a100",
    "h100",
    "h800",
    "v100",
    "a800",
    "core",
    "chip",
    "node",
    "npu",
    "accelerator",
)
_CHIPS: Final = rf"(?:{'|'.join(_CHIP_NAMES)})"
# each begins with a letter, so that the engine passes over what begins with others
_HINTS: Final = (
    *("co[2₂_]", "carbon", "emission", "kwh", "mwh", "gwh", "watt", r"fl(?:op|p|o?s?\b)", r"h(?<![a-z]h)(?![a-z0-9])"),
    *(rf"{chip}s?h(?![a-z0-9])" for chip in _CHIP_NAMES),
)
_GPU_HOURS: Final = (
    rf"(?:{_NUMBER})\+?\s?(?:[a-z0-9-]{{1,14}}\s){{0,3}}?{_CHIPS}s?[- ]?(?:hours?|hrs?|h|days?|months?)\b"
)


class ComputeWords(Struct, frozen=True, kw_only=True):
    """Patterns over lower-case text."""

    accelerators: tuple[tuple[str, re.Pattern[str]], ...]
    accelerator: re.Pattern[str]
    counted: re.Pattern[str]  # an accelerator with how many ("16 x V100", "A100 x 8")
    duration: re.Pattern[str]
    units: frozenset[str]  # of time
    hints: re.Pattern[str]  # what no amount and no duration is without
    amounts: tuple[re.Pattern[str], ...]  # CO2, energy, FLOPs and GPU hours: compute whatever the sentence says
    texts: dict[str, Phrases]
    sets: dict[str, frozenset[str]]

    def says_something(self, low: str) -> bool:
        """Say whether a text in lower case can name an accelerator or an amount at all."""
        return bool(self.accelerator.search(low) or self._lasts(low) or any(p.search(low) for p in self.amounts))

    def _lasts(self, low: str) -> bool:
        """Say whether a text can name a duration: "8h" and "8 h" have a digit, "two days" has the word alone."""
        bare = low.isascii() and not _DIGIT.search(low) and self.units.isdisjoint(words_in(low))
        return not bare and self.duration.search(low) is not None

    def hinted(self, texts: Sequence[str]) -> frozenset[int]:
        """Say which of some texts can state an accelerator or an amount, by one look through all of them.

        Where there is no hint, `says_something` is false of every part of the text, and no label asks for an amount.
        """
        flat = [" ".join(text.lower().split()) for text in texts]
        return frozenset((*where(self.hints, flat), *where(self.accelerator, flat)))

    def types(self, low: str) -> tuple[str, ...]:
        """Name the accelerator types in a text in lower case."""
        if not self.accelerator.search(low):
            return ()
        return tuple(name for name, pattern in self.accelerators if pattern.search(low))


_SETS: Final = ("hardware_labels", "own_hardware_labels", "amount_labels", "unit_free_labels", "use_sections")


def _bounded(pattern: str) -> str:
    return rf"(?<![a-z0-9.])(?:\d{{1,4}} ?[x×*] ?)?(?:{pattern})(?=$|[^a-z0-9]|[x×]\d)"


def _either(entries: list[dict[str, str]]) -> str:
    return "(?:" + "|".join(e["pattern"] for e in entries) + ")"


@cache
def compute_words() -> ComputeWords:
    """Compile the vocabulary."""
    raw = vocabulary("compute")
    entries = raw["accelerators"]
    units = "|".join(sorted(raw["durations"], key=len, reverse=True))
    long_units = [rf"{unit}(?![a-z0-9])" for unit in raw["durations"] if unit != "h"]
    numbers = "|".join(re.escape(w) for w in raw["number_words"])
    wide = "|".join(raw["wide_durations"])
    duration = rf"(?<![\w.])[~≈<>]?(?:(?:{_NUMBER})[- ]?|(?:{numbers})\s)(?:{units})(?![a-z0-9])|\d{{1,5}} ?(?:{wide})"
    names = (
        "training",
        "done",
        "surely",
        "use",
        "use_unless_trained",
        "lent",
        "use_sections",
        "training_sections",
        "not_time",
        "not_time_of",
        "took",
        "continued",
        "pretraining",
    )
    return ComputeWords(
        accelerators=tuple((e["id"], lazy(_bounded(e["pattern"]))) for e in entries),
        accelerator=lazy(_bounded(_either(entries))),
        counted=lazy(
            "|".join(rf"\d ?[x×*]? ?(?:nvidia |amd |tesla |cloud )?{p}|{p} ?[x×*] ?\d" for p in (_either(entries),))
        ),
        duration=lazy(duration),
        hints=lazy("|".join((*_HINTS, wide, *long_units))),
        units=frozenset(w for unit in raw["durations"] for w in (unit.rstrip("?"), re.sub(r".\?$", "", unit))),
        amounts=tuple(lazy(p) for p in (_CO2, _ENERGY, _FLOPS, _GPU_HOURS)),
        texts={name: Phrases(tuple(raw[name])) for name in names},
        sets={name: frozenset(plain(w) for w in raw[name]) for name in _SETS},
    )
