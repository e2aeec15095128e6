"""The laws of three-valued evaluation, inheriting and scoring."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases_loader import facts_of
from openness_audit.evaluate import evaluate, own_assessment
from openness_audit.inherit import between, blend, blend_bounds
from openness_audit.judge import judge
from openness_audit.model.assessment import LEVELS, Assessment, Bounds
from openness_audit.model.evidence import ORDER
from openness_audit.model.rules import Rule
from openness_audit.ruleset import load_rules
from openness_audit.scoring import criteria, extent, score

PARTS = (
    "pretraining-data",
    "finetuning-data",
    "weights",
    "evaluation-code",
    "finetuning-code",
    "training-metrics",
    "evaluation-results",
    "training-code",
    "data-preparation-code",
    "inference-code",
)
ALL_BOUNDS = [Bounds(low, high) for low in LEVELS for high in LEVELS if ORDER[low] <= ORDER[high]]
bounds = st.sampled_from(ALL_BOUNDS)
tables = st.fixed_dictionaries({part: st.one_of(st.none(), bounds) for part in PARTS})


def rule(**parts: Any) -> Rule:
    base: dict[str, Any] = {
        "id": "r",
        "kind": "component",
        "title": "t",
        "question": "q",
        "rationale": "r",
        "remediation": {"text": "t", "effort": "low"},
        "since": "1.0.0",
        "closed": "nothing found",
        "component": "r",
    }
    return msgspec.convert({**base, **parts}, Rule)


def signal(topic: str, gives: str = "open") -> dict[str, Any]:
    return {"check": "mention", "with": {"topic": topic}, "gives": gives, "why": f"{topic} seen"}


def said(topic: str, strength: str = "declared", whose: str = "self") -> dict[str, Any]:
    return {"topic": topic, "object": "x", "whose": whose, "strength": strength, "place": "@README.md:5"}


def assessed(table: dict[str, Bounds | None]) -> dict[str, Assessment]:
    return {
        part: Assessment(rule=part, bounds=b, own=b, strength="declared", why="because") for part, b in table.items()
    }


def outcome(the_rule: Rule, facts: dict[str, Any]) -> tuple[str, Bounds | None]:
    found = own_assessment(the_rule, facts_of(facts))
    return found.availability, found.bounds


def test_the_best_seen_signal_counts_whatever_the_order() -> None:
    signals = [signal("harness", "partial"), signal("leaderboard", "open")]
    facts = {"mentions": [said("harness"), said("leaderboard")]}

    assert {outcome(rule(signals=list(order)), facts)[0] for order in permutations(signals)} == {"open"}


def test_prose_alone_never_earns_open() -> None:
    facts = {"mentions": [said("harness", "claimed")]}

    assert outcome(rule(signals=[signal("harness")]), facts) == ("partial", Bounds("partial", "partial"))


def test_what_is_about_another_model_does_not_count() -> None:
    facts = {"mentions": [said("harness", whose=who) for who in ("base", "other", "generic")]}

    assert outcome(rule(signals=[signal("harness")]), facts)[0] == "closed"


def test_a_place_left_unread_leaves_bounds_not_a_guess() -> None:
    unread = {"card": {"unavailable": "network"}}
    both = rule(
        signals=[{"check": "file", "with": {"kinds": ["config"]}, "gives": "partial", "why": "w"}, signal("harness")]
    )
    listed = {
        "files": {
            "observed": {
                "groups": [{"kind": "config", "paths": ["c"], "places": ["@c"]}],
                "weights": {"groups": []},
                "complete": True,
                "count": 1,
                "place": "@l",
            }
        }
    }

    assert outcome(rule(signals=[signal("harness")]), unread) == ("unknown", Bounds("closed", "open"))
    assert outcome(both, {**unread, **listed}) == ("unknown", Bounds("partial", "open"))


def test_a_cap_binds_and_an_unread_cap_lowers_only_the_lower_end() -> None:
    capped = rule(
        signals=[{"check": "file", "with": {"kinds": ["config"]}, "gives": "open", "why": "w"}],
        caps=[{"check": "mention", "with": {"topic": "tutorial"}, "most": "partial", "why": "only a tutorial"}],
    )
    listed = {
        "files": {
            "observed": {
                "groups": [{"kind": "config", "paths": ["c"], "places": ["@c"]}],
                "weights": {"groups": []},
                "complete": True,
                "count": 1,
                "place": "@l",
            }
        }
    }

    assert outcome(capped, listed)[0] == "open"
    assert outcome(capped, {**listed, "mentions": [said("tutorial")]})[0] == "partial"
    assert outcome(capped, {**listed, "card": {"unavailable": "network"}}) == ("unknown", Bounds("partial", "open"))


@pytest.mark.parametrize(
    ("denies", "why"), [(True, "c, hence no more than partial"), (False, "c, hence no more than partial; w")]
)
def test_a_cap_that_denies_a_signal_is_told_without_it(denies: bool, why: str) -> None:
    capped = rule(
        signals=[{"check": "mention", "with": {"topic": "training-command"}, "gives": "open", "why": "w"}],
        caps=[
            {
                "check": "mention",
                "with": {"topic": "tutorial"},
                "most": "partial",
                "why": "c",
                "short": "c",
                "denies": denies,
            }
        ],
    )
    mentions = [{**said("training-command"), "strength": "declared"}, said("tutorial")]

    found = evaluate((capped,), facts_of({"mentions": mentions})).assessments["r"]

    assert (found.availability, found.why, found.short) == ("partial", why, "c" if denies else "c; w")


def test_a_check_that_raises_is_an_unknown_that_names_it() -> None:
    broken = rule(signals=[{"check": "file", "with": {"kinds": 3}, "gives": "open", "why": "w"}])
    found = own_assessment(broken, facts_of({}))

    assert (found.availability, [c.code for c in found.causes]) == ("unknown", ["check-raised"])
    assert "file" in found.why


def derived(relation: str, *parents: str | None) -> dict[str, Any]:
    listed = [
        {"id": p, "name": p or "Some Base", "relation": relation, "source": "metadata", "places": ["@README.md:2"]}
        for p in parents
    ]
    return {"lineage": {"derivation": relation, "parents": listed, "places": ["@README.md:2"]}}


def inherited(mode: str, own: str | None, *parents: Bounds | None) -> Bounds | None:
    gives = {"open": [signal("harness")], "partial": [signal("harness", "partial")], "closed": []}[own or "closed"]
    r = rule(
        signals=gives,
        inherits={"finetune": mode},
        own_stage=[] if own else [{"check": "mention", "with": {"topic": "tutorial"}, "why": ""}],
    )
    names = [f"org/p{i}" for i in range(len(parents))]
    facts = facts_of({**derived("finetune", *names), "mentions": [said("harness")]})
    theirs = {n: assessed({"r": b}) for n, b in zip(names, parents, strict=True)}
    return evaluate((r,), facts, theirs).assessments["r"].bounds


OPEN, PARTIAL, CLOSED = (Bounds(x, x) for x in ("open", "partial", "closed"))


@pytest.mark.parametrize(
    ("mode", "own", "parents", "expected"),
    [
        ("parent", "open", [CLOSED], CLOSED),
        ("own-or-parent", "partial", [OPEN], OPEN),
        ("own-or-parent", "open", [CLOSED], OPEN),
        ("own-or-parent-partial", "closed", [OPEN], PARTIAL),
        ("own-or-parent-partial", "partial", [OPEN], PARTIAL),
        ("own-or-parent-partial", "open", [CLOSED], OPEN),
        ("own-or-parent-partial", "open", [OPEN], OPEN),
        ("own-or-parent-partial", "partial", [None], PARTIAL),
        ("combine", "open", [CLOSED], PARTIAL),
        ("combine", "closed", [CLOSED], CLOSED),
        ("combine", "open", [OPEN], OPEN),
        ("combine", None, [OPEN], OPEN),
        ("combine", "open", [None], OPEN),
        ("lowest", "open", [OPEN, CLOSED], CLOSED),
        ("parent", "open", [None], None),
    ],
)
def test_inheriting(mode: str, own: str | None, parents: list[Bounds | None], expected: Bounds | None) -> None:
    assert inherited(mode, own, *parents) == expected


def test_an_ancestor_that_was_not_evaluated_makes_what_depends_on_it_unknown() -> None:
    r = rule(signals=[], inherits={"finetune": "parent", "merge": "lowest"})

    by_id = evaluate((r,), facts_of(derived("finetune", "org/base"))).assessments["r"]
    by_name = evaluate((r,), facts_of(derived("finetune", None))).assessments["r"]
    no_parent = evaluate((r,), facts_of({"lineage": {"derivation": "finetune", "places": []}})).assessments["r"]

    assert [(a.availability, [c.code for c in a.causes]) for a in (by_id, by_name, no_parent)] == [
        ("unknown", ["ancestor-not-evaluated"]),
        ("unknown", ["ancestor-not-identified"]),
        ("closed", []),
    ]


@pytest.mark.parametrize(
    ("resolved", "again", "words"),
    [
        ({"absent": ["the Hub"]}, False, "could not be found on the Hub"),
        ({"unavailable": "rate-limited"}, True, "could not be evaluated: "),
        ({"observed": "0" * 40}, True, "was found, but not evaluated"),
    ],
)
def test_why_a_base_model_was_not_evaluated_is_told(resolved: Any, again: bool, words: str) -> None:
    lineage = derived("finetune", "org/base")
    lineage["lineage"]["parents"][0]["resolved"] = resolved
    r = rule(signals=[], inherits={"finetune": "parent"})

    (cause,) = evaluate((r,), facts_of(lineage)).assessments["r"].causes

    assert cause.retryable is again or "unavailable" in resolved
    assert cause.detail.startswith(f"the base model org/base {words}")


def test_a_merge_is_closed_when_one_known_parent_already_is() -> None:
    r = rule(signals=[], inherits={"merge": "lowest"})
    facts = facts_of(derived("merge", "org/known", "org/unknown"))

    found = evaluate((r,), facts, {"org/known": assessed({"r": CLOSED})}).assessments["r"]

    assert found.bounds == CLOSED


@given(st.lists(bounds, min_size=1, max_size=4))
def test_blending_bounds_covers_every_way_the_unknown_may_resolve(stages: list[Bounds]) -> None:
    folded = blend_bounds(stages)
    for pick in (tuple(b.low for b in stages), tuple(b.high for b in stages)):
        assert ORDER[folded.low] <= ORDER[blend(pick)] <= ORDER[folded.high]


@given(tables, st.randoms(use_true_random=False))
def test_resolving_unknowns_either_way_stays_inside_the_reported_interval(
    table: dict[str, Bounds | None], rng: Any
) -> None:
    before = score(criteria(assessed(table)))
    resolved: dict[str, Bounds | None] = {}
    for part, b in table.items():
        level = rng.choice(between(b)) if b else None
        resolved[part] = Bounds(level, level) if level else None
    after = score(criteria(assessed(resolved)))

    if after.coverage == 1.0:
        assert before.low <= after.low == after.high <= before.high


@given(tables)
def test_a_single_value_is_given_only_when_the_interval_is_narrow_and_data_and_weights_are_known(
    table: dict[str, Bounds | None],
) -> None:
    found = criteria(assessed(table))
    told = score(found)
    status = {c.id: c.status for c in found}

    if told.value is not None:
        assert told.low <= told.value <= told.high <= told.low + 20
        assert "unknown" not in (status["data"], status["weights"])


@given(tables)
def test_nothing_but_open_terms_and_every_part_open_is_open_source_ai(table: dict[str, Bounds | None]) -> None:
    found = assessed(table)
    facts = facts_of({})

    for family in ("community", "non-commercial", "none-declared", "unknown"):
        assert judge(facts, found, family).class_ != "open-source-ai"
    if judge(facts, found, "osi").osaid == "yes":
        assert all(b is None or b.low != "closed" for part, b in table.items() if part.endswith("data"))
        assert table["weights"] == OPEN
    assert (extent(criteria(found), found) == "no-weights") == (table["weights"] in (CLOSED, None))


def test_the_order_of_the_rules_changes_nothing() -> None:
    rules = load_rules().rules
    facts = facts_of({"mentions": [said("harness"), said("framework")]})

    assert evaluate(rules, facts) == evaluate(tuple(reversed(rules)), facts)
