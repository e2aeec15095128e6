"""Load what is known about public corpora and the words for training data, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from openness_audit.collect.attribution.words import alternatives, phrases, read_vocabulary
from openness_audit.collect.gates import Gate
from openness_audit.collect.patterns import lazy

Availability: TypeAlias = Literal["public", "mirrored", "gated", "recipe", "derived", "closed", "withdrawn"]
Verb: TypeAlias = Literal["pretraining", "finetuning", "evaluation", "training"]
VERBS: Final[tuple[Verb, ...]] = ("pretraining", "finetuning", "evaluation", "training")
_WORD = re.compile(r"[a-zA-Z0-9\u00c0-\u024f\u0400-\u04ff]+")


class Corpus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A well-known corpus (`rules/vocabulary/corpora.yaml`, where the fields are explained)."""

    slug: str
    license: str
    nc: bool
    availability: Availability
    kind: str
    names: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    hub: tuple[str, ...] = ()
    public_ids: tuple[str, ...] = ()
    url: str | None = None
    card: bool = False
    ambiguous: bool = False
    source: str | None = None

    @property
    def title(self) -> str:
        """Give the name to show for it."""
        return (self.exact or self.names or self.hub)[0]

    def gated_as(self, hub_id: str | None) -> bool:
        """Say whether the corpus is behind a gate under this id, or, without an id, at its home."""
        return self.availability == "gated" and (hub_id or "").lower() not in {i.lower() for i in self.public_ids}


class Corpora(Struct, frozen=True, kw_only=True):
    """The list, by Hub id, by the words of a name, and as a pattern for scripts without blanks."""

    as_of: str
    by_hub: dict[str, Corpus]
    by_words: dict[tuple[str, ...], Corpus]
    by_exact: dict[tuple[str, ...], Corpus]
    sizes: dict[str, tuple[int, ...]]  # the numbers of words of names, most first, by their first word in lower case
    wide: re.Pattern[str]
    by_wide: dict[str, Corpus]


def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a name, without separators and in lower case: "MS-MARCO" is ("ms", "marco")."""
    return tuple(word.lower() for word in words_as_written(text))


def words_as_written(text: str) -> tuple[str, ...]:
    """Give every word of a text as written."""
    return tuple(_WORD.findall(text))


def word_spans(text: str) -> list[tuple[int, int]]:
    """Give the offsets of every word of a text."""
    return [m.span() for m in _WORD.finditer(text)]


@cache
def corpora() -> Corpora:
    """Read the list of well-known corpora. Raises msgspec.ValidationError where an entry is malformed."""
    raw = read_vocabulary("corpora")
    listed = [msgspec.convert({"slug": slug, **entry}, Corpus) for slug, entry in raw["corpora"].items()]
    by_words = {words_of(name): c for c in listed for name in c.names if words_of(name)}
    by_exact = {words_as_written(name): c for c in listed for name in c.exact}
    by_wide = {name.lower(): c for c in listed for name in c.names if not name.isascii()}
    sizes: dict[str, set[int]] = {}
    for words in (*by_words, *by_exact):
        sizes.setdefault(words[0].lower(), set()).add(len(words))
    pattern = "|".join(re.escape(n) for n in sorted(by_wide, key=lambda n: (-len(n), n))) or r"(?!)"
    return Corpora(
        as_of=str(raw["as_of"]),
        by_hub={hub.lower(): c for c in listed for hub in c.hub},
        by_words=by_words,
        by_exact=by_exact,
        sizes={first: tuple(sorted(some, reverse=True)) for first, some in sizes.items()},
        wide=lazy(pattern, re.IGNORECASE),
        by_wide=by_wide,
    )


class Rows:
    """Several patterns that are held against a text as one, without those that cannot match in it.

    A row whose alternatives all begin at a word is searched five times as fast where no other row is.
    """

    def __init__(self, rows: list[str]) -> None:
        """Take the patterns; of those that match at one place, the first counts."""
        self.rows = tuple(lazy(row, re.IGNORECASE) for row in rows)
        self._gates = tuple(Gate(row) for row in self.rows)
        self._sources = rows
        self._joined: dict[tuple[int, ...], re.Pattern[str]] = {}

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Give the matches of all rows, as of one pattern."""
        some = tuple(number for number, gate in enumerate(self._gates) if gate.may(text))
        if len(some) < 2:
            return self.rows[some[0]].finditer(text) if some else iter(())
        if some not in self._joined:
            self._joined[some] = _patterns([self._sources[number] for number in some])
        return self._joined[some].finditer(text)


