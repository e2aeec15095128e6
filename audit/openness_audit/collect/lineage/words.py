"""Load the words by which cards say what a model was made from, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec
from msgspec import Struct

from openness_audit.collect.attribution.words import alternatives, phrases, read_vocabulary
from openness_audit.collect.patterns import lazy
from openness_audit.model.facts_origins import Relation

ORDER: tuple[Relation, ...] = ("merge", "quantized", "adapter", "conversion", "reupload", "finetune", "unknown")


class Phrases(Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases before and behind a parent's name."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Far(Struct, frozen=True, forbid_unknown_fields=True):
    """Particles behind a parent's name, the verbs that end its sentence, and what may not stand between them."""

    particles: tuple[str, ...]
    verbs: tuple[str, ...]
    never: tuple[str, ...]


class Names(Struct, frozen=True, forbid_unknown_fields=True):
    """Parts of a repository name that say what it is."""

    quantized: frozenset[str]
    quantized_always: frozenset[str]
    quantized_pattern: str
    conversion: frozenset[str]
    reupload: frozenset[str]
    adapter: frozenset[str]
    adapting: frozenset[str]
    merge: frozenset[str]
    tuned: frozenset[str]
    base: frozenset[str]
    full: frozenset[str]


class Tags(Struct, frozen=True, forbid_unknown_fields=True):
    """Hub tags and libraries that say what a model is."""

    adapter: frozenset[str]
    merge: frozenset[str]
    quantized: frozenset[str]
    tuned: frozenset[str]
    library_tuned: frozenset[str]
    library_conversion: frozenset[str]


class LineageFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`rules/vocabulary/lineage.yaml`."""

    reserved: frozenset[str]
    legacy: tuple[str, ...]
    strong: dict[Relation, Phrases]
    weak: dict[Relation, Phrases]
    far: Far
    link_only: frozenset[str]
    bare: frozenset[str]
    labels_only: frozenset[str]
    not_the_model: tuple[str, ...]
    used_to: tuple[str, ...]
    outright: tuple[str, ...]
    aside: tuple[str, ...]
    thing: tuple[str, ...]
    quoting: tuple[str, ...]
    gap_stop: tuple[str, ...]
    scratch: tuple[str, ...]
    list_intro: tuple[str, ...]
    list_heads: tuple[str, ...]
    list_merge: tuple[str, ...]
    merge_words: tuple[str, ...]
    merge_said: tuple[str, ...]
    names: Names
    tags: Tags
    tuned_said: tuple[str, ...]
    tuned_is: tuple[str, ...]
    tuned_is_before: tuple[str, ...]
    pretrained_said: tuple[str, ...]
    task_pipelines: frozenset[str]
    several: tuple[str, ...]
    both_said: tuple[str, ...]
    not_yet: tuple[str, ...]
    tuned_nouns: tuple[str, ...]
    continued: tuple[str, ...]
    not_tuned: tuple[str, ...]


class Said(Struct, frozen=True):
    """One relation's phrases: `before` is searched in what stands before a name, `after` matched behind it."""

    relation: Relation
    strong: bool
    before: re.Pattern[str]
    after: re.Pattern[str]


class LineagePatterns(Struct, frozen=True):
    """The compiled vocabulary."""

    said: tuple[Said, ...]
    far: re.Pattern[str]  # matched behind a name; `never` may not stand in the match
    never: re.Pattern[str]
    not_the_model: re.Pattern[str]
    used_to: re.Pattern[str]
    outright: re.Pattern[str]
    aside: re.Pattern[str]
    thing: re.Pattern[str]
    quoting: re.Pattern[str]
    gap_stop: re.Pattern[str]
    scratch: re.Pattern[str]
    list_intro: re.Pattern[str]
    list_heads: re.Pattern[str]
    list_merge: re.Pattern[str]
    merge_words: re.Pattern[str]
    merge_said: re.Pattern[str]
    labels: re.Pattern[str]
    tuned_said: re.Pattern[str]
    tuned_is: re.Pattern[str]
    tuned_kind: re.Pattern[str]
    several: re.Pattern[str]
    both_said: re.Pattern[str]
    pretrained_said: re.Pattern[str]
    not_yet: re.Pattern[str]
    tuned_nouns: re.Pattern[str]
    continued: re.Pattern[str]
    formats: re.Pattern[str]  # parts of a name that only say how the weights are stored
    quantized: re.Pattern[str]  # those of them that say they were quantized
    not_tuned: re.Pattern[str]


