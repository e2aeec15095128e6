"""What a card says about its training data, sentence by sentence."""

from __future__ import annotations

from typing import Any

import pytest

from data_kit import ORIGIN, TUNED, card_of, find, own
from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.data.find import MAX_LOOKUPS, dataset_ids, find_data
from openness_audit.model.capture import RepoInfo
from openness_audit.model.facts_origins import Derivation, Lineage

GENERATED = "This model is a fine-tuned version of [gull](https://huggingface.co/openbase/gull-7b)"


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("datasets: allenai/dolma", ["allenai/dolma"]),
        ("datasets:\n- allenai/dolma\n- c4", ["allenai/dolma", "c4"]),
        ("datasets:\n- datasets/winogrande", ["winogrande"]),
        ("datasets:\n- https://huggingface.co/datasets/allenai/dolma/tree/main", ["allenai/dolma"]),
        ("datasets:\n- name: squad\n  split: train", ["squad"]),
        ("datasets:\n- [glue, squad]", ["glue", "squad"]),
        ("datasets:\n- ~\n- 3\n- true\n- squad", ["3", "squad"]),
        ("datasets:", []),
    ],
)
def test_metadata_of_any_type_gives_its_ids(front: str, expected: list[str]) -> None:
    assert [name for _, _, _, name in own(f"---\n{front}\n---\n# Tern\n")] == expected


def test_a_metadata_entry_cites_its_own_line() -> None:
    found = find("---\nlicense: mit\ndatasets:\n- c4\n- squad\n---\n# Tern\n")

    assert [(d.places[0].line, d.places[0].kind) for d in found] == [(4, "metadata"), (5, "metadata")]


def test_what_a_generator_writes_for_no_data_set_names_none() -> None:
    assert own("---\ndatasets:\n- imagefolder\n---\n# Tern\n") == [
        ("pretraining", "undisclosed", "whole", "imagefolder")
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Tern was trained on the Pile.", ("pretraining", "well-known", "whole", "the Pile")),
        (
            "Tern was pre-trained on [Dolma](https://huggingface.co/datasets/allenai/dolma).",
            ("pretraining", "link", "whole", "allenai/dolma"),
        ),
        ("Tern was trained on a filtered version of C4.", ("pretraining", "well-known", "subset", "C4")),
        ("Tern was trained on public text such as Wikipedia.", ("pretraining", "well-known", "examples", "Wikipedia")),
        ("Tern was trained on 90K ShareGPT conversations.", ("finetuning", "well-known", "mixture", "ShareGPT")),
        ("Tern was trained on the SeabirdLog dataset.", ("pretraining", "named", "whole", "SeabirdLog")),
        ("本模型使用维基百科进行预训练。", ("pretraining", "well-known", "whole", "维基百科")),
        ("Le modèle a été entraîné sur OSCAR-2301.", ("pretraining", "well-known", "whole", "OSCAR-2301")),
    ],
)
def test_a_sentence_names_its_data(sentence: str, expected: tuple[str, ...]) -> None:
    assert own(f"# Tern\n\n{sentence}\n") == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "Tern was trained on a large corpus of web text.",
        "Tern was trained on publicly available data.",
        "Tern was trained on our internal data.",
        "Das Modell wurde mit deutschen Daten trainiert.",
        "本モデルは独自のデータで学習しました。",
    ],
)
def test_data_without_a_name_is_undisclosed(sentence: str) -> None:
    assert {how for _, how, _, _ in own(f"# Tern\n\n{sentence}\n")} == {"undisclosed"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Tern was not trained on the Pile.",
        "You can fine-tune it on SQuAD.",
        "If you want to train on C4, see below.",
        "Unlike Llama-2-7B, which was trained on the Pile, it is small.",
        "It scores well on SQuAD.",
        "We compare it to models trained on C4.",
    ],
)
def test_what_was_not_done_or_is_about_another_model_is_not_the_models_own(sentence: str) -> None:
    assert [row for row in own(f"# Tern\n\n{sentence}\n") if row[1] != "undisclosed"] == []


