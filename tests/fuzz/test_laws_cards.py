"""The laws of evidence over whole audits of a small made-up model whose card, files and answers are changed."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

import msgspec
import pytest
from captures import Audited, audited, gone
from changes import FAILED, TAKEN, with_card
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import escaped, limits, reaches, risen, unproven, widened

from fuzz.mutate import REMOVALS, SCRAMBLES
from fuzz_budget import examples
from openness_audit.collect.assemble import readme_of
from openness_audit.model.capture import (
    CodeAnswer,
    DatasetAnswer,
    FileEntry,
    GitRepo,
    Listing,
    ModelCapture,
    Origin,
    Ref,
    Refs,
    RepoInfo,
    Text,
)
from openness_audit.ruleset import load_rules

if TYPE_CHECKING:
    from openness_audit.collect.assemble import Reading
    from openness_audit.model.facts import Facts

ORIGIN = Origin(url="https://huggingface.co/acme/Owl-7B", sha256="0" * 64, retrieved_at="2026-01-01T00:00:00Z")
SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=examples(8), deadline=None)

BASE = """---
license: apache-2.0
datasets:
- acme/forest-text
- acme/river-text
library_name: transformers
tags:
- text-generation
---
# Owl-7B

Owl-7B is a language model with 32 layers and grouped-query attention, made from scratch by Acme.

## Training data

