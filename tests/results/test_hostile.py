from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.compute.find import compute_mentions
from openness_audit.collect.files.checkpoints import checkpoint_mentions
from openness_audit.collect.results.find import result_mentions
from openness_audit.collect.results.history import history_mentions
from openness_audit.collect.results.phrases import Phrases
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card

MakeCard = Callable[..., Card]

EXTRACTORS = (result_mentions, history_mentions, checkpoint_mentions, compute_mentions)
PIECES = st.sampled_from(
    [
        "| ",
        "|---|\n",
        "\n",
        "accuracy",
        ": ",
        "0.9",
        "%",
        "# ",
        "step",
        "-",
        "1000",
        " A100",
        " trained on ",
        "for 3 days",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(PIECES, max_size=60).map("".join))
def test_no_text_makes_an_extractor_raise(card: MakeCard, info: RepoInfo, text: str) -> None:
    for extract in EXTRACTORS:
        extract((card(text),), info, identity("acme/Heron-7B"), None)


@pytest.mark.parametrize(
    "text",
    [
        "step1" + "-1" * 30_000,
        "trained " + "1 x " * 30_000,
        "accuracy " * 20_000,
        "| a " * 20_000 + "\n" + "|---" * 20_000 + "\n" + "| 1 " * 20_000,
        "1,000" * 20_000 + " gpu hours",
        "co2 " + "1 " * 40_000,
    ],
)
def test_long_repetitions_take_linear_time(card: MakeCard, info: RepoInfo, text: str) -> None:
    begin = time.process_time()
    for extract in EXTRACTORS:
        extract((card(text),), info, identity("acme/Heron-7B"), None)

    assert time.process_time() - begin < 20  # seconds of computing; a quadratic pattern takes minutes


def test_phrases_stop_at_word_bounds_but_for_scripts_without_blanks() -> None:
    phrases = Phrases(("fine tuned", "map", "训练"))

    assert [h.text for h in phrases.hits("Fine-tuned on a mapping; mAP 0.4; 预训练语料")] == [
        "Fine-tuned",
        "mAP",
        "训练",
    ]
