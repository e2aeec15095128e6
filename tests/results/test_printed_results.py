"""Results as programs print them: recipes' tables, blocks of metrics, and rows with the model's whole name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from openness_audit.collect.attribution.identity import identity
from openness_audit.collect.results.find import result_mentions

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.capture import RepoInfo
    from openness_audit.model.card import Card

    MakeCard = Callable[..., Card]


def lines_of(
    card: MakeCard, info: RepoInfo, text: str, name: str = "acme/reedbunting_conformer_e9"
) -> list[int | None]:
    mentions = result_mentions((card(text),), info, identity(name), None)
    return [m.place.line for m in mentions if m.topic == "evaluation-results" and m.whose == "self"]


def test_error_rates_below_the_name_of_a_setting_are_the_models(card: MakeCard, info: RepoInfo) -> None:
    text = "# RESULTS\n\n## train_asr_conformer_e9_raw_bpe500\n### WER\n\n"
    text += "|dataset|Snt|Corr|Err|S.Err|\n|---|---|---|---|---|\n|decode_asr/test|155|93.4|7.6|64.2|\n"

    assert lines_of(card, info, text) == [8]


@pytest.mark.parametrize("lead", ["## Results\n", "Results:\n\nOn the quiet test set:\n"])
@pytest.mark.parametrize(
    "body", ["```yml\nsi_sdr: 14.71\nstoi: 0.931\n```\n", "```\n{\n'accuracy': 0.938,\n'f1': 0.937\n}\n```\n"]
)
def test_metrics_printed_into_a_block_below_results_count(card: MakeCard, info: RepoInfo, lead: str, body: str) -> None:
    assert len(lines_of(card, info, f"# Bunting\n\n{lead}\n{body}")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "## Usage\n\n```\naccuracy: 0.93\nf1: 0.91\n```\n",  # no results follow
        "## Results\n\n```yaml\nlr: 0.001\naccuracy: 0.93\nf1: 0.91\n```\n",  # settings
        "## Results\n\n```python\naccuracy = 0.93\nf1 = 0.91\n```\n",  # a program, not its output
        "## Results\n\n```\naccuracy: 0.93\n```\n",
    ],
)
def test_other_blocks_with_numbers_hold_no_results(card: MakeCard, info: RepoInfo, text: str) -> None:
    assert lines_of(card, info, text) == []


def test_a_row_with_the_whole_name_is_the_models_whatever_its_heading(card: MakeCard, info: RepoInfo) -> None:
    text = "## Scores - Base Model\n\n| Model | MMLU |\n|---|---|\n| Reed-7B | 41.0 |\n| Reed-7B-further | 43.0 |\n"

    assert lines_of(card, info, text, "acme/Reed-7B-further") == [6]


def test_models_side_by_side_with_steps_and_an_empty_first_head_are_no_history(card: MakeCard, info: RepoInfo) -> None:
    text = "## Models\n\n| | model | ppl | steps |\n|---|---|---|---|\n| acme/reed-small | gpt2 | 21.1 | 1000 |\n"
    text += "| acme/reed-large | gpt2 | 15.1 | 2000 |\n"

    assert lines_of(card, info, text, "acme/reed-large") == [6]
