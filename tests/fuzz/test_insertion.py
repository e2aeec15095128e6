"""The law of insertion: a paragraph that shows it was written about another model changes nothing."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz_budget import examples
from lineage_kit import info, origin
from openness_audit.collect.assemble import complete, read
from openness_audit.evaluate import evaluate
from openness_audit.model.assessment import Bounds
from openness_audit.model.capture import Failure, FileEntry, Listing, ModelCapture, Refs, Text
from openness_audit.model.facts import Facts
from openness_audit.ruleset import load_rules

MODEL = "acme/Zeta-7B-Chat"
HUB = "https://huggingface.co"
LEADERBOARD = f"{HUB}/spaces/open-llm-leaderboard/open_llm_leaderboard"
CARDS = {
    "tuned": (
        "---\nlicense: mit\nbase_model: acme/Zeta-7B\n---\n# Zeta-7B-Chat\n\nIt answers questions.\n\n"
        "## Use\n\nAsk it.\n"
    ),
    "bare": "# Zeta-7B-Chat\n\nA small model that answers questions.\n\n## Training\n\nWe will say more soon.\n",
    "silent": "---\nlicense: mit\n---\n\nA chat model.\n\nIt speaks three languages.\n",
    "sections": "# Zeta-7B-Chat\n\n## Data\n\nNothing is said.\n\n## Evaluation\n\nNone yet.\n\n## Limits\n\nMany.\n",
}
FOREIGN = {
    "introduced": f"We introduce **QuiltForge**, a text model. It was trained on [C4]({HUB}/datasets/allenai/c4).",
    "subject": f"QuiltForge-13B is a decoder model that was trained on [pages]({HUB}/datasets/quilters/pages).",
    "long name": "Patched QuiltForge Base NightPaper Mood Classifier is a model based on Mossy, tuned on NightPaper.",
    "snake": "`quilt_forge_13b` is based on Mossy-Base and was tuned with LoRA at a learning rate of 1e-4.",
    "files": f"All scripts and [logs]({HUB}/quilters/QuiltForge/tree/main/logs) of the training are public.",
    "tensorboard": "The [training metrics](https://huggingface.co/quilters/QuiltForge/tensorboard) were logged.",
    "run": "The run is public: [charts](https://wandb.ai/quilters/forge-runs/runs/ab12cd34).",
    "details": (
        f"Evaluated on the [Open LLM Leaderboard]({LEADERBOARD}): "
        f"[here]({HUB}/datasets/open-llm-leaderboard/details_quilters__QuiltForge-13B)."
    ),
    "rows": (
        "| Model | MMLU | GSM8K |\n|---|---|---|\n"
        "| [QuiltForge](https://huggingface.co/quilters/QuiltForge) | 61.2 | 40.1 |\n"
        "| [PatchWork](https://huggingface.co/quilters/PatchWork) | 58.0 | 33.3 |"
    ),
    "properties": "| Feature | Value |\n|---|---|\n| **Name** | `quilt_forge_sm` |\n| **Sources** | OntoNotes 5 |",
    "harness": (
        "```\nlm_eval --model_args pretrained=quilters/QuiltForge-13B --tasks mmlu,gsm8k --num_fewshot 5\n```\n"
        "| Tasks | n-shot | Metric | Value |\n|---|---|---|---|\n"
        "| mmlu | 5 | acc | 0.61 |\n| gsm8k | 5 | exact_match | 0.41 |"
    ),
    "links": "- **Repository:** <https://github.com/quilters/quiltforge>\n- **Paper:** <https://arxiv.org/abs/2312.99901>",
    "copy": f"This model was converted to GGUF format from [quilters/QuiltForge]({HUB}/quilters/QuiltForge) by a tool.",
}
TITLED = "Paper: [QuiltForge: Stitching Language Models](https://arxiv.org/abs/2312.99902)"  # a method's, at most
CONTRADICTING = (  # says "this model", but names a base that the metadata of a tuned model contradicts
    "This model is a fine-tuned version of [quilters/QuiltBase](https://huggingface.co/quilters/QuiltBase) on a set.\n"
    "It achieves the following results on the evaluation set:\n- Loss: 0.21\n- Accuracy: 0.92"
)
OWN = {  # the same kinds of paragraphs, about the subject: nothing of them may be lost
    "run": ("training-metrics", "The run is public: [charts](https://wandb.ai/acme/zeta/runs/ab12cd34)."),
    "rows": (
        "evaluation-results",
        "| Model | MMLU | GSM8K |\n|---|---|---|\n| Zeta-7B-Chat | 61.2 | 40.1 |\n| Other-13B | 58.0 | 33.3 |",
    ),
    "paper": ("technical-report", "Paper: [Zeta: A Chat Model](https://arxiv.org/abs/2312.99903)"),
    "nickname": (
        "data-card",
        "ZetaTalk is a chat model.\n\nZetaTalk was trained on the [talks](https://huggingface.co/datasets/acme/talks).",
    ),
}
NAMELESS = {  # what nobody can tell from a paragraph of the card's own: no name, no link of the publisher's
    "history": (
        "| Training Loss | Epoch | Step | Validation Loss |\n|---|---|---|---|\n"
        "| No log | 1.0 | 120 | 0.51 |\n| 0.42 | 2.0 | 240 | 0.47 |\n| 0.33 | 3.0 | 360 | 0.46 |"
    ),
    "results": "| Metric | Value |\n|---|---|\n| MMLU (5-shot) | 61.2 |\n| GSM8K (5-shot) | 40.1 |",
    "result list": "It achieves the following results on the evaluation set:\n- Accuracy: 0.91\n- F1: 0.88",
    "compute": "Training took 33 hours on 4 x A100 80GB.",
    "hours": "- **Hardware Type:** A100 PCIe 40GB\n- **Hours used:** 2000\n- **Carbon Emitted:** 150 kg CO2 eq.",
    "data": f"It was trained on [C4]({HUB}/datasets/allenai/c4) for two epochs.",
    "pretrained": f"The checkpoint was pretrained on [C4]({HUB}/datasets/allenai/c4) with a masked objective.",
    "paper": "For more details see our [paper](https://arxiv.org/abs/2312.99904).",
    "labelled paper": "- **Paper:** <https://arxiv.org/abs/2312.99905>",
    "tuned": (
        "This model is a fine-tuned version of [nightpaper-base](https://huggingface.co/owls/nightpaper-base).\n"
        "It achieves the following results on the evaluation set:\n- Loss: 0.21\n- Accuracy: 0.92"
    ),
    "structure": "It is a decoder-only transformer with 24 hidden layers, 16 attention heads and rotary embeddings.",
    "limits": "The texts may be factually incorrect and should not be used where that can do harm to anyone.",
    "training": (
        "The following hyperparameters were used:\n- learning_rate: 2e-5\n- train_batch_size: 16\n- seed: 42\n"
        "- num_epochs: 3"
    ),
    "checkpoints": "We release the checkpoints `step1000`, `step2000`, `step3000` and `step4000`.",
    "harness": (
        "```\nlm_eval --model hf --tasks mmlu,gsm8k --num_fewshot 5\n```\n"
        "| Tasks | n-shot | Metric | Value |\n|---|---|---|---|\n"
        "| mmlu | 5 | acc | 0.61 |\n| gsm8k | 5 | exact_match | 0.41 |"
    ),
    "own heading": "**Training:** it was run for 33 hours on 4 x A100 80GB, on the whole of C4.",
}
PLAIN = {  # cards without a heading on anything that could be inserted, or with placeholders below such headings
    "silent": CARDS["silent"],
    "use": "# Zeta-7B-Chat\n\nA small model that answers questions.\n\n## Usage\n\nAsk it.\n\n## Contact\n\nWrite.\n",
    "template": (
        "---\nlicense: mit\n---\n# Zeta-7B-Chat\n\n## Uses\n\n[More Information Needed]\n\n"
        "## Training Details\n\n[More Information Needed]\n\n## Evaluation\n\n[More Information Needed]\n"
    ),
    "listed": (
        "---\nlicense: mit\nlibrary_name: transformers\ndatasets:\n- acme/talks\n---\n# Zeta-7B-Chat\n\n"
        "It speaks three languages.\n\nAsk it anything.\n"
    ),
}


def facts_of(text: str, *tags: str, config: str = "") -> Facts:
    """Read a model that has this card, one file of weights, and a configuration of this kind if one is given."""
    files = [FileEntry(path="README.md", size=1), FileEntry(path="model.safetensors", size=14_000_000_000)]
    texts: dict[str, Text | Failure] = {
        "README.md": Text(path="README.md", text=text, origin=origin("README.md"), sha="a" * 40)
    }
    if config:
        said = f'{{"model_type": "{config}"}}'
        texts["config.json"] = Text(path="config.json", text=said, origin=origin("config.json"), sha="a" * 40)
        files.append(FileEntry(path="config.json", size=len(said)))
    capture = ModelCapture(
        info=info(MODEL, gated=False, tags=tags),
        listing=Listing(files=tuple(files), complete=True, origin=origin("tree"), sha="a" * 40),
        refs=Refs(refs=(), origin=origin("refs")),
        texts=texts,
    )
    return complete(capture, read(capture))


def levels(facts: Facts) -> dict[str, object]:
    """Give every component's level, and what a lawyer reads beside them: licence, base models, training data."""
    rules = tuple(r for r in load_rules().rules if r.kind == "component")
    found: dict[str, object] = {name: a.bounds for name, a in evaluate(rules, facts).assessments.items()}
    found["licence"] = (facts.licenses.own.expression, facts.licenses.own.family)
    found["parents"] = tuple(p.id or p.name for p in facts.lineage.parents)
    found["made"] = (facts.lineage.derivation, facts.lineage.tuned)
    found["data"] = sorted(d.id or d.name for d in facts.data if d.whose == "self")
    return found


