"""Load the headings and words of a model card's parts, compiled once."""

from __future__ import annotations

import re
from functools import cache

import msgspec
from msgspec import Struct

from openness_audit.collect.attribution.words import alternatives, phrases, read_vocabulary
from openness_audit.collect.patterns import lazy

PARTS = ("description", "architecture", "training", "evaluation", "limitations", "intended-use")


class Leads(Struct, frozen=True, forbid_unknown_fields=True):
    """Verbs and targets of a sentence that leads elsewhere."""

    verbs: tuple[str, ...]
    targets: tuple[str, ...]


class Done(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say that training was done."""

    auxiliaries: tuple[str, ...]
    verbs: tuple[str, ...]
    alone: tuple[str, ...]


class SectionsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`rules/vocabulary/sections.yaml`."""

    headings: dict[str, tuple[str, ...]]
    not_headings: tuple[str, ...]
    fine_tuning_headings: tuple[str, ...]
    usage_headings: tuple[str, ...]
    boilerplate: tuple[str, ...]
    pointer: tuple[str, ...]
    leads: Leads
    done: Done
    promised: tuple[str, ...]
    hyperparameters: tuple[str, ...]
    architecture_facts: tuple[str, ...]
    architecture_said: tuple[str, ...]
    training_said: tuple[str, ...]
    limitations_said: tuple[str, ...]
    intended_said: tuple[str, ...]
    results_said: tuple[str, ...]


class SectionWords(Struct, frozen=True):
    """The compiled vocabulary: `headings` and `usage` match whole titles, the rest is searched in text."""

    headings: dict[str, re.Pattern[str]]
    not_headings: re.Pattern[str]
    fine_tuning: re.Pattern[str]
    usage: re.Pattern[str]
    pointer: re.Pattern[str]
    promised: re.Pattern[str]
    hyperparameters: re.Pattern[str]
    architecture_facts: re.Pattern[str]
    said: dict[str, re.Pattern[str]]
    training_said: re.Pattern[str]
    leads: re.Pattern[str]  # "see the paper" anywhere in a sentence
    done: re.Pattern[str]  # "was fine-tuned": it was done, and not "can be fine-tuned"


@cache
def section_words() -> SectionWords:
    """Load and compile the vocabulary, once."""
    raw = msgspec.convert(read_vocabulary("sections"), SectionsFile)

    def beginning(words: tuple[str, ...]) -> re.Pattern[str]:
        return lazy(
            rf"\W{{0,6}}(?:(?:please|you can|one can)\s)?(?:{alternatives(words)})", re.IGNORECASE, holding=words
        )

    return SectionWords(
        headings={part: phrases(words) for part, words in raw.headings.items()},
        not_headings=phrases(raw.not_headings),
        fine_tuning=phrases(raw.fine_tuning_headings),
        usage=phrases(raw.usage_headings),
        pointer=beginning(raw.pointer),
        promised=phrases((*raw.promised, *raw.boilerplate)),
        hyperparameters=phrases(raw.hyperparameters),
        architecture_facts=phrases(raw.architecture_facts),
        said={
            "architecture": phrases(raw.architecture_said),
            "limitations": phrases(raw.limitations_said),
            "intended-use": phrases(raw.intended_said),
            "evaluation": phrases(raw.results_said),
        },
        training_said=phrases(raw.training_said),
        leads=lazy(
            rf"(?:{alternatives(raw.leads.verbs)})\s(?:\w+\s){{0,4}}(?:{alternatives(raw.leads.targets)})",
            re.IGNORECASE,
            holding=raw.leads.verbs,
        ),
        done=lazy(
            rf"(?<!be )(?:{alternatives(raw.done.auxiliaries)})\s(?:\w+ly\s|further\s|then\s|also\s)?"
            rf"(?:{alternatives(raw.done.verbs)})|(?<!be )(?:{alternatives(raw.done.alone)})",
            re.IGNORECASE,
            holding=(*raw.done.verbs, *raw.done.alone),
        ),
    )
