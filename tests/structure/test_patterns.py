"""A pattern that is compiled late answers as the pattern does, and every pattern of the vocabularies compiles."""

from __future__ import annotations

import gc
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.collect.attribution.words import alternatives, phrases
from openness_audit.collect.patterns import _Lazy, lazy, wide
from openness_audit.errors import RuleError
from openness_audit.warm import warm_up

WORDS = ("trained on", "fine-tuned", "Modèle", "kısa", "İstanbul", "straße", "训练 数据", "ฝึก", "a k b")
TEXT = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS).map(str.upper),
        st.sampled_from(WORDS).map(str.title),
        st.text("İIıiKkſsßẞẞ µμς σ-_\n,aT", max_size=4),
    ),
    max_size=5,
).map("".join)


@given(TEXT, st.lists(st.sampled_from(WORDS), max_size=4, unique=True), st.integers(0, 5))
def test_a_late_pattern_finds_what_the_pattern_finds(text: str, words: list[str], start: int) -> None:
    real = re.compile(alternatives(words), re.IGNORECASE)

    assert _spans(phrases(words), text, start) == _spans(real, text, start)


def _spans(pattern: re.Pattern[str], text: str, start: int) -> list[object]:
    found = [pattern.match(text, start), pattern.search(text, start), *pattern.finditer(text, start)]
    return [hit.span() if hit else None for hit in found]


def test_a_pattern_is_compiled_for_the_first_text_that_may_match() -> None:
    made: list[str] = []

    def source() -> str:
        made.append("once")
        return "on (?:data|text)"

    pattern = lazy(source, re.IGNORECASE, holding=("data", "text"))
    answers = [pattern.search(text) is not None for text in ("on nothing", "ON DATA", "on text", "on data")]

    assert (answers, made) == ([False, True, True, True], ["once"])


@pytest.mark.parametrize("method", ["findall", "finditer", "fullmatch", "match", "search", "split"])
def test_a_pattern_is_compiled_once_whatever_it_is_asked(method: str) -> None:
    made: list[str] = []

    def source() -> str:
        made.append("once")
        return "data|text"

    pattern = lazy(source)
    for _ in range(3):
        getattr(pattern, method)("on data")

    assert made == ["once"]


def test_a_malformed_pattern_is_told_as_an_error_of_the_rules() -> None:
    with pytest.raises(RuleError, match="malformed"):
        lazy("(open").search("anything")


def test_every_pattern_of_the_vocabularies_compiles() -> None:
    warm_up()
    waiting = [pattern for pattern in gc.get_objects() if isinstance(pattern, _Lazy)]

    assert len(waiting) > 300
    assert [pattern.pattern for pattern in waiting if not pattern.pattern] == []


@pytest.mark.parametrize(
    ("phrase", "expected"), [("data", False), ("données", False), ("данные", False), ("数据", True)]
)
def test_scripts_without_blanks_are_told(phrase: str, expected: bool) -> None:
    assert wide(phrase) is expected