def opened(before: dict[str, object], after: dict[str, object]) -> set[str]:
    """Name the components that became open."""
    return {n for n in before if after[n] != before[n] and getattr(after[n], "low", "") == "open"}


def put(text: str, paragraph: str, at: int) -> str:
    """Put a paragraph between two others of the body."""
    front, mark, body = text.rpartition("\n---\n") if text.startswith("---\n") else ("", "", text)
    parts = body.strip("\n").split("\n\n")
    at %= len(parts) + 1
    return front + mark + "\n" * bool(mark) + "\n\n".join([*parts[:at], paragraph, *parts[at:]]) + "\n"


@pytest.mark.parametrize("kind", sorted(FOREIGN))
@pytest.mark.parametrize("name", sorted(CARDS))
def test_a_foreign_paragraph_changes_nothing_wherever_it_stands(name: str, kind: str) -> None:
    before = levels(facts_of(CARDS[name]))
    for at in range(CARDS[name].count("\n\n") + 2):
        assert levels(facts_of(put(CARDS[name], FOREIGN[kind], at))) == before, at


def test_a_base_that_the_metadata_contradicts_makes_a_paragraph_foreign() -> None:
    before = levels(facts_of(CARDS["tuned"]))
    for at in range(4):
        assert levels(facts_of(put(CARDS["tuned"], CONTRADICTING, at))) == before


