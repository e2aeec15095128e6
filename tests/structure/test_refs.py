"""Branches and tags: intermediate checkpoints told from other precisions and from anything else."""

from __future__ import annotations

import pytest

from openness_audit.collect.files.refs import collect_refs
from openness_audit.model.capture import Ref, Refs
from structure_kit import ORIGIN


def kind(name: str) -> str:
    found = collect_refs(Refs(refs=(Ref(name=name, kind="branch"),), origin=ORIGIN), "org/model")
    return next(k for k in ("intermediate", "quantization", "other") if getattr(found, k))


@pytest.mark.parametrize(
    "name",
    [
        "step1000",
        "step1000-tokens4B",
        "stage1-step5000-tokens21B",
        "stage2-ingredient1-step1000-tokens5B",
        "step-001000-2BT",
        "global_step420000",
        "ckpt_120",
        "checkpoint-5000",
        "epoch-2",
        "iter_10000",
        "tokens-100B",
        "300B_tokens",
        "it-40000",
        "seed-1/step500",
    ],
)
def test_intermediate_checkpoints(name: str) -> None:
    assert kind(name) == "intermediate"


@pytest.mark.parametrize(
    "name",
    [
        "4bit",
        "gptq-4bit-32g-actorder_True",
        "8-bit",
        "fp16",
        "bf16",
        "4.25",
        "4_25",
        "6.0bpw",
        "6_0bpw-h6",
        "onnx",
        "awq",
        "int8",
        "q4_k_m",
        "float16",
        "step1000-fp16",
    ],
)
def test_other_precisions(name: str) -> None:
    assert kind(name) == "quantization"


@pytest.mark.parametrize(
    "name", ["main", "v1.0", "1.0", "no-fim", "mha", "pr/3", "steps", "dev", "2023-05-01", "flash-attn", "refs/pr/1"]
)
def test_anything_else(name: str) -> None:
    assert kind(name) in {"other", "quantization"} if name == "1.0" else kind(name) == "other"


def test_only_intermediate_ones_are_cited_and_at_most_twenty() -> None:
    refs = Refs(
        refs=(Ref(name="main", kind="branch"), *(Ref(name=f"step{n}", kind="branch") for n in range(30))), origin=ORIGIN
    )

    found = collect_refs(refs, "org/model")

    assert (len(found.intermediate), found.other, len(found.places)) == (30, ("main",), 20)
    assert found.places[0].url == "https://huggingface.co/org/model/tree/step0"


def test_conversions_by_the_hub_are_neither() -> None:
    found = collect_refs(Refs(refs=(Ref(name="step1", kind="convert"),), origin=ORIGIN), "org/model")

    assert (found.intermediate, found.other) == ((), ("step1",))
