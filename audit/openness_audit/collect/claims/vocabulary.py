"""Load the words by which claims of openness are found in cards."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from openness_audit.collect.attribution.words import read_vocabulary
from openness_audit.collect.patterns import lazy
from openness_audit.errors import RuleError
from openness_audit.model.claims import ClaimKind

__all__ = ["ClaimWords", "Form", "Tie", "claim_words"]

Tie: TypeAlias = Literal["self", "subject", "link", "label"]


class _RawForm(Struct, frozen=True, forbid_unknown_fields=True):
    kind: ClaimKind
    tie: Tie
    holding: tuple[str, ...]
    pattern: str


class _Raw(Struct, frozen=True, forbid_unknown_fields=True):
    trigger: str
    words: dict[str, str]
    objects: dict[str, str]
    whole: str
    self: str
    others: str
    promised: str
    denied: str
    later: str
    no_proper: frozenset[str]
    partly: str
    ours: str
    cited: str
    paper: str
    general: str
    describes: str
    some_only: str
    clause: str
    elsewhere: str
    forms: tuple[_RawForm, ...]


class Form(Struct, frozen=True):
    """One phrase that claims; `holding` are letters one of which every match holds."""

    kind: ClaimKind
    tie: Tie
    holding: tuple[str, ...]
    pattern: re.Pattern[str]


class ClaimWords(Struct, frozen=True):
    """The compiled patterns of `rules/vocabulary/claims.yaml`; what each is for stands there."""

    trigger: re.Pattern[str]
    objects: dict[str, re.Pattern[str]]
    whole: re.Pattern[str]
    self_words: re.Pattern[str]
    others: re.Pattern[str]
    promised: re.Pattern[str]
    denied: re.Pattern[str]
    later: re.Pattern[str]
    no_proper: frozenset[str]
    partly: re.Pattern[str]
    ours: re.Pattern[str]
    cited: re.Pattern[str]
    paper: re.Pattern[str]
    general: re.Pattern[str]
    describes: re.Pattern[str]
    some_only: re.Pattern[str]
    clause: re.Pattern[str]
    elsewhere: re.Pattern[str]
    forms: tuple[Form, ...]


def _filled(pattern: str, words: dict[str, str]) -> str:
    """Put the words of a name in place of the name in braces."""
    for name, value in words.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    return pattern


@cache
def claim_words() -> ClaimWords:
    """Read the vocabulary once; RuleError when it is malformed."""
    try:
        raw = msgspec.convert(read_vocabulary("claims"), _Raw)
    except msgspec.ValidationError as problem:
        raise RuleError(f"vocabulary/claims.yaml: {problem}") from problem

    def compiled(pattern: str) -> re.Pattern[str]:
        return lazy(_filled(pattern, raw.words), re.IGNORECASE)

    return ClaimWords(
        trigger=compiled(raw.trigger),
        objects={name: compiled(pattern) for name, pattern in raw.objects.items()},
        whole=compiled(raw.whole),
        self_words=compiled(raw.self),
        others=compiled(raw.others),
        promised=compiled(raw.promised),
        denied=compiled(raw.denied),
        later=compiled(raw.later),
        no_proper=raw.no_proper,
        partly=compiled(raw.partly),
        ours=compiled(raw.ours),
        cited=compiled(raw.cited),
        paper=compiled(raw.paper),
        general=compiled(raw.general),
        describes=compiled(raw.describes),
        some_only=compiled(raw.some_only),
        clause=compiled(raw.clause),
        elsewhere=compiled(raw.elsewhere),
        forms=tuple(Form(f.kind, f.tie, f.holding, compiled(f.pattern)) for f in raw.forms),
    )
