from __future__ import annotations

from collections.abc import Callable

import pytest

from openness_audit.collect.attribution.identity import Identity, identity
from openness_audit.collect.results.find import repository_results, result_mentions
from openness_audit.model.capture import CodeAnswer, FileEntry, GitRepo, Listing, Origin, RepoInfo
from openness_audit.model.card import Card

MakeCard = Callable[..., Card]


def found(
    card: MakeCard, me: Identity, info: RepoInfo, text: str, whose: str = "self", **options: str
) -> list[tuple[object, ...]]:
    mentions = result_mentions((card(text, **options),), info, me, None)
    return [(m.place.line, *sorted(m.attrs)) for m in mentions if m.topic == "evaluation-results" and m.whose == whose]


OWN_ROW = """# Heron 7B

## Benchmarks

| Model | MMLU | GSM8K |
|---|---|---|
| Crane-13B | 50.1 | 20.2 |
| **Heron 7B** | 48.3 | 31.0 |
"""

METRIC_IN_BRACKETS = """## Performance

| Model | Mean quality (NDCG@10) | Small files |
|---|---|---|
| **Heron-7B** | **51.2** | yes |
| Crane-13B | 49.8 | no |
"""

SPANNED = """## Scores

<table>
<tr><th>Heron</th><th colspan=2>Reasoning tasks</th></tr>
<tr><th>Number of parameters</th><th>PIQA</th><th>ARC-c</th></tr>
<tr><td>7B</td><td>77.3</td><td>48.1</td></tr>
<tr><td>30B</td><td>81.2</td><td>55.0</td></tr>
</table>
"""

OWN_COLUMN = """## Scores

| Task | Mistral-7B | Heron-7B |
|---|---|---|
| HellaSwag | 81.0 | 79.5 |
| ARC-c | 55.5 | 54.2 |
"""

BY_SIZE = """## Scores

| Benchmark | 7B params | 30B params |
|---|---|---|
| PIQA | 77.3 | 81.2 |
"""

TWO_COLUMN_NAME = """## Evaluation

| Model | Size | MMLU |
|---|---|---|
| Heron | 3B | 40.0 |
| Heron | 7B | 48.3 |
"""

UNNAMED = """## Evaluation

| Metric | Value |
|---|---|
| accuracy | 0.91 |
| f1 | 0.88 |
"""

LONG = """## Evaluation

| Benchmark | Model | Metric | Score |
|---|---|---|---|
| Winogrande | Mistral-7B | accuracy | 73.6% |
| Winogrande | Heron-7B | accuracy | 74.1% |
"""

HARNESS_OUTPUT = """## Evaluation

```
|    Task     |Metric| Value |
|-------------|------|------:|
|hellaswag    |acc   | 0.5712|
|winogrande   |acc   | 0.6912|
```
"""

TWO_HEADER_ROWS = """<table>
<tr><td></td><td colspan="2">greedy</td></tr>
<tr><td>model</td><td>GSM8K</td><td>MATH</td></tr>
<tr><td>Crane-7B</td><td>75.9</td><td>43.6</td></tr>
<tr><td>Heron-7B (a | b)</td><td>80.2</td><td>44.5</td></tr>
</table>
"""


ONE_EPOCH = """## Training results

| Training Loss | Epoch | Step | Validation Loss | Accuracy |
|---|---|---|---|---|
| No log | 1.0 | 240 | 0.51 | 0.84 |
"""