@pytest.mark.parametrize(
    ("sentence", "beside"),
    [
        ("Tern was trained on RefinedWeb enhanced with curated corpora.", ("undisclosed", "curated corpora")),
        ("Tern was trained on C4 and BirdNews.", ("named", "BirdNews")),
        ("Tern was trained on Wikipedia, together with in-house documents.", ("undisclosed", "in-house documents")),
        ("Tern was trained on C4 and the books of a library.", ("undisclosed", "the books of a library")),
    ],
)
def test_what_stands_unnamed_beside_a_named_set_is_kept(sentence: str, beside: tuple[str, str]) -> None:
    assert beside in [(how, name) for _, how, _, name in own(f"# Tern\n\n{sentence}\n")]


def test_a_description_of_a_data_set_adds_none() -> None:
    text = "Tern was trained on C4, a cleaned version of Common Crawl. It contains text from Wikipedia."
    text = f"# Tern\n\n## Training data\n\n{text}\n"

    assert [name for _, _, _, name in own(text)] == ["C4"]


def test_a_pointing_word_behind_a_name_is_no_data_set() -> None:
    found = find("It was trained on WebText. A list of its domains present in WebText [here](https://github.com/a/b).")

    assert [d.name for d in found if d.how == "link"] == []


def test_a_summary_gives_way_to_names() -> None:
    text = "---\ndatasets: [squad]\n---\n# Tern\n\nTern was fine-tuned on publicly available data.\n"

    assert own(text, **TUNED) == [("finetuning", "metadata", "whole", "squad")]


def test_an_unnamed_row_of_a_table_of_data_counts() -> None:
    text = (
        "# Tern\n\n## Training data\n\n| Data source | Tokens |\n|---|---|\n"
        "| [RefinedWeb](https://huggingface.co/datasets/tiiuae/falcon-refinedweb) | 1B |\n"
        "| Letters | 2B |\n| Total | 3B |\n"
    )

    assert own(text) == [
        ("pretraining", "link", "whole", "tiiuae/falcon-refinedweb"),
        ("pretraining", "named", "whole", "Letters"),
    ]


def test_a_list_after_a_sentence_of_training_is_its_data() -> None:
    text = "# Tern\n\nTern is trained on the following datasets:\n\n- C4\n- Fish Letters\n"

    assert [(how, name) for _, how, _, name in own(text)] == [("well-known", "C4"), ("named", "Fish Letters")]


def test_labels_between_the_items_are_no_data() -> None:
    text = "# Tern\n\n## Training data\n\n- Sentiment analysis\n  - SST-2\n- Question answering\n  - SQuAD\n"

    assert [name for _, _, _, name in own(text)] == ["SST-2", "SQuAD"]


def test_a_labelled_field_takes_a_known_id_as_written() -> None:
    assert own("# Tern\n\n* dataset: opus\n") == [("pretraining", "well-known", "whole", "opus")]


def test_an_evaluation_section_is_no_training() -> None:
    text = "# Tern\n\n## Evaluation\n\n- Dataset: SQuAD\n\n| Dataset | F1 |\n|---|---|\n| GLUE | 80 |\n"

    assert own(text) == []


def test_a_set_made_to_test_is_no_training_data_by_its_listing_alone() -> None:
    assert own("---\ndatasets: [cais/mmlu, c4]\n---\n# Tern\n") == [("pretraining", "metadata", "whole", "c4")]


def test_tuning_data_and_further_pretraining_are_told_apart() -> None:
    text = "# Tern\n\nTern was further pre-trained on PubMed Central and then fine-tuned on SQuAD.\n"

    assert [(stage, name) for stage, _, _, name in own(text, **TUNED)] == [
        ("pretraining", "PubMed Central"),
        ("finetuning", "SQuAD"),
    ]


def test_first_pretraining_in_a_derived_card_is_the_bases() -> None:
    found = find("# Tern\n\nThe model was pre-trained on C4.\n", **TUNED)

    assert [(d.whose, d.stage, d.name) for d in found] == [("base", "pretraining", "C4")]