def test_a_base_that_a_tag_backs_is_believed_before_one_that_a_paragraph_brings() -> None:
    own = (
        "# Zeta-7B-Chat\n\nIt speaks.\n\nIt was fine-tuned from [corvid-1b](https://huggingface.co/birds/corvid-1b).\n"
    )
    before = levels(facts_of(own, "corvid"))
    assert before["parents"] == ("birds/corvid-1b",)
    for at in range(4):
        assert levels(facts_of(put(own, CONTRADICTING, at), "corvid")) == before, at


@pytest.mark.parametrize("name", sorted(CARDS))
def test_a_paper_named_after_something_else_covers_not_this_model(name: str) -> None:
    before, after = (levels(facts_of(text)) for text in (CARDS[name], put(CARDS[name], TITLED, 1)))
    assert after["technical-report"] == Bounds("partial", "partial")
    assert {**after, "technical-report": before["technical-report"]} == before


@settings(max_examples=examples(60), deadline=None)
@given(
    name=st.sampled_from(sorted(CARDS)),
    kinds=st.lists(st.sampled_from(sorted(FOREIGN)), min_size=2, max_size=4, unique=True),
    at=st.lists(st.integers(0, 20), min_size=4, max_size=4),
)
def test_several_foreign_paragraphs_open_nothing(name: str, kinds: list[str], at: list[int]) -> None:
    """A name that several inserted paragraphs share looks like the card's own: then at least nothing becomes open."""
    before, text = levels(facts_of(CARDS[name])), CARDS[name]
    for kind, place in zip(kinds, at, strict=False):
        text = put(text, FOREIGN[kind].replace("Quilt", f"Q{kind.title()}").replace("quilt", f"q{kind}"), place)
    after = levels(facts_of(text))
    assert opened(before, after) == set()


