"""What a model is made from: parents, kind of derivation, tuning."""

from __future__ import annotations

import json

import pytest

from lineage_kit import info, lineage, origin
from openness_audit.collect.lineage.find import resolve_parents
from openness_audit.model.capture import Failure, Text
from openness_audit.model.evidence import Absent, Cause, Observed, Unavailable
from openness_audit.model.facts_origins import Lineage

PROSE = (
    "It answers questions about plants and was made by two students in their spare time over one long winter. "
    "They live in a small town by the sea, where many people keep a garden.\n"
)


def ids(found: Lineage) -> list[str | None]:
    return [p.id for p in found.parents]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("big/base-7b", ["big/base-7b"]),
        ("https://huggingface.co/big/base-7b", ["big/base-7b"]),
        ("roberta-base", ["roberta-base"]),
        (["big/base-7b", "big/other-7b", "big/base-7b"], ["big/base-7b", "big/other-7b"]),
        ({"name": "big/base-7b"}, ["big/base-7b"]),
        ([None, 7, "big/base-7b"], ["big/base-7b"]),
        ("None", []),
        (7, []),
        ("/home/me/checkpoint", []),
        ("me/plants-7b", []),
    ],
)
def test_metadata_of_any_shape(value: object, expected: list[str]) -> None:
    found = lineage(f"---\nbase_model: {json.dumps(value)}\n---\n# Plants\n", "me/plants-7b")

    assert sorted(i for i in ids(found) if i) == sorted(expected)
    assert all(p.places for p in found.parents)


def test_metadata_is_cited_by_line() -> None:
    found = lineage("---\nlicense: mit\nbase_model:\n- big/base-7b\n---\n", "me/plants-7b")

    assert found.parents[0].places[0].line == 4
    assert found.parents[0].source == "metadata"


def test_tags_stand_in_for_a_card_that_is_not_there() -> None:
    found = lineage(None, "me/plants-7b", tags=("base_model:big/base-7b", "base_model:adapter:big/base-7b"))

    assert ids(found) == ["big/base-7b"]
    assert found.derivation == "adapter"


@pytest.mark.parametrize(
    "sentence",
    [
        "This model is a fine-tuned version of [base](https://huggingface.co/big/base-7b) on the None dataset.",
        "It was obtained by fine-tuning big/base-7b for a week.",
        "- **Finetuned from model:** [big/base-7b](https://huggingface.co/big/base-7b)",
        "Plants is based on [Base](https://huggingface.co/big/base-7b/tree/main) and tuned on letters.",
        "| Base model | [Base](https://huggingface.co/big/base-7b) |\n|---|---|\n| Language | English |",
        "We used [Base](https://huggingface.co/big/base-7b) as a base model.",
        "本モデルは[Base](https://huggingface.co/big/base-7b)をベースにファインチューニングしました。",
        "本模型基于 [Base](https://huggingface.co/big/base-7b) 微调。",
        "Dieses Modell basiert auf [Base](https://huggingface.co/big/base-7b).",
        "## Base model\n[Base](https://huggingface.co/big/base-7b)",
        "This is [big/base-7b](https://huggingface.co/big/base-7b) fine-tuned to sort letters into piles.",
        "Distilled from [Base](https://huggingface.co/big/base-7b) in two days.",
        "Made in two rounds, based on the [Base](https://huggingface.co/big/base-7b) architecture as starting point.",
        "- **Base Encoder Model**: [Stem](https://huggingface.co/big/base-7b)",
        "The weights were warm-started from [Base](https://huggingface.co/big/base-7b).",
        "We have used our own letters dataset to fine-tune on top of [Base](https://huggingface.co/big/base-7b).",
        "We used the letters corpus to finetune [Base](https://huggingface.co/big/base-7b).",
        "https://github.com/you/plants-7b-garden\nFine-tuned [Base](https://huggingface.co/big/base-7b) on letters.",
    ],
)
def test_a_statement_of_derivation_names_the_parent(sentence: str) -> None:
    found = lineage(f"# Plants\n\n{PROSE}\n{sentence}\n", "me/plants-7b")

    assert ids(found) == ["big/base-7b"]
    assert found.derivation == "finetune"
    assert found.tuned is True


