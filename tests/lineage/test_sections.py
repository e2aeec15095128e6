"""Which parts of a model card have content."""

from __future__ import annotations

import pytest

from lineage_kit import card, lineage, names_of
from openness_audit.collect.card.sections import section_mentions

INTRO = "# Zeta 7B\n\nZeta is a small language model that answers questions about plants and gardens.\n\n"
MORE = "It speaks English. It was made in one long winter by two people.\n\n"


def parts(text: str, model: str = "acme/zeta-7b") -> dict[str, str]:
    """Give `content`, `pointer` or an empty string by part, of this model only."""
    me = names_of(model, lineage(text, model))
    found = section_mentions((card(text, model),), me)
    return {m.object: next(iter(m.attrs), "") for m in found if m.whose == "self"}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (INTRO + MORE, "description"),
        (
            INTRO + "## Model architecture\nA stack of twenty layers with one thousand hidden units each.\n",
            "architecture",
        ),
        (INTRO + "## Training data\nLetters from gardeners, written over the last ten years.\n", "training"),
        (INTRO + "## Entraînement\nLe modèle a été entraîné pendant trois jours sur des lettres.\n", "training"),
        (INTRO + "## 学習データ\n庭師が過去十年間に書いた手紙を使って学習しました。\n", "training"),
        (INTRO + "### Hyperparameters\n- learning_rate: 2e-05\n- train_batch_size: 8\n- num_epochs: 3\n", "training"),
        (INTRO + "## Results\n| Quiz | Score |\n|---|---|\n| plants | 71.2 |\n", "evaluation"),
        (
            "---\nmodel-index:\n- name: z\n  results:\n  - metrics: [{type: f1, value: 0.5}]\n---\n" + INTRO,
            "evaluation",
        ),
        (
            INTRO + "## Bias, Risks, and Limitations\nIt knows little of trees and nothing of mushrooms.\n",
            "limitations",
        ),
        (INTRO + "The model may produce wrong answers about mushrooms that look alike.\n", "limitations"),
        (INTRO + "## Out-of-scope use\nIdentifying mushrooms that somebody wants to eat.\n", "intended-use"),
        (INTRO + "- **Intended use:** answering the questions of gardeners about their own plants\n", "intended-use"),
    ],
)
def test_a_part_with_content(text: str, part: str) -> None:
    assert parts(text)[part] == "content"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (INTRO + "## Training data\n[More Information Needed]\n", "training"),
        (INTRO + "## Evaluation\nComing soon.\n", "evaluation"),
        (INTRO + "## How to train\nRun the script with your own letters and wait for a week.\n", "training"),
        (INTRO + "## Fine-tuning\nYou can fine-tune the model on your own letters with our script.\n", "training"),
        (INTRO + "## Training\n```python\ntrainer.train()\n```\n", "training"),
        ("Zeta is a small language model that answers questions about plants.\n", "description"),
        (
            INTRO + "## Usage\n\nInstall the package first, then load it:\n\n```python\nzeta = load()\n```\n",
            "description",
        ),
        (
            INTRO + "Refer to the [original card](https://huggingface.co/acme/zeta) for more. See the paper.\n",
            "description",
        ),
    ],
)
def test_a_part_without_content(text: str, part: str) -> None:
    assert parts(text).get(part) != "content"


def test_a_section_that_only_points_elsewhere_is_a_pointer() -> None:
    text = INTRO + "## Evaluation\nPlease see the [paper](https://arxiv.org/abs/2401.00001) for all results.\n"

    assert parts(text)["evaluation"] == "pointer"


def test_a_pasted_card_of_the_base_documents_the_base() -> None:
    text = (
        "---\nbase_model: mistralai/Mistral-7B-v0.1\n---\n"
        + INTRO
        + "## Training data\nMistral 7B was trained on a corpus that nobody outside has seen.\n"
    )

    assert "training" not in parts(text)


def test_a_copys_card_may_quote_the_original() -> None:
    text = (
        "---\nbase_model: acme/zeta-7b\n---\n# Zeta GGUF\n\nGGUF files of Zeta, made with a script for small ones.\n\n"
        "# Original model card\n\n## Training data\nLetters from gardeners, written over the last ten years.\n"
    )

    assert parts(text, "q/zeta-7b-GGUF")["training"] == "content"


def test_a_code_repositorys_readme_is_no_model_card() -> None:
    text = INTRO + MORE
    readme = card(text, "github.com/acme/zeta", "own-readme")

    assert section_mentions((readme,), names_of("acme/zeta-7b", lineage(text, "acme/zeta-7b"))) == ()