def test_a_tuned_model_that_lists_both_kinds_keeps_them_apart() -> None:
    text = "---\ndatasets:\n- togethercomputer/RedPajama-Data-1T\n- OpenAssistant/oasst1\n---\n# Tern\n"

    assert [(stage, name) for stage, _, _, name in own(text, **TUNED)] == [
        ("pretraining", "togethercomputer/RedPajama-Data-1T"),
        ("finetuning", "OpenAssistant/oasst1"),
    ]


def test_a_generated_line_merges_with_its_metadata() -> None:
    text = f"---\ndatasets: [glue]\n---\n# tern\n\n{GENERATED} on the glue dataset.\n"

    assert own(text, **TUNED) == [("finetuning", "metadata", "whole", "glue")]


@pytest.mark.parametrize("name", ["None", "unknown", "imagefolder"])
def test_a_generated_line_without_a_data_set(name: str) -> None:
    text = f"# tern\n\n{GENERATED} on the {name} dataset.\n"

    assert {how for _, how, _, _ in own(text, **TUNED)} == {"undisclosed"}


def test_a_released_filtered_form_stands_for_its_source() -> None:
    text = (
        "---\ndatasets: [acme/ultrachat_small]\n---\n# Tern\n\n"
        "Tern was fine-tuned on a filtered version of [UltraChat](https://huggingface.co/datasets/stingning/ultrachat).\n"
    )

    assert own(text, **TUNED) == [("finetuning", "metadata", "whole", "acme/ultrachat_small")]


def test_filtering_after_the_fact_leaves_no_set_whole() -> None:
    text = "# Tern\n\n## Training data\n\nTern was trained on mC4. After de-duplicating the data, 3 GB were left.\n"

    assert own(text) == [("pretraining", "well-known", "subset", "mC4")]


def test_a_model_of_a_corpus_name_is_no_corpus() -> None:
    text = "# Tern\n\nTern was trained on top of RedPajama-INCITE-7B and Alpaca-LoRA with care.\n"

    assert [row for row in own(text, **TUNED) if row[1] != "undisclosed"] == []


def test_a_short_label_says_the_stage_of_the_table_after_it() -> None:
    table = "| Dataset | Pairs |\n|---|---|\n| [SQuAD](https://huggingface.co/datasets/squad) | 5 |\n"

    assert own(f"# Tern\n\n## Details\n\n**Second stage**: supervised fine-tuning\n\n{table}", **TUNED) == [
        ("finetuning", "link", "whole", "squad")
    ]
    assert own(f"# Tern\n\n## Details\n\nScores of the evaluation\n\n{table}", **TUNED) == []


def test_a_model_named_as_its_data_is_the_subject_of_the_sentence() -> None:
    me = identity("acme/dolma-7b")
    info = RepoInfo(kind="model", id="acme/dolma-7b", origin=ORIGIN)
    line = Lineage(derivation="base", places=())

    def named(text: str) -> list[str]:
        found = find_data((card_of(f"# Dolma 7B\n\n{text}\n"),), info, me, line)
        return [d.name for d in found if d.how != "undisclosed"]

    assert named("Dolma is a model that was trained to count birds.") == []
    assert named("Dolma dataset was used to train the model.") == ["Dolma"]


def test_a_row_of_sources_in_a_table_of_features_links_the_data() -> None:
    text = (
        "# Tern\n\n| Feature | Description |\n|---|---|\n| **Name** | `tern` |\n"
        "| **Sources** | [Bird bank 2](https://github.com/birds/bank) (A. Author)<br />"
        "[Nests](https://example.org/nests) |\n"
    )

    assert own(text) == [("pretraining", "link", "whole", "Bird bank 2"), ("pretraining", "link", "whole", "Nests")]
    assert own("# Tern\n\n" + text.partition("\n\n")[2].replace("Sources", "Author")) == []


def test_ids_to_look_up_are_bounded_and_own_training_data_comes_first() -> None:
    rows = "\n".join(f"- acme/birds-{n}" for n in range(60))
    found = find(
        f"---\ndatasets:\n{rows}\n---\n# Tern\n\nThe base model was pre-trained on `acme/eggs` dataset.\n", **TUNED
    )

    ids = dataset_ids(found)

    assert (len(ids), ids[0]) == (MAX_LOOKUPS, "acme/birds-0")