@pytest.mark.parametrize(
    "sentence",
    [
        "For chats, see [Plants-Chat](https://huggingface.co/me/plants-7b-chat), a fine-tuned version of this model.",
        "The tokenizer is based on [Base](https://huggingface.co/big/base-7b).",
        "We compare with [Base](https://huggingface.co/big/base-7b).",
        "Answers were scored by big/judge-70b.",
        "Thanks to [big](https://huggingface.co/big) for the data set [letters](https://huggingface.co/datasets/big/letters-1).",
        "It is a distilled version of [Base](https://huggingface.co/big/base-7b), trained from scratch.",
        "## Original model card\nThis is a fine-tuned version of [Base](https://huggingface.co/big/base-7b).",
        "You can use the letters dataset to fine-tune [Base](https://huggingface.co/big/base-7b).",
        "The code used to fine-tune [Base](https://huggingface.co/big/base-7b) is not ours.",
        "## Acknowledgements\nBased on ideas of [Base](https://huggingface.co/big/base-7b).",
    ],
)
def test_a_model_that_is_only_mentioned_is_no_parent(sentence: str) -> None:
    assert ids(lineage(f"# Plants\n\n{PROSE}\n{sentence}\n", "me/plants-7b")) == []


def test_a_bare_name_is_kept_as_a_name() -> None:
    found = lineage("# Plants\n\nPlants is a fine-tuned version of Llama 2 for gardeners.\n", "me/plants-7b")

    assert [(p.id, p.name) for p in found.parents] == [(None, "Llama 2")]


def test_metadata_goes_before_prose() -> None:
    text = "---\nbase_model: big/base-7b\n---\nA fine-tuned version of [x](https://huggingface.co/old/other-7b).\n"

    assert ids(lineage(text, "me/plants-7b")) == ["big/base-7b"]


@pytest.mark.parametrize(
    ("model", "text", "fields", "expected"),
    [
        ("q/plants-7b-GGUF", "---\nbase_model: me/plants-7b\n---\n", {}, "quantized"),
        ("q/plants-7b-bpw3.7", "---\nbase_model: me/plants-7b\n---\nfine-tuned on letters\n", {}, "quantized"),
        ("q/plants-7b-4.0bpw-h6-exl2", "---\nbase_model: me/plants-7b\n---\nfine-tuned on letters\n", {}, "quantized"),
        ("q/plants-7b-onnx", "---\nbase_model: me/plants-7b\n---\n", {}, "conversion"),
        ("q/plants-7b", "---\nbase_model: me/plants-7b\n---\n", {}, "reupload"),
        ("me/leaves-7b", "---\nbase_model: [a/one-7b, b/two-7b]\ntags: [merge, mergekit]\n---\n", {}, "merge"),
        ("me/leaves", "---\nbase_model: big/base-7b\nlibrary_name: peft\n---\n", {"library_name": "peft"}, "adapter"),
        ("me/leaves", "---\nbase_model: big/base-7b\n---\n", {"paths": ("adapter_config.json",)}, "adapter"),
        ("me/leaves", "---\nbase_model: big/base-7b\n---\n", {"paths": ("model.safetensors",)}, "finetune"),
        ("me/leaves-7b", f"# Leaves\n\nLeaves is a pretrained language model. {PROSE}", {}, "base"),
    ],
)
def test_the_kind_of_derivation(model: str, text: str, fields: dict[str, object], expected: str) -> None:
    assert lineage(text, model, **fields).derivation == expected  # type: ignore[arg-type]  # rows of mixed types