@cache
def lineage_file() -> LineageFile:
    """Load the vocabulary, once."""
    return msgspec.convert(read_vocabulary("lineage"), LineageFile)


def _longest_first(parts: frozenset[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(parts, key=lambda w: (-len(w), w)))


def _said(raw: LineageFile) -> Iterator[Said]:
    """Give what is said of each relation, the strong words first."""
    for strong, groups in ((True, raw.strong), (False, raw.weak)):
        for relation in ORDER:
            group = groups.get(relation)
            if group is not None:
                behind = rf"[^.;:\n]{{0,3}}(?:\s?model)?[ \t,)\]']{{0,3}}(?:{alternatives(group.after)})"
                after = lazy(behind, re.IGNORECASE, whole=group.after)
                yield Said(relation, strong, phrases(group.before), after)


@cache
def lineage_patterns() -> LineagePatterns:
    """Compile the vocabulary, once."""
    raw = lineage_file()
    names = raw.names
    stored = names.quantized | names.conversion | names.reupload | names.full
    packaging, shrunk = _longest_first(stored), _longest_first(names.quantized)
    return LineagePatterns(
        said=tuple(_said(raw)),
        far=lazy(
            rf"[\s`*_)\]\"'）]{{0,4}}(?:{alternatives(raw.far.particles)})[^。！？!?\n]{{0,100}}?"
            rf"(?:{alternatives(raw.far.verbs)})",
            re.IGNORECASE,
            whole=raw.far.verbs,
        ),
        never=phrases(raw.far.never),
        not_the_model=phrases(raw.not_the_model),
        used_to=lazy("|".join(raw.used_to), re.IGNORECASE),
        outright=lazy("|".join(raw.outright), re.IGNORECASE),
        aside=phrases(raw.aside),
        thing=phrases(raw.thing),
        quoting=phrases(raw.quoting),
        gap_stop=phrases(raw.gap_stop),
        scratch=phrases(raw.scratch),
        list_intro=phrases(raw.list_intro),
        list_heads=phrases(raw.list_heads),
        list_merge=phrases(raw.list_merge),
        merge_words=phrases(raw.merge_words),
        merge_said=phrases(raw.merge_said),
        labels=phrases(raw.strong["unknown"].before),
        tuned_said=phrases(raw.tuned_said),
        tuned_is=lazy(
            rf"(?:{alternatives(raw.tuned_is_before)})(?:\s[\w+-]{{1,20}}){{0,6}}?\s?(?:{alternatives(raw.tuned_is)})",
            re.IGNORECASE,
            whole=raw.tuned_is,
        ),
        tuned_kind=phrases(raw.tuned_is),
        pretrained_said=phrases(raw.pretrained_said),
        several=phrases(raw.several),
        both_said=phrases(raw.both_said),
        not_yet=lazy(rf"(?:{alternatives(raw.not_yet)})[\s\w]{{0,12}}\Z", re.IGNORECASE, whole=raw.not_yet),
        tuned_nouns=phrases(raw.tuned_nouns),
        continued=phrases(raw.continued),
        formats=lazy(rf"(?<![^\W_])(?:{names.quantized_pattern}|{packaging})(?![^\W_])", re.IGNORECASE),
        quantized=lazy(rf"(?<![^\W_])(?:{names.quantized_pattern}|{shrunk})(?![^\W_])", re.IGNORECASE),
        not_tuned=phrases(raw.not_tuned),
    )