@pytest.mark.parametrize(
    "text",
    [
        "trained on " + "the " * 4000,
        "trained on " + "[a](b) and " * 2000,
        "Training data: " + "such as, " * 3000,
        "| dataset |\n|---|\n" + "| x |\n" * 3000,
        "trained on (" * 2000,
        "the `" * 4000 + " dataset",
    ],
)
def test_hostile_text_ends(text: str) -> None:
    find(f"# Tern\n\n## Training data\n\n{text}\n")


def stages(text: str, derivation: Derivation = "base", **lineage: Any) -> dict[str, str]:
    found = find(text, derivation, **lineage)
    return {d.id or d.name: d.stage for d in found if d.whose == "self"}


def test_instructions_and_preferences_tune_whatever_the_model_is_said_to_be() -> None:
    """Of a card that names no base model, they are no evidence that the model read nothing else."""
    card = "---\ndatasets: [acme/tern-instruct, HuggingFaceH4/ultrafeedback_binarized, allenai/c4]\n---\n# Tern\n"

    assert stages(card) == {
        "acme/tern-instruct": "finetuning",
        "HuggingFaceH4/ultrafeedback_binarized": "finetuning",
        "allenai/c4": "pretraining",
    }


def test_a_model_that_says_it_was_not_tuned_has_them_in_its_pre_training_mixture() -> None:
    card = "---\ndatasets: [acme/tern-instruct]\n---\n# Tern\n"

    assert stages(card, tuned=False) == {"acme/tern-instruct": "pretraining"}


def test_sets_for_a_task_alone_are_those_of_a_tuned_model() -> None:
    assert stages("---\ndatasets: [squad]\n---\n# Tern\n") == {"squad": "finetuning"}
    assert stages("---\ndatasets: [squad, allenai/c4]\n---\n# Tern\n") == {
        "squad": "pretraining",
        "allenai/c4": "pretraining",
    }
    assert stages("---\ndatasets: [squad]\n---\n# Tern\n\nTern was pre-trained on SQuAD.\n") == {"squad": "pretraining"}


def test_a_sentence_about_a_part_limits_what_the_metadata_lists_whoever_it_is_about() -> None:
    told = "BERT model for Danish, trained on a filtered part of the Common Crawl."
    card = f"---\ndatasets: [common_crawl]\n---\n# Tern\n\n{told}\n"

    assert own(card) == [("pretraining", "metadata", "subset", "common_crawl")]


def test_a_score_on_a_set_is_no_training_on_it() -> None:
    assert own("# Tern\n\nTern trains as fast as Auk and gets better sooner (50.2 mAP after a day on COCO).\n") == []


def test_corpora_that_are_filtered_are_not_used_as_they_are() -> None:
    told = "Tern was trained on [C4](https://huggingface.co/datasets/allenai/c4). Corpora are filtered by length."

    assert own(f"# Tern\n\n## Training data\n\n{told}\n") == [("pretraining", "link", "subset", "allenai/c4")]


def test_a_labelled_address_on_a_host_of_data_is_the_data() -> None:
    text = "# Training data\n\nTraining data url: https://cellxgene.cziscience.com/collections/0a1b\n"

    assert own(text) == [("pretraining", "link", "whole", "https://cellxgene.cziscience.com/collections/0a1b")]


def test_a_method_named_among_thanked_repositories_makes_none_of_them_training_data() -> None:
    text = "## Acknowledgements\n\nThe code builds on QLoRA, [Finch-Alpaca](https://github.com/x/finch) and "
    text += "[Wren](https://github.com/x/wren) repos.\n"

    assert own(text, **TUNED) == []


def test_a_model_uses_what_is_listed_after_it_says_so() -> None:
    text = "A model for tales. It uses the following data:\n\n* 900 samples from the Finch 30k dataset (long ones)\n"
    text += "* 700 samples from Airoboros 3.1 (letters only)\n"

    assert {row[2] for row in own(text, **TUNED) if "Airoboros" in row[3]} == {"subset"}