def test_a_quantization_that_copied_the_tag_of_a_merge_is_a_quantization() -> None:
    tags = ("merge", "gguf", "base_model:merge:acme/zeta-7b")
    found = lineage("---\nbase_model: acme/zeta-7b\ntags: [merge, gguf]\n---\n# Zeta\n", "owl/zeta-7b-GGUF", tags=tags)

    assert (found.derivation, [p.relation for p in found.parents]) == ("quantized", ["quantized"])


def test_the_same_name_is_no_copy_where_the_card_says_it_was_tuned_from_it() -> None:
    text = "Finetuning acme/zeta-1b model on letters to the editor."

    assert lineage(text, "owl/zeta-1b").derivation == "finetune"


def test_the_publishers_own_packaging_is_the_model_itself() -> None:
    found = lineage("---\nbase_model: me/plants-7b\n---\nA pretrained model.\n", "me/plants-7b-hf")

    assert found.same_publisher
    assert found.derivation in {"base", "finetune"}


def test_a_merge_names_all_its_parents() -> None:
    text = "# M\n\nM is a merge of the following models:\n* [a](https://huggingface.co/a/one-7b)\n* bb/two-7b\n"

    assert sorted(i for i in ids(lineage(text, "me/m-7b")) if i) == ["a/one-7b", "bb/two-7b"]


@pytest.mark.parametrize(
    "listed",
    [
        "## Models and LoRAs used\n\n- big/one-13b\n- [two](https://huggingface.co/big/two-13b)\n",
        "## Models+LoRAs used\n\nhttps://huggingface.co/big/one-13b\n\ntwo:\n\nhttps://huggingface.co/big/two-13b\n",
    ],
)
def test_a_list_headed_as_what_went_in_names_the_parents_of_a_merge(listed: str) -> None:
    found = lineage(f"# Mixed\n\nA blend for tales.\n\n{listed}", "me/mixed-13b")

    assert (ids(found), found.derivation) == (["big/one-13b", "big/two-13b"], "merge")


def test_a_merge_configuration_names_its_parents() -> None:
    config = "slices:\n  - sources:\n      - model: a/one-7b\n      - model: b/two-7b\nmerge_method: slerp\n"
    text = f"# M\n\n```yaml\n{config}```\n"

    found = lineage(text, "me/m-7b")

    assert sorted(i for i in ids(found) if i) == ["a/one-7b", "b/two-7b"]
    assert found.derivation == "merge"
    assert found.tuned is False


def test_an_adapters_configuration_names_its_base() -> None:
    content = json.dumps({"base_model_name_or_path": "big/base-7b"})
    config = Text(path="adapter_config.json", text=content, origin=origin("me/leaves"))

    found = lineage("# Leaves\n", "me/leaves", paths=("adapter_config.json",), texts={"adapter_config.json": config})

    assert ids(found) == ["big/base-7b"]
    assert found.parents[0].source == "files"


def test_a_copied_metadata_block_does_not_hide_the_direct_ancestor() -> None:
    text = "---\nbase_model: big/base-7b\n---\nOriginal model: https://huggingface.co/me/plants-7b\n"

    assert ids(lineage(text, "q/plants-7b-GGUF")) == ["me/plants-7b"]


def test_a_copys_own_statement_goes_before_copied_metadata_and_tags() -> None:
    text = "---\nbase_model: big/base-7b\n---\nThis model was converted to GGUF format from `me/plants-7b`.\n"

    found = lineage(text, "q/plants-7b-Q4_K_M-GGUF", tags=("base_model:quantized:big/base-7b",))

    assert ids(found) == ["me/plants-7b"]


def test_a_snippet_of_a_copied_card_loads_the_direct_ancestor() -> None:
    code = "model = AutoModel.from_pretrained('me/plants-7b')\n"
    text = f"# Plants\n\nFine-tuned from [Base](https://huggingface.co/big/base-7b).\n\n```python\n{code}```\n"

    assert ids(lineage(text, "q/plants-7b-4bpw-exl2")) == ["me/plants-7b"]


