"""The card as a whole."""

from __future__ import annotations

import pytest

from openness_audit.collect.card.facts import card_facts
from structure_kit import card


def test_words_and_sections_are_counted_without_the_template() -> None:
    found = card_facts(
        card("---\nlicense: mit\n---\n# Name\n\nFour words of text.\n\n## Uses\n\n[More Information Needed]\n")
    )

    assert (found.front_matter, found.words, found.sections, found.template_sections) == ("ok", 4, 2, 1)
    assert found.place.line == 1


@pytest.mark.parametrize(
    ("text", "generated"),
    [
        ("---\ntags:\n- generated_from_trainer\n---\n# x\n", True),
        ("---\ntags: generated_from_keras_callback\n---\n# x\n", True),
        ("# x\n\n### Training hyperparameters\n\n- seed: 1\n\n### Framework versions\n\n- Torch 2\n", True),
        ("# x\n\n### Training hyperparameters\n\n- seed: 1\n", False),
        ("---\ntags: 7\n---\n", False),
    ],
)
def test_generated_cards_are_recognised(text: str, generated: bool) -> None:
    assert card_facts(card(text)).trainer_generated is generated


def test_a_problem_of_the_metadata_is_passed_on() -> None:
    found = card_facts(card("---\na: b: c\n---\n"))

    assert found.front_matter == "malformed"
    assert found.problem is not None


def test_an_empty_card_has_a_place() -> None:
    assert card_facts(card("")).place.line == 1
