"""What a card discloses of its model: settings, results, limits, energy, kind; only its own, each with its place."""

from __future__ import annotations

from typing import get_args

import pytest

from code_kit import info
from disclosures_kit import amounts, capture_of, disclosed, said, scores, settings, states, traits
from openness_audit.collect.assemble import complete, read
from openness_audit.document.disclosures import disclosures_doc
from openness_audit.model.disclosures import Topic

TRAINER = """---
base_model: acme/Adler-7B
tags: [generated_from_trainer]
---
# Falke-7B

This model is a fine-tuned version of [acme/Adler-7B](https://huggingface.co/acme/Adler-7B) on an unknown dataset.
It achieves the following results on the evaluation set:
- Loss: 0.31
- Accuracy: 0.912

## Intended uses & limitations

More information needed

## Training procedure

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 2e-05
- train_batch_size: 8
- seed: 42
- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08
- lr_scheduler_type: linear
- num_epochs: 3
- some_new_switch: 7

### Training results

| Training Loss | Epoch | Step | Validation Loss | Accuracy |
|:---:|:---:|:---:|:---:|:---:|
| 0.5 | 1.0 | 100 | 0.40 | 0.88 |
| 0.3 | 2.0 | 200 | 0.31 | 0.912 |
"""


def test_a_trainer_card_gives_settings_and_final_results_and_its_placeholders_are_nothing() -> None:
    found = disclosed(TRAINER)

    assert settings(found) == {
        "learning-rate": "2e-05",
        "train-batch-size": "8",
        "seed": "42",
        "optimizer": "Adam with betas=(0.9,0.999) and epsilon=1e-08",
        "scheduler": "linear",
        "epochs": "3",
        "some_new_switch": "7",
    }
    assert scores(found) == {("Accuracy", "0.912", None)}
    assert found.statements == ()


def test_every_topic_has_one_state_and_one_that_is_not_stated_says_where_it_was_looked_for() -> None:
    found = disclosed(TRAINER)

    assert [t.topic for t in found.topics] == list(get_args(Topic))
    assert {t.state for t in found.topics if t.topic in {"hyperparameters", "metrics"}} == {"stated"}
    assert all(t.searched for t in found.topics if t.state == "absent")


def test_a_card_that_could_not_be_read_leaves_everything_unknown_and_no_card_leaves_it_absent() -> None:
    unread = disclosed(capture_of(None, failing=("README.md",)))
    missing = disclosed(capture_of(None))

    assert set(states(unread).values()) == {"unknown"}
    assert {cause.code for topic in unread.topics for cause in topic.unknown} == {"server-error"}
    assert set(states(missing).values()) == {"absent"}


def test_a_configuration_that_could_not_be_read_leaves_the_architecture_unknown() -> None:
    found = states(disclosed(capture_of("# Falke-7B\n\nA model.\n", failing=("config.json",))))

    assert found["architecture"] == "unknown"
    assert found["limitations"] == "absent"


def test_a_statement_below_a_heading_is_sorted_by_its_words() -> None:
    found = disclosed("""# Falke-7B

## Bias, Risks, and Limitations

Falke-7B repeats gender stereotypes of the web.

It may produce harmful instructions when asked to.

Sums of more than four digits are often wrong.

## Out-of-Scope Use

Falke-7B should not be used for medical decisions.

## Ethical considerations

We paid all annotators a fair wage and asked for their consent.
""")

    assert said(found, "bias") == ["Falke-7B repeats gender stereotypes of the web."]
    assert said(found, "safety") == ["It may produce harmful instructions when asked to."]
    assert said(found, "limitations") == ["Sums of more than four digits are often wrong."]
    assert said(found, "out-of-scope-use") == ["Falke-7B should not be used for medical decisions."]
    assert said(found, "ethics") == ["We paid all annotators a fair wage and asked for their consent."]


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("The training data of Falke-7B may contain personal data of people named on the web.", "yes"),
        ("The training data does not contain personal data.", "no"),
        ("We removed personally identifiable information from the training data.", "no-assertion"),
        ("We avoid the use of personal data in our training.", "no"),
        ("The training data includes pages about the risk of leaking personal data.", "no-assertion"),
        ("Do not share your personal data when using the model.", "no-assertion"),
        ("The model finds birds in photographs.", "no-assertion"),
    ],
)
def test_personal_data_is_told_only_where_the_card_tells_of_its_use(sentence: str, answer: str) -> None:
    assert disclosed(f"# Falke-7B\n\n## Training data\n\n{sentence}\n").personal_information == answer