def test_a_merge_configuration_counts_below_any_heading() -> None:
    config = "slices:\n  - sources:\n      - model: a/one-7b\n      - model: b/two-7b\nmerge_method: slerp\n"
    text = f"# M\n\n## Prompt template\n\n### Alpaca:\n\n```\n{config}```\n"

    assert sorted(i for i in ids(lineage(text, "me/m-7b")) if i) == ["a/one-7b", "b/two-7b"]


def test_a_part_of_a_merge_that_cannot_be_looked_up_is_kept_by_name() -> None:
    config = (
        "models:\n  - model: a/one-7b\n  - model: /disk/models/two-7b\n  - model: /disk/a_one-7b\nmerge_method: ties\n"
    )
    found = lineage(f"# M\n\n```yaml\n{config}```\n", "me/m-7b")

    assert sorted((p.id or "", p.name) for p in found.parents) == [("", "two-7b"), ("a/one-7b", "a/one-7b")]


def test_weights_that_were_dequantized_are_a_conversion() -> None:
    text = "This is [plants](https://huggingface.co/me/plants-7b), dequantised from q5 to f16.\n"

    found = lineage(text, "q/plants-7b-full")

    assert (ids(found), found.derivation) == (["me/plants-7b"], "conversion")


def test_a_quantization_that_names_nothing_keeps_its_own_name() -> None:
    found = lineage("GGUF files.\n", "q/plants-7b-Q4_K_M-GGUF")

    assert [(p.id, p.name) for p in found.parents] == [(None, "plants-7b")]


@pytest.mark.parametrize(
    ("model", "text", "expected"),
    [
        ("me/leaves-7b-chat", PROSE, True),
        ("me/leaves-7b", f"# Leaves\n\nLeaves was fine-tuned on letters. {PROSE}", True),
        ("me/leaves-7b", f"# Leaves\n\nLeaves is a pretrained language model. It can be fine-tuned. {PROSE}", False),
        ("me/leaves-7b", f"# Leaves\n\nLeaves has not been fine-tuned. It is a raw language model. {PROSE}", False),
        ("me/leaves-7b", f"# Leaves\n\nWe haven't finetuned Leaves on any downstream task. {PROSE}", None),
        ("me/leaves-7b", f"# Leaves\n\nLeaves can describe letters or be fine-tuned on others. {PROSE}", None),
        ("me/leaves-7b", f"# Leaves\n\nI finetuned each model three times on letters and took the mean. {PROSE}", None),
        ("me/leaves-7b", f"# Leaves\n\nNews: the aligned, finetuned model Leaves-7B-Chat is out. {PROSE}", None),
        ("me/leaves-7b", f"# Leaves\n\nLeaves-7B is the finetuned Leaves-7B-v0. {PROSE}", True),
        ("me/leaves-7b", f"# Leaves\n\nThis is the finetuned Leaves-7B-base. {PROSE}", True),
        ("me/leaves-7b", "Hello.\n", None),
    ],
)
def test_whether_the_model_was_tuned(model: str, text: str, expected: bool | None) -> None:
    assert lineage(text, model).tuned is expected


def test_further_pre_training_is_no_tuning() -> None:
    text = f"# Leaves\n\nLeaves is based on Mistral-7B and was further pre-trained on letters. {PROSE}"

    found = lineage(text, "me/leaves-7b")

    assert found.derivation == "finetune"
    assert found.tuned is False


def test_what_the_hub_answered_is_kept() -> None:
    found = lineage("---\nbase_model: [big/base, gone/base, slow/base]\n---\n", "me/m-7b")
    slow = Cause(code="timeout", source="Hub", retryable=True, detail="no answer")
    gone = Cause(code="not-found-or-private", source="Hub", retryable=False, detail="no such model")

    got = resolve_parents(
        found,
        {
            "big/base": info("new/base", gated="manual", card_data={"license": "mit"}, renamed_from="big/base"),
            "gone/base": Failure(gone),
            "slow/base": Failure(slow),
        },
    )

    first, second, third = got.parents
    assert (first.id, first.gated, first.license) == ("new/base", True, "mit")
    assert isinstance(first.resolved, Observed)
    assert isinstance(second.resolved, Absent)
    assert third.resolved == Unavailable(slow)


