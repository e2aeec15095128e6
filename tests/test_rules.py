"""Every rule is proved by its cases, and its words can be told."""

from __future__ import annotations

from typing import Any

import pytest

from cases_loader import CASES, facts_of, load_cases
from openness_audit.evaluate import evaluate
from openness_audit.model.assessment import Assessment
from openness_audit.ruleset import load_rules

RULES = load_rules().rules
PAIRS = [
    pytest.param(rule, case, id=f"{rule.id}: {case['name']}")
    for rule in RULES
    if (CASES / f"{rule.id}.yaml").is_file()
    for case in load_cases(rule.id)
]


@pytest.mark.parametrize("rule", [pytest.param(r, id=r.id) for r in RULES])
def test_every_rule_has_cases_for_each_outcome_it_can_have(rule: Any) -> None:
    path = CASES / f"{rule.id}.yaml"
    assert path.is_file(), f"add tests/cases/{rule.id}.yaml (docs: CONTRIBUTING.md, 'A rule in five minutes')"

    outcomes = {str(case["outcome"]) for case in load_cases(rule.id)}

    if rule.kind == "finding":
        wanted = {"found", "not-found"}
    else:
        wanted = {"closed", "unknown", *(signal.gives for signal in rule.signals)}
    assert wanted <= outcomes, f"tests/cases/{rule.id}.yaml lacks a case whose outcome is {sorted(wanted - outcomes)}"


def test_every_cases_file_belongs_to_a_rule() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} <= {rule.id for rule in RULES}


@pytest.mark.parametrize(("rule", "case"), PAIRS)
def test_case(rule: Any, case: dict[str, Any]) -> None:
    found = evaluate((rule,), facts_of(case.get("facts") or {}))

    if rule.kind == "finding":
        state = "found" if found.findings else "unknown" if rule.id in found.unknown_findings else "not-found"
        assert state == case["outcome"]
        return
    assessment: Assessment = found.assessments[rule.id]
    told: dict[str, Any] = {"outcome": assessment.availability}
    if "strength" in case:
        told["strength"] = assessment.strength
    if assessment.bounds is not None:
        told |= {"at_least": assessment.bounds.low, "at_most": assessment.bounds.high}
    wanted = {key: case[key] for key in ("outcome", "strength", "at_least", "at_most") if key in case}
    assert wanted == {key: told.get(key) for key in wanted}, assessment.why


@pytest.mark.parametrize("rule", [pytest.param(r, id=r.id) for r in RULES if r.kind == "component"])
def test_a_witness_is_cited_and_a_closed_one_says_where_it_looked(rule: Any) -> None:
    for case in load_cases(rule.id):
        assessment = evaluate((rule,), facts_of(case.get("facts") or {})).assessments[rule.id]
        if assessment.availability in ("open", "partial") and assessment.inherited_from is None:
            assert assessment.places, case["name"]
        if assessment.availability == "closed":
            assert assessment.searched or assessment.places, case["name"]
        if assessment.availability == "unknown":
            assert assessment.causes, case["name"]
        assert assessment.why, case["name"]
