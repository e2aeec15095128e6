"""Conditions in CEL: what they see, that an unknown is never met, and that none of them can hang the gate."""

from __future__ import annotations

import sys

import pytest
from msgspec.structs import replace

from audit_sample import AUDIT
from openness_audit.model.audit import Audit
from openness_audit.model.audit_components import UnknownDoc
from openness_audit.model.audit_findings import UndecidedDoc
from openness_audit.policy import cel

SAMPLE = replace(AUDIT, score=replace(AUDIT.score, value=None))
WHOLE = replace(
    SAMPLE,
    not_checked=(),
    undecided=(),
    licenses=replace(AUDIT.licenses, chain_complete=True, obligations=AUDIT.licenses.obligations[:2]),
)
CUT = replace(
    WHOLE,
    undecided=(
        UndecidedDoc(
            rule="dead-parent",
            severity="warning",
            confidence="medium",
            component=None,
            unknown=(UnknownDoc(code="timeout", source="x", retryable=True, detail="it did not answer"),),
        ),
    ),
)


def states(audit: Audit, *texts: str) -> list[str]:
    return [found.state for found in cel.judge(texts, audit)]


def test_a_condition_is_met_or_violated() -> None:
    yes, no = cel.judge(["audit.subject.id == 'acme/tern-7b'", "audit.score.low > 100"], AUDIT)

    assert (yes.state, yes.why) == ("met", "true (asked: audit.subject.id == 'acme/tern-7b')")
    assert (no.state, no.why) == ("violated", "false (asked: audit.score.low > 100)")
    assert set(yes.evidence) <= {e.id for e in AUDIT.evidence}
    assert yes.evidence


@pytest.mark.parametrize(
    "text",
    [
        "audit.score.low",  # no boolean
        "'yes'",
        "audit.nothing",  # no such field
        "audit.score.low > 'a'",  # an error
        "1 / 0 == 1",
        "nothing(audit)",
        "other.score.low > 1",
        "audit.files[100000].path == 'x'",
        "audit.findings.exists(f, f.nothing == 1)",
        "audit.score.value > 1",  # null: the interval is wide
        "audit.score.value == null",
        "audit.criteria.all(c, c.status != 'closed' || c.id != 'evaluation-code')",  # unknown
        "audit.components.filter(c, c.id == 'evaluation-code').all(c, c.availability != 'closed')",
        "audit.licenses.uses.exists(u, u.use == 'train-on-outputs' && u.verdict != 'not-allowed')",
        "audit.verdict.nothing != 'x'",
    ],
)
def test_what_is_not_known_is_never_met(text: str) -> None:
    assert states(SAMPLE, text) == ["unknown"]


def test_an_unknown_that_cannot_change_the_answer_is_no_obstacle() -> None:
    assert states(SAMPLE, "audit.score.value > 1 || audit.score.low >= 0", "audit.score.value > 1 && false") == [
        "met",
        "violated",
    ]


def test_bounds_are_there_to_ask_about() -> None:
    part = "audit.components.exists(c, c.id == 'evaluation-code' && c.at_least != 'closed')"

    assert states(SAMPLE, part, "has(audit.score.value)", "audit.score.high >= audit.score.low") == [
        "met",
        "violated",
        "met",
    ]


@pytest.mark.parametrize(
    ("text", "whole", "cut"),
    [
        ("audit.findings.all(f, f.rule != 'sandwich')", "met", "unknown"),
        ("!audit.findings.exists(f, f.rule == 'sandwich')", "met", "unknown"),
        ("audit.findings.exists(f, f.rule == 'tag-text')", "met", "met"),
        ("audit.findings.all(f, f.rule != 'tag-text')", "violated", "violated"),
        ("size(audit.findings) == 4", "met", "unknown"),
        ("size(audit.findings) < 100", "met", "unknown"),
        ("size(audit.findings) >= 4", "met", "met"),
        ("audit.findings.map(f, f.rule) == ['a']", "violated", "unknown"),
    ],
)
def test_a_list_that_may_go_on_is_not_taken_for_whole(text: str, whole: str, cut: str) -> None:
    assert (states(WHOLE, text), states(CUT, text)) == ([whole], [cut])


def test_terms_that_nobody_read_may_ask_for_anything() -> None:
    asked = "audit.licenses.obligations.all(o, o.id != 'royalty')"

    assert (states(WHOLE, asked), states(AUDIT, asked)) == (["met"], ["unknown"])


