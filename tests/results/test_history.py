from __future__ import annotations

from collections.abc import Callable

import pytest

from openness_audit.collect.attribution.identity import Identity, identity
from openness_audit.collect.results.history import history_mentions, tracker_of
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Card

MakeCard = Callable[..., Card]


def found(
    card: MakeCard, me: Identity, info: RepoInfo, text: str, whose: str = "self", **options: str
) -> list[tuple[object, ...]]:
    mentions = history_mentions((card(text, **options),), info, me, None)
    return [(m.place.line, *sorted(m.attrs)) for m in mentions if m.whose == whose]


ROWS = "| Epoch | Training loss |\n|---|---|\n| 1 | 0.9 |\n| 2 | 0.7 |\n"


def test_two_rows_by_epoch_are_a_history(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    assert found(card, heron, info, ROWS) == [(1, "table")]


def test_checkpoints_of_one_model_by_step_are_a_history(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    text = "| Model | Steps | F1 |\n|---|---|---|\n| heron-step-10k | 10k | 0.5 |\n| heron-step-20k | 20k | 0.6 |\n"

    assert found(card, heron, info, text) == [(1, "table")]


@pytest.mark.parametrize(
    "text",
    [
        "| Epoch | Training loss |\n|---|---|\n| 3 | 0.5 |\n",
        "| Model | Epochs | Accuracy |\n|---|---|---|\n| a | three | 0.5 |\n| b | three | 0.6 |\n",
        "| Model | Steps | F1 |\n|---|---|---|\n| Heron-7B | 100k | 0.5 |\n| Crane | 500k | 0.6 |\n",
        "| Step | Description |\n|---|---|\n| 1 | Clean the poems |\n| 2 | Train |\n",
        "- Final loss: 0.31\n- num_epochs: 3\n",
        "![logo](wandb_logo.png)\n",
    ],
)
def test_a_final_value_or_a_recipe_is_none(card: MakeCard, heron: Identity, info: RepoInfo, text: str) -> None:
    assert found(card, heron, info, text) == []


@pytest.mark.parametrize(
    ("url", "tracker"),
    [
        ("https://wandb.ai/acme/heron/runs/ab12cd34", "wandb"),
        ("https://wandb.ai/acme/heron/reports/Heron--Vmlldzo1", "wandb"),
        ("https://wandb.ai/acme/heron", "wandb"),
        ("https://api.wandb.ai/links/acme/x1y2z3", "wandb"),
        ("https://tensorboard.dev/experiment/abc", "tensorboard"),
        ("https://huggingface.co/acme/heron-logs/tensorboard", "tensorboard"),
        ("https://www.comet.com/acme/heron/abc", "comet"),
        ("https://app.neptune.ai/acme/heron/e/HER-1", "neptune"),
        ("https://wandb.ai", None),
        ("https://wandb.ai/site", None),
        ("https://wandb.ai/wandb/tool/reports/How-to--Vmlldzo1", None),
        ("https://wandb.ai/acme/eval_heron/reports/x", None),
        ("https://wandb.ai/acme/heron/reportlist", None),
        ("https://docs.wandb.ai/guides", None),
        ("https://huggingface.co/docs/hub/tensorboard", None),
        ("https://example.org/wandb.ai/acme/heron/runs/1", None),
        ("not a url ]", None),
    ],
)
def test_a_run_is_told_from_a_trackers_other_pages(url: str, tracker: str | None) -> None:
    assert tracker_of(url) == tracker


def test_a_badge_that_links_to_a_run_counts(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    badge = "[![see it](https://example.org/badge.svg)](https://wandb.ai/acme/heron/runs/ab12cd34)\n"

    assert found(card, heron, info, badge) == [(1, "tracker")]


@pytest.mark.parametrize(
    "text",
    [
        "![Training loss](a.png)\n",
        "![](figures/train_loss.png)\n",
        "## Loss curves\n\n![](figures/a.png)\n",
    ],
    ids=["alternative text", "file name", "heading"],
)
def test_a_training_curve_says_so(card: MakeCard, heron: Identity, info: RepoInfo, text: str) -> None:
    assert [attr for _, attr in found(card, heron, info, text)] == ["image"]


def test_the_bases_run_is_not_the_subjects(card: MakeCard, heron_chat: Identity, info: RepoInfo) -> None:
    text = "# Original model card\n\nSee the [run](https://wandb.ai/acme/heron/runs/ab12cd34).\n"

    assert found(card, heron_chat, info, text) == []
    assert found(card, heron_chat, info, text, whose="base") == [(3, "tracker")]


def test_a_familys_readme_serves_its_base_models_only(
    card: MakeCard, heron: Identity, heron_chat: Identity, info: RepoInfo
) -> None:
    readme = {"role": "own-readme", "repo": "github.com/acme/heron"}
    text = "## Training\n\nAll [curves](https://wandb.ai/acme/heron) are public.\n"

    assert found(card, heron, info, text, **readme) == [(3, "tracker")]
    assert found(card, heron_chat, info, text, **readme) == []


def test_another_sizes_run_is_anothers(card: MakeCard, info: RepoInfo) -> None:
    text = "[run](https://wandb.ai/acme/heron/groups/Heron-13B)\n"

    assert found(card, identity("acme/Heron-7B"), info, text) == []
