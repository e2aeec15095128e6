"""Walking up the base models."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from cases_loader import facts_of
from openness_audit.ancestors import climb
from openness_audit.collect.lineage.base_names import candidates
from openness_audit.evaluate import evaluate
from openness_audit.model.facts import Facts
from openness_audit.model.rules import Rule

POOL = ThreadPoolExecutor(4)
RULE = msgspec.convert(
    {
        "id": "training-code",
        "kind": "component",
        "title": "t",
        "question": "q",
        "rationale": "r",
        "remediation": {"text": "t", "effort": "low"},
        "since": "1.0.0",
        "closed": "nothing found",
        "component": "training-code",
        "signals": [{"check": "mention", "with": {"topic": "training-command"}, "gives": "open", "why": "a command"}],
        "inherits": {"finetune": "parent", "merge": "lowest"},
    },
    Rule,
)


def model(name: str, *parents: str, relation: str = "finetune", **more: Any) -> Facts:
    listed = [
        {"id": p, "name": p, "relation": relation, "source": "metadata", "places": ["@README.md:2"]} for p in parents
    ]
    lineage = {"derivation": relation if parents else "base", "parents": listed, "places": []}
    return facts_of({"subject": {"id": name}, "lineage": lineage, **more})


COMMAND: dict[str, Any] = {
    "mentions": [
        {"topic": "training-command", "object": "x", "whose": "self", "strength": "declared", "place": "@README.md:9"}
    ]
}


def level(subject: Facts, *others: Facts) -> str:
    table = {f.subject.id: f for f in others}
    above = climb(subject, (RULE,), table.get, POOL)
    found = evaluate((RULE,), subject, {name: a.assessments for name, a in above.items()})
    return found.assessments["training-code"].availability


def test_a_level_comes_down_a_chain_of_three() -> None:
    chain = (model("o/mid", "o/root"), model("o/root", **COMMAND))

    assert level(model("o/leaf", "o/mid"), *chain) == "open"


def test_a_gap_in_the_chain_is_unknown() -> None:
    assert level(model("o/leaf", "o/mid"), model("o/mid", "o/root")) == "unknown"


def test_an_ancestor_without_card_and_weights_is_unknown() -> None:
    empty = model("o/root", card={"absent": ["README.md"]})

    assert level(model("o/leaf", "o/root"), empty) == "unknown"


def test_a_cycle_ends() -> None:
    assert level(model("o/a", "o/b"), model("o/b", "o/a")) == "unknown"
    assert level(model("o/a", "o/b"), model("o/b", "o/c"), model("o/c", "o/b")) == "unknown"


def test_a_merge_takes_the_lowest_of_its_parents() -> None:
    merge = model("o/merge", "o/open", "o/closed", relation="merge")

    assert level(merge, model("o/open", **COMMAND), model("o/closed")) == "closed"


def test_each_ancestor_is_collected_once() -> None:
    asked: list[str] = []
    table = {"o/b": model("o/b", "o/d"), "o/c": model("o/c", "o/d"), "o/d": model("o/d")}

    def collect(name: str) -> Facts | None:
        asked.append(name)
        return table.get(name)

    above = climb(model("o/a", "o/b", "o/c", relation="merge"), (RULE,), collect, POOL)

    assert sorted(asked) == ["o/b", "o/c", "o/d"]
    assert next(iter(above)) == "o/d"


@pytest.mark.parametrize(
    ("small", "large", "expected"), [(COMMAND, COMMAND, "open"), ({}, {}, "closed"), (COMMAND, {}, "unknown")]
)
def test_a_bare_name_gives_the_level_that_all_models_of_that_name_share(
    small: dict[str, Any], large: dict[str, Any], expected: str
) -> None:
    parent = {"id": None, "name": "Base 2", "relation": "finetune", "source": "card-name", "places": ["@README.md:2"]}
    lineage = {"derivation": "finetune", "parents": [{**parent, "candidates": ["o/2-s", "o/2-l"]}], "places": []}
    leaf = facts_of({"subject": {"id": "o/leaf"}, "lineage": lineage})

    assert level(leaf, model("o/2-s", **small), model("o/2-l", **large)) == expected


def test_the_names_of_the_vocabulary_are_found_however_they_are_joined() -> None:
    assert candidates("LLaMA2-7B") == candidates("llama 2_7b") == ("meta-llama/Llama-2-7b", "meta-llama/Llama-2-7b-hf")
    assert candidates("gemma-2-2b-it") == ("google/gemma-2-2b-it",)
    assert candidates("Stable Diffusion") == ()


def test_what_is_inherited_cites_where_it_was_read_and_keeps_its_strength() -> None:
    above = climb(model("o/leaf", "o/root"), (RULE,), {"o/root": model("o/root", **COMMAND)}.get, POOL)

    found = evaluate((RULE,), model("o/leaf", "o/root"), {n: a.assessments for n, a in above.items()})

    inherited = found.assessments["training-code"]
    assert (inherited.availability, inherited.strength, inherited.inherited_from) == ("open", "declared", "o/root")
    assert [place.line for place in inherited.places] == [9]
    assert "o/root (base model)" in inherited.searched


def test_a_name_that_others_use_for_their_languages_is_taken_only_for_its_own() -> None:
    english = candidates("BERT", ("en",))

    assert english == candidates("BERT") != ()
    assert candidates("BERT", ("da",)) == ()
    assert candidates("BERT", ("da", "en")) == english


RESULTS = msgspec.structs.replace(RULE, inherits={"quantized": "own-or-parent"})
DATA = msgspec.structs.replace(RULE, inherits={"finetune": "combine", "quantized": "parent"})


def copy_of(original: str | None, *behind: str) -> Facts:
    copied: dict[str, object] = {
        "id": original,
        "name": original or "leaf",
        "relation": "quantized",
        "source": "files",
        "places": [],
    }
    others = [
        {"id": b, "name": b, "relation": "finetune", "source": "metadata", "places": ["@README.md:2"]} for b in behind
    ]
    lineage = {"derivation": "quantized", "parents": [*others, copied], "places": []}
    return facts_of({"subject": {"id": "q/leaf-GGUF"}, "lineage": lineage})


@pytest.mark.parametrize("root", [model("o/root"), model("o/root", **COMMAND)])
def test_a_copy_of_a_bare_name_does_not_get_the_results_of_what_that_one_was_tuned_from(root: Facts) -> None:
    above = {"o/root": evaluate((RESULTS,), root).assessments}
    found = evaluate((RESULTS,), copy_of(None, "o/root"), above).assessments["training-code"]

    assert found.availability == "unknown"
    assert found.inherited_from == "leaf"


def test_what_an_unread_original_must_have_passed_on_is_inherited_from_behind_it() -> None:
    above = {"o/root": evaluate((DATA,), model("o/root", **COMMAND)).assessments}
    found = evaluate((DATA,), copy_of(None, "o/root"), above).assessments["training-code"]

    assert (found.availability, found.inherited_from) == ("open", "o/root")


def test_a_copy_of_a_model_that_was_read_asks_nobody_else() -> None:
    above = {
        "o/leaf": evaluate((DATA,), model("o/leaf")).assessments,
        "o/root": evaluate((DATA,), model("o/root", **COMMAND)).assessments,
    }
    found = evaluate((DATA,), copy_of("o/leaf", "o/root"), above).assessments["training-code"]

    assert (found.availability, found.inherited_from) == ("closed", "o/leaf")
