"""A data set made to tune a model is known by the words of its name, however they are joined."""

from __future__ import annotations

import pytest

from openness_audit.collect.data.found import for_tuning


@pytest.mark.parametrize(
    ("name", "tuning"),
    [
        ("acme/owl-instruct", True),
        ("acme/OwlMathInstruct-1", True),
        ("acme/ShareGPT-owls", True),
        ("acme/OwlUltrachat", True),
        ("acme/ultrachat-owls", True),
        ("acme/owl-books", False),
        ("acme/OwlInstrumentSounds", False),
    ],
)
def test_the_words_of_a_name_say_what_a_data_set_is_for(name: str, *, tuning: bool) -> None:
    assert for_tuning(None, name) is tuning
