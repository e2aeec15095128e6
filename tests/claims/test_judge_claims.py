"""A claim is held against the licence that applies and the components that were found."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import convert

from cases_loader import facts_of
from openness_audit.claims import RULE, judge_claims, with_claims
from openness_audit.evaluate import evaluate
from openness_audit.judge import judge
from openness_audit.model.assessment import Assessment, Bounds, Evaluation
from openness_audit.model.chain import Chain, Effective
from openness_audit.model.claims import Claim
from openness_audit.model.evidence import Level
from openness_audit.model.facts import Facts
from openness_audit.ruleset import load_rules

COMPONENTS = [r.id for r in load_rules().rules if r.kind == "component"]


def levels(**given: str) -> dict[str, Assessment]:
    """Give assessments: open but for those named (`data` stands for both stages; `x..y` for bounds)."""
    said = {name.replace("_", "-"): level for name, level in given.items()}
    made = {}
    for name in COMPONENTS:
        low, _, high = said.get(name, "open").partition("..")
        bounds: Any = None if low == "none" else Bounds(*convert((low, high or low), tuple[Level, Level]))
        made[name] = Assessment(rule=name, bounds=bounds, own=bounds, strength="verified", why=f"{name} was looked at")
    return made


def outcome(
    kind: Any,
    *about: str,
    family: str = "osi",
    found: dict[str, Assessment] | None = None,
    claim: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
) -> tuple[str | None, str]:
    seen = found if found is not None else levels()
    place = {"kind": "card", "repo": "org/model", "url": "https://huggingface.co/org/model", "line": 7}
    row = {"kind": kind, "about": list(about), "text": "a sentence", "place": place, **(claim or {})}
    read: Facts = facts_of({"claims": [row], **(facts or {})})
    chain = Chain(links=(), binding=(), effective=Effective(expression="X-1.0", family=family, why="because"))
    judged: Claim = judge_claims(read, seen, judge(read, seen, family), chain)[0]
    return judged.held, judged.why


@pytest.mark.parametrize(
    ("family", "wanted"),
    [
        ("osi", "held"),
        ("open-data", "held"),
        ("permissive-model", "held"),
        ("behavioural-use", "contradicted"),
        ("community", "contradicted"),
        ("non-commercial", "contradicted"),
        ("none-declared", "contradicted"),
        ("unknown", "not-determined"),
    ],
)
def test_open_source_needs_open_terms(family: str, wanted: str) -> None:
    assert outcome("open-source", "model", family=family)[0] == wanted


def test_open_source_needs_the_weights() -> None:
    assert outcome("open-source", "model", found=levels(weights="closed"))[0] == "contradicted"
    assert outcome("open-source", "model", found=levels(weights="closed..open"))[0] == "not-determined"


def test_open_source_of_code_asks_nothing_of_the_weights() -> None:
    assert outcome("open-source", "training-code", family="community", found=levels(weights="closed"))[0] == "held"


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, "held"),
        ({"finetuning_data": "closed"}, "contradicted"),
        ({"pretraining_data": "partial"}, "not-determined"),
        ({"pretraining_data": "closed..open"}, "not-determined"),
        ({"training_code": "closed", "finetuning_code": "closed"}, "contradicted"),
        ({"training_code": "closed"}, "held"),
        ({"finetuning_data": "none"}, "held"),
    ],
)
def test_fully_open_needs_everything(changed: dict[str, str], wanted: str) -> None:
    assert outcome("fully-open", "model", found=levels(**changed), claim={"whole": True})[0] == wanted


def test_fully_open_needs_open_terms_too() -> None:
    held, why = outcome("fully-open", "model", family="non-commercial")
    assert (held, "X-1.0" in why) == ("contradicted", True)


def test_open_weights_are_not_behind_a_gate() -> None:
    assert outcome("open-weights", "model")[0] == "held"
    gated = {
        "subject": {"id": "org/model", "sha": "a" * 40, "url": "https://huggingface.co/org/model", "gated": "manual"}
    }
    assert outcome("open-weights", "model", found=levels(weights="partial"), facts=gated)[0] == "contradicted"
    assert outcome("released", "weights", found=levels(weights="partial"), facts=gated)[0] == "held"
    assert outcome("open-source", "model", found=levels(weights="partial"), facts=gated)[0] == "not-determined"


def test_released_data_needs_the_data() -> None:
    none = levels(pretraining_data="closed", finetuning_data="closed")
    assert outcome("released", "data")[0] == "held"
    assert outcome("released", "data", found=none)[0] == "contradicted"
    assert outcome("released", "data", found=none, claim={"linked": True})[0] == "not-determined"
    assert outcome("released", "data", found=levels(pretraining_data="partial", finetuning_data="none"))[0] == (
        "not-determined"
    )


def test_public_data_that_nobody_names_is_neither_confirmed_nor_denied() -> None:
    none = levels(pretraining_data="closed", finetuning_data="none")
    assert outcome("open-data", "data", found=none)[0] == "not-determined"


def test_code_of_no_known_repository_is_not_there() -> None:
    none = levels(**{name.replace("-", "_"): "closed" for name in COMPONENTS if name.endswith("-code")})
    assert outcome("released", "code", found=none)[0] == "contradicted"
    linked = {
        "code": [
            {
                "url": "https://github.com/org/code",
                "key": "github.com/org/code",
                "whose": "self",
                "why": "same owner",
                "opened": {"unavailable": "rate-limited"},
                "roles": [],
                "places": ["@README.md:3"],
            }
        ]
    }
    assert outcome("released", "code", found=none, facts=linked)[0] == "not-determined"
    assert outcome("released", "evaluation-code", found=none, facts=linked)[0] == "not-determined"


def test_a_promise_is_not_judged() -> None:
    assert outcome("released", "data", claim={"polarity": "promised"}) == (None, "")


def test_the_worst_part_decides_and_says_why() -> None:
    held, why = outcome("open-source", "data", "model", family="community", found=levels(pretraining_data="partial"))
    assert (held, why) == ("contradicted", "X-1.0 applies, a vendor's own terms: not an open-source licence")


def test_the_finding_quotes_sentence_and_line_and_claims_change_no_level() -> None:
    rules = load_rules().rules
    row = {"kind": "open-source", "about": ["model"], "text": "This open-source model swims.", "place": "@README.md:7"}
    facts = facts_of({"claims": [row]})
    before = evaluate(rules, facts)
    judgement = judge(facts, before.assessments, "non-commercial")
    chain = Chain(links=(), binding=(), effective=Effective(expression="X-1.0", family="non-commercial", why=""))

    told, after = with_claims(facts, rules, before, judgement, chain)

    found = next(f for f in after.findings if f.rule == RULE)
    assert (found.severity, '"This open-source model swims." (line 7)' in found.message) == ("warning", True)
    assert found.places[0].line == 7
    assert after.assessments == before.assessments
    assert isinstance(after, Evaluation)
    assert [c.held for c in told.claims] == ["contradicted"]


def test_words_do_not_bear_out_words() -> None:
    said = levels()
    said["checkpoints"] = Assessment(
        rule="checkpoints", bounds=Bounds("partial", "partial"), own=None, strength="claimed", why="said to be there"
    )
    assert outcome("released", "checkpoints", found=said)[0] == "not-determined"


def test_a_snippet_in_the_card_is_no_released_code() -> None:
    none = levels(**{n.replace("-", "_"): "closed" for n in COMPONENTS if n.endswith("-code") and n[0] != "i"})
    assert outcome("released", "code", found=none)[0] == "not-determined"
    files = {
        "files": {
            "observed": {
                "groups": [CODE_FILE],
                "weights": {"groups": []},
                "complete": True,
                "count": 1,
                "place": "@file listing",
            }
        }
    }
    assert outcome("released", "code", found=none, facts=files)[0] == "held"


CODE_FILE = {"kind": "architecture-code", "paths": ["modeling.py"], "places": ["@file listing"]}
