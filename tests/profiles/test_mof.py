"""The Model Openness Framework: the ladder, the licences, and their own test cases."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.model.assessment import Bounds
from openness_audit.profiles.basis import Basis, Item
from openness_audit.profiles.data import load_profiles
from openness_audit.profiles.mof import mof
from openness_audit.profiles.mof_grade import between, grade, required
from openness_audit.profiles.mof_licenses import judge
from openness_audit.profiles.mot_yaml import read_mot
from profiles_kit import NAMES, bases, basis, changed, cover, resolutions

MOT = Path(__file__).resolve().parents[3] / "shared" / "mot"
RULES = load_profiles().mof
ORDER = {"none": 0, "III": 1, "II": 2, "I": 3}
STATES = ("included", "invalid", "unlicensed", "missing", "unknown")
states = st.fixed_dictionaries({c.name: st.sampled_from(STATES) for c in RULES.components})


def upstream() -> list[dict[str, Any]]:
    """Read the upstream evaluator's own answers (their JSON has trailing commas)."""
    if not MOT.is_dir():
        return []
    text = (MOT / "expected_results.json").read_text("utf-8")
    return list(json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["models"])


@pytest.mark.world
@pytest.mark.skipif(not MOT.is_dir(), reason="the upstream tool's cases are not beside this checkout")
def test_every_case_of_the_upstream_tool_gives_its_class_and_progress() -> None:
    cases = upstream()
    files = [yaml.safe_load(path.read_text("utf-8"))["release"] for path in (MOT / "cases").glob("*.yml")]

    assert len(cases) == len(files) == 27
    for case in cases:
        same = [f for f in files if (f["name"], f["version"]) == (case["release"]["name"], case["release"]["version"])]
        found = read_mot(yaml.safe_dump({"release": same[0]})).mof
        told = case["classification"]["progress"]

        assert found.class_ == {0: "none", 1: "I", 2: "II", 3: "III"}[case["classification"]["class"]]
        assert tuple(round(told[k], 1) for k in "123") == (found.progress.I, found.progress.II, found.progress.III)


@pytest.mark.world
@pytest.mark.skipif(not MOT.is_dir(), reason="the upstream tool's listings are not beside this checkout")
def test_the_listings_of_2025_have_the_classes_the_upstream_tool_shows() -> None:
    found: list[str] = [read_mot(path.read_text("utf-8")).mof.class_ for path in sorted((MOT / "models").glob("*.yml"))]

    assert {name: found.count(name) for name in ORDER} == {"none": 55, "III": 16, "II": 1, "I": 13}


def test_seventeen_components_of_which_six_ten_and_fourteen_are_required() -> None:
    assert len(RULES.components) == 17
    assert {class_: len(rows) for class_, rows in required().items()} == {"III": 6, "II": 10, "I": 14}


def everything(**other: str) -> dict[str, str]:
    return {name: other.get(name.replace("-", "_"), "open") for name in NAMES}


@pytest.mark.parametrize(
    ("levels", "licenses", "class_", "missing"),
    [
        (everything(), {}, "I", []),
        (everything(data_card="partial"), {}, "none", ["Data card"]),
        (everything(model_card="partial"), {}, "I", []),
        (everything(evaluation_data="closed"), {}, "III", ["Evaluation data"]),
        (everything(checkpoints="closed"), {}, "II", ["Model parameters (Intermediate)"]),
        (everything(finetuning_data="none", tuning_code="none"), {}, "I", []),
        (everything(technical_report="closed"), {}, "I", []),
        (everything(research_paper="closed"), {}, "II", ["Research paper"]),
        (everything(technical_report="closed", research_paper="closed"), {}, "none", ["Technical report"]),
        (everything(), {"weights": "llama2"}, "none", ["Model parameters (Final)"]),
        (everything(), {"weights": "NONE"}, "none", ["Model parameters (Final)"]),
        (everything(), {"weights": "PDDL-1.0"}, "I", []),
        (everything(), {"weights": "openmdw-1.1"}, "I", []),
        (everything(), {"weights": "apple-ascl"}, "none", ["Model parameters (Final)"]),
    ],
)
def test_class_and_what_is_missing(
    levels: dict[str, str], licenses: dict[str, str], class_: str, missing: list[str]
) -> None:
    found = mof(RULES, basis(levels, licenses=licenses))

    assert found.class_ == class_
    assert [gap.component for gap in found.missing][: len(missing)] == missing
    assert not found.not_determined
    assert (found.class_ == "I") == (not found.missing)


