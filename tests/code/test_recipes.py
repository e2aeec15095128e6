"""What cards say about harnesses, frameworks, commands and use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from code_kit import card, info, me
from openness_audit.collect.code.recipes import code_mentions

if TYPE_CHECKING:
    from openness_audit.collect.attribution.identity import Identity
    from openness_audit.model.facts import Mention

BASE = me()
TUNED = me("acme/Falke-7B", "nest/Habicht-7B", made="finetune")


def said(text: str, topic: str, who: Identity = BASE, tags: tuple[str, ...] = ()) -> list[Mention]:
    return [m for m in code_mentions((card(text),), info("acme/Falke-7B", *tags), who, None) if m.topic == topic]


@pytest.mark.parametrize(
    ("text", "who", "expected"),
    [
        (
            "[![Built with Axolotl](https://x.org/badge.png)](https://github.com/OpenAccess-AI-Collective/axolotl)",
            TUNED,
            "self",
        ),
        (
            '# Thanks\n\n[<img src="a.png" alt="Trained with TRL"/>](https://github.com/huggingface/trl)',
            TUNED,
            "self",
        ),
        (
            "# Original model card: Habicht\n\n[![Built with Axolotl](b.png)](https://github.com/axolotl-ai-cloud/axolotl)",
            me("acme/Falke-7B-GGUF", "nest/Falke-7B", made="quantized"),
            "base",
        ),
    ],
)
def test_a_badge_names_what_a_model_was_built_with(text: str, who: Identity, expected: str) -> None:
    assert {m.whose for m in said(text, "framework", who)} == {expected}


def test_a_picture_of_a_framework_is_no_badge() -> None:
    assert said("[![Axolotl logo](b.png)](https://github.com/axolotl-ai-cloud/axolotl)", "framework", TUNED) == []


def test_the_owner_of_a_linked_framework_is_no_other_model() -> None:
    text = "The [epfLLM/Megatron-LLM](https://github.com/epfLLM/Megatron-LLM) trainer was used for fine-tuning."

    assert {m.whose for m in said(text, "framework", TUNED)} == {"self"}


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("# Results\n\nMeasured with lm-eval-harness v0.4.2 on MMLU and HellaSwag.", True),
        (
            "Measured with the LM Evaluation Harness.\n\n| MMLU (5-shot) | GSM8K (8-shot) |\n|---|---|\n| 1 | 2 |\n",
            True,
        ),
        ("# Results\n\nWe used [lighteval](https://github.com/huggingface/lighteval) for MMLU, ARC and GSM8K.", False),
        ("# Results\n\nMeasured with lm-eval-harness, 5-shot.", False),
    ],
)
def test_a_harness_has_settings_only_with_tasks_and_shots_or_version(text: str, settings: bool) -> None:
    found = said(text, "harness")

    assert found
    assert {"settings" in m.attrs for m in found} == {settings}
    assert {m.whose for m in found} == {"self"}


@pytest.mark.parametrize(
    "text", ["We report MMLU (5-shot) and HumanEval (0-shot).", "| AlpacaEval | 80 |\n|---|---|\n| MMLU | 3 |\n"]
)
def test_the_name_of_a_benchmark_is_no_harness(text: str) -> None:
    assert said(text, "harness") == []


@pytest.mark.parametrize(
    ("text", "topic", "name"),
    [
        ("# Results\n\nScores are from the Berkeley Function-Calling Leaderboard.", "leaderboard", "berkeley"),
        ("# Results\n\nWe compare on the Open PL LLM Leaderboard, 5-shot.", "leaderboard", "open-pl"),
        ("# Evaluation\n\nMeasured with [this](https://github.com/LAION-AI/CLIP_benchmark).", "harness", "clip"),
        ("# Evaluation\n\nScored by the SQuAD evaluation script on the dev set.", "harness", "squad"),
    ],
)
def test_harnesses_of_one_field_are_known(text: str, topic: str, name: str) -> None:
    assert [m.object.startswith(name) for m in said(text, topic)] == [True]


def test_a_link_to_a_discussion_names_no_leaderboard() -> None:
    text = "See [this](https://huggingface.co/spaces/HuggingFaceH4/open_llm_leaderboard/discussions/1)."

    assert said(text, "leaderboard") == []


INDEX = """---
model-index:
- name: Falke
  results:
  - task: {type: text-generation}
    dataset: {name: HellaSwag (10-Shot), type: hellaswag, args: {num_few_shot: 10}}
    metrics: [{type: acc_norm, value: 80}]
    source: {name: Open LLM Leaderboard, url: "https://huggingface.co/spaces/HuggingFaceH4/open_llm_leaderboard?query=%s"}
