"""Waivers: when they hold, why they do not, and that nothing waived is hidden."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from audit_sample import AUDIT, SHA
from openness_audit import exits
from openness_audit.model.audit import Audit
from openness_audit.model.audit_policy import PolicyDoc
from openness_audit.model.policy import Policy, Waiver
from openness_audit.policy.apply import apply
from openness_audit.policy.digests import license_digest
from policy_kit import AS_OF, judged, policy

CLAUSES = "name: x\nclauses:\n  low: {check: score, at-least: 90}\n  found: {check: findings, at-most: warning}\n"
ERROR = next(f for f in AUDIT.findings if f.severity == "error")


def waiver(**changes: object) -> Waiver:
    values: dict[str, object] = {
        "model": "acme/tern-7b",
        "clause": "low",
        "reason": "accepted-risk",
        "text": "known",
        "approver": "J. Doe",
        "granted": date(2026, 11, 1),
        "expires": date(2027, 1, 1),
        "commit": SHA,
        "license_digest": license_digest(AUDIT),
    }
    return Waiver(**values | changes)  # type: ignore[arg-type]  # a test's own values


def by(*waivers: Waiver) -> Policy:
    return replace(policy(CLAUSES), waivers=waivers)


def met(found: PolicyDoc) -> dict[str, str]:
    return {row.id: row.met for row in found.clauses}


def why(found: PolicyDoc) -> list[tuple[str, str]]:
    return [(void.on, void.why) for void in found.void_waivers]


def test_a_waived_clause_keeps_its_words_and_blocks_nothing() -> None:
    bare, found = judged(AUDIT, by()), judged(AUDIT, by(waiver(ticket="T-1")))

    assert met(bare) == {"low": "violated", "found": "violated"}
    assert met(found) == {"low": "waived", "found": "violated"}
    (before, _), (after, _) = bare.clauses, found.clauses
    assert (after.why, after.evidence) == (before.why, before.evidence)
    assert after.waiver is not None
    assert (after.waiver.approver, after.waiver.ticket, after.waiver.expires) == ("J. Doe", "T-1", "2027-01-01")


@pytest.mark.parametrize("name", [ERROR.id, ERROR.rule, ERROR.fingerprint])
def test_a_waived_finding_is_shown_counted_and_blocks_nothing(name: str) -> None:
    audit = apply(AUDIT, by(waiver(), waiver(clause=None, finding=name)), AS_OF)

    found = audit.verdict.policy
    assert found is not None
    assert (met(found), found.result) == ({"low": "waived", "found": "met"}, "met")
    assert found.clauses[1].why == "none found, 1 waived (asked: nothing graver than warning)"
    assert found.clauses[1].evidence == ERROR.evidence
    assert [f.id for f in audit.findings] == [f.id for f in AUDIT.findings]
    assert [f.waiver is not None for f in audit.findings] == [f.id == ERROR.id for f in audit.findings]
    assert exits.of_audit(audit)[0] == exits.AUDITED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"expires": date(2026, 11, 20)}, ["it expired on 2026-11-20"]),
        ({"granted": date(2026, 11, 22)}, ["it is granted from 2026-11-22, which is after 2026-11-21"]),
        ({"commit": "f" * 40}, ["it is for commit ffffffffffff, and this is 0123456789ab"]),
        (
            {"license_digest": "sha256:" + "0" * 64},
            ["the licence texts and tag that were read are not those it was granted for"],
        ),
        ({"granted": date(2025, 1, 1)}, ["it runs for more than 365 days"]),
        (
            {"expires": date(2026, 11, 2), "commit": "f" * 40},
            ["it expired on 2026-11-02", "it is for commit ffffffffffff, and this is 0123456789ab"],
        ),
    ],
)
def test_a_void_waiver_helps_nothing_and_every_reason_is_said(changes: dict[str, object], said: list[str]) -> None:
    found = judged(AUDIT, by(waiver(**changes)))

    assert met(found)["low"] == "violated"
    assert why(found) == [("clause low", "; ".join(said))]


def test_the_last_day_counts() -> None:
    assert met(judged(AUDIT, by(waiver(expires=AS_OF))))["low"] == "waived"
    assert met(judged(AUDIT, by(waiver(granted=AS_OF))))["low"] == "waived"


def test_the_day_that_is_judged_decides() -> None:
    found = judged(AUDIT, by(waiver()), date(2027, 1, 2))

    assert why(found) == [("clause low", "it expired on 2027-01-01")]


def changed_text() -> Audit:
    texts = tuple(replace(t, sha256="0" * 64) for t in AUDIT.licenses.texts)
    return replace(AUDIT, licenses=replace(AUDIT.licenses, texts=texts))


def renamed_tag() -> Audit:
    return replace(AUDIT, licenses=replace(AUDIT.licenses, declared=replace(AUDIT.licenses.declared, raw=("llama2",))))


def without_text() -> Audit:
    return replace(AUDIT, licenses=replace(AUDIT.licenses, texts=()))


@pytest.mark.parametrize("audit", [changed_text(), renamed_tag(), without_text()])
def test_another_licence_voids_a_waiver(audit: Audit) -> None:
    assert "are not those" in why(judged(audit, by(waiver())))[0][1]


def test_a_folder_has_no_commit_to_waive() -> None:
    folder = replace(AUDIT, subject=replace(AUDIT.subject, kind="directory", sha=None))

    assert "has no commit" in why(judged(folder, by(waiver())))[0][1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((waiver(clause="other"),), [("clause other", "not needed: the policy has no such clause for this model")]),
        (
            (waiver(clause=None, finding="no-card"),),
            [("finding no-card", "not needed: the audit has no such finding, or another waiver covers it")],
        ),
        (
            (waiver(), waiver(approver="Another")),
            [("clause low", "not needed: another waiver covers the same clause")],
        ),
        ((waiver(model="acme/other"),), []),
        ((waiver(model="ACME/Tern-7B"),), []),
    ],
)
def test_waivers_that_nothing_needs_are_said(given: tuple[Waiver, ...], said: list[tuple[str, str]]) -> None:
    assert why(judged(AUDIT, by(*given))) == said


def test_a_waiver_of_a_clause_that_is_met_is_not_needed() -> None:
    easy = policy("name: x\nclauses: {low: {check: score, at-least: 0}}\n")

    found = judged(AUDIT, replace(easy, waivers=(waiver(),)))

    assert (met(found), why(found)) == ({"low": "met"}, [("clause low", "not needed: the clause is met")])


def test_judging_again_forgets_the_earlier_result() -> None:
    once = apply(AUDIT, by(waiver(), waiver(clause=None, finding=ERROR.rule)), AS_OF)

    assert apply(once, by(), AS_OF) == apply(AUDIT, by(), AS_OF)


def test_the_digest_is_of_texts_and_tag_alone() -> None:
    other = replace(AUDIT, as_of="2030-01-01", findings=(), licenses=replace(AUDIT.licenses, obligations=()))

    assert license_digest(other) == license_digest(AUDIT)
    assert license_digest(AUDIT).startswith("sha256:")