def test_an_earlier_policy_is_not_in_the_document() -> None:
    assert "policy" not in cel.views(AUDIT)[0]["verdict"]


LOOP = "audit.evidence.all(a, " * 12 + "true" + ")" * 12


@pytest.fixture
def long() -> Audit:
    """An audit with as many citations as the largest have."""
    many = tuple(replace(AUDIT.evidence[0], id=f"e-{n:012x}") for n in range(500))
    return replace(WHOLE, evidence=many)


def test_a_condition_that_never_ends_is_ended_and_the_others_are_judged(
    long: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cel, "CPU_S", 0.3)

    first, loop, last = cel.judge(["audit.score.low >= 0", LOOP, "audit.score.low > 100"], long)

    assert (first.state, loop.state, last.state) == ("met", "unknown", "violated")
    assert "computing time" in loop.why


def test_a_condition_that_takes_all_memory_is_ended(long: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cel, "MEMORY", 300 << 20)
    grow = "audit.evidence.map(a, audit.evidence.map(b, audit.evidence.map(c, [a, b, c]))) == []"

    found, after = cel.judge([grow, "audit.score.low >= 0"], long)

    assert (found.state, after.state) == ("unknown", "met")


def test_a_machine_that_is_too_slow_leaves_it_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cel, "WALL_S", 0.0)

    assert states(AUDIT, "audit.score.low >= 0") == ["unknown"]


def test_an_evaluator_that_cannot_be_started_leaves_it_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")

    first, second = cel.judge(["audit.score.low >= 0", "audit.score.low >= 1"], AUDIT)

    assert {first.state, second.state} == {"unknown"}
    assert "could not be started" in first.why


def test_licences_of_data_that_nobody_saw_are_not_taken_for_none() -> None:
    hidden = replace(AUDIT.training_data[0], access="gated", licenses=())
    shown = replace(AUDIT.training_data[0], access="public", licenses=())
    asked = "audit.training_data.all(d, d.licenses.all(l, l != 'cc-by-nc-4.0'))"

    assert states(replace(WHOLE, training_data=(shown,)), asked) == ["met"]
    assert states(replace(WHOLE, training_data=(hidden,)), asked) == ["unknown"]


def test_compiling_tells_names_and_errors() -> None:
    fine, bad = cel.compile_all(["size(audit.files) > 1", "audit.x >"])

    assert (fine.error, fine.variables, "size" in fine.functions) == ("", ("audit",), True)
    assert bad.error.startswith("Failed to parse")


def test_the_document_is_the_json_with_what_is_known() -> None:
    view = cel.views(WHOLE)[0]

    assert view["subject"]["id"] == "acme/tern-7b"
    assert [c["id"] for c in view["criteria"]] == [c.id for c in WHOLE.criteria]
    assert all(
        ("status" in row) == (c.status != "unknown") for row, c in zip(view["criteria"], WHOLE.criteria, strict=True)
    )
    assert "value" not in view["score"]


@pytest.mark.parametrize(
    "text",
    [
        "!audit.findings.exists(f, has(f.rule) && f.rule == 'tag-text')",
        "!audit.findings.exists(f, 'rule' in f && f.rule == 'tag-text')",
        "audit.findings.all(f, !has(f.rule) || f.rule != 'tag-text')",
        "audit.findings.filter(f, has(f.rule) && f.rule == 'tag-text').size() == 0",
    ],
)
def test_has_cannot_look_past_entries_that_were_not_read(text: str) -> None:
    assert states(replace(CUT, findings=()), text) == ["unknown"]
    assert states(replace(WHOLE, findings=()), text) == ["met"]


def test_a_licence_beside_which_another_may_bind_is_not_there_to_read() -> None:
    asked = ("!audit.licenses.effective.expression.contains('NC')", "audit.licenses.effective.expression != 'x'")
    mixed = replace(WHOLE.licenses.effective, expression="MIT AND NOASSERTION", family="unknown")
    cut = replace(WHOLE.licenses, chain_complete=False)

    assert states(replace(WHOLE, licenses=cut), *asked) == ["unknown"] * 2
    assert states(replace(WHOLE, licenses=replace(WHOLE.licenses, effective=mixed)), *asked) == ["unknown"] * 2
