"""Clauses one by one: what each says of the sample, and of licences that are expressions."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from audit_sample import AUDIT
from openness_audit.model.audit import Audit
from openness_audit.model.audit_licenses import ResolvedLicense
from openness_audit.policy.licenses import alternatives
from policy_kit import clause

ALONE = replace(
    AUDIT, licenses=replace(AUDIT.licenses, chain=AUDIT.licenses.chain[:1], chain_complete=True, obligations=())
)


def under(expression: str, family: str, audit: Audit = ALONE) -> Audit:
    one = ResolvedLicense(expression=expression, family=family, why="made up")
    return replace(audit, licenses=replace(audit.licenses, own=one, effective=one))


@pytest.mark.parametrize(
    ("text", "state", "why"),
    [
        ("check: score, at-least: 30", "met", "score 50 to 60 of 100 (asked: at least 30)"),
        ("check: score, at-least: 55", "unknown", "score 50 to 60 of 100 (asked: at least 55): not determined"),
        ("check: score, at-least: 61", "violated", "score 50 to 60 of 100 (asked: at least 61)"),
        ("check: coverage, at-least: 0.8", "met", "4 of 5 criteria known, 80% (asked: at least 80%)"),
        ("check: coverage, at-least: 0.9", "unknown", "4 of 5 criteria known"),
        ("check: component, component: weights, at-least: open", "met", "weights open (asked: open)"),
        ("check: component, component: data, at-least: open", "violated", "data partial (asked: open)"),
        ("check: component, component: evaluation-code, at-least: partial", "met", "evaluation-code partial to open"),
        ("check: component, component: evaluation-code, at-least: open", "unknown", "evaluation-code partial to open"),
        ("check: component, component: finetuning-data, at-least: open", "met", "finetuning-data does not apply"),
        (
            "check: component, component: finetuning-data, at-least: open, not-applicable: refuse",
            "violated",
            "finetuning-data does not apply",
        ),
        ("check: component, component: checkpoints, at-least: open", "unknown", "checkpoints not in this audit"),
        ("check: use, use: serve", "violated", "serve as a product not allowed (asked: allowed, conditions or not)"),
        ("check: use, use: redistribute", "met", "redistribute the weights allowed under conditions"),
        ("check: use, use: redistribute, verdict: allowed", "violated", "redistribute the weights allowed under"),
        ("check: use, use: train-on-outputs", "unknown", "train on its outputs not determined"),
        ("check: obligation, deny: [user-threshold]", "violated", "user-threshold (asked: not user-threshold)"),
        ("check: obligation, deny: [user-threshold], conditional: accept", "unknown", "none found, not all terms read"),
        ("check: obligation, deny: [use-restrictions], conditional: accept", "violated", "use-restrictions"),
        ("check: obligation, deny: [royalty]", "unknown", "none found, not all terms read"),
        (
            "check: findings, at-most: warning",
            "violated",
            "1 finding (asked: nothing graver than warning): error tag-text",
        ),
        ("check: findings, at-most: note, confidence: high", "violated", "2 findings (asked: nothing graver than note"),
        ("check: findings, deny: [no-card]", "met", "none found (asked: no finding no-card)"),
        ("check: gated, allow: [none]", "met", "gate: none (asked: none)"),
        ("check: pinned", "violated", "revision main (asked: a full commit id): it is at"),
        ("check: license-family, of: own, allow: [behavioural-use]", "met", "own licence LicenseRef-tern"),
        ("check: license-family, deny: [proprietary]", "unknown", "licence "),
    ],
)
def test_the_sample(text: str, state: str, why: str) -> None:
    row = clause(AUDIT, text)

    assert (row.met, row.why[: len(why)]) == (state, why)
    assert set(row.evidence) <= {e.id for e in AUDIT.evidence}


@pytest.mark.parametrize(
    ("expression", "family", "text", "state"),
    [
        ("MIT", "osi", "allow: [MIT]", "met"),
        ("MIT", "osi", "allow: [Apache-2.0]", "violated"),
        ("MIT", "osi", "deny: [Apache-2.0]", "met"),
        ("mit", "osi", "allow: [MIT]", "met"),
        ("MIT OR GPL-3.0-only", "osi", "allow: [MIT]", "met"),
        ("MIT AND GPL-3.0-only", "osi", "allow: [MIT]", "violated"),
        ("MIT AND GPL-3.0-only", "osi", "deny: [GPL-*]", "violated"),
        ("MIT OR GPL-3.0-only", "osi", "deny: [GPL-*]", "met"),
        ("(MIT OR Apache-2.0) AND CC-BY-4.0", "open-data", 'allow: [Apache-2.0, "CC-BY-*"]', "met"),
        ("(MIT OR Apache-2.0) AND CC-BY-4.0", "open-data", "allow: [MIT, Apache-2.0]", "violated"),
        ("GPL-2.0-or-later", "osi", "allow: [GPL-2.0-only]", "met"),
        ("GPL-2.0-only", "osi", "allow: [GPL-2.0-or-later]", "violated"),
        ("GPL-3.0-or-later", "osi", "deny: [GPL-3.0-only]", "violated"),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", "osi", "deny: [GPL-3.0-only]", "violated"),
        ("GPL-3.0-only", "osi", "deny: [GPL-3.0-or-later]", "met"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "osi", "allow: [GPL-2.0-only]", "met"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "osi", "deny: [GPL-2.0-only]", "violated"),
        ("GPL-2.0-only WITH Acme-exception", "unknown", "allow: [GPL-2.0-only]", "unknown"),
        ("GPL-2.0-only", "osi", "allow: [GPL-2.0-only WITH Classpath-exception-2.0]", "violated"),
        ("LicenseRef-acme", "unknown", "allow: [MIT]", "violated"),
        ("LicenseRef-acme", "unknown", "allow: [LicenseRef-acme]", "met"),
        ("LicenseRef-acme", "unknown", "deny: [MIT]", "unknown"),
        ("LicenseRef-hf-gpl", "osi", "allow: [GPL-3.0-only]", "unknown"),
        ("LicenseRef-hf-gpl", "osi", "deny: [GPL-3.0-only]", "unknown"),
        ("LicenseRef-hf-gpl", "osi", 'deny: ["*gpl*"]', "violated"),
        ("LicenseRef-hf-llama2", "community", "deny: [MIT]", "met"),
        ("NOASSERTION", "unknown", "allow: [MIT]", "unknown"),
        ("NOASSERTION", "community", "deny: [MIT]", "unknown"),
        ("NOASSERTION OR MIT", "osi", "allow: [MIT]", "met"),
        ("NONE", "none-declared", "allow: [MIT]", "violated"),
        ("NONE", "none-declared", "deny: [MIT]", "violated"),
        ("NONE", "none-declared", "allow: [NONE]", "met"),
        ("MIT", "none-declared", "allow: [MIT]", "violated"),  # upstream grants it, and nobody what was changed here
        ("MIT", "unknown", "allow: [MIT]", "unknown"),  # further terms may bind
        ("MIT OR", "osi", "allow: [MIT]", "unknown"),
        ("MIT AND (Apache-2.0", "osi", "allow: [MIT, Apache-2.0]", "unknown"),
        (" OR ".join(f"MIT AND LicenseRef-{n}" for n in range(40)), "osi", "allow: [MIT]", "unknown"),
    ],
)
def test_expressions(expression: str, family: str, text: str, state: str) -> None:
    assert clause(under(expression, family), f"check: license, of: own, {text}").met == state


@pytest.mark.parametrize(
    ("expression", "family", "text", "state"),
    [
        ("MIT", "osi", "allow: [osi]", "met"),
        ("MIT", "osi", "deny: [community]", "met"),
        ("LicenseRef-acme", "community", "allow: [community]", "met"),
        ("NOASSERTION", "non-commercial", "deny: [non-commercial]", "violated"),
        ("NOASSERTION", "unknown", "deny: [non-commercial]", "unknown"),
        ("NONE", "none-declared", "deny: [non-commercial]", "violated"),
        ("NONE", "none-declared", "allow: [none-declared]", "met"),
        ("MIT", "none-declared", "allow: [osi]", "violated"),
        ("MIT", "unknown", "allow: [osi]", "unknown"),
        ("MIT AND CC-BY-NC-4.0", "non-commercial", "allow: [osi]", "violated"),
        ("LicenseRef-hf-llama2 AND CC-BY-NC-4.0", "non-commercial", "deny: [community]", "violated"),
        ("MIT OR CC-BY-NC-4.0", "osi", "deny: [non-commercial]", "met"),
        ("LicenseRef-hf-llama2 OR CC-BY-NC-4.0", "community", "allow: [non-commercial]", "met"),
        ("GPL-2.0-only WITH Acme-exception", "unknown", "allow: [osi]", "unknown"),
    ],
)
def test_families(expression: str, family: str, text: str, state: str) -> None:
    assert clause(under(expression, family), f"check: license-family, of: own, {text}").met == state


@pytest.mark.parametrize("how", ["unknown", "none"])
def test_a_base_model_whose_terms_nobody_knows_keeps_a_licence_from_being_met(how: str) -> None:
    first, base, _ = AUDIT.licenses.chain
    above = replace(base, expression="NOASSERTION", family="unknown", how=how)
    audit = under("LicenseRef-hf-openrail", "behavioural-use")
    audit = replace(audit, licenses=replace(audit.licenses, chain=(first, above)))

    assert clause(audit, "check: license-family, deny: [non-commercial]").met == "unknown"
    assert clause(audit, "check: license-family, of: own, deny: [non-commercial]").met == "met"
    assert clause(audit, "check: license, allow: [LicenseRef-hf-openrail]").met == "unknown"
    assert clause(audit, "check: license-family, allow: [osi]").met == "violated"


@pytest.mark.parametrize(
    ("relation", "state"), [("adapter", "violated"), ("finetune", "violated"), ("quantized", "met")]
)
def test_terms_of_a_base_model_grant_nothing_that_was_changed_here(relation: str, state: str) -> None:
    first, base, _ = AUDIT.licenses.chain
    above = replace(base, expression="LicenseRef-hf-llama2", family="community", how="declared", relations=(relation,))
    audit = under("NONE", "none-declared")
    left = ResolvedLicense(
        expression="LicenseRef-hf-llama2", family="community", why="upstream terms apply", inherited_from=base.id
    )
    audit = replace(audit, licenses=replace(audit.licenses, effective=left, chain=(first, above)))

    assert clause(audit, "check: license-family, allow: [community]").met == state
    assert clause(audit, "check: license, allow: [LicenseRef-hf-llama2]").met == state


@pytest.mark.parametrize(
    ("expression", "state"),
    [
        ("MIT OR GPL-3.0-only", "met"),
        ("MIT AND GPL-3.0-only", "violated"),
        ("GPL-3.0-only", "violated"),
        ("(MIT AND GPL-3.0-only) OR GPL-3.0-only", "violated"),
    ],
)
def test_an_obligation_of_a_licence_that_need_not_be_chosen_does_not_arise(expression: str, state: str) -> None:
    audit = under(expression, "osi")
    first = replace(audit.licenses.chain[0], expression=expression, how="declared")
    duty = replace(AUDIT.licenses.obligations[0], id="share-alike", license="GPL-3.0-only", source=first.id)
    audit = replace(audit, licenses=replace(audit.licenses, chain=(first,), obligations=(duty,)))

    assert clause(audit, "check: obligation, deny: [share-alike]").met == state


def test_without_a_licence_nobody_can_say_what_it_asks() -> None:
    assert clause(under("NONE", "none-declared"), "check: obligation, deny: [royalty]").met == "unknown"
    assert clause(under("MIT", "osi"), "check: obligation, deny: [royalty]").met == "met"


@pytest.mark.parametrize(
    ("revision", "sha", "state"),
    [
        ("0123456789abcdef0123456789abcdef01234567", "0123456789abcdef0123456789abcdef01234567", "met"),
        ("main", "0123456789abcdef0123456789abcdef01234567", "violated"),
        ("0123456", "0123456789abcdef0123456789abcdef01234567", "violated"),
        (None, "0123456789abcdef0123456789abcdef01234567", "violated"),
    ],
)
def test_pinned(revision: str | None, sha: str, state: str) -> None:
    audit = replace(AUDIT, subject=replace(AUDIT.subject, revision=revision, sha=sha))

    assert clause(audit, "check: pinned").met == state


@pytest.mark.parametrize(
    ("gate", "allow", "state"),
    [
        (False, "none", "met"),
        ("auto", "none", "violated"),
        ("manual", "auto, manual", "met"),
        (None, "none", "unknown"),
    ],
)
def test_gates(gate: str | None, allow: str, state: str) -> None:
    audit = replace(AUDIT, subject=replace(AUDIT.subject, gated=gate))

    assert clause(audit, f"check: gated, allow: [{allow}]").met == state


def test_the_extent_is_judged_by_all_it_can_be() -> None:
    criteria = tuple(
        replace(c, status="open", points_low=20.0, points_high=20.0, weight=20)
        for c in AUDIT.criteria
        if c.id != "data"
    )
    data = replace(AUDIT.criteria[0], status="unknown", points_low=10.0, points_high=20.0, weight=20)
    audit = replace(AUDIT, criteria=(data, *criteria), verdict=replace(AUDIT.verdict, extent="partly-reproducible"))

    assert clause(audit, "check: class, extents: [reproducible]").met == "unknown"
    assert clause(audit, "check: class, extents: [reproducible, partly-reproducible]").met == "met"
    assert clause(audit, "check: class, extents: [weights-only]").met == "violated"


def test_alternatives_of_an_expression() -> None:
    found = alternatives("(MIT OR Apache-2.0) AND GPL-2.0-only WITH GCC-exception-2.0 OR 0BSD")

    assert found is not None
    assert [[one.name for one in way] for way in found] == [
        ["MIT", "GPL-2.0-only WITH GCC-exception-2.0"],
        ["Apache-2.0", "GPL-2.0-only WITH GCC-exception-2.0"],
        ["0BSD"],
    ]
    assert alternatives("(" * 70) is None