def test_energy_emissions_and_time_have_numbers_in_one_unit() -> None:
    found = disclosed("""# Falke-7B

## Environmental Impact

- **Hardware Type:** 8 x A100 80GB
- **Hours used:** 120
- **Cloud Provider:** Falkenwolke
- **Compute Region:** Norway
- **Carbon Emitted:** 1.5 tons CO2eq

Training consumed 2.5 MWh in total.
""")

    assert amounts(found) >= {
        ("training-time", 120.0, "h"),
        ("emissions", 1500.0, "kgCO2e"),
        ("energy", 2500.0, "kWh"),
        ("provider", None, None),
        ("region", None, None),
    }
    assert {q.hardware for q in found.quantities if q.quantity == "hardware"} == {"A100"}


def test_emissions_of_the_metadata_are_grams() -> None:
    found = disclosed("---\nco2_eq_emissions:\n  emissions: 149200\n  training_type: fine-tuning\n---\n# Falke-7B\n")

    (only,) = found.quantities
    assert (only.quantity, only.number, only.unit, only.phase) == ("emissions", 149.2, "kgCO2e", "finetuning")


def test_the_kind_of_model_comes_from_configuration_metadata_and_card() -> None:
    config = '{"architectures": ["FalkeForCausalLM"], "model_type": "falke", "max_position_embeddings": 4096}'
    card = (
        "---\nlanguage: [de, nds]\npipeline_tag: text-to-image\n---\n# Falke-7B\n\nFalke-7B has 7 billion parameters.\n"
    )
    found = disclosed(capture_of(card, {"config.json": config}))

    assert traits(found) == {
        ("architecture", "FalkeForCausalLM"),
        ("model-type", "falke"),
        ("context-length", "4096"),
        ("task", "text-to-image"),
        ("input", "text"),
        ("output", "image"),
        ("language", "de"),
        ("language", "nds"),
        ("parameters", "7 billion parameters"),
    }
    assert [t.number for t in found.traits if t.name == "parameters"] == [7e9]


def test_a_model_index_gives_data_set_configuration_split_and_who_reports() -> None:
    (only,) = disclosed("""---
model-index:
- name: Falke-7B
  results:
  - task: {type: text-generation}
    dataset: {name: Birds, type: acme/birds, config: small, split: test}
    metrics:
    - {type: accuracy, name: Accuracy, value: 81.5, verified: true}
    source: {name: A Leaderboard, url: https://example.org/board}
---
# Falke-7B
""").metrics

    assert (only.metric, only.number, only.dataset, only.dataset_id) == ("Accuracy", 81.5, "Birds", "acme/birds")
    assert (only.config, only.split, only.verified, only.task) == ("small", "test", True, "text-generation")
    assert (only.reported_by, only.reported_url) == ("A Leaderboard", "https://example.org/board")


def test_what_is_said_of_another_model_is_not_disclosed_of_this_one() -> None:
    found = disclosed("""---
base_model: acme/Adler-3B
---
# Falke-7B

Falke-7B is a fine-tuned version of Adler-3B.

## Limitations

Adler-3B cannot read tables at all.

Falke-7B cannot read long tables.
""")

    assert said(found, "limitations") == ["Falke-7B cannot read long tables."]


@pytest.mark.parametrize("heading", ["Weights & Biases", "Weights and Biases logs"])
def test_a_tracker_of_experiments_named_after_biases_is_no_statement_on_bias(heading: str) -> None:
    card = f"# Falke-7B\n\n## {heading}\n\nEvery run of this model was logged there, gradients and all.\n"

    assert (said(disclosed(card), "bias"), states(disclosed(card))["bias"]) == ([], "absent")


def test_a_model_called_after_a_topic_has_no_statement_on_it_for_its_name() -> None:
    found = disclosed("# falke-risk-bias-detector-v2\n\nfalke-risk-bias-detector-v2 finds risky words in contracts.\n")

    assert found.statements == ()


