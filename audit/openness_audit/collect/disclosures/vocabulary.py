"""Compile `rules/vocabulary/disclosures.yaml`: headings and words of each topic, names of hyper-parameters, units."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from openness_audit.collect.attribution.words import alternatives, phrases
from openness_audit.collect.card.outline import content_of
from openness_audit.collect.patterns import lazy
from openness_audit.collect.results.vocabulary import plain
from openness_audit.model.disclosures import Phase, Quantity, RiskLevel, StatementTopic
from openness_audit.packaged import read_as

NUMBER = r"\d{1,3}(?:[,' ]\d{3}){1,4}(?:\.\d{1,6})?|\d{1,9}(?:[.,]\d{1,6})?(?:e[+-]?\d{1,3})?"


class PersonalWords(
    Struct, frozen=True, forbid_unknown_fields=True, rename={"may_contain": "may-contain", "not_used": "not-used"}
):
    """Words of sentences on personal data."""

    about: tuple[str, ...]
    stems: tuple[str, ...]
    data: tuple[str, ...]
    use: tuple[str, ...]
    unsure: tuple[str, ...]
    may_contain: tuple[str, ...]
    not_used: tuple[str, ...]
    removed: tuple[str, ...]
    used: tuple[str, ...]


class RiskWords(Struct, frozen=True, forbid_unknown_fields=True):
    """Labels of a level of risk, and its values."""

    labels: tuple[str, ...]
    levels: dict[RiskLevel, tuple[str, ...]]


class QuantityWords(Struct, frozen=True, forbid_unknown_fields=True):
    """Labels and units of energy, emissions and time."""

    labels: dict[Quantity, tuple[str, ...]]
    sections: tuple[str, ...]
    family: tuple[str, ...]
    totals: tuple[str, ...]
    phases: dict[Phase, tuple[str, ...]]
    co2_units: dict[str, float]
    energy_units: dict[str, float]
    time_units: dict[str, float]


class ParameterWords(Struct, frozen=True, forbid_unknown_fields=True, rename={"not_": "not"}):
    """How the number of parameters is written."""

    labels: tuple[str, ...]
    said: tuple[str, ...]
    units: dict[str, int]
    before_not: tuple[str, ...]
    family: tuple[str, ...]
    not_: tuple[str, ...]


class Modalities(Struct, frozen=True, forbid_unknown_fields=True, rename={"in_": "in"}):
    """What goes into a task, and what comes out."""

    in_: tuple[str, ...]
    out: tuple[str, ...]


class DisclosuresFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The vocabulary as written."""

    headings: dict[StatementTopic, tuple[str, ...]]
    weak_headings: tuple[str, ...]
    says_nothing: tuple[str, ...]
    lead_in_ends: tuple[str, ...]
    no_values: tuple[str, ...]
    not_headings: tuple[str, ...]
    words: dict[StatementTopic, tuple[str, ...]]
    default_of_several: StatementTopic
    not_default_beside: frozenset[StatementTopic]
    data_words: tuple[str, ...]
    personal_data: PersonalWords
    risk_levels: RiskWords
    quantities: QuantityWords
    parameters: ParameterWords
    hyperparameters: dict[str, tuple[str, ...]]
    only_in_lists: frozenset[str]
    key_hyperparameters: frozenset[str]
    adapter_config: dict[str, str]
    tasks: dict[str, Modalities]


class Words(Struct, frozen=True, kw_only=True):
    """The compiled vocabulary."""

    raw: DisclosuresFile
    headings: dict[StatementTopic, re.Pattern[str]]
    any_heading: re.Pattern[str]
    weak_headings: re.Pattern[str]
    says_nothing: re.Pattern[str]
    lead_in: re.Pattern[str]
    no_values: frozenset[str]
    not_headings: re.Pattern[str]
    said: dict[StatementTopic, re.Pattern[str]]
    data: re.Pattern[str]
    personal: dict[str, re.Pattern[str]]
    quantity_labels: dict[str, Quantity]
    quantity_sections: re.Pattern[str]
    family: re.Pattern[str]
    totals: frozenset[str]
    phases: dict[Phase, re.Pattern[str]]
    parameter_labels: frozenset[str]
    parameter_number: re.Pattern[str]  # a number with a unit, alone
    parameter_said: re.Pattern[str]  # "7 billion parameters"
    parameter_not: re.Pattern[str]  # of a sentence
    parameter_before_not: re.Pattern[str]  # of what stands right before the number
    settings: dict[str, str]  # plain name -> id
    setting_said: re.Pattern[str]  # "a learning rate of 2e-5"
    count_said: re.Pattern[str]  # "3 epochs"
    risk_labels: frozenset[str]
    risk_levels: dict[str, RiskLevel]