SPLITS = """## Results

|  | UPOS | UPOS | COPA |
|---|---|---|---|
|  | Dev | Test | Test |
| Crane-7B | 95.1 | 95.0 | 60.2 |
| **Heron-7B** | 96.1 | 96.0 | 61.2 |
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (OWN_ROW, 8),
        (OWN_COLUMN, 5),
        (BY_SIZE, 5),
        (TWO_COLUMN_NAME, 6),
        (UNNAMED, 5),
        (LONG, 6),
        (HARNESS_OUTPUT, 6),
        (TWO_HEADER_ROWS, 5),
        (METRIC_IN_BRACKETS, 5),
        (SPANNED, 6),
        (ONE_EPOCH, 5),
        (SPLITS, 7),
    ],
    ids=[
        "own row",
        "own column",
        "size",
        "name and size",
        "unnamed",
        "long",
        "harness output",
        "two header rows",
        "in brackets",
        "spanned",
        "one epoch",
        "splits below the benchmarks",
    ],
)
def test_a_table_gives_this_models_scores(
    card: MakeCard, heron: Identity, info: RepoInfo, text: str, line: int
) -> None:
    assert found(card, heron, info, text) == [(line, "table")]


OTHERS_ONLY = """## Evaluation

| Model | MMLU |
|---|---|
| Crane-7B | 48.3 |
| Crane-13B | 51.0 |
"""

GROWN = """## Training data

| Dataset | Sentences |
|---|---|
| SQuAD | 87599 |
| MS MARCO | 503000 |
"""

SPEED = """## Speed

| Model | tokens/s | VRAM |
|---|---|---|
| Heron-7B | 38.2 | 16.1 |
"""

SETTINGS = """## Training

| Hyperparameter | Value |
|---|---|
| Learning rate | 6e-4 |
| Batch size | 2304 |
"""

HISTORY = """## Training results

| Training Loss | Epoch | Step | Accuracy |
|---|---|---|---|
| 0.5 | 1.0 | 100 | 0.8 |
| 0.3 | 2.0 | 200 | 0.9 |
"""


@pytest.mark.parametrize("text", [OTHERS_ONLY, GROWN, SPEED, SETTINGS, HISTORY])
def test_no_scores_of_this_model(card: MakeCard, heron: Identity, info: RepoInfo, text: str) -> None:
    assert found(card, heron, info, text) == []


def test_a_quoted_card_is_the_bases(card: MakeCard, heron_chat: Identity, info: RepoInfo) -> None:
    text = "# Poems\n\n# Original model card: Heron 7B\n\n" + UNNAMED

    assert found(card, heron_chat, info, text) == []
    assert found(card, heron_chat, info, text, whose="base") == [(9, "table")]


TRAINER = """# heron-tuned

It achieves the following results on the evaluation set:
- Loss: 0.1237
- Accuracy: 0.98
"""


def test_a_generated_list_counts_without_its_loss(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    assert found(card, heron, info, TRAINER) == [(5, "list")]
    assert found(card, heron, info, TRAINER.replace("- Accuracy: 0.98\n", "")) == []


@pytest.mark.parametrize(
    "text",
    [
        "The model reaches an accuracy of 93.5% on held-out poems.\n",
        "It scores 61.2 on MMLU.\n",
        "We measured 12.4% WER on our recordings.\n",
    ],
)
def test_a_sentence_with_a_score_is_prose(card: MakeCard, heron: Identity, info: RepoInfo, text: str) -> None:
    assert found(card, heron, info, text) == [(1, "prose")]


@pytest.mark.parametrize(
    "text",
    [
        "It does well on MMLU and GSM8K.\n",
        "Weights are kept in bfloat16 precision on 2.5 million poems.\n",
        "Accuracy improved by 2.5% over the last version.\n",
        "Short windows are up to 0.5% WER more accurate.\n",
        "- +1.7% on GSM8K\n",
        "See the [leaderboard](https://example.org/mmlu) for numbers.\n",
        "![MMLU 61.2](scores.png)\n",
        "- precision: 16\n- top 5: 3\n",
    ],
)
def test_no_number_no_result(card: MakeCard, heron: Identity, info: RepoInfo, text: str) -> None:
    assert found(card, heron, info, text) == []


INDEX = """---
model-index:
- name: Heron-7B
  results:
  - task:
      type: text-generation
    dataset:
      name: GSM8K
      type: gsm8k
    metrics:
    - type: accuracy
      value: 31.0
      verified: true
    - type: loss
      value: 0.2
