"""The parts of text identification: the comparison of words, the pattern engine, and the sketches."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from license_alterations import words
from openness_audit.licenses.differ import changes
from openness_audit.licenses.engine import regions
from openness_audit.licenses.normalise import is_copyright_line, tokens
from openness_audit.licenses.references import grams, nearest, sketch, symbols
from openness_audit.licenses.verify import even, verify

few = st.lists(st.sampled_from("abcdef"), max_size=90)


@settings(deadline=None)
@given(few, few, st.sampled_from([4, 8]))
def test_the_changes_make_the_text_of_the_reference(reference: list[str], text: list[str], run: int) -> None:
    made: list[str] = []
    at = 0
    for change in changes(reference, text, run):
        assert change.start >= at
        made += reference[at : change.start] + text[change.at : change.to]
        assert made == text[: change.to]
        at = change.end
    assert made + reference[at:] == text


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(1, 2000))
def test_a_part_put_in_is_the_only_change_however_long(at: int, length: int) -> None:
    reference = [f"word{n}" for n in range(200)]
    added = [f"other{n}" for n in range(length)]

    (change,) = changes(reference, [*reference[:at], *added, *reference[at:]])

    assert (change.start, change.end, change.at, change.to) == (at, at, at, at + length)


@pytest.mark.parametrize("expression", ["MIT", "Apache-2.0", "BSD-3-Clause", "ISC"])
def test_the_engine_finds_the_part_of_a_text_that_is_a_licence(expression: str) -> None:
    """What the adapter relies on: ids and places of regions, whatever share of the text they are."""
    before, after = "Notes on owls follow, and they are many. " * 9, " Here end the notes."
    text = before + words(expression) + after

    found = [r for r in regions(text) if r.expression == expression]

    assert found
    assert found[0].start >= len(before) - 60
    assert found[0].end <= len(text)


@pytest.mark.parametrize("expression", ["MIT", "MPL-2.0", "CC-BY-4.0"])
def test_the_nearest_reference_is_the_text_itself(expression: str) -> None:
    assert (expression, 24) in nearest(grams(words(expression).split(" ")), 1.0)


@given(few)
def test_evening_twice_changes_nothing(found: list[str]) -> None:
    assert even(even(found)) == even(found)


def test_a_reference_is_clean_against_itself_and_nothing_is_shown() -> None:
    verdict = verify(even(words("GPL-3.0-only").split(" ")), "GPL-3.0-only")

    assert verdict is not None
    assert (verdict.clean, verdict.similarity, verdict.held, verdict.changed) == (True, 1.0, 1.0, ())


def test_sketches_and_symbols_hold_less_than_the_words() -> None:
    text = words("MPL-2.0").split(" ")

    assert len(sketch(grams(text))) < 0.35 * len(text)
    assert set(symbols(text)) == set("0123456789abcdef")
    assert len(symbols(text)) == len(text)


@pytest.mark.parametrize(
    ("line", "only"),
    [
        ("Copyright (c) 2024 Somebody", True),
        ("Copyright 2024 The Owl Authors. All rights reserved.", True),
        ("© 2019-2024 Owl Research", True),
        ("Copyright (c) 2013-present, Evan (Evan) You", True),
        ("Copyright (c) 2024 Somebody. For research only.", False),
        ("Copyright (c) 2024 Somebody. Non-commercial.", False),
        ("Copyright (c) 2024 Somebody. You have to buy a key.", False),
        ("copyright notice and this permission notice", False),
        ("copyrights, patents and trade secrets", False),
        ("Copyright Act of 1976", False),
    ],
)
def test_a_copyright_line_only_says_whose_work_it_is(line: str, only: bool) -> None:
    assert is_copyright_line(line) is only


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1. Owls &amp; mice", "owls mice"),
        ("(a) owls", "owls"),
        ("the “licence”", "the license"),
        ("see <https://www.example.org/Owl/>.", "see @example.orgowl"),
        ("猫は可", "猫 は 可"),
        ("* owls", "owls"),
    ],
)
def test_words_are_read_as_the_matching_guidelines_say(written: str, read: str) -> None:
    assert " ".join(tokens(written)) == read
