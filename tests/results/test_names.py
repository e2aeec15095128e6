from __future__ import annotations

import pytest

from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.results.names import names_of, take_apart


@pytest.mark.parametrize(
    ("model", "label", "naming"),
    [
        ("acme/Heron-7B", "Heron 7B", "exact"),
        ("acme/Heron-7B", "HERON (7B)", "exact"),
        ("acme/Heron-7B", "acme/Heron-7B", "exact"),
        ("acme/Heron-7B", "Heron-7B (ours)", "exact"),
        ("acme/Heron-7B", "Heron", "near"),
        ("acme/Heron-7B", "Heron-13B", "other"),
        ("acme/Heron-7B", "Heron 7B Chat", "other"),
        ("acme/Heron-7B", "7B params", "family"),
        ("acme/Heron-7B", "13B", "other"),
        ("acme/Heron-7B", "MMLU", "none"),
        ("acme/Heron-7B-v0.1", "Heron-7B", "exact"),
        ("acme/Heron-7B-v2", "Heron-7B", "other"),
        ("acme/heron_3b_v2", "Heron 3Bv2", "exact"),
        ("acme/heron_1_6b", "Heron 1.6B", "exact"),
        ("acme/Heron-7B-Instruct", "Heron-7B-Ins", "exact"),
        ("acme/Heron-7B-Instruct", "Heron-7B", "near"),
        ("acme/Heron-7B", "GPT-4", "other"),
    ],
)
def test_a_label_is_compared_by_letters_size_and_version(model: str, label: str, naming: str) -> None:
    assert names_of(identity(model)).naming(label) == naming


def test_a_base_models_name_is_not_a_shortened_name() -> None:
    names = names_of(identity("acme/Heron-7B-Instruct", parent_ids=("acme/Heron-7B",), derivation="finetune"))

    assert names.naming("Heron-7B") == "other"


@pytest.mark.parametrize(
    ("sentence", "about"),
    [
        ("Heron-7B was trained for nine days.", "self"),
        ("Heron 13B was trained for nine days.", "other"),
        ("Heron-2-7B was trained for nine days.", "other"),
        ("The model was trained for nine days.", "none"),
    ],
)
def test_a_sentence_is_about_the_size_it_names(sentence: str, about: str) -> None:
    assert names_of(identity("acme/Heron-7B")).about(sentence) == about


def test_formats_and_vendors_are_no_part_of_a_name() -> None:
    assert take_apart("meta-Heron-7B-4.0bpw-h6-exl2").core == "heron"
