"""Which model a copy is a copy of, and what a copied card says of earlier ones."""

from __future__ import annotations

import pytest

from lineage_kit import lineage
from openness_audit.collect.lineage.copies import bare_name
from openness_audit.model.facts_origins import Lineage

TAG = ("base_model:big/base-7b", "base_model:quantized:big/base-7b")
COPIED = "---\nbase_model: big/base-7b\n---\n# Fern 7B\n\nFern is a fine-tuned version of [Base](https://huggingface.co/big/base-7b).\n"


def rows(found: Lineage) -> list[tuple[str | None, str, str]]:
    return [(p.id, p.name, p.relation) for p in found.parents]


@pytest.mark.parametrize("model", ["q/fern-7b-GGUF", "q/fern-7b-4.0bpw-h6-exl2", "q/fern-7b-mlx"])
def test_the_hubs_guess_makes_no_copy_of_what_a_copied_card_was_tuned_from(model: str) -> None:
    found = lineage(COPIED, model, tags=TAG)

    assert found.derivation == "quantized"
    assert rows(found) == [("big/base-7b", "big/base-7b", "finetune"), (None, "fern-7b", "quantized")]
    assert [p.name for p in found.originals] == ["fern-7b"]


def test_a_tune_that_is_published_quantized_is_no_copy_where_its_maker_is_named() -> None:
    text = "---\nbase_model: big/base-7b\n---\n- **Developed by:** owlery\n- **Finetuned from model:** big/base-7b\n"

    found = lineage(text, "owlery/letters-7b-GGUF", tags=TAG)

    assert (found.derivation, found.tuned) == ("finetune", True)
    assert rows(found) == [("big/base-7b", "big/base-7b", "finetune")]


@pytest.mark.parametrize(
    "text",
    [
        "---\nbase_model: big/base-7b\nbase_model_relation: quantized\n---\n# X\n",
        "---\nbase_model: big/base-7b\nquantized_by: owl\n---\n# X\n",
    ],
)
def test_who_states_what_was_quantized_is_believed_whatever_the_names(text: str) -> None:
    found = lineage(text, "owl/letters-GGUF", tags=TAG)

    assert (found.derivation, rows(found)) == ("quantized", [("big/base-7b", "big/base-7b", "quantized")])


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("me/fern-moss-owl-7b", [("big/owl2-7b", "finetune"), ("me/fern-moss-owl-7b", "quantized")]),
        ("me/letters-7b", [("big/owl2-7b", "quantized")]),
    ],
)
def test_an_original_that_the_card_links_under_nearly_the_copys_name_goes_before_copied_metadata(
    original: str, expected: list[tuple[str, str]]
) -> None:  # owl2 in the copy's name, as its base model is called
    said = f"Original model: https://huggingface.co/{original}\n"
    text = f"---\nbase_model: big/owl2-7b\nquantized_by: q\n---\n# Fern\n\n{said}"
    tags = ("base_model:big/owl2-7b", "base_model:quantized:big/owl2-7b")

    found = lineage(text, "q/fern-moss-owl2-7b-GGUF", tags=tags)

    assert [(p.id, p.relation) for p in found.parents] == expected


def test_the_whole_model_goes_before_a_sister_quantization() -> None:
    text = (
        "# Fern\n\n[whole](https://huggingface.co/me/fern-7b) / [exl2](https://huggingface.co/me/fern-7b-exl2) / gguf\n"
    )

    assert rows(lineage(text, "me/fern-7b-GGUF")) == [("me/fern-7b", "me/fern-7b", "quantized")]


def test_the_models_that_went_into_the_original_are_not_what_was_copied() -> None:
    config = "merge_method: slerp\nmodels:\n  - model: a/one-7b\n  - model: b/two-7b\n"
    found = lineage(f"# Fern\n\nThis recipe was used:\n\n```\n{config}```\n", "me/fern-7b-GGUF")

    assert [p.relation for p in found.parents] == ["merge", "merge", "quantized"]
    assert [p.name for p in found.originals] == ["fern-7b"]


def test_other_peoples_quantizations_of_a_model_are_not_what_it_was_made_from() -> None:
    text = (
        "# Fern\n\nA merge of pre-trained language models.\n\n"
        "Thank you to Quill for the quants of it: https://huggingface.co/quill/fern-70b-GGUF\n"
    )

    found = lineage(text, "me/fern-70b-fp16-hf")

    assert (found.derivation, found.parents) == ("merge", ())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fern-7b-GGUF", "fern-7b"),
        ("Big-Nemo-Instruct-2407-bnb-4bit", "Big-Nemo-Instruct-2407"),
        ("fern-3.5-1210-3.0bpw-h6-exl2-2", "fern-3.5-1210"),
        ("fern-7B-AWQ-QGS128-W4-GEMM", "fern-7B"),
        ("old-ggml-fern-13b-4bit", "old-fern-13b"),
        ("fern-iMat.GGUF", "fern"),
        ("gguf", "gguf"),
    ],
)
def test_a_copys_original_is_known_by_the_name_before_the_format(name: str, expected: str) -> None:
    assert bare_name(name) == expected


def test_what_the_name_says_of_the_format_does_not_hide_the_original() -> None:
    text = "# INT8 Fern\n\nMade with a compressor. It comes from the fine-tuned model [Fern](https://huggingface.co/me/fern-mrpc).\n"

    assert rows(lineage(text, "me/fern-mrpc-int8-dynamic")) == [("me/fern-mrpc", "me/fern-mrpc", "quantized")]


def test_an_adapter_called_after_the_quantized_weights_it_was_tuned_on_is_an_adapter() -> None:
    text = "---\nbase_model: big/base-7b-GPTQ\nlibrary_name: peft\n---\n# Letters\n"
    tags = ("base_model:big/base-7b-GPTQ", "base_model:quantized:big/base-7b-GPTQ")

    found = lineage(text, "owl/letters-peft-gptq-v2", tags=tags, library_name="peft")

    assert (found.derivation, rows(found)) == ("adapter", [("big/base-7b-GPTQ", "big/base-7b-GPTQ", "adapter")])


def test_whole_weights_beside_such_an_adapter_make_no_copy() -> None:
    text = "---\nbase_model: big/base-7b-GPTQ\nlibrary_name: peft\n---\n# Letters\n"
    tags = ("base_model:big/base-7b-GPTQ", "base_model:adapter:big/base-7b-GPTQ")

    found = lineage(text, "owl/letters-gptq", tags=tags, library_name="peft", paths=("model.safetensors",))

    assert found.derivation == "finetune"
