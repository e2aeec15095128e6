"""What changes must be true of, whatever the two snapshots are."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_sample import AUDIT
from drift_kit import FORGET, SAMPLE, SNAPSHOTS, change, forgotten
from fuzz_budget import examples
from openness_audit.drift import ranks
from openness_audit.drift.changes import changes
from openness_audit.drift.told import model_changes
from openness_audit.model.changes import Change, JudgedKind
from openness_audit.model.lock import Snapshot

OTHER_BYTES = {"weights-replaced", "license-text-changed"}  # what was approved is not there any more, either way
KEY = {"fell": "criterion", "rose": "criterion"}
MIRROR = {"worse": "better", "better": "worse", "neutral": "neutral"}
RANKED = {"gate", "criterion", "class", "use", "score", "policy-result", "license-relabelled", "base-model-access"}


def what(found: Change) -> tuple[str, str]:
    """Name what changed, whichever way."""
    kind = found.kind.rpartition("-")[0] if found.kind.startswith(("gate-", "criterion-")) else found.kind
    return kind, found.about


@settings(max_examples=examples(60))
@given(SNAPSHOTS)
def test_a_snapshot_has_not_changed_from_itself(one: Snapshot) -> None:
    assert changes(one, one) == ()


@settings(max_examples=examples(60))
@given(SNAPSHOTS, SNAPSHOTS)
def test_what_is_better_one_way_is_not_better_the_other_way(one: Snapshot, two: Snapshot) -> None:
    there = {what(c): c.direction for c in changes(one, two)}
    back = {what(c): c.direction for c in changes(two, one)}

    for key in there.keys() & back.keys():
        assert (there[key], back[key]) != ("better", "better"), key
        if key[0] not in OTHER_BYTES:
            assert (there[key], back[key]) != ("worse", "worse"), key


@settings(max_examples=examples(60))
@given(SNAPSHOTS, SNAPSHOTS)
def test_what_has_a_rank_is_mirrored(one: Snapshot, two: Snapshot) -> None:
    there = {what(c): c for c in changes(one, two) if what(c)[0] in RANKED}
    back = {what(c): c for c in changes(two, one) if what(c)[0] in RANKED}

    assert there.keys() == back.keys()
    for key, change_ in there.items():
        assert (change_.old, change_.new) == (back[key].new, back[key].old)
        if change_.direction == "worse":
            assert back[key].direction in ("better", "neutral"), "a gain may not count where something is gone"
        if not change_.why and not back[key].why:
            assert back[key].direction == MIRROR[change_.direction]


@settings(max_examples=examples(60))
@given(SNAPSHOTS, st.lists(st.sampled_from(sorted(FORGET)), min_size=1, unique=True))
def test_looking_at_less_is_never_better_nor_gone(one: Snapshot, places: list[str]) -> None:
    found = changes(one, forgotten(one, *places))

    assert {c.direction for c in found} <= {"unknown", "neutral"}
    assert "unknown" in {c.direction for c in found}
    assert not [c for c in found if c.kind.endswith(("-gone", "-dropped")) and c.direction != "unknown"]


@settings(max_examples=examples(60))
@given(SNAPSHOTS, SNAPSHOTS, st.lists(st.sampled_from(sorted(FORGET)), min_size=1, unique=True))
def test_forgetting_part_of_the_new_side_makes_nothing_better(one: Snapshot, two: Snapshot, places: list[str]) -> None:
    full = {what(c): c.direction for c in changes(one, two)}
    less = {what(c): c.direction for c in changes(one, forgotten(two, *places))}

    assert [key for key, way in less.items() if way == "better" and full.get(key) != "better"] == []


@settings(max_examples=examples(60))
@given(SNAPSHOTS, SNAPSHOTS)
def test_where_something_is_gone_nothing_that_was_judged_is_better(one: Snapshot, two: Snapshot) -> None:
    found = changes(one, two)
    judged = get_args(JudgedKind)

    if any(c.direction in ("worse", "unknown") for c in found if c.kind not in judged):
        assert [c for c in found if c.kind in judged and c.direction == "better"] == []


@settings(max_examples=examples(60))
@given(SNAPSHOTS, SNAPSHOTS)
def test_the_worst_comes_first_and_each_change_once(one: Snapshot, two: Snapshot) -> None:
    found = changes(one, two)
    order = ["worse", "unknown", "better", "neutral"]

    assert [order.index(c.direction) for c in found] == sorted(order.index(c.direction) for c in found)
    assert len({(c.kind, c.about, c.old, c.new) for c in found}) == len(found)


def test_less_is_released_only_where_a_criterion_fell() -> None:
    """With weights that may be less than they were, the extent may be as well."""
    level = {c.id: c for c in SAMPLE.criteria}["weights"]
    others = tuple(c for c in SAMPLE.criteria if c.id != "weights")
    old = change(SAMPLE, extent="reproducible", not_checked=())
    for status, low, way in (("unknown", 10.0, "unknown"), ("partial", 10.0, "worse")):
        mark = change(level, status=status, low=low, high=20.0 if status == "unknown" else low)
        found = changes(old, change(old, extent="partly-reproducible", criteria=(*others, mark)))
        assert {c.direction for c in found} == {way}


BOUNDS = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda pair: (min(pair), max(pair)))


@given(BOUNDS, BOUNDS)
def test_bounds_that_overlap_are_settled_by_what_is_known(old: tuple[int, int], new: tuple[int, int]) -> None:
    way, back = ranks.direction(old, new), ranks.direction(new, old)

    assert (way == "neutral") or old != new
    if new[1] < old[0]:
        assert way == "worse"
    if way == "better":
        assert new[0] > old[0]
        assert back in ("worse", "unknown")
    if new != old and new[0] <= old[0] and new[1] >= old[1]:
        assert way == "unknown"


@pytest.mark.parametrize("kind", ["offline", "rules"])
def test_what_else_may_be_behind_a_change_is_said(kind: str) -> None:
    fallen = change(SAMPLE, criteria=tuple(change(c, status="open", low=20.0, high=20.0) for c in SAMPLE.criteria))
    old = change(fallen, rules=change(fallen.rules, digest="sha256:" + "33" * 32)) if kind == "rules" else fallen
    new = change(AUDIT, run=change(AUDIT.run, offline=True)) if kind == "offline" else AUDIT
    told = model_changes("acme/tern-7b", old, new)

    assert [word in " ".join(told.cautions) for word in (kind,)] == [True]