def _setting_patterns(raw: DisclosuresFile) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile how running text gives a setting: the name before its value, and a count before its name."""
    names = [n for every in raw.hyperparameters.values() for n in every if n not in raw.only_in_lists]
    counted = [n for key in ("epochs", "steps") for n in raw.hyperparameters[key] if n.isascii()]
    word = r"(?:adam|sgd|lion|adafactor|cosine|linear|constant|bf16|fp16)[\w-]{0,20}"
    value = rf"[\"'`]?(?P<value>\d[\w.,×^*-]{{0,30}}|\.\d+|{word})"
    return (
        lazy(
            lambda: rf"(?P<name>{alternatives(names)})s?\s(?:(?:was|is|were|set|to|of|at)\s){{1,3}}{value}",
            re.IGNORECASE,
            holding=names,
        ),
        lazy(
            rf"(?<![\w.,-])(?P<value>\d[\d.,]{{0,12}}[km]?)\s(?:training\s|full\s)?(?P<name>{'|'.join(counted)})(?!\w)",
            re.IGNORECASE,
            holding=counted,
        ),
    )


def _before(verbs: tuple[str, ...], what: tuple[str, ...], most: int) -> re.Pattern[str]:
    """Compile a verb with its object, and so many words between them at most."""
    return lazy(
        lambda: (
            rf"(?:{alternatives(verbs)})(?:[^\w.;]{{1,3}}\w{{1,30}}){{0,{most}}}?[^\w.;]{{0,3}}(?:{alternatives(what)})"
        ),
        re.IGNORECASE,
        holding=verbs,
    )


@cache
def words() -> Words:
    """Load and compile the vocabulary, once."""
    raw = read_as("vocabulary/disclosures.yaml", DisclosuresFile)
    personal = raw.personal_data
    units = "|".join(sorted(map(re.escape, raw.parameters.units), key=len, reverse=True))
    setting, count = _setting_patterns(raw)
    number = rf"(?P<number>\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{1,15}}(?:\.\d{{1,4}})?)\s?-?(?P<unit>(?:{units})(?![a-z]))?"
    return Words(
        raw=raw,
        headings={topic: phrases(some) for topic, some in raw.headings.items()},
        any_heading=phrases(tuple(w for some in raw.headings.values() for w in some)),
        weak_headings=lazy(rf"\W*(?:{alternatives(raw.weak_headings)})\W*$", re.IGNORECASE, holding=raw.weak_headings),
        says_nothing=lazy(rf"\W*(?:{alternatives(raw.says_nothing)})", re.IGNORECASE, holding=raw.says_nothing),
        lead_in=lazy(rf"(?:{alternatives(raw.lead_in_ends)})\W*$", re.IGNORECASE, holding=raw.lead_in_ends),
        no_values=frozenset(plain(w) or w for w in raw.no_values),
        not_headings=phrases(raw.not_headings),
        said={topic: phrases(some) for topic, some in raw.words.items()},
        data=phrases(raw.data_words),
        personal={
            "about": phrases(personal.about),
            "data": phrases(personal.data),
            "use": phrases(personal.use),
            "unsure": phrases(personal.unsure),
            "may-contain": _before(personal.may_contain, personal.about, 8),
            "not-used": phrases(personal.not_used),
            "removed": phrases(personal.removed),
            "used": _before(personal.used, personal.about, 4),
        },
        quantity_labels={plain(w): q for q, some in raw.quantities.labels.items() for w in some},
        quantity_sections=phrases(raw.quantities.sections),
        family=phrases(raw.quantities.family),
        totals=frozenset(plain(w) for w in raw.quantities.totals),
        phases={phase: phrases(some) for phase, some in raw.quantities.phases.items()},
        parameter_labels=frozenset(plain(w) for w in raw.parameters.labels),
        parameter_number=lazy(
            rf"[~≈]?\s?{number}(?:[\s-]{{0,2}}(?:{alternatives(raw.parameters.said)}))?\W{{0,3}}$", re.IGNORECASE
        ),
        parameter_said=lazy(
            rf"(?<![\w.,/]){number}[\s-]{{0,2}}(?:(?:model|trainable|total|learnable|of)\s){{0,1}}"
            rf"(?:{alternatives(raw.parameters.said)})",
            re.IGNORECASE,
        ),
        parameter_not=phrases((*raw.parameters.not_, *raw.parameters.family)),
        parameter_before_not=lazy(
            rf"(?:(?:^|\s)(?:{'|'.join(map(re.escape, raw.parameters.before_not))})|[,、，–-])\W*\Z", re.IGNORECASE
        ),
        settings={plain(name): key for key, every in raw.hyperparameters.items() for name in every},
        setting_said=setting,
        count_said=count,
        risk_labels=frozenset(plain(w) for w in raw.risk_levels.labels),
        risk_levels={plain(w): level for level, some in raw.risk_levels.levels.items() for w in some},
    )


def says_nothing(value: str) -> bool:
    """Tell whether a value is a placeholder, or says that it is not known."""
    bare = content_of(value).strip()
    return not bare or (plain(bare) or bare) in words().no_values


def as_number(text: str) -> float | None:
    """Give the number a value begins with ("0.93 ± 0.01", "93.5%", "1,234", "0,93"); None where it is none."""
    match = re.match(rf"[\s*_~≈<>]*(?P<n>[-+]?(?:{NUMBER}))", text)
    if match is None:
        return None
    bare = re.sub(r"[' ]", "", match["n"])
    if re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", bare):
        bare = bare.replace(",", "")
    try:
        return float(bare.replace(",", "."))
    except ValueError:
        return None
