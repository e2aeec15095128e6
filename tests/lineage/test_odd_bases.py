"""Base models that are paths, addresses, data sets or habits of a library."""

from __future__ import annotations

import json

import pytest

from lineage_kit import lineage, origin
from openness_audit.model.capture import Text
from openness_audit.model.facts_origins import Lineage


def parents(found: Lineage) -> list[tuple[str | None, str]]:
    return [(p.id, p.name) for p in found.parents]


def config(**values: str) -> dict[str, Text]:
    return {"config.json": Text(path="config.json", text=json.dumps(values), origin=origin("config.json"))}


def adapter(base: str) -> dict[str, Text]:
    text = json.dumps({"base_model_name_or_path": base})
    return {"adapter_config.json": Text(path="adapter_config.json", text=text, origin=origin("adapter_config.json"))}


@pytest.mark.parametrize(
    "base", ["/home/jo/models/eagle", "./eagle", "~/eagle", "C:\\models\\eagle", "https://models.example/eagle.bin"]
)
def test_what_nobody_can_look_up_is_kept_as_it_is_written(base: str) -> None:
    assert parents(lineage(f"---\nbase_model: '{base}'\n---\n# Zeta\n", "acme/zeta-7b")) == [(None, base)]
    assert parents(lineage("# Zeta\n", "acme/zeta-7b", texts=adapter(base))) == [(None, base)]


def test_a_path_counts_only_where_nothing_else_names_a_base() -> None:
    card = "---\nbase_model: /mnt/eagle\n---\n# Zeta\n\nZeta is a fine-tuned version of nest/eagle-7b.\n"

    assert parents(lineage(card, "acme/zeta-7b")) == [("nest/eagle-7b", "nest/eagle-7b")]


@pytest.mark.parametrize("base", ["/", "..", "~", "./."])
def test_a_path_to_nothing_is_none(base: str) -> None:
    assert parents(lineage(f"---\nbase_model: '{base}'\n---\n# Zeta\n", "acme/zeta-7b")) == []


def test_a_configuration_gives_a_bare_name_its_id() -> None:
    card = "# Zeta\n\nZeta is a fine-tuned version of Llama 2 7B.\n"

    found = lineage(card, "acme/zeta-7b", texts=config(_name_or_path="meta-llama/Llama-2-7b-hf"))

    assert parents(found) == [("meta-llama/Llama-2-7b-hf", "Llama 2 7B")]


@pytest.mark.parametrize("saved", ["nest/eagle", "/mnt/Llama-2-7b-hf", "acme/zeta-7b", "", "a/b/c", "Llama-2-7b"])
def test_a_configuration_alone_names_no_base(saved: str) -> None:
    assert parents(lineage("# Zeta\n", "acme/zeta-7b", texts=config(_name_or_path=saved))) == []


def test_a_configuration_of_another_model_leaves_a_bare_name_bare() -> None:
    card = "# Zeta\n\nZeta is a fine-tuned version of Llama 2 7B.\n"

    found = lineage(card, "acme/zeta-7b", texts=config(_name_or_path="nest/eagle-7b"))

    assert parents(found) == [(None, "Llama 2 7B")]


@pytest.mark.parametrize("text", ["[]", "{", "null", '{"_name_or_path": 7}', "[" * 5000])
def test_a_broken_configuration_says_nothing(text: str) -> None:
    texts = {"config.json": Text(path="config.json", text=text, origin=origin("config.json"))}

    assert parents(lineage("# Zeta\n", "acme/zeta-7b", texts=texts)) == []


def test_a_data_set_that_the_metadata_lists_is_no_base() -> None:
    card = "---\ndatasets: [acme/mice-1]\n---\n# Zeta\n\nZeta was fine-tuned on acme/mice-1.\n"

    assert parents(lineage(card, "acme/zeta-7b")) == []


@pytest.mark.parametrize(
    ("model", "sentence", "expected"),
    [
        # the card calls itself by its initials
        ("nest/snowy-owl-7b", "The SO-7B model is a fine-tuned version of Eagle-7B.", [(None, "Eagle-7B")]),
        # a part of the model's own name is the base's, right behind "a fine-tune of"
        ("nest/owl-2-orange", "A two-step finetune of Owl-2, with a bit of zest.", [(None, "Owl-2")]),
        # but the family's name without size and version is the model itself
        ("nest/owl-7b-v1.0", "We also released an instruction fine-tuned version of Owl.", []),
        # trained on a model that is called a base
        ("nest/tess-10b", "tess-10b was trained on the Eagle-10.7B base.", [(None, "Eagle-10.7B")]),
    ],
)
def test_a_base_is_found_by_how_cards_shorten_names(
    model: str, sentence: str, expected: list[tuple[str | None, str]]
) -> None:
    assert parents(lineage(f"# A model\n\n{sentence}\n", model)) == expected
