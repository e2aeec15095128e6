"""Load the words by which statements about terms are found in cards."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from openness_audit.collect.patterns import lazy
from openness_audit.packaged import read_as

__all__ = ["ProseWords", "prose_words"]


class _Raw(Struct, frozen=True, forbid_unknown_fields=True):
    trigger: str
    after_name: str
    before_name: str
    own_license: str
    license_word: str
    altered_before: str
    altered_after: str
    no_name: frozenset[str]
    heading: str
    label: str
    value_end: str
    no_value: str
    nameless: str
    clause: str
    no_proper: frozenset[str]
    contrast: str
    aside: str
    project: str
    elsewhere: str
    cautions: str
    grant: str
    restricts: tuple[str, ...]
    fields: tuple[str, ...]
    allows: str
    advice: str
    binding: str
    on_request: str
    scope: dict[str, str]
    code_of: str
    self: str
    base: str
    other: str
    beside: str
    opens: str
    goes_on: str
    same: str


class ProseWords(Struct, frozen=True):
    """The compiled patterns of `rules/vocabulary/license-prose.yaml`; what each is for stands there."""

    trigger: re.Pattern[str]
    after_name: re.Pattern[str]
    before_name: re.Pattern[str]
    own_license: re.Pattern[str]
    license_word: re.Pattern[str]
    altered_before: re.Pattern[str]
    altered_after: re.Pattern[str]
    no_name: frozenset[str]
    heading: re.Pattern[str]
    label: re.Pattern[str]
    value_end: re.Pattern[str]
    no_value: re.Pattern[str]
    nameless: re.Pattern[str]
    clause: re.Pattern[str]
    no_proper: frozenset[str]
    contrast: re.Pattern[str]
    aside: re.Pattern[str]
    project: re.Pattern[str]
    elsewhere: re.Pattern[str]
    cautions: re.Pattern[str]
    grant: re.Pattern[str]
    restricts: tuple[re.Pattern[str], ...]
    fields: tuple[re.Pattern[str], ...]
    allows: re.Pattern[str]
    advice: re.Pattern[str]
    binding: re.Pattern[str]
    on_request: re.Pattern[str]
    scope: dict[str, re.Pattern[str]]
    code_of: re.Pattern[str]
    self_words: re.Pattern[str]
    base: re.Pattern[str]
    other: re.Pattern[str]
    beside: re.Pattern[str]
    opens: re.Pattern[str]
    goes_on: re.Pattern[str]
    same: re.Pattern[str]


@cache
def prose_words() -> ProseWords:
    """Read and compile the vocabulary once; RuleError when it is malformed."""
    raw = read_as("vocabulary/license-prose.yaml", _Raw)
    return ProseWords(
        trigger=lazy(raw.trigger),
        after_name=lazy(raw.after_name, re.IGNORECASE),
        before_name=lazy(raw.before_name, re.IGNORECASE),
        own_license=lazy(raw.own_license),
        license_word=lazy(raw.license_word, re.IGNORECASE),
        altered_before=lazy(raw.altered_before, re.IGNORECASE),
        altered_after=lazy(raw.altered_after, re.IGNORECASE),
        no_name=raw.no_name,
        heading=lazy(raw.heading),
        label=lazy(raw.label),
        value_end=lazy(raw.value_end, re.IGNORECASE),
        no_value=lazy(raw.no_value, re.IGNORECASE),
        nameless=lazy(raw.nameless),
        clause=lazy(raw.clause),
        no_proper=raw.no_proper,
        contrast=lazy(raw.contrast),
        aside=lazy(raw.aside, re.IGNORECASE),
        project=lazy(raw.project),
        elsewhere=lazy(raw.elsewhere),
        cautions=lazy(raw.cautions),
        grant=lazy(raw.grant),
        restricts=tuple(lazy(pattern) for pattern in raw.restricts),
        fields=tuple(lazy(pattern) for pattern in raw.fields),
        allows=lazy(raw.allows),
        advice=lazy(raw.advice),
        binding=lazy(raw.binding),
        on_request=lazy(raw.on_request),
        scope={name: lazy(pattern) for name, pattern in raw.scope.items()},
        code_of=lazy(raw.code_of),
        self_words=lazy(raw.self),
        base=lazy(raw.base),
        other=lazy(raw.other),
        beside=lazy(raw.beside),
        opens=lazy(raw.opens),
        goes_on=lazy(raw.goes_on),
        same=lazy(raw.same),
    )
