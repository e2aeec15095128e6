"""Which stage a data set belongs to where the card does not say it in so many words, and what is only a part of one."""

from __future__ import annotations

import pytest

from data_kit import TUNED, card_of, find, own
from lineage_kit import info
from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.data.find import find_data
from openness_audit.collect.data.found import Ground
from openness_audit.collect.data.metadata import metadata_found
from openness_audit.model.facts_origins import Lineage

LINKED = "[Gull](https://huggingface.co/openbase/gull-7b)"


def stages(text: str, **lineage: object) -> list[tuple[str, str]]:
    return [(stage, name) for stage, how, _, name in own(text, **lineage) if how != "undisclosed"]  # type: ignore[arg-type]  # as the kit takes it


def test_an_unknown_set_listed_beside_sets_for_tuning_tunes_too() -> None:
    card = "---\ndatasets:\n- acme/branches\n- Open-Orca/SlimOrca-Dedup\n---\n# Tern\n\nA lively model.\n"

    assert stages(card) == [("finetuning", "acme/branches"), ("finetuning", "Open-Orca/SlimOrca-Dedup")]


def test_a_corpus_listed_beside_a_set_for_tuning_stays_pre_training_data() -> None:
    card = "---\ndatasets:\n- c4\n- acme/branches\n- Open-Orca/SlimOrca-Dedup\n---\n# Tern\n\nA lively model.\n"

    assert stages(card)[0] == ("pretraining", "c4")


def test_code_listed_with_a_corpus_for_a_tuned_model_was_its_pre_training_data() -> None:
    listed = ["cerebras/SlimPajama-627B", "bigcode/starcoderdata", "OpenAssistant/oasst1"]
    card = "---\ndatasets:\n" + "".join(f"- {name}\n" for name in listed) + "---\n# Tern\n\nA chat model.\n"

    assert stages(card, **TUNED) == list(zip(["pretraining", "pretraining", "finetuning"], listed, strict=True))


def test_code_without_a_corpus_beside_it_tunes_a_tuned_model() -> None:
    card = "---\ndatasets: [bigcode/the-stack-smol, OpenAssistant/oasst1]\n---\n# Tern\n\nA chat model.\n"

    assert {stage for stage, _ in stages(card, **TUNED)} == {"finetuning"}


@pytest.mark.parametrize("verbs", ["pretrained and fine-tuned", "pre-trained and finetuned"])
def test_a_corpus_named_for_both_stages_is_data_of_both(verbs: str) -> None:
    assert sorted(stages(f"# Tern\n\nThe small model, {verbs} on LibriSpeech.\n")) == [
        ("finetuning", "LibriSpeech"),
        ("pretraining", "LibriSpeech"),
    ]


def test_a_set_for_a_task_is_data_of_the_nearer_verb_only() -> None:
    assert stages("# Tern\n\nThe small model, pretrained and fine-tuned on SQuAD.\n") == [("finetuning", "SQuAD")]


@pytest.mark.parametrize(
    ("object_", "extent"),
    [
        ("150K sentences from the Tatoeba dataset", "subset"),
        ("some 1.5 million web pages out of C4", "subset"),
        ("240 million image-text pairs from LAION-400M", "subset"),
        ("a reproduction of BookCorpus", "subset"),
        ("dataset subsection `y` of C4", "subset"),
        ("960 hours of speech from LibriSpeech", "whole"),
        ("English text from C4", "whole"),
    ],
)
def test_a_number_of_texts_from_a_set_is_a_part_of_it(object_: str, extent: str) -> None:
    found = [d for d in find(f"# Tern\n\nTern was trained on {object_}.\n") if d.how != "undisclosed"]

    assert [d.extent for d in found] == [extent]


@pytest.mark.parametrize(("name", "extent"), [("stars-3000-samples", "subset"), ("stars-3000", "whole")])
def test_a_model_named_after_its_number_of_samples_saw_a_part(name: str, extent: str) -> None:
    line = Lineage(derivation="finetune", places=())
    card = card_of(f"---\ndatasets: [imdb]\n---\n# {name}\n\nA fine-tuned model.\n")
    found = find_data((card,), info(f"acme/{name}"), identity(f"acme/{name}"), line)

    assert [d.extent for d in found] == [extent]


@pytest.mark.parametrize(("task", "stage"), [("token-classification", "finetuning"), ("fill-mask", "pretraining")])
def test_a_corpus_that_a_model_for_a_task_was_trained_on_tuned_it(task: str, stage: str) -> None:
    card = card_of("---\ndatasets: [europarl_bilingual]\n---\n# Tern\n\nTern was trained on Europarl.\n")
    line = Lineage(derivation="base", places=())
    found = find_data((card,), info("acme/tern", pipeline_tag=task), identity("acme/tern"), line)

    assert [(d.stage, d.access) for d in found] == [(stage, "unresolved")]


def test_data_said_to_be_collected_by_hand_stands_beside_what_is_listed() -> None:
    said = "It is fine-tuned on a dataset of instructions manually collected with bird watchers."
    card = f"---\ndatasets: [OpenAssistant/oasst1]\n---\n# Tern\n\n{said}\n"

    assert {how for _, how, _, _ in own(card, **TUNED)} == {"metadata", "undisclosed"}


def test_where_other_models_are_to_be_looked_for_is_no_word_on_this_ones_data() -> None:
    assert own("# Tern\n\nSee the hub to look for other fine-tuned versions on a different dataset.\n") == []


def test_a_benchmark_behind_the_cleaning_of_the_data_was_not_trained_on() -> None:
    text = "# Tern\n\n我们对微调数据集做了去污处理以防泄露，HumanEval的pass@1指标由贪婪生成得到。\n"

    assert stages(text) == []


def test_what_a_derived_model_lists_is_pre_training_data_where_the_card_tells_of_nothing_else() -> None:
    said = "We extend it to birds through continued pretraining on a large corpus of songs."
    card = f"---\ndatasets: [wikipedia, acme/songs]\n---\n# Tern\n\n{said}\n"

    assert {stage for stage, _ in stages(card, **TUNED)} == {"pretraining"}
    tuned = f"{card}\nTern was then fine-tuned on a dataset of letters.\n"
    assert {stage for stage, _ in stages(tuned, **TUNED)} == {"finetuning"}


@pytest.mark.parametrize("listed", ["WebNLG", "web_nlg", "wmt/europarl", "swag", "google-research-datasets/totto"])
def test_a_set_under_its_former_or_present_id_is_a_known_corpus(listed: str) -> None:
    found = metadata_found(
        card_of(f"---\ndatasets: [{listed}]\n---\n# Tern\n"),
        info("acme/tern-7b"),
        Ground(identity("acme/tern-7b"), Lineage(derivation="base", places=())),
    )

    assert [one.corpus is not None for one in found] == [True]


def test_a_list_completes_a_sentence_that_breaks_off() -> None:
    items = (
        "- [JSUT](https://sites.google.com/site/jsut)\n- [common_voice](https://huggingface.co/datasets/common_voice)\n"
    )

    assert sorted(stages(f"# Tern\n\nFine-tuned {LINKED} on Japanese letters using the\n\n{items}", **TUNED)) == [
        ("finetuning", "JSUT"),
        ("finetuning", "common_voice"),
    ]