class DataWords(Struct, frozen=True, kw_only=True):
    """The words of `rules/vocabulary/data.yaml`, ready to ask."""

    heading_nouns: frozenset[str]
    heading_fillers: frozenset[str]
    heading_phrases: re.Pattern[str]
    heading_roles: dict[str, re.Pattern[str]]  # training, evaluation, elsewhere
    heading_stages: dict[str, re.Pattern[str]]  # pretraining, finetuning
    verbs: dict[Verb, Rows]
    verb_gate: Gate  # of texts in whose sentences a verb may stand
    label_gate: Gate  # of texts whose beginning may be a label that heads data or evaluation
    continued: re.Pattern[str]
    negated: re.Pattern[str]  # at the end of what stands before a verb
    instructed: re.Pattern[str]
    used: re.Pattern[str]
    addressed: re.Pattern[str]  # before a verb: what the reader may do
    addressed_after: re.Pattern[str]  # behind a verb: with data of the reader's
    of_model: re.Pattern[str]  # behind "pretrained": it only says which model
    stage_after: re.Pattern[str]  # between a name and the verb of its stage
    strong: re.Pattern[str]
    nouns: re.Pattern[str]
    sources: re.Pattern[str]
    collective: re.Pattern[str]  # "X dataset": matched right after a name
    subset_before: re.Pattern[str]
    subset_after: re.Pattern[str]
    quantity_from: re.Pattern[str]  # "150K sentences from", before a name
    sampled_names: re.Pattern[str]  # in the subject's name
    subset_endings: re.Pattern[str]
    examples_before: re.Pattern[str]
    examples_after: re.Pattern[str]
    beside: re.Pattern[str]
    withheld: re.Pattern[str]
    follows: re.Pattern[str]
    broken_off: re.Pattern[str]
    prepositions: re.Pattern[str]
    version_that: re.Pattern[str]
    pronouns: re.Pattern[str]
    describes: re.Pattern[str]
    description: re.Pattern[str]
    joints: re.Pattern[str]
    coordinated: re.Pattern[str]
    apposed: re.Pattern[str]
    asides: re.Pattern[str]
    set_phrase: re.Pattern[str]
    abbreviated: re.Pattern[str]
    placeholders: frozenset[str]
    site_labels: frozenset[str]
    placeholder_ends: tuple[str, ...]
    not_names: frozenset[str]
    name_endings: re.Pattern[str]
    not_data_after: re.Pattern[str]
    not_data_labels: re.Pattern[str]
    cleaned: re.Pattern[str]
    not_data_before: re.Pattern[str]
    totals: frozenset[str]
    table_headers: frozenset[str]
    feature_rows: frozenset[str]
    hosts: dict[str, tuple[frozenset[str], tuple[str, ...]]]  # by kind of link: hosts, and pages of hosts
    data_dois: tuple[str, ...]
    tuning_names: re.Pattern[str]  # in the name of a data set
    single_stage: frozenset[str]
    tuned_tasks: frozenset[str]
    labelling_tasks: frozenset[str]
    statement_summary: re.Pattern[str]
    statement_links: re.Pattern[str]
    statement_pointers: re.Pattern[str]


def _patterns(rows: list[str]) -> re.Pattern[str]:
    return lazy("|".join(rows), re.IGNORECASE)


def _before(words: list[str], gap: int) -> re.Pattern[str]:
    """Match one of `words` at the end of a text, with at most `gap` words behind it."""
    return lazy(
        rf"(?:{alternatives(words)})\W{{0,3}}(?:[\w'’-]{{1,14}}\W{{1,3}}){{0,{gap}}}\Z", re.IGNORECASE, whole=words
    )


def _headings(raw: dict[str, Any]) -> dict[str, Any]:
    head = raw["headings"]
    wide, roles = phrases(head["data_phrases"]), {r: phrases(head[r]) for r in ("training", "evaluation", "elsewhere")}
    return {
        "heading_nouns": frozenset(head["data_nouns"]),
        "heading_fillers": frozenset(head["data_fillers"]),
        "heading_phrases": wide,
        "heading_roles": roles,
        "label_gate": Gate(wide, roles["evaluation"], pieces=head["data_nouns"]),
        "heading_stages": {stage: phrases(head[stage]) for stage in ("pretraining", "finetuning")},
    }


