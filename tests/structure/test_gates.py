"""A gate lets every text pass that one of its patterns matches, and holds back what has none of their words."""

from __future__ import annotations

import gc
import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.collect.attribution.words import alternatives, phrases
from openness_audit.collect.gates import Gate
from openness_audit.collect.marks import Index, longest_word, words_of
from openness_audit.collect.patterns import _Lazy, lazy, needs_of
from openness_audit.literals import beyond_ascii, folded
from openness_audit.warm import warm_up

WORDS = ("trained on", "fine-tuned", "Modèle", "kısa", "İstanbul", "straße", "训练 数据", "ฝึก", "a k b", "phase 2")
AROUND = "İIıiKkſsßẞẞ µμς σ-_\n,aT2٣ﬁ"
TEXT = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS).map(str.upper),
        st.sampled_from(WORDS).map(str.title),
        st.text(AROUND, max_size=4),
    ),
    max_size=6,
).map("".join)
SOME = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True)


@given(TEXT, SOME)
def test_what_a_phrase_matches_passes(text: str, words: list[str]) -> None:
    if re.search(alternatives(words), text, re.IGNORECASE):
        assert Gate(phrases(words)).may(text)


@cache
def vocabulary() -> list[_Lazy]:
    """Every pattern of the vocabularies, with what its matches hold."""
    warm_up()
    return [found for found in gc.get_objects() if isinstance(found, _Lazy) and isinstance(found._source, str)]  # noqa: SLF001 - a pattern keeps its source to itself


@cache
def told() -> list[str]:
    """What the patterns of the vocabularies are said to need: texts that are likely to match one."""
    rows = [needs for pattern in vocabulary() if (needs := pattern.needs()) is not None]
    return sorted({piece for words, pieces in rows for piece in (*words, *pieces)})


@cache
def index_of_all() -> Index:
    """Every pattern of the vocabularies by its place in `vocabulary`; one of which nothing is known is always asked."""
    return Index(pattern.needs() or ((), ("",)) for pattern in vocabulary())


@given(st.data())
def test_no_pattern_of_the_vocabularies_matches_behind_its_gate(data: st.DataObject) -> None:
    few = data.draw(st.lists(st.sampled_from(told()), min_size=1, max_size=4))
    text = data.draw(st.text(AROUND, max_size=2)).join(few)
    matching = [(n, p) for n, p in enumerate(vocabulary()) if p._made.search(text)]  # noqa: SLF001 - past its own gate

    assert [p.pattern for _, p in matching if not p.may(text)] == []
    bits = index_of_all().bits_of(text)
    assert [p.pattern for n, p in matching if not bits >> n & 1] == []


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("It was trained on owls.", True),
        ("It is (untrained).", False),
        ("TRAINED-ON", True),
        ("dernières lignes", False),
        ("données", True),
        ("the end: 训练数据", True),
        ("50 GPUs", True),
        ("", False),
    ],
)
def test_a_gate_asks_for_words_pieces_and_other_scripts(text: str, passes: bool) -> None:
    gate = Gate(phrases(("trained on", "données", "训练数据")), words=("owl",), pieces=(" gpu",))

    assert gate.may(text) is passes


def test_a_gate_of_a_pattern_of_which_nothing_is_known_is_open() -> None:
    assert Gate(lazy(r"\w\W"), phrases(("owl",))).may("")


def test_where_a_text_is_cut_a_word_counts_within_another() -> None:
    text = "It was untrained on owls."
    trained = phrases(("trained on",))

    assert trained.search(text[9:])
    assert (Gate(trained).may(text), Gate(trained, cut=True).may(text)) == (False, True)


def test_gates_made_later_are_asked_as_the_earlier_ones() -> None:
    first = Gate(phrases(("owl",)))
    before = first.may("an owl"), first.may("a kite")
    second = Gate(phrases(("kite",)))

    assert (before, second.may("a kite"), second.may("an owl"), first.may("an owl")) == (
        (True, False),
        True,
        False,
        True,
    )


def test_a_long_word_is_looked_through_and_not_remembered() -> None:
    index = Index([((), ("owl",))])

    assert [index.bits_of("x" * size + "owl") for size in (1, 100, 100_000)] == [1, 1, 1]
    assert list(index._known) == [b"xowl"]  # noqa: SLF001 - memory is bounded


@given(TEXT)
def test_the_words_of_a_text_are_runs_of_it_or_of_its_folded_form(text: str) -> None:
    words, low = words_of(text)

    assert low == folded(text)
    for word in words or ():
        assert word.decode() in re.sub("[0-9]", "0", text.lower()) + "\n" + low


@given(st.text(AROUND + "Ⅷ²٤ΑΣ"))
def test_folding_is_letter_by_letter(text: str) -> None:
    assert folded(text) == "".join(map(folded, text))
    assert beyond_ascii(text) == "".join(char for char in text if char > "\x7f")


@pytest.mark.parametrize(
    ("phrase", "word"), [("to be evaluated", "evaluated"), ("训练", ""), ("+ ", ""), ("cc-by", "cc")]
)
def test_the_longest_word_of_a_phrase_is_its_first_longest(phrase: str, word: str) -> None:
    assert longest_word(phrase) == word


def test_what_a_pattern_needs_is_told_of_phrases_and_of_syntax() -> None:
    needs = needs_of(phrases(("trained on", "训练"))), needs_of(lazy("(?i)owls?")), needs_of(lazy("x?"))

    assert needs == ((["trained"], ("训练",)), ([], ("owl",)), None)