@pytest.mark.parametrize("kind", sorted(NAMELESS))
@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_paragraph_that_nothing_ties_to_the_model_opens_nothing_wherever_it_stands(name: str, kind: str) -> None:
    before = levels(facts_of(PLAIN[name]))
    for at in range(PLAIN[name].count("\n\n") + 2):
        after = levels(facts_of(put(PLAIN[name], NAMELESS[kind], at)))
        assert opened(before, after) == set(), at
        assert after["licence"] == before["licence"]


@settings(max_examples=examples(40), deadline=None)
@given(
    name=st.sampled_from(sorted(PLAIN)),
    kinds=st.lists(st.sampled_from(sorted(NAMELESS)), min_size=2, max_size=5, unique=True),
    at=st.lists(st.integers(0, 20), min_size=5, max_size=5),
)
def test_several_paragraphs_without_a_tie_open_nothing(name: str, kinds: list[str], at: list[int]) -> None:
    before, text = levels(facts_of(PLAIN[name])), PLAIN[name]
    for kind, place in zip(kinds, at, strict=False):
        text = put(text, NAMELESS[kind], place)
    assert opened(before, levels(facts_of(text))) == set()


@pytest.mark.parametrize(
    ("component", "kind", "heading"),
    [
        ("training-metrics", "history", "Training results"),
        ("evaluation-results", "results", "Evaluation"),
        ("evaluation-results", "result list", "Results"),
        ("compute", "compute", "Training"),
        ("technical-report", "paper", "Citation"),
    ],
)
def test_a_heading_on_it_or_the_models_name_ties_a_paragraph(component: str, kind: str, heading: str) -> None:
    alone, headed, named = (
        levels(facts_of(f"{PLAIN['use']}\n{text}\n"))[component]
        for text in (
            NAMELESS[kind],
            f"## {heading}\n\n{NAMELESS[kind]}",
            f"{NAMELESS[kind]}\nThis is about Zeta-7B-Chat."
            if "|" not in NAMELESS[kind]
            else f"Of Zeta-7B-Chat:\n{NAMELESS[kind]}",
        )
    )
    assert (alone, headed, named) == (Bounds("partial", "partial"), Bounds("open", "open"), Bounds("open", "open"))


def test_a_model_of_another_kind_than_the_configuration_is_no_base() -> None:
    text, said = (
        PLAIN["silent"],
        "This model is a fine-tuned version of [bert-base-cased](https://huggingface.co/bert-base-cased).",
    )
    of_bert, of_whisper = (facts_of(put(text, said, 1), config=kind).lineage.parents for kind in ("bert", "whisper"))
    assert ([p.id for p in of_bert], of_whisper) == (["bert-base-cased"], ())


@pytest.mark.parametrize("kind", sorted(OWN))
def test_the_subjects_own_paragraphs_still_count(kind: str) -> None:
    component, paragraph = OWN[kind]
    before, after = (levels(facts_of(text)) for text in (CARDS["bare"], put(CARDS["bare"], paragraph, 1)))
    assert before[component] != after[component]


def test_what_is_left_out_is_whole_paragraphs_and_nothing_else() -> None:
    text = put(CARDS["sections"], FOREIGN["introduced"], 3)
    facts = facts_of(text)
    assert msgspec.json.encode(facts.subject) == msgspec.json.encode(facts_of(CARDS["sections"]).subject)
    assert facts.card == facts_of(CARDS["sections"]).card
    assert all("QuiltForge" not in (m.place.excerpt or "") for m in facts.mentions)