def test_a_sentence_that_opens_a_list_and_one_of_every_template_say_nothing() -> None:
    found = disclosed("""# Falke-7B

## Limitations

Known limits of Falke-7B include

- It cannot spell rare names of birds.

Users (both direct and downstream) should be made aware of the risks, biases, and limitations of the model.
""")

    assert said(found, "limitations") == ["It cannot spell rare names of birds."]


def test_in_a_printed_table_the_column_of_values_counts_and_the_metric_is_named() -> None:
    found = disclosed("""# Falke-7B

## Evaluation

| Tasks | Version | n-shot | Metric | Value | Stderr |
|---|---|---|---|---|---|
| hellaswag | 1 | 3 | acc_norm | 0.61 | 0.01 |
| winogrande | 1 | 3 | acc | 0.55 | 0.01 |
""")

    assert scores(found) == {("acc_norm", "0.61", "hellaswag"), ("acc", "0.55", "winogrande")}


def test_a_column_of_a_sibling_of_another_size_is_not_this_models() -> None:
    found = disclosed("""# Falke-7B

## Evaluation

| task | Falke 7B (ours) |
|---|---|
| hellaswag | 61.5 |

For the small one:

| task | Falke 1B (ours) |
|---|---|
| hellaswag | 40.2 |
""")

    assert scores(found) == {("hellaswag", "61.5", "hellaswag")}


def test_values_that_say_that_nothing_is_known_are_no_values() -> None:
    found = disclosed("# Falke-7B\n\n## Environmental Impact\n\n- Cloud Provider: Unknown\n- Compute Region: n/a\n")

    assert found.quantities == ()


def test_a_level_of_risk_is_only_what_the_card_states() -> None:
    stated = disclosed("# Falke-7B\n\n## Safety\n\n- Risk level: high\n")
    prose = disclosed("# Falke-7B\n\n## Safety\n\nDo not use Falke-7B where the risk for people is high.\n")

    assert [s.level for s in stated.statements if s.level] == ["high"]
    assert [s.level for s in prose.statements if s.level] == []


def test_nothing_was_trained_for_a_copy_and_its_card_repeats_the_originals() -> None:
    card = """---
base_model: acme/Falke-7B
base_model_relation: quantized
---
# Falke-7B-GGUF

Quantized files of [acme/Falke-7B](https://huggingface.co/acme/Falke-7B).

## Training hyperparameters

- learning_rate: 2e-5
- num_epochs: 3

## Limitations

The model cannot count beyond ten.
"""
    found = disclosed(capture_of(card, of=info("someone/Falke-7B-GGUF")))

    assert (found.hyperparameters, found.metrics, found.statements, found.quantities) == ((), (), (), ())


def test_what_is_beyond_the_caps_is_counted() -> None:
    items = "\n".join(f"- Falke-7B cannot tell bird number {n} from its neighbour." for n in range(25))
    found = disclosed(f"# Falke-7B\n\n## Limitations\n\n{items}\n")

    (topic,) = [t for t in found.topics if t.topic == "limitations"]
    assert len(said(found, "limitations")) + topic.left_out == 25
    assert topic.left_out > 0


def test_every_fact_has_a_place_in_the_repository() -> None:
    capture = capture_of(TRAINER, {"config.json": '{"model_type": "falke"}'})
    facts = complete(capture, read(capture), disclosed=True).disclosed

    assert facts is not None
    places = [
        *(one.place for one in facts.hyperparameters),
        *(one.place for one in facts.metrics),
        *(one.place for one in facts.statements),
        *(one.place for one in facts.quantities),
        *(one.place for one in facts.traits),
    ]
    assert places
    assert all(place.repo == "acme/Falke-7B" and place.sha256 and place.excerpt for place in places)


def test_facts_that_nobody_asked_for_are_told_as_not_looked_at() -> None:
    capture = capture_of(TRAINER)
    found = disclosures_doc(complete(capture, read(capture)), lambda _places, _strength: ())

    assert {t.state for t in found.topics} == {"unknown"}


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ("Training took 3.3M GPU hours in total.", ("training-time", 3.3e6, "accelerator-h")),
        ("- CO2eq emitted by training: 2.2 g", ("emissions", 0.0022, "kgCO2e")),
        ("- CO2 Emissions (in grams): 62.5", ("emissions", 0.0625, "kgCO2e")),
        ("- Carbon Emitted: 247.77 kgCO₂", ("emissions", 247.77, "kgCO2e")),
        ("- Hours used: 1,536", ("training-time", 1536.0, "h")),
        ("The model was trained for 48 hours on 8 A100.", ("training-time", 48.0, "h")),
    ],
)
def test_amounts_are_read_with_their_units(line: str, amount: tuple[str, float, str]) -> None:
    assert amount in amounts(disclosed(f"# Falke-7B\n\n## Environmental Impact\n\n{line}\n"))