def _verbs(raw: dict[str, Any]) -> dict[str, Any]:
    verbs = raw["verbs"]
    patterns = {kind: Rows(verbs[kind]["patterns"]) for kind in VERBS}
    return {
        "verbs": patterns,
        "verb_gate": Gate(*(row for rows in patterns.values() for row in rows.rows)),
        "continued": phrases(verbs["continued"]),
        "negated": _before(verbs["negations"], 3),
        "instructed": _before(verbs["instructions"], 1),
        "used": phrases(verbs["used"]),
    }


def _nouns(raw: dict[str, Any]) -> dict[str, Any]:
    nouns, follows = raw["nouns"], raw["follows"]
    strong = alternatives(nouns["strong"])
    return {
        "strong": phrases(nouns["strong"]),
        "nouns": phrases([*nouns["strong"], *nouns["weak"]]),
        "sources": phrases([*nouns["strong"], *nouns["sources"]]),
        "collective": lazy(
            rf"[`\"'”’)*\s]{{0,4}}(?:{alternatives(nouns['collective'])})", re.IGNORECASE, whole=nouns["collective"]
        ),
        "follows": _patterns(
            [
                rf"(?:{alternatives(follows['words'])})\W{{1,3}}(?:[\w-]{{1,14}}\W){{0,2}}(?:{strong})",
                alternatives(follows["wide"]),
            ]
        ),
    }


def _names(raw: dict[str, Any]) -> dict[str, Any]:
    """Compile what stands in, beside or instead of a data set's name."""
    return {
        "subset_after": lazy(
            rf"[\s(\])`’”\"'*]{{0,4}}(?:{alternatives(raw['subset_after'])})", re.IGNORECASE, whole=raw["subset_after"]
        ),
        "pronouns": lazy(rf"\W{{0,3}}(?:{alternatives(raw['pronouns'])})", re.IGNORECASE, whole=raw["pronouns"]),
        "abbreviated": lazy(rf"\b(?:{'|'.join(map(re.escape, raw['abbreviations']))})\.\s*\Z", re.IGNORECASE),
        "placeholder_ends": tuple(raw["placeholder_ends"]),
        "name_endings": lazy(rf"(?:{'|'.join(raw['name_endings']['patterns'])})(?![^\W_])", re.IGNORECASE),
        "not_data_after": lazy(
            rf"[-\s]{{1,2}}(?:{alternatives(raw['not_data_after'])})", re.IGNORECASE, whole=raw["not_data_after"]
        ),
        "not_data_before": _before(raw["not_data_before"], 0),
        "hosts": {
            kind: (frozenset(h for h in hosts if "/" not in h), tuple(h for h in hosts if "/" in h))
            for kind, hosts in raw["hosts"].items()
        },
        "data_dois": tuple(raw["data_dois"]),
    }


_PHRASES = (
    "subset_before", "subset_endings", "examples_before", "examples_after", "beside", "withheld", "not_data_labels",
    "cleaned", "describes", "prepositions", "tuning_names",
)  # fmt: skip
_PATTERNS = (
    *("version_that", "description", "joints", "coordinated", "apposed", "asides", "set_phrase"),
    *("addressed", "addressed_after", "of_model", "stage_after", "broken_off", "quantity_from", "sampled_names"),
)
_SETS = (
    "placeholders",
    "site_labels",
    "not_names",
    "totals",
    "table_headers",
    "feature_rows",
    "single_stage",
    "tuned_tasks",
    "labelling_tasks",
)


@cache
def data_words() -> DataWords:
    """Read and compile the words."""
    raw = read_vocabulary("data")
    plain: dict[str, Any] = {name: phrases(raw[name]) for name in _PHRASES}
    plain |= {name: _patterns(raw[name]["patterns"]) for name in _PATTERNS}
    plain |= {name: frozenset(raw[name]) for name in _SETS}
    plain |= {f"statement_{name}": phrases(raw["statements"][name]) for name in ("summary", "links", "pointers")}
    return DataWords(**_headings(raw), **_verbs(raw), **_nouns(raw), **_names(raw), **plain)
