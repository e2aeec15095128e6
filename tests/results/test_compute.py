from __future__ import annotations

from collections.abc import Callable

import pytest

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.compute.find import compute_mentions
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card

MakeCard = Callable[..., Card]


def found(
    card: MakeCard, me: Identity, info: RepoInfo, text: str, whose: str = "self", **options: str
) -> set[tuple[str, str]]:
    mentions = compute_mentions((card(text, **options),), info, me, None)
    return {(m.topic.removeprefix("compute-"), m.object) for m in mentions if m.whose == whose}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Heron-7B was trained on 64 A100-40GB GPUs for about nine days.\n",
            {("hardware", "A100"), ("amount", "nine days")},
        ),
        ("Training took 14 days.\n", {("amount", "14 days")}),
        (
            "## Training\n\n- **GPUs:** 96xH100-80G\n- **Training time:** 6.2 days\n",
            {("hardware", "H100"), ("amount", "6.2 days")},
        ),
        ("Trained on cloud TPU-v4s with JAX.\n", {("hardware", "TPU")}),
        ("- **Hours used:** 200000\n", {("amount", "200000")}),
        ("## Training\n\n- **Carbon Emitted:** 15000 kg CO2 eq.\n", {("amount", "15000 kg CO2")}),
        ("Pretraining used 3.3M GPU hours.\n", {("amount", "3.3M GPU hours")}),
        ("本模型使用 8 张 A800 训练了 3 天。\n", {("hardware", "A800")}),
        (
            "The model was fine-tuned on a single RTX 4090 and used 12 kWh.\n",
            {("hardware", "GeForce"), ("amount", "12 kWh")},
        ),
    ],
)
def test_a_statement_about_training(
    card: MakeCard, heron: Identity, info: RepoInfo, text: str, expected: set[tuple[str, str]]
) -> None:
    assert found(card, heron, info, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Inference needs one A100.\n",
        "The model fits on 2 x A100 (80GB).\n",
        "## Speed\n\nMeasured on an NVIDIA A100 80GB.\n",
        "Many thanks to Acme Cloud for eight H100s.\n",
        "Trained on the Grand Cluster with 384 devices at 2000 tokens per second.\n",
        "The model was trained on 680,000 hours of transcribed audio.\n",
        "You can fine-tune it yourself on a T4 in two hours.\n",
        "## Hardware requirements\n\n| Model | GPU |\n|---|---|\n| Heron-7B | 1 x RTX 4090 |\n",
        "## Required hardware\n\nIn half precision:\n\n- 4x H100\n- 8x A100 80GB\n",
        "num_devices: 16\n",
        "A model for high-resolution 3D content.\n",
    ],
)
def test_use_thanks_and_data_are_no_compute(card: MakeCard, heron: Identity, info: RepoInfo, text: str) -> None:
    assert found(card, heron, info, text) == set()


def test_the_row_of_this_size_counts(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    text = (
        "## Environmental impact\n\n| | GPU Type | Energy |\n|---|---|---|\n"
        "| Heron 1B | V100 | 35 MWh |\n| Heron 7B | A100 | 104 MWh |\n"
    )

    assert found(card, heron, info, text) == {("hardware", "A100"), ("amount", "104 MWh")}


def test_metadata_gives_emissions_and_hardware(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    text = "---\nco2_eq_emissions:\n  emissions: 24.7\n  hardware_used: 384 A100 GPUs\n---\n"
    mentions = compute_mentions((card(text),), info, heron, None)

    assert [(m.topic, m.place.kind, m.place.line) for m in mentions] == [
        ("compute-amount", "metadata", 3),
        ("compute-hardware", "metadata", 4),
    ]


def test_a_derived_models_pretraining_is_the_bases(card: MakeCard, heron_chat: Identity, info: RepoInfo) -> None:
    text = "Pretraining utilized 3.3M GPU hours on A100-80GB.\n"

    assert found(card, heron_chat, info, text) == set()
    assert ("hardware", "A100") in found(card, heron_chat, info, text, whose="base")
