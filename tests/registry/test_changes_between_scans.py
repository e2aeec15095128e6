"""Two scans beside each other: what could not be looked at is never gone, and never better or worse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openness_audit.model.registry_changes import MoveDoc, ScanChanges
from openness_audit.model.row import Row
from openness_audit.registry.compared import scan_changes
from openness_audit.registry.opened import opened
from openness_audit.registry.parts import keep_undecided
from openness_audit.ruleset import load_rules
from registry_folder_kit import POLICY, folder, lost, model

RULES = load_rules(None)


def compare(tmp_path: Path, old: list[Row], new: list[Row], then: Any = None, **now: Any) -> ScanChanges:
    before = folder(tmp_path / "old", *old, **(then or {}))
    after = folder(tmp_path / "new", *new, **now)
    with opened(before) as earlier, opened(after) as later:
        keep_undecided(later)
        return scan_changes(earlier, later, RULES)


def only(found: ScanChanges) -> MoveDoc:
    (one,) = found.models
    return one


def kinds(one: MoveDoc) -> dict[str, str]:
    return {f"{c.kind} {c.about}".strip(): c.direction for c in one.changes}


def test_a_scan_compared_with_itself_has_not_changed(tmp_path: Path) -> None:
    rows = [model("a", errors=("tag-upstream",)), lost("b", "network"), model("c", gated=None)]
    found = compare(tmp_path, rows, rows[::-1])

    assert (found.same, found.models, found.moves, found.code) == (3, (), (), 0)


@pytest.mark.parametrize(
    ("old", "new", "told", "code"),
    [
        ({}, {"gated": True}, {"gate-added": "worse"}, 1),
        ({"gated": True}, {}, {"gate-removed": "better"}, 0),
        ({}, {"gated": None}, {"unread gate": "unknown"}, 3),
        ({"gated": None}, {}, {}, 0),
        ({}, {"data": "open"}, {"criterion-rose data": "better"}, 0),
        ({}, {"weights": "unknown"}, {"criterion-changed weights": "unknown"}, 3),
        ({}, {"score_low": 20, "score_high": 30}, {"score": "worse"}, 1),
        ({}, {"terms": "restricted"}, {"class licence terms": "worse"}, 1),
        ({}, {"extent": "no-weights"}, {"class what is released": "worse"}, 1),
        ({}, {"errors": ("tag-upstream",)}, {"finding-appeared tag-upstream": "worse"}, 1),
        ({}, {"notes": ("tag-without-text",)}, {"finding-appeared tag-without-text": "neutral"}, 0),
        ({"errors": ("tag-upstream",)}, {}, {"finding-gone tag-upstream": "better"}, 0),
        (
            {"errors": ("tag-upstream",)},
            {"undecided": ("tag-upstream",)},
            {"finding-gone tag-upstream": "unknown"},
            3,
        ),
        ({}, {"causes": ("network",)}, {"unread some places": "unknown"}, 3),
        ({}, {"sha": "2" * 40}, {"commit-moved": "neutral"}, 0),
        ({}, {"warnings": ("weights",)}, {}, 0),  # told by the criterion
    ],
)
def test_what_changed_has_a_direction(
    tmp_path: Path, old: dict[str, Any], new: dict[str, Any], told: dict[str, str], code: int
) -> None:
    found = compare(tmp_path, [model("a", **old)], [model("a", **new)])

    assert ({} if not found.models else kinds(only(found))) == told
    assert found.code == code


def test_a_licence_is_compared_as_declared_and_with_base_models(tmp_path: Path) -> None:
    other = {"license_declared": "CC-BY-NC-4.0", "license_declared_family": "non-commercial"}
    found = compare(
        tmp_path, [model("a")], [model("a", **other, license_effective_family="non-commercial", terms="restricted")]
    )

    assert kinds(only(found)) == {
        "license-relabelled": "worse",
        "license-effective": "worse",
        "class licence terms": "worse",
    }
    assert [(f.what, f.old, f.new, f.models) for f in found.flows] == [("license", "osi", "non-commercial", 1)]


def test_nothing_is_better_where_something_can_no_longer_be_read(tmp_path: Path) -> None:
    found = compare(tmp_path, [model("a")], [model("a", data="open", causes=("network",))])

    assert kinds(only(found)) == {"criterion-rose data": "neutral", "unread some places": "unknown"}


@pytest.mark.parametrize(
    ("old", "new", "move", "direction"),
    [
        (model("a"), lost("a", "network"), "not-audited", "unknown"),
        (model("a"), lost("a", "rate-limited"), "not-audited", "unknown"),
        (model("a"), lost("a", "not-found-or-private"), "gone", "worse"),
        (model("a"), lost("a", "disabled"), "gone", "worse"),
        (lost("a", "network"), model("a"), "audited-again", "neutral"),
        (lost("a", "network"), lost("a", "timeout"), "not-audited", "unknown"),
        (lost("a", "legal"), lost("a", "disabled"), "gone", "neutral"),
    ],
)
def test_what_could_not_be_looked_at_is_not_gone(tmp_path: Path, old: Row, new: Row, move: str, direction: str) -> None:
    one = only(compare(tmp_path, [old], [new]))

    assert (one.move, one.direction, one.changes) == (move, direction, ())


@pytest.mark.parametrize(
    ("fields", "direction"),
    [
        ({}, "neutral"),
        ({"policy": "met"}, "neutral"),
        ({"policy": "violated"}, "worse"),
        ({"policy": "no-verdict"}, "unknown"),
    ],
)
def test_a_model_that_appears_is_worse_only_against_the_policy(
    tmp_path: Path, fields: dict[str, Any], direction: str
) -> None:
    one = only(compare(tmp_path, [model("a")], [model("a"), model("b", **fields)]))

    assert (one.model, one.move, one.direction) == ("b", "appeared", direction)


@pytest.mark.parametrize(
    ("now", "move", "direction"),
    [
        ({"state": "stopped"}, "not-reached", "unknown"),
        ({}, "not-listed", "unknown"),
        ({"kind": "list", "author": None}, "not-listed", "neutral"),
    ],
)
def test_a_model_without_a_row_is_gone_only_by_the_hub_s_word(
    tmp_path: Path, now: dict[str, Any], move: str, direction: str
) -> None:
    one = only(compare(tmp_path, [model("a"), model("b")], [model("a")], **now))

    assert (one.model, one.move, one.direction) == ("b", move, direction)


def test_the_same_id_at_two_revisions_is_two_models(tmp_path: Path) -> None:
    old = [model("a"), model("a", revision="v1")]
    found = compare(tmp_path, old, [model("a"), model("a", revision="v1", gated=True)])

    assert found.same == 1
    assert only(found).revision == "v1"


def test_clauses_behind_a_policy_s_result_are_named(tmp_path: Path) -> None:
    old, new = (
        model("a", policy="met"),
        model("a", policy="violated", policy_violated=("gate",), policy_unknown=("terms",), exit_code=1),
    )
    (change,) = only(compare(tmp_path, [old], [new], {"policy": POLICY}, policy=POLICY)).changes

    assert (change.kind, change.old, change.new, change.why) == ("policy-result", "met", "violated", "gate, terms")


def test_cautions_name_what_else_may_be_behind_a_change(tmp_path: Path) -> None:
    found = compare(tmp_path, [model("a")], [model("a")], state="stopped", policy=POLICY, author="other")

    assert len(found.cautions) == 3
    assert ["policy" in c or "not chosen" in c or "not finished" in c for c in found.cautions] == [True] * 3
