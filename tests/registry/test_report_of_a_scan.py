"""The report of a scan counts honestly: what could not be looked at is counted as nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openness_audit.errors import UsageError
from openness_audit.model.policy import FamilyClause, ObligationClause, Policy, ScoreClause
from openness_audit.model.registry_report import BandDoc, Report, SharedDoc
from openness_audit.registry.opened import opened
from openness_audit.registry.parts import keep_undecided
from openness_audit.registry.report import report_of
from openness_audit.registry.table import table
from openness_audit.ruleset import load_rules
from registry_folder_kit import POLICY, below, folder, lost, model

RULES = load_rules(None)


def report(path: Path, policy: Policy | None = None) -> Report:
    with opened(path) as scan:
        return report_of(scan, keep_undecided(scan), RULES, policy)


def policy(**clauses: Any) -> Policy:
    return Policy(
        name="ours", path=POLICY.path, digest=POLICY.digest, use=None, clauses=clauses, overrides=(), waivers=(),
        chain=(), found=False, description="", sources={},
    )  # fmt: skip


def ancestors(found: Report) -> dict[str, SharedDoc]:
    return {one.id: one for one in found.ancestors}


def test_a_model_without_an_audit_counts_as_nothing_else(tmp_path: Path) -> None:
    found = report(folder(tmp_path / "s", model("a"), lost("b", "network"), lost("c", "network"), lost("d", "gated")))

    assert (found.models, found.audited) == (4, 1)
    assert [(p.code, p.models, p.examples) for p in found.problems] == [
        ("network", 2, ("b", "c")),
        ("gated", 1, ("d",)),
    ]
    for counts in (found.classes, found.terms, found.extents, found.osaid, found.gated):
        assert [c.models for c in counts] == [1]
    assert sum(level.open + level.partial + level.closed for level in found.criteria) == 5


def test_a_score_is_in_a_band_surely_or_possibly(tmp_path: Path) -> None:
    rows = (
        model("a", score_low=20, score_high=39, score=None),
        model("b", score_low=10, score_high=45, score=None),
        model("c", score_low=100, score_high=100, score=100),
    )
    found = report(folder(tmp_path / "s", *rows)).scores

    assert found.bands == (
        BandDoc(low=0, high=19, sure=0, possible=1),
        BandDoc(low=20, high=39, sure=1, possible=1),
        BandDoc(low=40, high=59, sure=0, possible=1),
        BandDoc(low=60, high=79, sure=0, possible=0),
        BandDoc(low=80, high=100, sure=1, possible=0),
    )
    assert (found.exact, found.interval, found.median_low, found.median_high) == (1, 2, 20, 45)


def test_a_base_model_clears_what_hangs_on_it_alone(tmp_path: Path) -> None:
    rows = (
        below("a", ("sea/salt", "unknown")),
        below("b", ("sea/salt", "unknown"), ("sea/sand", "unknown")),  # two stand in the way
        below("c", ("sea/salt", "unknown"), license="X", license_family="community"),  # so does its own licence
        below("d", ("sea/salt", "unknown"), ("sea/ok", "osi")),
        below("e", ("sea/ok", "osi")),
        below("f", ("sea/rail", "behavioural-use"), terms="restricted"),
        below("g", ("sea/salt", "unknown"), relation="quantized", license="NONE", license_family="none-declared"),
    )
    found = report(folder(tmp_path / "s", *rows))

    told = {name: (one.stand, one.named_by, one.holds_back, one.clears) for name, one in ancestors(found).items()}
    assert told == {
        "sea/salt": ("unknown", 5, 5, 3),  # a, d, and g, which is a mere copy
        "sea/rail": ("restricted", 1, 1, 1),
        "sea/sand": ("unknown", 1, 1, 0),
    }
    assert found.ancestors[0].id == "sea/salt"
    assert {one.clears_policy for one in found.ancestors} == {None}


def test_a_base_model_clears_the_policy_only_where_nothing_else_breaks_it(tmp_path: Path) -> None:
    unmet: dict[str, Any] = {"policy": "no-verdict", "exit_code": 3}
    rows = (
        below("a", ("sea/salt", "unknown"), policy_unknown=("family",), **unmet),
        below("b", ("sea/salt", "unknown"), policy_unknown=("family", "score"), **unmet),
        below("c", ("sea/salt", "unknown"), policy_unknown=("family", "duties"), **unmet),
        below("d", ("sea/salt", "unknown"), policy_unknown=("duties",), license="GPL-3.0-only", **unmet),
        below("e", ("sea/salt", "unknown"), policy="met"),
    )
    path = folder(tmp_path / "s", *rows, policy=POLICY)
    clauses = policy(
        family=FamilyClause(allow=("osi",)), score=ScoreClause(at_least=50),
        duties=ObligationClause(deny=("share-alike",))
    )  # fmt: skip
    (one,) = report(path, clauses).ancestors

    assert (one.clears, one.clears_policy) == (5, 2)  # a and c; the own licence of d asks for the same
    assert report(path).ancestors[0].clears_policy is None


def test_clauses_tell_where_they_alone_stand_in_the_way(tmp_path: Path) -> None:
    rows = (
        model("a", policy="violated", policy_violated=("x",), exit_code=1),
        model("b", policy="violated", policy_violated=("x",), policy_unknown=("y",), exit_code=1),
        model("c", policy="no-verdict", policy_unknown=("y",), policy_waived=("x",), exit_code=3),
        model("d", policy="met"),
    )
    found = report(folder(tmp_path / "s", *rows, policy=POLICY)).policy

    assert found is not None
    assert (found.met, found.violated, found.no_verdict) == (1, 2, 1)
    assert [(c.clause, c.violated, c.unknown, c.waived, c.alone) for c in found.clauses] == [
        ("x", 2, 0, 1, 1),
        ("y", 0, 2, 0, 1),
    ]


def test_rules_say_what_they_found_and_what_they_could_not_rule_out(tmp_path: Path) -> None:
    rows = (
        model("a", errors=("tag-upstream",), warnings=("dead-repository",)),
        model("b", errors=("tag-upstream",), undecided=("dead-repository", "tag-text")),
        model("c", notes=("no-such-rule",), undecided=("dead-repository",)),
    )
    found = report(folder(tmp_path / "s", *rows)).rules

    title = RULES.get("tag-upstream")
    assert title is not None
    assert [(r.rule, r.severity, r.models, r.undecided) for r in found] == [
        ("tag-upstream", "error", 2, 0),
        ("dead-repository", "warning", 1, 2),
        ("no-such-rule", "note", 1, 0),
    ]
    assert [r.title for r in found[::2]] == [title.title, "no-such-rule"]


def test_parquet_says_the_same_as_lines(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pip install 'openness-audit[parquet]'")
    rows = (model("a", errors=("tag-upstream",), undecided=("tag-text",)), below("b", ("sea/salt", "unknown")))

    told = [report(folder(tmp_path / kind, *rows, write=kind)) for kind in ("jsonl", "parquet")]

    assert told[0].rules == told[1].rules
    assert told[0].ancestors == told[1].ancestors


def test_licences_as_declared_and_with_their_base_models(tmp_path: Path) -> None:
    rows = (
        model("a"),
        below("b", ("sea/salt", "unknown")),
        model("c", license_declared=None, license_declared_family="none-declared"),
    )
    found = report(folder(tmp_path / "s", *rows))

    assert [(f.family, f.declared, f.own, f.effective) for f in found.families] == [
        ("osi", 2, 3, 2),
        ("unknown", 0, 0, 1),
        ("none-declared", 1, 0, 0),
    ]
    assert [(s.declared, s.effective, s.models) for s in found.shifts] == [
        ("none-declared", "osi", 1),
        ("osi", "unknown", 1),
    ]


def test_the_table_has_every_model_in_the_order_of_the_source(tmp_path: Path) -> None:
    rows = (
        below("z", ("sea/salt", "unknown"), errors=("x", "w")),
        lost("a", "network"),
        model("m", policy_unknown=("c",)),
    )
    with opened(folder(tmp_path / "s", *rows)) as scan:
        told = list(table(scan))

    assert [r.model for r in told] == ["z", "a", "m"]
    assert (told[0].held_by, told[0].alone, told[0].errors) == (("sea/salt",), True, ("w", "x"))
    assert (told[1].problem, told[1].terms, told[1].held_by, told[1].audit) == ("network", None, (), None)
    assert told[2].unknown == ("c",)


def test_a_folder_that_is_written_still_can_be_read(tmp_path: Path) -> None:
    from openness_audit.scan.opening import resume_folder  # noqa: PLC0415 - only here

    path = folder(tmp_path / "s", model("a"), state="running")
    going_on = resume_folder(path)
    try:
        assert not report(path).complete
    finally:
        going_on.close()


def test_nothing_is_left_in_a_folder_that_was_read(tmp_path: Path) -> None:
    path = folder(tmp_path / "s", model("a"))
    before = {one.name: one.read_bytes() for one in path.iterdir()}

    report(path)

    assert {one.name: one.read_bytes() for one in path.iterdir()} == before


@pytest.mark.parametrize("break_it", ["scan.json", "index.sqlite", "rows-00000.jsonl"])
def test_a_folder_that_is_damaged_is_refused(tmp_path: Path, break_it: str) -> None:
    path = folder(tmp_path / "s", model("a"), model("b"))
    (path / break_it).write_bytes(b"{}\n")

    with pytest.raises(UsageError):
        report(path)


def test_an_empty_scan_is_told_of(tmp_path: Path) -> None:
    found = report(folder(tmp_path / "s"))

    assert (found.models, found.audited, found.scores.median_low) == (0, 0, None)
