"""The terms at a repository's gate: `extra_gated_prompt` of the metadata."""

from __future__ import annotations

import json

import pytest

from licences_kit import collect, words


def card(prompt: str, front: str = "license: apache-2.0") -> str:
    return f"---\n{front}\nextra_gated_prompt: {json.dumps(prompt)}\n---\n# Owl\n\nA bird.\n"


def test_words_that_bind_contradict_an_open_tag() -> None:
    facts = collect(
        card("By asking for access you agree that this model may be used for non-commercial purposes only.")
    )

    assert [(p.family, p.whose, p.restricts, p.place.line) for p in facts.prose] == [
        ("non-commercial", "self", True, 3)
    ]
    assert [c.kind for c in facts.conflicts] == ["tag-prose"]


def test_a_named_licence_is_the_models_where_the_tag_is_silent() -> None:
    facts = collect(card("## Model License\nPlease read the OpenRAIL-M license before accepting it.", "tags: [owl]"))

    assert facts.own.family == "behavioural-use"
    assert facts.own.places[0].text_kind == "yaml"


def test_a_whole_licence_text_is_named() -> None:
    facts = collect(card(words("Apache-2.0"), "license: other"))

    assert [(p.expression, p.scope, p.whose, p.restricts) for p in facts.prose] == [
        ("Apache-2.0", "model", "self", False)
    ]
    assert facts.own.expression == "Apache-2.0"


def test_the_hubs_reading_counts_where_the_card_was_not_read() -> None:
    facts = collect(None, card_data={"extra_gated_prompt": "This model is for research purposes only."})

    assert [(p.restricts, p.place.kind) for p in facts.prose] == [(True, "model-info")]


@pytest.mark.parametrize(
    "prompt", ["Your account's email address must match.", "(present)", "   ", "Please contact the author for access."]
)
def test_words_about_access_are_no_terms(prompt: str) -> None:
    facts = collect(card(prompt))

    assert facts.prose == ()
    assert facts.own.expression == "Apache-2.0"


@pytest.mark.parametrize("value", ["[a, b]", "{a: b}", "7", "null", "true"])
def test_what_is_no_text_is_passed_over(value: str) -> None:
    assert collect(f"---\nlicense: mit\nextra_gated_prompt: {value}\n---\n").prose == ()