---
"""


def test_model_index_values_are_cited_by_line(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    assert found(card, heron, info, INDEX) == [(12, "model-index", "verified")]


@pytest.mark.parametrize(
    "index",
    [
        "model-index:\n- name: x\n  results: []\n",
        "model-index:\n- name: x\n  results:\n  - metrics:\n    - {type: accuracy, value: null}\n",
        "model-index:\n- name: x\n  results:\n  - metrics:\n    - {type: loss, value: 0.3}\n",
        "model-index: soon\n",
        "metrics:\n- accuracy\n",
    ],
)
def test_a_model_index_without_values_is_none(card: MakeCard, heron: Identity, info: RepoInfo, index: str) -> None:
    assert found(card, heron, info, f"---\n{index}---\n") == []


def test_a_mapping_stands_for_a_list(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    text = "---\nmodel-index:\n  name: x\n  results:\n    metrics:\n      f1: 0.7\n---\n"

    assert [attrs for _, *attrs in found(card, heron, info, text)] == [["model-index"]]


def benchmarks(card: MakeCard, me: Identity, info: RepoInfo, text: str) -> set[tuple[str, ...]]:
    mentions = result_mentions((card(text),), info, me, None)
    return {(m.object, *m.attrs) for m in mentions if m.topic == "benchmark"}


def test_benchmarks_are_told_from_unknown_sets(card: MakeCard, heron: Identity, info: RepoInfo) -> None:
    table = "## Evaluation\n\n| Data set | Accuracy |\n|---|---|\n| SST-2 | 0.9 |\n| our poems | 0.8 |\n"

    assert benchmarks(card, heron, info, table) == {("glue", "public"), ("our poems", "unidentified")}
    assert benchmarks(card, heron, info, INDEX) == {("gsm8k", "public")}


def test_a_familys_readme_counts_where_it_names_the_size(card: MakeCard, info: RepoInfo) -> None:
    readme = {"role": "own-readme", "repo": "github.com/acme/heron"}
    me = identity("acme/Heron-7B")

    assert found(card, me, info, OWN_ROW, **readme) == [(8, "table")]
    assert found(card, me, info, UNNAMED, **readme) == []
    assert found(card, me, info, OWN_ROW.replace("Heron 7B", "Heron"), **readme) == []
    assert found(card, me, info, "## Heron-7B\n\nAccuracy: 0.91\n", **readme) == [(3, "list")]


ORIGIN = Origin(url="https://api.github.com/repos/acme/heron", sha256="0" * 64, retrieved_at="2025-01-01")


def answer(*paths: str) -> CodeAnswer:
    listing = Listing(files=tuple(FileEntry(path=p) for p in paths), complete=True, origin=ORIGIN, sha="b" * 40)
    return CodeAnswer(repo=GitRepo(host="github.com", owner="acme", name="heron", origin=ORIGIN), listing=listing)


@pytest.mark.parametrize(
    ("key", "path", "count"),
    [
        ("github.com/acme/heron", "evals/heron-7b/step1000/mmlu.json", 1),
        ("github.com/acme/heron", "results/heron-13b/mmlu.json", 0),
        ("github.com/acme/heron", "models/heron-7b/config.json", 0),
        ("github.com/other/heron", "evals/heron-7b/mmlu.json", 0),
    ],
)
def test_result_files_of_an_own_repository_name_the_model(heron: Identity, key: str, path: str, count: int) -> None:
    assert len(repository_results({key: answer(path)}, heron)) == count


def test_the_only_row_of_a_table_is_not_this_models_when_it_names_the_base(
    card: MakeCard, heron_chat: Identity, info: RepoInfo
) -> None:
    text = "# Heron-7B-poems\n\n| Model | MMLU |\n|---|---|\n| Heron-7B | 61.2 |\n"

    assert [
        m for m in result_mentions((card(text, repo=heron_chat.id),), info, heron_chat, None) if m.whose == "self"
    ] == []
