"""The faster twin of a pattern finds what the pattern finds, in the same places."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.collect.attribution.words import patterns
from openness_audit.collect.card.section_words import section_words
from openness_audit.collect.code.vocabulary import code_words
from openness_audit.collect.compute.vocabulary import compute_words
from openness_audit.collect.licenses.vocabulary import prose_words
from openness_audit.collect.patterns import _BEFORE, lazy
from openness_audit.regexcode import to_quick

_I = re.IGNORECASE
_MADE_UP = (
    (r"\bowl(?:s|ets?)?\b", _I),
    (r"(?<!snowy )(?:owl|hawk)(?!s)|\bthe (?P<who>tern)\b|é?gret", _I),
    (r"owl(?-i:[A-Za-z])|K\. [A-F]\d{1,3}", _I),
    (r"(?:big )?(?:small |tiny )?bird|[cs]oot|t(?<=at)ern", _I),
    (r"Owl|(?<!\w)HAWK\b|(?<=[A-Z])tern", 0),
    (r"tern$|(?:x|(?:y|z)?w)q|鸟|bird(?=s)", re.MULTILINE | _I),
)
_TEXT = st.lists(
    st.sampled_from(
        ("owl", "Owls", "OWLET", "hawk", "HAWK", "tern", "the ", "snowy ", "egret", "bird", "birds", "big ")
    )
    | st.sampled_from(("tiny ", "coot", "Soot", "xq", "ywq", "wq", "K. B12", " ", "\n", "_", "-", "7", "a", "Z")),
    max_size=8,
).map("".join)


def _places(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


@pytest.mark.parametrize(("source", "flags"), _MADE_UP)
@given(text=_TEXT)
def test_a_twin_matches_where_the_pattern_does(source: str, flags: int, text: str) -> None:
    twin = _twin(source, flags)
    assert twin is not None
    assert _places(twin, text.lower() if flags & _I else text) == _places(re.compile(source, flags), text)


_twin = cache(to_quick)


@cache
def _twins() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    plain = [re.compile(known.pattern, known.flags) for known in _vocabulary()]
    made = [(known, _twin(known.pattern, known.flags & (_I | re.MULTILINE))) for known in plain]
    return [(known, twin) for known, twin in made if twin is not None]


def _vocabulary() -> list[re.Pattern[str]]:
    words, known = section_words(), code_words()
    attribution = patterns()
    return [
        *(getattr(attribution, name) for name in attribution.__struct_fields__),
        *words.headings.values(),
        *words.said.values(),
        words.leads,
        words.done,
        *known.patterns.values(),
        *(role.context for role in known.roles.values()),
        *compute_words().amounts,
        compute_words().hints,
        prose_words().trigger,
        *prose_words().restricts,
    ]


_SAID = st.lists(
    st.sampled_from(
        (
            *(
                "Our",
                "model",
                "the base model",
                "was",
                "fine-tuned on",
                "trained",
                "weights",
                "License:",
                "MIT",
                "training",
            ),
            *("code", "released", "github", "evaluation", "learning_rate: 2e-5", "8 A100", "kWh", "2 hours", "CO2"),
            *(
                "from_pretrained('a/b')",
                "pipeline(",
                "limitations",
                "bias",
                "see the paper",
                "non-commercial",
                "use only",
            ),
            *(
                ".",
                ",",
                "\n",
                " - ",
                "(",
                ")",
                "3",
                "Apache 2.0",
                "we",
                "other models",
                "usage",
                "how to use",
                "of",
                "to",
            ),
        )
    ),
    max_size=14,
).map(" ".join)


@given(_SAID)
def test_twins_of_the_vocabularies_do_too(text: str) -> None:
    for pattern, twin in _twins():
        low = text.lower() if pattern.flags & _I else text
        assert _places(twin, low) == _places(pattern, text), pattern.pattern


def test_most_patterns_have_one() -> None:
    assert len(_twins()) > len(_vocabulary()) / 2


@pytest.mark.parametrize("source", [r"(a)\1", r"\W{0,3}a", r".a", "(?s:a.)", "", "(?-i:a)b", "ſa", "[^a]b"])
def test_what_cannot_be_rewritten_has_none(source: str) -> None:
    assert to_quick(source, _I) is None


def test_a_pattern_that_is_needed_often_answers_as_before() -> None:
    often = lazy(r"\b(?P<bird>owl|tern)s\b", _I)
    plain = re.compile(r"\b(?P<bird>owl|tern)s\b", _I)
    for text in ("Owls and TERNS", "an owl", "terns, éowls, Owls"):
        for _ in range(_BEFORE + 2):
            found, wanted = often.search(text), plain.search(text)
            assert (found and (found.span(), found["bird"])) == (wanted and (wanted.span(), wanted["bird"]))
        assert [m["bird"] for m in often.finditer(text, 2)] == [m["bird"] for m in plain.finditer(text, 2)]
        assert often.findall(text) == plain.findall(text)
