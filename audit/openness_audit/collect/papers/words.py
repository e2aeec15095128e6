"""Load what is known of papers and how cards speak of their own, compiled once."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

import msgspec
from msgspec import Struct, field

from openness_audit.collect.attribution.words import phrases, read_vocabulary


class Known(Struct, frozen=True, forbid_unknown_fields=True, rename={"kind": "is", "later": "not"}):
    """Well-known papers: what they are about, and for a model's own paper, whose it is."""

    kind: Literal["method", "data", "evaluation", "base"]
    ids: tuple[str, ...]
    models: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


class Noise(Struct, frozen=True, forbid_unknown_fields=True):
    """Papers that stand in card templates."""

    arxiv: frozenset[str]
    urls: tuple[str, ...]


class PapersFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`rules/vocabulary/papers.yaml`."""

    noise: Noise
    known: tuple[Known, ...]
    hosts: frozenset[str]
    reviewed: frozenset[str]
    not_papers: frozenset[str]
    doi_skip: tuple[str, ...]
    paper_words: tuple[str, ...]
    report_words: tuple[str, ...]
    not_model_titles: tuple[str, ...]
    data_titles: tuple[str, ...]
    model_titles: tuple[str, ...]
    blog_words: tuple[str, ...]
    blog_platforms: tuple[str, ...]
    blog_hosts: tuple[str, ...]
    blog_not: tuple[str, ...]
    ours: tuple[str, ...]
    method_before: tuple[str, ...]
    data_words: tuple[str, ...]
    evaluation_words: tuple[str, ...]
    cite_words: tuple[str, ...]
    subject: tuple[str, ...]
    method_of: tuple[str, ...]
    plain: frozenset[str]
    task_tuned: frozenset[str]
    not_ours: tuple[str, ...]


class PaperWords(Struct, frozen=True):
    """The compiled vocabulary."""

    file: PapersFile
    known: dict[str, Known] = field(default_factory=dict)
    patterns: dict[str, re.Pattern[str]] = field(default_factory=dict)


@cache
def paper_words() -> PaperWords:
    """Load and compile the vocabulary, once."""
    raw = msgspec.convert(read_vocabulary("papers"), PapersFile)
    known = {place: entry for entry in raw.known for place in (*entry.ids, *entry.urls)}
    groups = {
        "paper": raw.paper_words,
        "report": raw.report_words,
        "not_model_title": raw.not_model_titles,
        "data_title": raw.data_titles,
        "model_title": raw.model_titles,
        "blog": raw.blog_words,
        "blog_not": raw.blog_not,
        "ours": raw.ours,
        "method": raw.method_before,
        "data": raw.data_words,
        "evaluation": raw.evaluation_words,
        "cite": raw.cite_words,
        "subject": raw.subject,
        "method_of": raw.method_of,
        "not_ours": raw.not_ours,
    }
    return PaperWords(file=raw, known=known, patterns={name: phrases(words) for name, words in groups.items()})