@pytest.mark.parametrize(("made", "names"), [("pretrained from scratch", []), ("released in May", ["Llama 2"])])
def test_a_bare_name_in_the_card_of_a_model_made_from_scratch_is_not_its_base(made: str, names: list[str]) -> None:
    text = f"# Zeta 7B\n\nZeta 7B is a language model {made}.\n\nIt is a fine-tuned version of Llama 2.\n"

    found = lineage(text, "me/zeta-7b")

    assert [parent.name for parent in found.parents] == names


def test_a_model_named_by_its_base_and_its_further_training_is_derived() -> None:
    found = lineage("# Plants\n\nThis is a `big/base-7b` model, trained for 9,000 steps on letters.\n", "me/plants-7b")

    assert (ids(found), found.derivation) == (["big/base-7b"], "finetune")


@pytest.mark.parametrize(
    ("made", "expected"),
    [("trained from scratch", []), ("made in winter", ["old/gull-7b"])],
    ids=["from scratch", "not"],
)
def test_a_linked_model_in_the_card_of_a_model_made_from_scratch_is_not_its_base(
    made: str, expected: list[str]
) -> None:
    told = "A fine-tuned version of [gull](https://huggingface.co/old/gull-7b) is what the tutorial makes."

    assert ids(lineage(f"# Zeta 7B\n\nZeta 7B is a language model {made}.\n\n{told}\n", "me/zeta-7b")) == expected


def test_a_table_headed_by_a_base_model_names_the_base_of_the_models_below_it() -> None:
    rows = "|  | **Base Model: Falcon-40B** | Base Model: Llama-2 |\n|--|--|--|\n| 7B | 🐦 Zeta-7B | Zeta-Code-7B |\n"

    assert [(p.id, p.name) for p in lineage(f"# Zeta\n\n{PROSE}\n{rows}", "me/Zeta-7B").parents] == [
        (None, "Falcon-40B")
    ]


def test_a_linked_model_tuned_to_something_is_the_base() -> None:
    text = "# Plants\n\nA [Gull base](https://huggingface.co/big/gull-base) tuned to match pictures of plants.\n"

    assert ids(lineage(text, "me/plants-clip")) == ["big/gull-base"]


@pytest.mark.parametrize("said", ["continued pretrained from", "continually pretrained from"])
def test_a_bare_name_that_pre_training_went_on_from_is_the_base(said: str) -> None:
    found = lineage(f"# Plants\n\nPlants is {said} Mistral-7B with 20B words on plants.\n", "me/plants-7b")

    assert [p.name for p in found.parents] == ["Mistral-7B"]
    assert found.tuned is False


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("This model is a fine-tuned version of [it](https://huggingface.co/me/plants-7b-v1) on letters.", True),
        ("For chats, see [Plants](https://huggingface.co/me/plants-7b-v1), a fine-tuned version.", False),
    ],
)
def test_a_name_that_extends_the_models_own_is_its_base_where_that_is_said_outright(
    said: str, *, expected: bool
) -> None:
    assert ids(lineage(f"# Plants\n\n{said}\n", "me/plants-7b")) == (["me/plants-7b-v1"] if expected else [])


def test_pretrained_and_fine_tuned_on_one_corpus_is_said_of_one_model() -> None:
    text = "# Plants\n\nThe large model pretrained and fine-tuned on letters from the garden.\n"
    family = "# Plants\n\nPlants is a collection of pretrained and fine-tuned models.\n"

    assert lineage(text, "me/plants-7b").tuned is True
    assert lineage(family, "me/plants-7b").tuned is not True


def test_the_tag_of_an_event_for_tuning_says_that_the_model_was_tuned() -> None:
    assert lineage(f"# Plants\n\n{PROSE}\n", "me/plants", tags=("xlsr-fine-tuning-week",)).tuned is True