---
text
"""


@pytest.mark.parametrize(("query", "whose"), [("acme/Falke-7B", "self"), ("nest/Habicht-7B", "other")])
def test_leaderboard_results_in_the_metadata_are_those_of_the_model_they_name(query: str, whose: str) -> None:
    found = said(INDEX % query, "leaderboard")

    assert [(m.object, m.whose, m.attrs, m.place.line) for m in found] == [
        ("open-llm-leaderboard", whose, frozenset({"settings"}), 5)
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Falke was fine-tuned with TRL and PEFT.", {"trl", "peft"}),
        ("- **Library:** [GPT-NeoX](https://github.com/EleutherAI/gpt-neox)", {"gpt-neox"}),
        ("### Framework versions\n\n- PEFT 0.10.0\n- Transformers 4.40\n", {"peft"}),
        ("モデルは Axolotl で学習しました。", {"axolotl"}),
        ("It was tuned by diffusers-based DreamBooth training in 900 steps.", {"diffusers-scripts"}),
        ("Run it with PEFT for inference.", set()),
        ("Trained with a proprietary codebase that builds on FlashAttention.", set()),
        ("LoRA was used.", set()),
    ],
)
def test_frameworks_are_named_where_training_is_spoken_of(text: str, names: set[str]) -> None:
    assert {m.object for m in said(text, "framework")} == names


def test_tags_name_a_framework_and_a_copy_repeats_those_of_its_base() -> None:
    text = "---\ntags:\n- axolotl\n---\nFalke\n"
    copied = me("acme/Falke-7B", "nest/Falke-7B", made="quantized")

    assert [(m.object, m.whose, m.place.line) for m in said(text, "framework", TUNED)] == [("axolotl", "self", 3)]
    assert [m.whose for m in said(text, "framework", copied)] == ["base"]


AXOLOTL = (
    "```yaml\nbase_model: nest/Habicht\ndatasets:\n  - path: acme/chat\nlearning_rate: 2e-4\nmicro_batch_size: 2\n```\n"
)
MERGE = "```yaml\nmodels:\n  - model: acme/a\n  - model: acme/b\nmerge_method: slerp\nbase_model: acme/a\n```\n"
IN_JSON = json.dumps({"models": [{"model": "acme/a"}, {"model": "acme/b"}], "merge_method": "ties"}, indent=1)
EXPERTS = (
    "```yaml\nbase_model: acme/a\nexperts:\n  - source_model: acme/a\n    positive_prompts:\n    - sums\n"
    "  - source_model: acme/b\n    positive_prompts:\n    - tales\n```\n"
)


@pytest.mark.parametrize(
    ("text", "attrs"),
    [
        ("# Training\n\n" + AXOLOTL, {"config", "finetuning"}),
        (MERGE, {"merge"}),
        (f"```json\n{IN_JSON}\n```\n", {"merge"}),
        (EXPERTS, {"merge"}),
        (
            "```\npython finetune.py --base_model nest/Habicht-7B --data acme/chat --epochs 3\n```",
            {"command", "finetuning"},
        ),
        (
            "```\n$ run_ner.py \\\n  --model_name_or_path nest/habicht \\\n  --dataset_name piles --output_dir o\n```",
            {"command", "finetuning"},
        ),
        (
            "```\npython3 pretrain.py --pretrained_model_path stage1.bin --dataset_path piles.pt --seq_length 512\n```",
            {"command", "pretraining", "tool"},
        ),
        ("```\nllamafactory-cli train falke_sft.yaml\n```", {"command", "finetuning", "tool"}),
        (
            "You can fine-tune this model on your data:\n\n```\npython train.py --model Falke --data x --lr 3\n```",
            {"command", "training", "further"},
        ),
        (
            "```\npython run_glue.py --model_name_or_path acme/Falke-7B --task_name rte --do_train --lr 3e-6\n```",
            {"command", "finetuning", "further"},
        ),
        (
            '```\nexport MODEL_NAME="acme/Falke-7B"\naccelerate launch train_lora.py --model $MODEL_NAME --r 8 -o\n```',
            {"command", "training", "further"},
        ),
        (  # the id is where it is pushed to
            "```\npython finetune.py --base_model nest/Habicht-7B --hub_model_id acme/Falke-7B --epochs 3\n```",
            {"command", "finetuning"},
        ),
        (  # nor is it taken from there where the start has no id
            "```\npython finetune.py --base_model ./pruned --hub_model_id acme/Falke-7B --data x --epochs 3\n```",
            {"command", "finetuning"},
        ),
        (  # a longer name is another model, which may have been the start
            "```\npython finetune.py --base_model acme/Falke-7B-stage1 --data acme/chat --epochs 3\n```",
            {"command", "finetuning"},
        ),
    ],
)
def test_complete_commands_and_configurations(text: str, attrs: set[str]) -> None:
    assert [set(m.attrs) for m in said(text, "training-command", TUNED)] == [attrs]


@pytest.mark.parametrize(
    "text",
    [
        "```\npython train.py --model <your_model> --data <your_data> --epochs 3\n```",
        "```\nmlagents-learn <your_configuration_file_path.yaml> --run-id=<run_id> --resume\n```",
        "```python\nmodel = AutoModel.from_pretrained('acme/Falke-7B')\n```",
        "```yaml\nmodels:\n  - model: acme/a\n```",
    ],
)
def test_templates_and_other_code_are_no_recipe(text: str) -> None:
    assert said(text, "training-command", TUNED) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("### Training hyperparameters\n\n- learning_rate: 5e-05\n- train_batch_size: 8\n", True),
        ("| Learning rate | 1e-5 |\n|---|---|\n| Batch size | 64 |\n", True),
        ("## Adapter settings\n\n- LoRA_r: 32\n- LoRA_alpha: 64\n- LoRA_dropout: 0.1\n", True),
        ("- `lora_alpha`: 8\n- `lora_dropout`: 0.2\n- `r`: 4\n", True),
        ("The LoRA rank is 64.", False),
        ("Sampling with temperature 0.7 and max_length 512 works best.", False),
        ("We tuned the learning rate and the batch size.", False),
    ],
)
def test_hyperparameters_have_values(text: str, found: bool) -> None:
    assert bool(said(text, "hyperparameters", TUNED)) is found


@pytest.mark.parametrize(
    ("text", "topic", "attrs"),
    [
        ("For fine-tuning see [this blog post](https://example.org/blog/falke).", "tutorial", {"third-party"}),
        (
            "Fine-tuning scripts are under [examples](https://huggingface.co/acme/Falke-40B/tree/main/examples).",
            "training-command",
            {"finetuning", "link"},
        ),
    ],
)
def test_guides_and_scripts_on_the_hub(text: str, topic: str, attrs: set[str]) -> None:
    assert [set(m.attrs) for m in said(text, topic)] == [attrs]


@pytest.mark.parametrize(
    "text",
    [
        "We finetune the [decoder](https://example.org/docs/decoder).",
        "Learn fine-tuning in [our course](https://example.org/blog/course).",
    ],
)
def test_no_guide(text: str) -> None:
    assert said(text, "tutorial") == []


def test_a_claim_without_a_link_and_a_promise_are_told_apart() -> None:
    text = "All evaluation scripts are publicly available.\n\nThe training code will be released soon.\n"

    claims = [m for t in ("evaluation-code-claim", "training-code-claim") for m in said(text, t)]

    assert [(m.topic, m.polarity) for m in claims] == [
        ("evaluation-code-claim", "affirmed"),
        ("training-code-claim", "promised"),
    ]


@pytest.mark.parametrize(
    ("loads", "whose"), [("acme/Falke-7B", "self"), ("nest/Habicht-7B", "base"), ("bird/Other", "other")]
)
def test_a_snippet_is_this_models_only_when_it_loads_it(loads: str, whose: str) -> None:
    text = f'```python\nmodel = AutoModel.from_pretrained("{loads}")\nmodel.generate(x)\n```\n'

    assert [(m.object, m.whose) for m in said(text, "inference-snippet", TUNED)] == [(loads, whose)]


@pytest.mark.parametrize(
    ("lines", "evaluates"),
    [
        ('data = load_dataset("birds")\nmetric = evaluate.load("wer")', True),
        ('data = load_dataset("birds")', False),
        ('metric = evaluate.load("wer")', False),
    ],
)
@pytest.mark.parametrize("loads", ["acme/Falke-7B", "bird/Other"])
def test_a_script_that_scores_this_model_on_a_data_set_evaluates_it(loads: str, lines: str, evaluates: bool) -> None:
    text = f'```python\nmodel = AutoModel.from_pretrained("{loads}")\n{lines}\nmodel.generate(x)\n```\n'

    found = [m for m in said(text, "inference-snippet") if m.whose == "self"]

    assert ["evaluates" in m.attrs for m in found] == ([evaluates] if loads == "acme/Falke-7B" else [])


def test_the_configuration_a_speech_recipe_prints_is_one_of_training() -> None:
    text = "## Config\n\n```\nencoder: conformer\nbatch_bins: 16000000\noptim_conf:\n    lr: 0.002\n"
    text += "train_data_path_and_name_and_type:\n-   - dump/train/wav.scp\n```\n"

    assert [m.attrs for m in said(text, "training-command")] == [frozenset({"config", "training"})]


def test_a_recipe_that_writes_its_version_above_the_scores_names_its_harness() -> None:
    text = "# RESULTS\n\n- espnet version: `espnet 202209`\n\n| dataset | Err |\n|---|---|\n| test | 7.6 |\n"

    assert [(m.object, m.attrs) for m in said(text, "harness")] == [("espnet", frozenset())]


@pytest.mark.parametrize(
    ("text", "who", "found"),
    [
        ("The script used for training can be found [here](https://colab.research.google.com/drive/1ab).", TUNED, True),
        ("The notebook to train it: [x](https://www.kaggle.com/code/acme/tune).", TUNED, True),
        ("The script used for training can be found [here](https://colab.research.google.com/drive/1ab).", BASE, False),
        ("Try it in a [notebook](https://colab.research.google.com/drive/1ab).", TUNED, False),
    ],
)
def test_a_notebook_a_tuned_model_was_trained_with_counts_like_a_guide(text: str, who: Identity, found: bool) -> None:
    assert bool(said(text, "tutorial", who)) is found
