"""The European index, the AI Act's evidence, and where frameworks disagree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.model.assessment import Bounds
from openness_audit.profiles.basis import Basis, Item
from openness_audit.profiles.data import load_profiles
from openness_audit.profiles.osai import osai
from openness_audit.profiles.profile import Read, read_profiles, seed
from openness_audit.ruleset import load_rules
from profiles_kit import NAMES, bases, basis, changed

RULES = load_profiles()
OPEN = dict.fromkeys(NAMES, "open")
FIVE = seed({}, 100, 100, 100)


def read(base: Basis, points: int = 100) -> Read:
    return read_profiles(base, seed({}, points, points, points))


def test_twelve_dimensions_a_point_each() -> None:
    assert osai(RULES.osai, basis(OPEN)).total == osai(RULES.osai, basis(OPEN)).of == 12
    assert osai(RULES.osai, basis({}, "closed")).total == 0.0


@pytest.mark.parametrize(
    ("levels", "licenses", "dimension", "status"),
    [
        ({"weights": "partial"}, {}, "weights_endmodel", "partial"),
        ({"finetuning-data": "none", "pretraining-data": "partial"}, {}, "datasources_endmodel", "partial"),
        ({"training-code": "closed"}, {}, "trainingcode", "partial"),
        ({"training-code": "unknown"}, {}, "trainingcode", "unknown"),
        ({}, {}, "licenses", "open"),
        ({}, {"weights": "llama2"}, "licenses", "partial"),
        ({}, {"weights": "llama2", "training-code": "NONE", "tuning-code": "NONE"}, "licenses", "closed"),
        ({}, {"weights": "NOASSERTION"}, "licenses", "unknown"),
        ({"pretraining-data": "closed", "finetuning-data": "none"}, {}, "licenses", "partial"),
        ({}, {"finetuning-data": "cc-by-nc-4.0"}, "licenses", "partial"),
    ],
)
def test_a_dimension(levels: dict[str, str], licenses: dict[str, str], dimension: str, status: str) -> None:
    found = osai(RULES.osai, basis(OPEN | levels, licenses=licenses))

    assert found.dimensions[dimension].status == status


@given(bases(), st.sampled_from(NAMES))
def test_opening_a_component_never_lowers_the_total(base: Basis, name: str) -> None:
    item = base.items[name]
    if item.bounds is None:
        return
    before = osai(RULES.osai, base)
    after = osai(RULES.osai, changed(base, Item(id=name, bounds=Bounds("open", "open"), why="", covers=item.covers)))

    assert before.low <= after.low
    assert before.high <= after.high
    assert 0 <= before.low <= before.high <= before.of
    assert (before.total is None) == (before.low != before.high)


@pytest.mark.parametrize(
    ("levels", "license_", "gated", "expected"),
    [
        (OPEN, "Apache-2.0", False, {"found"}),
        (OPEN, "bigscience-openrail-m", False, {"found", "not-determined"}),
        (OPEN, "cc-by-nc-4.0", True, {"found", "not-found"}),
        (dict.fromkeys(NAMES, "unknown"), "NOASSERTION", None, {"not-determined"}),
    ],
)
def test_the_evidence_of_the_ai_act_is_found_or_not_and_never_a_conclusion(
    levels: dict[str, str], license_: str, gated: bool | None, expected: set[str]
) -> None:
    told = read(basis(levels, license_=license_, gated=gated)).profiles.eu_gpai
    assert told is not None

    assert {item.result for item in told.exemption} == expected
    assert [item.id for item in told.duties] == ["training-content-summary", "copyright-policy"]
    assert told.duties[1].result == "not-looked-for"
    assert "never a legal conclusion" in told.note


@pytest.mark.parametrize(
    ("levels", "licenses", "points", "sentences"),
    [
        (OPEN, {}, 100, ()),
        (
            OPEN | {"pretraining-data": "closed", "evaluation-code": "closed"},
            {},
            70,
            ("MOF class III, not open source AI by OSI: training data not described",),
        ),
        (
            OPEN | {"evaluation-results": "closed"},
            {},
            90,
            ("open source AI by OSI, no MOF class: evaluation results missing",),
        ),
        (
            OPEN | {"data-card": "unknown", "weights": "unknown", "full-weights": "unknown"},
            {},
            90,
            (),
        ),
    ],
)
def test_where_frameworks_disagree(
    levels: dict[str, str], licenses: dict[str, str], points: int, sentences: tuple[str, ...]
) -> None:
    told = read(basis(levels, licenses=licenses), points).disagreements

    assert tuple(row for row in told if "European index" not in row) == sentences


@given(bases())
def test_every_profile_reads_any_findings(base: Basis) -> None:
    told = read(base)

    assert all((told.profiles.mof, told.profiles.osaid, told.profiles.osai, told.profiles.eu_gpai))
    assert all(row and row[0] == row[0].strip() for row in told.disagreements)


def test_every_answer_names_components_of_the_document_where_its_evidence_is_cited() -> None:
    told = read(basis(OPEN, "partial")).profiles
    assert told.mof is not None
    assert told.osaid is not None
    assert told.osai is not None
    assert told.eu_gpai is not None
    named = {name for row in told.mof.components for name in row.by}
    named |= {n for row in (*told.osaid.components.values(), *told.osaid.terms.values()) for n in row.by}
    named |= {name for row in told.osai.dimensions.values() for name in row.by}
    named |= {name for row in (*told.eu_gpai.exemption, *told.eu_gpai.duties) for name in row.by}

    assert named <= {rule.component or rule.id for rule in load_rules().rules if rule.kind == "component"}
