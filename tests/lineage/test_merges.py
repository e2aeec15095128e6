"""Cards that tell of a merge in odd ways, and what only sounds like one."""

from __future__ import annotations

import json

import pytest

from lineage_kit import card, info, lineage
from openness_audit.collect.attribution.foreign import own_part

ONE, TWO = "[One](https://huggingface.co/a/one-7b)", "[Two](https://huggingface.co/b/two-7b)"


@pytest.mark.parametrize(
    "intro",
    [
        "Reed is a gradient merge between:",
        "This model consists of a merge of several models, weighted by ear (see the [paper](https://arxiv.org/abs/1)):",
        "Made with [mergekit](https://github.com/arcee-ai/mergekit). It uses the following base models:",
        "Here is what I put into this merge:",
    ],
)
def test_what_a_colon_announces_in_a_merges_card_is_merged(intro: str) -> None:
    found = lineage(f"# Reed\n\nA merge of pre-trained language models.\n\n{intro}\n\n- {ONE}\n- {TWO}\n", "me/reed-7b")

    assert found.derivation == "merge"
    assert sorted(p.id or "" for p in found.parents) == ["a/one-7b", "b/two-7b"]


def test_quantizations_listed_below_a_merge_are_not_merged() -> None:
    text = f"# Reed\n\nThis is a merge between:\n\n- {ONE}\n- {TWO}\n\nQuantized by others:\n\n- [GGUF](https://huggingface.co/q/reed-7b-GGUF)\n"

    assert sorted(p.id or "" for p in lineage(text, "me/reed-7b").parents) == ["a/one-7b", "b/two-7b"]


def test_a_merge_configuration_in_json_names_its_parents() -> None:
    config = json.dumps({"models": [{"model": "a/one-7b"}, {"model": "b/two-7b"}], "merge_method": "ties"}, indent=1)
    found = lineage(f"# Reed\n\n```json\n{config}\n```\n", "me/reed-7b")

    assert found.derivation == "merge"
    assert sorted(p.id or "" for p in found.parents) == ["a/one-7b", "b/two-7b"]


@pytest.mark.parametrize(
    "text",
    [
        "---\ntags: [merge, moe]\n---\n",
        "# Reed\n\nReed is a frankenmerge of our old model with itself.\n",
        "# Reed\n\nAn experts merge, created using mergekit and three of my own models.\n",
    ],
)
def test_a_merge_that_names_no_parent_is_no_base_model(text: str) -> None:
    found = lineage(text, "me/reed-7b")

    assert (found.derivation, found.tuned, found.parents) == ("merge", False, ())


@pytest.mark.parametrize(
    "text",
    [
        "# Reed\n\nReed was trained on a dataset that is a merge of two older corpora of letters.\n",
        "# Reed\n\nReed is a language model. You can use mergekit to merge it with others.\n",
        "# Reed\n\nReed is a pretrained model; the merged vocabulary has 50,000 words.\n",
    ],
)
def test_other_things_are_merged_too(text: str) -> None:
    assert lineage(text, "me/reed-7b").derivation == "base"


def test_a_model_that_was_tuned_further_names_its_base() -> None:
    text = "Reed is an acme/zeta-merged-v1 model that has been further fine-tuned with preference pairs."

    found = lineage(text, "me/reed-7b")

    assert (found.derivation, [p.id for p in found.parents]) == ("finetune", ["acme/zeta-merged-v1"])


def test_used_and_tuned_names_a_base() -> None:
    text = (
        "We took the pretrained [`zeta-base`](https://huggingface.co/acme/zeta-base) model and fine-tuned it on pairs."
    )

    assert [p.id for p in lineage(text, "me/reed-base").parents] == ["acme/zeta-base"]


@pytest.mark.parametrize(
    ("model", "tuned"), [("me/reed-lora", True), ("me/reed-loras", True), ("me/reed-adapter", None)]
)
def test_weights_called_after_low_rank_adaptation_were_tuned(model: str, tuned: bool | None) -> None:
    assert lineage("# Drawings\n", model, paths=("model.safetensors",)).tuned is tuned


def test_a_precision_in_the_name_does_not_make_the_list_of_what_was_merged_another_models() -> None:
    listed = f"- {ONE}: good at plants\n- {TWO}: the rest\n"
    text = f"# Reed\n\nReed is a merge of three models that I like.\n\nModels used:\n\n{listed}"
    found, whole = lineage(text, "me/reed-70b-fp16-hf"), card(text, "me/reed-70b-fp16-hf")

    assert own_part(whole, info("me/reed-70b-fp16-hf"), found, None) == whole