def test_a_licence_nobody_saw_leaves_the_class_open_and_says_what_the_tool_would_give() -> None:
    found = mof(
        RULES, basis(everything(), licenses={"technical-report": "NOASSERTION", "research-paper": "NOASSERTION"})
    )

    assert (found.class_, found.at_least, found.at_most, found.by_release_license) == (
        "not-determined",
        "none",
        "I",
        "I",
    )
    assert [gap.component for gap in found.not_determined] == ["Technical report", "Research paper"]
    assert found.progress.III == 83.3
    assert found.progress_at_most.III == 100.0


def test_what_is_surely_missing_decides_whatever_is_unknown() -> None:
    found = mof(RULES, basis(everything(data_card="closed", weights="unknown")))

    assert (found.class_, found.at_most) == ("none", "none")
    assert [gap.component for gap in found.not_determined] == ["Model parameters (Final)"]


@pytest.mark.parametrize(
    ("text", "open_", "fits"),
    [
        ("apache-2.0", True, {"code", "document"}),
        ("Apache 2.0", True, {"code", "document"}),
        ("gpl-3.0", True, {"code"}),
        ("bsd-3-clause", True, {"code"}),
        ("cc0-1.0", True, {"data", "document"}),
        ("cc-by-4.0", True, {"data", "document"}),
        ("pddl", True, {"data", "document"}),
        ("C-UDA-1.0", False, set()),
        ("MulanPSL-1.0", False, set()),
        ("CC-PDDC", False, {"data", "document"}),
        ("OpenMDW-1.0", True, {"code", "data", "document"}),
        ("openmdw-1.1", True, {"code", "data", "document"}),
        ("llama3", False, set()),
        ("cc-by-nc-4.0", False, set()),
        ("Apache-2.0 AND CC-BY-4.0", True, {"document"}),
        ("Apache-2.0 OR LicenseRef-vendor", True, {"code", "document"}),
        ("Apache-2.0 AND CC-BY-NC-4.0", False, set()),
        ("gpl", None, set()),
        ("NOASSERTION", None, set()),
    ],
)
def test_which_licences_are_open_and_what_they_are_made_for(text: str, open_: bool | None, fits: set[str]) -> None:
    held = cover(text)
    found = judge(held.expression, held.family)

    assert (found.open, set(found.fits)) == (open_, fits)


@given(states, st.sampled_from([c.name for c in RULES.components]))
def test_including_a_component_never_lowers_class_or_progress(table: dict[str, Any], name: str) -> None:
    before, after = grade(table), grade({**table, name: "included"})

    assert ORDER[before.class_] <= ORDER[after.class_]
    assert before.progress.III <= after.progress.III
    assert before.progress.II <= after.progress.II
    assert before.progress.I <= after.progress.I


@given(states)
def test_the_ladder_is_strict(table: dict[str, Any]) -> None:
    for found in between(table):
        assert found.progress.II == 0 or found.progress.III == 100
        assert found.progress.I == 0 or found.progress.II == 100
        percent = {"I": found.progress.I, "II": found.progress.II, "III": found.progress.III}
        assert all(percent[c] == 100 for c in percent if ORDER[c] <= ORDER[found.class_])
        assert all(percent[c] < 100 for c in percent if ORDER[c] > ORDER[found.class_])


@given(bases(), st.sampled_from(NAMES))
def test_opening_a_component_never_lowers_the_class(base: Basis, name: str) -> None:
    item = base.items[name]
    if item.bounds is None:
        return
    opened = Item(id=name, bounds=Bounds("open", "open"), why="opened", covers=item.covers)
    before, after = mof(RULES, base), mof(RULES, changed(base, opened))

    assert ORDER[before.at_least] <= ORDER[after.at_least]


@given(bases())
def test_whatever_the_unknown_turns_out_to_be_the_class_stays_between_its_ends(base: Basis) -> None:
    before = mof(RULES, base)
    for end in (0, -1):
        resolved = base
        for item in base.items.values():
            resolved = changed(resolved, resolutions(item)[end])
        after = mof(RULES, resolved)

        assert ORDER[before.at_least] <= ORDER[after.at_least]
        assert ORDER[after.at_most] <= ORDER[before.at_most]
        if before.class_ != "not-determined":
            assert after.class_ == before.class_