Owl-7B was pre-trained on [Forest Text](https://huggingface.co/datasets/acme/forest-text) and on
[River Text](https://huggingface.co/datasets/acme/river-text).

## Training

The training code is in our repository: https://github.com/acme/owl-7b. It ran on 64 A100 GPUs for 300 hours.

| Step | Training Loss | Validation Loss |
|---|---|---|
| 1000 | 2.31 | 2.40 |
| 2000 | 2.11 | 2.20 |

## Evaluation

Measured with lm-evaluation-harness 0.4.2, five shots:

| Model | MMLU | GSM8K |
|---|---|---|
| Owl-7B | 55.1 | 31.0 |
| Heron-7B | 51.0 | 28.2 |

## Limitations

Owl-7B can be wrong. It should not be used for medical advice.
"""
TUNED = """---
license: mit
base_model: acme/Owl-7B
datasets:
- acme/owl-chats
---
# Owl-7B-Chat

A chat model fine-tuned from [Owl-7B](https://huggingface.co/acme/Owl-7B) with [trl](https://github.com/huggingface/trl)
on the data set `acme/owl-chats`. The preference data is not released.

## Results

- MMLU: 57.2
- GSM8K: 40.1

## How to tune it

The scripts will be published later. Hyper-parameters: learning rate 2e-5, batch size 64, 3 epochs.
"""
FILES = ("README.md", "config.json", "LICENSE", "model.safetensors", "trainer_state.json", "eval/run_eval.py")


def _set(name: str) -> DatasetAnswer:
    info = RepoInfo(
        kind="dataset", id=name, origin=ORIGIN, sha="b" * 40, gated=False, card_data={"license": "cc-by-4.0"}
    )
    words = "This data set holds sentences about the forest, collected by walking slowly and writing down. " * 8
    return DatasetAnswer(info=info, card=Text(path="README.md", text=f"# {name}\n\n{words}\n", origin=ORIGIN))


def _code(name: str) -> CodeAnswer:
    repo = GitRepo(host="github.com", owner="acme", name=name, origin=ORIGIN, license_spdx="MIT", default_branch="main")
    paths = ("train.py", "configs/owl-7b.yaml", "eval/evaluate.py", "data/prepare.py", "README.md")
    listing = Listing(
        files=tuple(FileEntry(path=p, size=900) for p in paths), complete=True, origin=ORIGIN, sha="c" * 40
    )
    readme = Text(path="README.md", text="# owl-7b\n\nTrains and evaluates acme/Owl-7B.\n", origin=ORIGIN)
    return CodeAnswer(repo=repo, listing=listing, readme=readme)


def _capture(name: str, card: str, keys: dict[str, object]) -> ModelCapture:
    listing = Listing(
        files=tuple(FileEntry(path=p, size=10_000) for p in FILES), complete=True, origin=ORIGIN, sha="a" * 40
    )
    texts = {
        "README.md": card,
        "config.json": '{"model_type": "llama"}',
        "LICENSE": "All rights to owls are reserved.\n",
    }
    names = ("main", "step1000", "step2000", "step3000")
    return ModelCapture(
        info=RepoInfo(kind="model", id=f"acme/{name}", origin=ORIGIN, sha="a" * 40, gated=False, card_data=keys),
        listing=listing,
        refs=Refs(refs=tuple(Ref(name=n, kind="branch") for n in names), origin=ORIGIN),
        texts={p: Text(path=p, text=t, origin=ORIGIN) for p, t in texts.items()},
        datasets={f"acme/{n}": _set(f"acme/{n}") for n in ("forest-text", "river-text", "owl-chats")},
        code={"github.com/acme/owl-7b": _code("owl-7b")},
        parents={"acme/Owl-7B": RepoInfo(kind="model", id="acme/Owl-7B", origin=ORIGIN, sha="a" * 40, gated=False)},
    )


def drawn(seed: int) -> Random:
    """Give the choices of one example."""
    return Random(seed)  # noqa: S311 - choices, no secrets


class Shelf:
    """All there is: what was not captured does not exist, and the only base model is the first of the two."""

    def answered(self, capture: ModelCapture, reading: Reading) -> ModelCapture:
        """Answer what a changed card asks for."""
        return msgspec.structs.replace(
            capture,
            datasets={n: DatasetAnswer(info=gone(n)) for n in reading.wanted_datasets()} | capture.datasets,
            parents={n: gone(n) for n in reading.wanted_parents()} | capture.parents,
            code={n: CodeAnswer(repo=gone(n), listing=gone(n)) for n in reading.wanted_code()} | capture.code,
        )

    def ancestor(self, name: str) -> Facts | None:
        """Give the facts of the base model."""
        return subject("base").facts if name == "acme/Owl-7B" else None


@lru_cache(maxsize=4)
def subject(which: str) -> Audited:
    """Audit one of the two models as it is."""
    sets: dict[str, object] = {"license": "apache-2.0", "datasets": ["acme/forest-text", "acme/river-text"]}
    tuned: dict[str, object] = {"license": "mit", "base_model": "acme/Owl-7B", "datasets": ["acme/owl-chats"]}
    given = ("Owl-7B", BASE, sets) if which == "base" else ("Owl-7B-Chat", TUNED, tuned)
    return audited(_capture(*given), Shelf(), load_rules())


WHICH = st.sampled_from(("base", "tuned"))


def test_the_models_have_something_to_lose() -> None:
    levels = reaches(subject("base").audit)
    assert {name for name, reach in levels.items() if reach == (2, 2)} >= {
        "pretraining-data",
        "weights",
        "evaluation-results",
        "training-metrics",
        "checkpoints",
    }


@pytest.mark.parametrize("kind", sorted(REMOVALS))
@FEW
@given(WHICH, SEEDS)
def test_text_taken_away_raises_nothing(kind: str, which: str, seed: int) -> None:
    base = subject(which)
    text = readme_of(base.capture.texts)
    assert isinstance(text, Text)
    mutant = REMOVALS[kind](text.text, drawn(seed))
    if mutant is None:
        return
    after = audited(with_card(base.capture, mutant), Shelf(), load_rules())
    spared = limits(base.facts, base.reading).touched(mutant.lines, mutant.keys)
    assert unproven(after.audit) == []
    assert risen(reaches(base.audit), reaches(after.audit), spared) == []
    assert "*" in spared or widened(base.audit, after.audit) == []


@pytest.mark.parametrize("kind", sorted(TAKEN))
@FEW
@given(WHICH, SEEDS)
def test_a_part_taken_away_raises_nothing(kind: str, which: str, seed: int) -> None:
    base = subject(which)
    capture = TAKEN[kind](base.capture, drawn(seed))
    if capture is None or (kind == "readme" and which == "tuned"):  # that card names the base model: a limit
        return
    after = audited(capture, Shelf(), load_rules())
    assert unproven(after.audit) == []
    assert risen(reaches(base.audit), reaches(after.audit)) == []


@pytest.mark.parametrize("kind", sorted(FAILED))
@FEW
@given(WHICH, SEEDS)
def test_a_failure_leaves_the_truth_possible(kind: str, which: str, seed: int) -> None:
    base = subject(which)
    capture = FAILED[kind](base.capture, drawn(seed))
    if capture is None:
        return
    after = audited(capture, Shelf(), load_rules())
    assert unproven(after.audit) == []
    assert escaped(reaches(base.audit), reaches(after.audit)) == []


@pytest.mark.parametrize("kind", sorted(SCRAMBLES))
@FEW
@given(WHICH, SEEDS)
def test_a_scrambled_card_is_read_with_proof(kind: str, which: str, seed: int) -> None:
    base = subject(which)
    text = readme_of(base.capture.texts)
    assert isinstance(text, Text)
    mutant = SCRAMBLES[kind](text.text, drawn(seed))
    if mutant is None:
        return
    after = audited(with_card(base.capture, mutant), Shelf(), load_rules())
    assert unproven(after.audit) == []
    if kind == "keys-shuffled":
        assert reaches(after.audit) == reaches(base.audit)
