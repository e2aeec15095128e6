"""An audit in one row: made of the finished document, or of what was concluded where no document is wanted. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openness_audit.document.parts import declared_doc, not_checked
from openness_audit.document.undecided import is_undecided
from openness_audit.model.row import AncestorRow, BaseRow, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.judge import Judgement
    from openness_audit.model.assessment import Evaluation, Finding
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_findings import FindingDoc
    from openness_audit.model.audit_licenses import ChainDoc
    from openness_audit.model.audit_origins import ParentDoc
    from openness_audit.model.audit_verdict import CriterionDoc
    from openness_audit.model.chain import Chain, Link
    from openness_audit.model.facts import Facts
    from openness_audit.model.facts_origins import Parent
    from openness_audit.model.rules import Rule
    from openness_audit.scoring import Criterion


def row_of(audit: Audit) -> Row:
    """Give the row of a finished audit."""
    subject, verdict, licenses = audit.subject, audit.verdict, audit.licenses
    status = _levels(audit.criteria)
    ancestors, unresolved = _above(licenses.chain)
    return Row(
        model=subject.id,
        revision=subject.revision,
        sha=subject.sha,
        last_modified=subject.last_modified,
        library=subject.library,
        pipeline_tag=subject.pipeline_tag,
        class_=verdict.class_,
        terms=verdict.terms,
        extent=verdict.extent,
        gated=verdict.gated,
        osaid=verdict.osaid,
        score=audit.score.value,
        score_low=audit.score.low,
        score_high=audit.score.high,
        coverage=audit.score.coverage,
        **status,
        sentence=verdict.sentence,
        components={c.id: c.availability for c in audit.components},
        license_declared=licenses.declared.expression,
        license_declared_family=licenses.declared.family,
        license=licenses.own.expression,
        license_family=licenses.own.family,
        license_effective=licenses.effective.expression,
        license_effective_family=licenses.effective.family,
        bases=_bases(audit.lineage.parents),
        ancestors=ancestors,
        unresolved=unresolved,
        undecided=tuple(row.rule for row in audit.undecided),
        errors=_rules(audit.findings, "error"),
        warnings=_rules(audit.findings, "warning"),
        notes=_rules(audit.findings, "note"),
        not_checked=len(audit.not_checked),
        causes=tuple(sorted({row.code for row in audit.not_checked})),
    )


def row_without_document(
    facts: Facts, rules: tuple[Rule, ...], found: Evaluation, judgement: Judgement, chain: Chain
) -> Row:
    """Give the same row as `row_of` would of the document that was never built, where no base model was read in full.

    Args:
        facts: what was read.
        rules: the rules that were applied.
        found: their assessments and findings.
        judgement: what was concluded.
        chain: the terms that apply.
    """
    subject, own, left = facts.subject, facts.licenses.own, chain.effective
    status = _levels(judgement.criteria)
    ancestors, unresolved = _above(chain.links)
    unseen = not_checked(facts, found)
    declared = declared_doc(facts.licenses)
    return Row(
        model=subject.id,
        revision=subject.revision,
        sha=subject.sha,
        last_modified=subject.last_modified,
        library=subject.library,
        pipeline_tag=subject.pipeline_tag,
        class_=judgement.class_,
        terms=judgement.terms,
        extent=judgement.extent,
        gated=None if subject.gated is None else bool(subject.gated),
        osaid=judgement.osaid,
        score=judgement.score.value,
        score_low=judgement.score.low,
        score_high=judgement.score.high,
        coverage=judgement.score.coverage,
        **status,
        sentence=judgement.sentence,
        components={
            rule.component or rule.id: found.assessments[rule.id].availability
            for rule in sorted(rules, key=lambda r: r.id)
            if rule.kind == "component"
        },
        license_declared=declared.expression,
        license_declared_family=declared.family,
        license=own.expression,
        license_family=own.family,
        license_effective=left.expression,
        license_effective_family=left.family,
        bases=_bases(facts.lineage.parents),
        ancestors=ancestors,
        unresolved=unresolved,
        undecided=_undecided(rules, found),
        errors=_rules(found.findings, "error"),
        warnings=_rules(found.findings, "warning"),
        notes=_rules(found.findings, "note"),
        not_checked=len(unseen),
        causes=tuple(sorted({row.code for row in unseen})),
    )


def _levels(criteria: Iterable[Criterion | CriterionDoc]) -> dict[str, Any]:
    return {c.id.replace("-", "_"): c.status for c in criteria}


def _bases(parents: Iterable[Parent | ParentDoc]) -> tuple[BaseRow, ...]:
    return tuple(BaseRow(id=p.id, name=p.name, relation=p.relation) for p in parents)


def _above(links: Iterable[Link | ChainDoc]) -> tuple[tuple[AncestorRow, ...], tuple[str, ...]]:
    """Give the models up the chain, and the ids of those whose terms are not known."""
    above = sorted((link for link in links if len(link.path) > 1), key=lambda link: link.id)
    found = tuple(AncestorRow(id=link.id, license=link.expression, family=link.family) for link in above)
    return found, tuple(link.id for link in above if link.how == "unknown")


def _rules(findings: Iterable[Finding | FindingDoc], severity: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.rule for f in findings if f.severity == severity))


def _undecided(rules: tuple[Rule, ...], found: Evaluation) -> tuple[str, ...]:
    """Name the rules whose finding could not be ruled out, as the document does."""
    return tuple(rule.id for rule in sorted(rules, key=lambda r: r.id) if is_undecided(rule, found))