def test_watts_are_no_energy() -> None:
    found = disclosed("# Falke-7B\n\n## Environmental Impact\n\n- Power Consumption: 700\n")

    assert [q for q in found.quantities if q.quantity == "energy"] == []


def test_what_a_heading_on_use_excludes_is_no_use() -> None:
    found = disclosed("# Falke-7B\n\n## Use cases\n\nFalke-7B should not be used for advice on health.\n")

    assert said(found, "intended-use") == []
    assert said(found, "out-of-scope-use") == ["Falke-7B should not be used for advice on health."]


def test_of_a_family_only_the_row_of_this_model_counts_and_no_sum() -> None:
    found = disclosed("""# **Falke**

Falke is a family of models; this is the repository of Falke-7B.

## Environmental Impact

Pretraining took a cumulative 900K GPU hours. Total emissions were 90 tCO2eq.

| | Time (GPU hours) | Carbon Emitted (tCO2eq) |
|---|---|---|
| Falke 7B | 300000 | 30 |
| Falke 13B | 600000 | 60 |
| Total | 900000 | 90 |
""")

    assert {a for a in amounts(found) if a[0] == "emissions"} == {("emissions", 30_000.0, "kgCO2e")}
    assert {a for a in amounts(found) if a[0] == "training-time"} <= {("training-time", 300_000.0, "accelerator-h")}


def test_a_row_that_a_cell_over_several_rows_shifts_gives_no_score() -> None:
    found = disclosed("""# Falke-7B

## Evaluation

<table>
<tr><td>Kind</td><td>Benchmark</td><td>Falke 7B</td><td>Adler 7B</td></tr>
<tr><td rowspan="2">General</td><td>MMLU</td><td>66.6</td><td>45.7</td></tr>
<tr><td>AGIEval</td><td>45.9</td><td>28.8</td></tr>
</table>
""")

    assert {m.value for m in found.metrics} == {"66.6"}


def test_a_table_with_metrics_in_its_rows_gives_metric_and_data_set_as_one_with_data_sets_does() -> None:
    rows = "| Data | mnli | anli |\n|---|---|---|\n| Accuracy | 0.857 | 0.537 |\n"
    plain = "| Type | Score |\n|---|---|\n| BLEU-4 | 0.41 |\n| ROUGE-L | 0.52 |\n"

    assert scores(disclosed(f"# Falke-7B\n\n## Evaluation\n\n{rows}")) == {
        ("Accuracy", "0.857", "mnli"),
        ("Accuracy", "0.537", "anli"),
    }
    assert scores(disclosed(f"# Falke-7B\n\n## Evaluation\n\n{plain}")) == {
        ("BLEU-4", "0.41", None),
        ("ROUGE-L", "0.52", None),
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "Falke comes in sizes of 1B, 7B and 70B parameters.",
        "Falke models range from 1 to 70 billion parameters.",
        "Falke-7B was taught by the 70 billion parameters of a larger one.",
        "Falke-7B is smaller than the 70B parameter one.",
        "Falke-7B has 3 billion active parameters.",
        "Falke-7B has 70B parameters.",
    ],
)
def test_the_parameters_of_a_family_or_of_another_model_are_not_this_models(sentence: str) -> None:
    found = disclosed(f"# Falke-7B\n\n## Model description\n\n{sentence}\n")

    assert [t for t in found.traits if t.name == "parameters"] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Falke-7B is a decoder with 7 billion parameters.", 7e9),
        ("- Number of parameters: 7,241,732,096", 7241732096.0),
        ("- 参数量：7B", 7e9),
        ("Falke-7B is a 7B parameter model for text.", 7e9),
    ],
)
def test_the_parameters_of_this_model_are_read(text: str, number: float) -> None:
    found = disclosed(f"# Falke-7B\n\n## Model description\n\n{text}\n")

    assert [t.number for t in found.traits if t.name == "parameters"] == [number]
