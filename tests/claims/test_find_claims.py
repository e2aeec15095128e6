"""Which sentences of a card are claims of openness of its own model, of what, and which are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.claims.find import find_claims
from structure_kit import card

ME = identity("harbour/Tidewater-7B-Chat", parent_ids=("northlab/Cobalt-7B",), derivation="finetune")


def claims(body: str) -> list[tuple[str, str]]:
    return [(c.kind, "/".join(c.about)) for c in find_claims(card(body), ME) if c.polarity == "affirmed"]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("Tidewater is an open-source language model for ports.", ("open-source", "model")),
        ("We introduce Tidewater, a series of open-source LLMs.", ("open-source", "model")),
        ("This open-source model answers questions about tides.", ("open-source", "model")),
        ("The model is open source under Apache 2.0.", ("open-source", "model")),
        ("Tidewater-7B-Chat is fully open-source.", ("fully-open", "model")),
        ("Tidewater is 100% open source!", ("fully-open", "model")),
        ("We release Tidewater, a fully open model.", ("fully-open", "model")),
        ("Tidewater is a state-of-the-art open model.", ("open-weights", "model")),
        ("This model is open access and available to all.", ("open-weights", "model")),
        ("Release type: open weights", ("open-weights", "model")),
        ("We have open-sourced the training code.", ("open-source", "training-code")),
        ("The code of this project is open-sourced under Apache 2.0.", ("open-source", "code")),
        ("Code, data, and models are open-sourced.", ("open-source", "code/data/model")),
        ("All code and model checkpoints used in this work are publicly available.", ("released", "code/weights")),
        ("We release the weights and the evaluation scripts.", ("released", "weights/evaluation-code")),
        ("We release all code, checkpoints, logs (coming soon), and data.", ("released", "code/weights/data")),
        ("We also share the complete recipe for the data collection.", ("released", "data-preparation-code")),
        ("Our training data is publicly available.", ("released", "data")),
        ("We make all the training data freely available.", ("released", "data")),
        ("Tidewater was trained only on publicly available data.", ("open-data", "data")),
        ("It is fine-tuned on only completely open datasets.", ("open-data", "data")),
        ("Open data makes this model reproducible by anyone.", ("reproducible", "model")),
        ("- Open source and free: Tidewater may be used by everyone.", ("open-source", "model")),
        ("Tidewater 是一个开源的对话模型。", ("open-source", "model")),
        ("我们开源了训练数据。", ("open-source", "data")),
        ("本仓库的代码依照 Apache-2.0 协议开源。", ("open-source", "code")),
        ("Tidewater模型已全部开源。", ("fully-open", "model")),
        ("Tidewaterはオープンソースのモデルです。", ("open-source", "model")),
        ("このモデルはオープンアクセスです。", ("open-weights", "model")),
        ("学習データを公開しています。", ("released", "data")),
        ("Tidewater는 오픈소스 모델입니다.", ("open-source", "model")),
        ("우리는 학습 데이터셋을 모두 공개했습니다.", ("released", "data")),
        ("Dieses Modell ist quelloffen.", ("open-source", "model")),
        ("Wir veröffentlichen alle Trainingsdaten.", ("released", "data")),
        ("Ce modèle est open source.", ("open-source", "model")),
        ("Nous publions les poids et le code.", ("released", "weights/code")),
        ("Este modelo es de código abierto.", ("open-source", "model")),
        ("Publicamos los datos y el código.", ("released", "data/code")),
    ],
)
def test_a_claim_of_the_model_is_found(body: str, wanted: tuple[str, str]) -> None:
    assert claims(f"# Tidewater\n\n{body}\n") == [wanted]


@pytest.mark.parametrize(
    "body",
    [
        "Cobalt is an open-source language model.",
        "Tidewater is based on an open-source model by Northlab.",
        "Fine-tuned from the open-source model Cobalt.",
        "Tidewater outperforms other open-source models of its size.",
        "It surpasses existing open source LLMs on every benchmark.",
        "Tidewater is the best open-source model.",
        "Among open-source models, Tidewater ranks first.",
        "We thank the open-source community for its work.",
        "Open-source LLMs are popular.",
        "A responsibly made open model can help everybody.",
        "Trained with Rivet, an open-source framework.",
        "We used the open-source library Rivet.",
        "We trained on publicly available web data.",
        "HarborQA is a publicly available dataset of ship logs.",
        "The HarborQA dataset is publicly available.",
        "The model is released under the MIT license.",
        "We released a new version.",
        "We provide an example script to run it.",
        "The weights are fully open to academic research.",
        "We release 3 models trained on different data mixtures.",
        "We release a sample of the data.",
        "We release some training data.",
        "| Open source | yes |\n|---|---|\n| Size | 7B |",
        "```\nWe release the training data.\n```",
        "## Acknowledgements\n\nWe release all data thanks to this open-source model.",
        "## Original model card: Cobalt\n\nThis is an open-source model, and we release all its data.",
        "感谢开源社区的支持。",
        "在同级别开源模型中表现优秀。",
        "Tidewater 优于其他开源模型。",
        "请查看开源协议。",
    ],
)
def test_other_words_claim_nothing(body: str) -> None:
    assert claims(f"# Tidewater\n\n## About\n\n{body}\n") == []


@pytest.mark.parametrize(
    ("body", "polarity"),
    [
        ("We will release the training data.", "promised"),
        ("The code will be made publicly available upon acceptance.", "promised"),
        ("We release the training code soon.", "promised"),
        ("The code is not publicly available.", "denied"),
        ("代码将在论文接受后公开。", None),
    ],
)
def test_promises_and_denials_are_no_claims(body: str, polarity: str | None) -> None:
    found = [c.polarity for c in find_claims(card(f"# Tidewater\n\n{body}\n"), ME)]

    assert found == ([] if polarity is None else [polarity])


def test_a_claim_is_cited_with_its_line_and_at_most_200_characters() -> None:
    long = "word " * 80
    found = find_claims(
        card(f"# Tidewater\n\nHello.\n\nFirst words. Tidewater is an open-source model with {long}.\n"), ME
    )

    assert [(c.place.line, len(c.text) <= 200, c.text[:9]) for c in found] == [(5, True, "Tidewater")]


def test_a_card_of_many_claims_is_capped() -> None:
    assert len(find_claims(card("Tidewater is an open-source model.\n\n" * 500), ME)) == 40


def test_no_card_claims_nothing() -> None:
    assert find_claims(None, ME) == ()


TEXT = """we our this the Tidewater Cobalt open-source open source model models data weights code release released is
are fully publicly available not will , . : ( ) - * 我们 开源 模型 了 を公開 です 오픈소스"""
WORDS = st.sampled_from([*TEXT.split(), "\n"])


@given(st.lists(WORDS, max_size=60))
def test_any_words_are_read_alike_twice(parts: list[str]) -> None:
    text = " ".join(parts)

    first = find_claims(card(text), ME)

    assert first == find_claims(card(text), ME)
    assert all(c.about and c.held is None and c.text in " ".join(text.split()) for c in first if len(c.text) < 200)


def test_a_familys_name_with_its_number_is_the_models_beside_a_base_of_the_same_publisher() -> None:
    me = identity("harbour/Tidewater2-7B-Chat", parent_ids=("harbour/Tidewater2-7B-Base",), derivation="finetune")
    said = "Tidewater 2 is the new generation of large open-source language models.\n\nTidewater2-7B-Base is too.\n"

    assert [c.place.line for c in find_claims(card(said), me)] == [1]
