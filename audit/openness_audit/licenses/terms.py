"""Load what is known about each licence: names, family, conditions and limitations, each file with its evidence."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct, field

from openness_audit.errors import RuleError

__all__ = ["Conditions", "Family", "Limitations", "Terms", "all_terms", "by_expression", "by_name", "key", "terms"]

Family: TypeAlias = Literal[
    "osi",
    "permissive",
    "open-data",
    "permissive-model",
    "behavioural-use",
    "community",
    "non-commercial",
    "no-derivatives",
    "proprietary",
    "none-declared",
    "unknown",
]
Answer: TypeAlias = bool | int | str  # true, false, "weak", "unknown", a number, or words

# words that names are written with or without
_FILLER = re.compile(
    r"\b(?:the|licen[cs]es?|licen[cs]ing|agreement|version|international|unported|v(?=\.?\s?\d))\b|\bv(?=\d)",
    re.IGNORECASE,
)
_NOT_WORD = re.compile(r"[\W_]+")


class Conditions(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """What an adopter must do."""

    attribution: Answer = False
    share_alike: Answer = False
    naming: Answer = False
    pass_on_use_policy: Answer = False


class Limitations(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """What an adopter may not do; `user_threshold` is a number of monthly active users."""

    non_commercial: Answer = False
    use_restrictions: Answer = False
    user_threshold: Answer = False
    no_derivatives: Answer = False
    output_training_ban: Answer = False


class Terms(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """One licence.

    `hub` is true for the Hub's own ids. `precise` is false for a family id (`gpl`, `cc`, `openrail`): it names no text.
    `evidence` says how the conditions and limitations are known, `source` where the text stands.
    """

    id: str
    name: str
    expression: str
    family: Family
    evidence: str
    source: str
    hub: bool = False
    osi: bool = False
    precise: bool = True
    aliases: tuple[str, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)
    limitations: Limitations = field(default_factory=Limitations)
    notes: str = ""
    unless: str = ""  # where this pattern is in the names of the model or its base, the bare name means another text


def key(name: str) -> str:
    """Reduce a licence name to what tells it apart: lower case, no filler words, no punctuation but `+`.

    "Apache License, Version 2.0", "apache-2.0" and "Apache 2.0 licence" give the same key.
    """
    spaced = name.replace("++", " plus plus ").replace("_", " ")
    return _NOT_WORD.sub("", _FILLER.sub(" ", spaced).lower())


@cache
def all_terms() -> dict[str, Terms]:
    """Read every `rules/licenses/*.yaml` once, by id; RuleError names a malformed file."""
    import yaml  # noqa: PLC0415 - lazy: --help must not load it

    found: dict[str, Terms] = {}
    folder = files("openness_audit.rules").joinpath("licenses")
    for source in sorted(folder.iterdir(), key=lambda s: s.name):
        if not source.name.endswith(".yaml"):
            continue
        try:
            entry = msgspec.convert(yaml.load(source.read_bytes(), yaml.CSafeLoader), Terms)
        except (msgspec.ValidationError, yaml.YAMLError) as problem:
            raise RuleError(f"licenses/{source.name}: {problem}") from problem
        if source.name != f"{entry.id}.yaml":
            raise RuleError(f"licenses/{source.name}: id {entry.id} is not the file's name")
        found[entry.id] = entry
    return found


def terms(license_id: str) -> Terms:
    """Give one licence by its id; KeyError for an unknown one."""
    return all_terms()[license_id]


@cache
def _expressions() -> dict[str, Terms]:
    return {entry.expression.lower(): entry for entry in all_terms().values() if entry.expression != "NOASSERTION"}


def by_expression(expression: str) -> Terms | None:
    """Give the licence whose SPDX id or LicenseRef this is, whatever the case; GNU `-or-later` counts as its family."""
    low = expression.lower()
    return _expressions().get(low) or _expressions().get(re.sub(r"(?:-or-later|\+)$", "-only", low))


@cache
def _names() -> dict[str, Terms]:
    names: dict[str, Terms] = {}
    for entry in all_terms().values():  # an id or name always wins over another licence's alias
        for name in (entry.id, entry.name, entry.expression, entry.expression.removeprefix("LicenseRef-hf-")):
            names.setdefault(key(name), entry)
    for entry in all_terms().values():
        for name in entry.aliases:
            names.setdefault(key(name), entry)
    names.pop("", None)
    return names


def by_name(name: str) -> Terms | None:
    """Give the licence that this id, name or known spelling stands for."""
    return _names().get(key(name))
