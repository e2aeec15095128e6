"""Which stage named data belongs to, whose it is, and what only looks like training data."""

from __future__ import annotations

import pytest

from data_kit import TUNED, find, own
from openness_audit.collect.data.find import resolve_data


def test_pretraining_data_of_a_derived_model_without_a_named_base_is_its_own() -> None:
    text = "# Tern\n\nThe model was pre-trained on:\n\n- the Pile\n- C4\n\nThe model is fine-tuned on GSM8K.\n"

    told = own(text, derivation="finetune")

    assert [(stage, name) for stage, _, _, name in told] == [
        ("pretraining", "the Pile"),
        ("pretraining", "C4"),
        ("finetuning", "GSM8K"),
    ]


def test_pretraining_data_of_a_derived_model_with_a_named_base_stays_the_bases() -> None:
    assert own("# Tern\n\nThe model was pre-trained on the Pile.\n", **TUNED) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "We fine-tuned pretrained multilingual language models on our task mixture (SQuAD).",
        "Tern fine-tunes a pre-trained encoder on SQuAD.",
        "See gull for pretraining and SQuAD for finetuning.",
    ],
)
def test_a_pretrained_model_is_no_verb_of_what_was_tuned(sentence: str) -> None:
    assert [stage for stage, _, _, _ in own(f"# Tern\n\n{sentence}\n", **TUNED)] == ["finetuning"]


def test_a_pretrained_model_alone_still_says_the_stage() -> None:
    assert [row[0] for row in own("# Tern\n\nTern is a pretrained model on the Pile.\n")] == ["pretraining"]


@pytest.mark.parametrize(
    "splits", ["train and validation splits", "training, validation splits", "train/validation parts"]
)
def test_splits_that_were_trained_on_are_no_evaluation(splits: str) -> None:
    told = own(f"# Tern\n\nFine-tuned on Dutch using the {splits} of CSS10.\n", **TUNED)

    assert [(stage, name) for stage, _, _, name in told] == [("finetuning", "CSS10")]


def test_the_validation_split_alone_is_evaluation() -> None:
    assert own("# Tern\n\nTern was evaluated on the validation split of CSS10.\n") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "You can use the raw model for writing text or fine-tune it on a text classification dataset.",
        "Finetune the model on your custom dataset.",
        "It is a speech model that has to be fine-tuned on a downstream dataset before it can be used.",
    ],
)
def test_what_the_reader_may_do_is_no_training(sentence: str) -> None:
    assert own(f"# Tern\n\n{sentence}\n", **TUNED) == []


def test_lines_of_a_table_of_contents_speak_of_no_data() -> None:
    assert own("# Tern\n\n- [Usage](#usage)\n- [Training data](#training-data)\n\n## Usage\n\nRun it.\n") == []


def test_names_of_splits_and_remarks_in_a_list_of_data_name_none() -> None:
    items = "- Train: 10M lines\n- Valid: 2M lines\n- 이 자료는 영어로 구성되어 있습니다.\n- Gull Corpus"

    assert [row[3] for row in own(f"# Tern\n\n## Training data\n\n- the Pile\n{items}\n")] == [
        "the Pile",
        "Gull Corpus",
    ]


def test_a_heading_names_the_data_it_was_trained_on() -> None:
    told = own("# A Tern trained on the acme/owl-photos dataset.\n\nHave fun.\n", **TUNED)

    assert told == [("finetuning", "link", "whole", "acme/owl-photos")]


def test_a_bare_word_of_the_metadata_is_the_set_the_card_links_by_it() -> None:
    text = "---\ndatasets:\n- owls21\n---\n# Tern\n\nTern is trained on [Owls21](https://github.com/acme/owls21).\n"

    (data,) = resolve_data(find(text), {})

    assert (data.how, data.id, data.url, data.access) == ("link", None, "https://github.com/acme/owls21", "unresolved")


def test_a_bare_word_of_the_metadata_without_a_link_is_looked_up() -> None:
    (data,) = find("---\ndatasets:\n- owls21\n---\n# Tern\n\nTern is trained on Owls21.\n")

    assert (data.how, data.id) == ("metadata", "owls21")


def test_a_link_to_an_official_website_is_no_data_set_of_that_name() -> None:
    text = "# Tern\n\n## Training data\n\nThe Pile was used. See the [official website](https://pile.eleuther.ai/).\n"

    assert [row[3] for row in own(text)] == ["The Pile"]


def test_a_set_by_its_initials_is_data_beside_the_one_that_is_known() -> None:
    text = "# Tern\n\n1. Training on the OWLI data with a ranking loss;\n2. Training on the SQuAD data.\n"

    assert [(how, name) for _, how, _, name in own(text, **TUNED)] == [
        ("undisclosed", "Training on the OWLI data"),
        ("well-known", "SQuAD"),
    ]


def test_data_of_a_kind_is_a_summary_of_what_is_named_beside_it() -> None:
    told = own("# Tern\n\nFine-tuned on English data. It was fine-tuned on SQuAD.\n", **TUNED)

    assert [name for _, _, _, name in told] == ["SQuAD"]
