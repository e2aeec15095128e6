from __future__ import annotations

from collections.abc import Callable

import pytest

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.files.checkpoints import checkpoint_mentions
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card

MakeCard = Callable[..., Card]


def found(
    card: MakeCard, me: Identity, info: RepoInfo, text: str, whose: str = "self", **options: str
) -> list[tuple[str, str, str]]:
    mentions = checkpoint_mentions((card(text, **options),), info, me, None)
    return [(m.topic, m.object, m.polarity) for m in mentions if m.whose == whose]


def names(card: MakeCard, me: Identity, info: RepoInfo, text: str) -> list[str]:
    return [name for topic, name, _ in found(card, me, info, text) if topic == "checkpoint"]


def test_branches_named_in_a_sentence(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    text = "We provide checkpoints as branches: `step1000`, `step2000` and `step3000-tokens12B`.\n"

    assert names(card, heron, info, text) == ["step1000", "step2000", "step3000-tokens12B"]


def test_a_revision_in_code_that_loads_this_model(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    code = '```python\nmodel = Auto.from_pretrained("{}", revision="step3000")\n```\n'

    assert names(card, heron, info, code.format("acme/Heron-7B")) == ["step3000"]
    assert names(card, heron, info, code.format("acme/Heron-13B")) == []


def test_a_sibling_repository_holds_the_series(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    text = "States of the run: [here](https://huggingface.co/acme/heron-7b-intermediate).\n"

    assert names(card, heron, info, text) == ["acme/heron-7b-intermediate"]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Intermediate checkpoints are available on request.\n", "affirmed"),
        ("Intermediate checkpoints will be released.\n", "promised"),
        ("Intermediate checkpoints are not available.\n", "denied"),
    ],
)
def test_a_claim_keeps_its_polarity(card: MakeCard, heron: Identity, info: RepoInfo, text: str, polarity: str) -> None:
    assert found(card, heron, info, text) == [("checkpoint-claim", "intermediate checkpoints", polarity)]


def test_one_state_of_a_run_is_a_claim(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    text = "This is an intermediate checkpoint with 50K steps.\n"

    assert found(card, heron, info, text) == [("checkpoint-claim", "one state of a run", "affirmed")]


@pytest.mark.parametrize(
    "text",
    [
        "Fine-tuned from the checkpoint `heron-step-9000`, which is available.\n",
        "We select the checkpoint at step900 by loss.\n",
        "resume_from_checkpoint: out/checkpoint-507\n",
        "All our pre-training intermediate checkpoints are released.\n",
        "Checkpoints in GGUF and AWQ are available as branches `4bit` and `gptq`.\n",
    ],
)
def test_the_bases_states_and_settings_are_none(
    card: MakeCard, heron_chat: Identity, info: RepoInfo, text: str
) -> None:
    assert found(card, heron_chat, info, text) == []
