"""Facts, evaluation and judgement -> the audit document. Pure: run data and the date are arguments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from msgspec import Struct

from openness_audit.ancestors import Ancestor
from openness_audit.document.causes import unknown_docs
from openness_audit.document.claims import claim_docs, fixes_doc
from openness_audit.document.disclosures import disclosures_doc
from openness_audit.document.lineage import lineage_doc
from openness_audit.document.parts import (
    code_doc,
    data_doc,
    file_docs,
    license_docs,
    not_checked,
    subject_doc,
)
from openness_audit.document.undecided import causes_of, is_undecided
from openness_audit.judge import Judgement
from openness_audit.model.assessment import Assessment, Evaluation, Finding
from openness_audit.model.audit import SCHEMA_ID, Audit, EvidenceDoc, RunDoc, Tool
from openness_audit.model.audit_components import AssessmentDoc, ComponentDoc, ComponentLicense, TrialDoc
from openness_audit.model.audit_findings import FindingDoc, RemediationDoc, UndecidedDoc
from openness_audit.model.audit_verdict import CriterionDoc, ScoreDoc, VerdictDoc
from openness_audit.model.capture import Listing
from openness_audit.model.chain import Chain
from openness_audit.model.evidence import STRENGTHS, Place, Strength
from openness_audit.model.facts import Facts
from openness_audit.model.fixes import Fixes
from openness_audit.model.rules import Rule
from openness_audit.scoring import SHARE, TITLES, WEIGHT

MOST_EVIDENCE = 12  # citations kept per assessment: the rest repeats (a card may name a thing a thousand times)


def evidence_id(place: Place) -> str:
    """Derive a citation's id from what and where it is, not from when or how it was fetched."""
    parts = (
        place.kind,
        place.repo,
        place.sha,
        place.path,
        place.url,
        place.line,
        place.line_end,
        place.excerpt,
        place.sha256,
    )
    return "e-" + hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:12]


class Citations:
    """Gathers the citations an audit uses, each once, with the greatest strength it was used at."""

    def __init__(self) -> None:
        """Start empty."""
        self._found: dict[str, tuple[Place, Strength]] = {}

    def cite(self, places: Iterable[Place], strength: Strength = "none") -> tuple[str, ...]:
        """Keep the first of `places` and give their ids."""
        ids = []
        for place in list(dict.fromkeys(places))[:MOST_EVIDENCE]:
            key = evidence_id(place)
            held = self._found.get(key)
            best = strength if held is None or STRENGTHS[strength] > STRENGTHS[held[1]] else held[1]
            self._found[key] = (place, best)
            ids.append(key)
        return tuple(dict.fromkeys(ids))

    def documents(self) -> tuple[EvidenceDoc, ...]:
        """Give all citations, sorted by place."""
        rows = sorted(self._found.items(), key=lambda i: (i[1][0].repo, i[1][0].path or "", i[1][0].line or 0, i[0]))
        return tuple(
            EvidenceDoc(
                id=key,
                kind=place.kind,
                repo=place.repo,
                sha=place.sha,
                path=place.path,
                url=place.url,
                line=place.line,
                line_end=place.line_end,
                excerpt=place.excerpt,
                sha256=place.sha256,
                text_kind=place.text_kind,
                strength=strength,
                retrieved_at=place.retrieved_at,
                from_cache=place.from_cache,
            )
            for key, (place, strength) in rows
        )


def _criteria(judgement: Judgement, cites: Citations) -> tuple[CriterionDoc, ...]:
    return tuple(
        CriterionDoc(
            id=c.id,
            title=TITLES[c.id],
            status=c.status,
            points_low=WEIGHT * SHARE[c.bounds.low] if c.bounds else 0.0,
            points_high=WEIGHT * SHARE[c.bounds.high] if c.bounds else 0.0,
            weight=WEIGHT if c.bounds else 0,
            strength=c.strength,
            why=c.why,
            short=c.short,
            assessments=c.rules,
            evidence=cites.cite(c.places, c.strength),
        )
        for c in judgement.criteria
    )


_STAGES = {"pretraining-data": "pretraining", "finetuning-data": "finetuning"}


def _component(rule: Rule, found: Assessment, facts: Facts, cites: Citations) -> ComponentDoc:
    own = facts.licenses.own
    covered = found.bounds is not None and found.bounds.high != "closed" and rule.component == "weights"
    return ComponentDoc(
        id=rule.component or rule.id,
        availability=found.availability,
        at_least=found.bounds.low if found.bounds else None,
        at_most=found.bounds.high if found.bounds else None,
        stage=_STAGES.get(rule.id),
        strength=found.strength,
        inherited_from=found.inherited_from,
        licenses=(
            ComponentLicense(expression=own.expression, family=own.family, scope="model", declared_by=facts.subject.id),
        )
        if covered
        else (),
        why=found.why,
        short=found.short,
        evidence=cites.cite(found.places, found.strength),
        unknown=unknown_docs(found.causes),
        searched=found.searched,
    )


def _finding(found: Finding, cites: Citations) -> FindingDoc:
    evidence = cites.cite(found.places)
    print_of = f"{found.rule}\0{found.key}\0{found.message}"
    return FindingDoc(
        id=found.rule if found.key in ("0", "closed", "partial") else f"{found.rule}/{found.key}",
        fingerprint=hashlib.sha256(print_of.encode("utf-8", "replace")).hexdigest()[:16],
        rule=found.rule,
        severity=found.severity,
        confidence=found.confidence,
        title=found.title,
        message=found.message,
        component=found.component,
        remediation=RemediationDoc(
            text=found.remediation.text, effort=found.remediation.effort, patch=found.remediation.patch
        ),
        evidence=evidence,
    )


def _verdict(facts: Facts, judgement: Judgement) -> VerdictDoc:
    return VerdictDoc(
        class_=judgement.class_,
        terms=judgement.terms,
        extent=judgement.extent,
        gated=None if facts.subject.gated is None else bool(facts.subject.gated),
        osaid=judgement.osaid,
        sentence=judgement.sentence,
    )


def _score(judgement: Judgement) -> ScoreDoc:
    return ScoreDoc(
        value=judgement.score.value,
        low=judgement.score.low,
        high=judgement.score.high,
        coverage=judgement.score.coverage,
        if_fixed=judgement.if_fixed,
    )


def _assessment(found: Assessment, cites: Citations) -> AssessmentDoc:
    return AssessmentDoc(
        rule=found.rule,
        outcome=found.availability,
        strength=found.strength,
        evidence=cites.cite(found.places, found.strength),
        searched=found.searched,
        unknown=unknown_docs(found.causes),
        trials=tuple(
            TrialDoc(kind=t.kind, check=t.check, gives=t.gives, answer=t.answer, why=t.why) for t in found.trials
        ),
    )


def _undecided(rules: Iterable[Rule], found: Evaluation) -> tuple[UndecidedDoc, ...]:
    """List the findings that could not be ruled out: of rules that could not look, and of gaps nobody can tell."""
    return tuple(
        UndecidedDoc(
            rule=rule.id,
            severity=rule.severity,
            confidence=rule.confidence,
            component=rule.component,
            unknown=unknown_docs(causes_of(rule, found)),
        )
        for rule in sorted(rules, key=lambda r: r.id)
        if is_undecided(rule, found)
    )


class Context(Struct, frozen=True, kw_only=True):
    """What the document says beside facts and judgement."""

    tool: Tool
    as_of: str
    run: RunDoc
    listing: Listing | None = None
    ancestors: Mapping[str, Ancestor] = {}
    chain: Chain | None = None
    fixes: Fixes | None = None


def build(facts: Facts, rules: tuple[Rule, ...], found: Evaluation, judgement: Judgement, context: Context) -> Audit:
    """Put the audit document together; everything in it is sorted, and cites by id.

    Args:
        facts: what was read.
        rules: the rules that were applied.
        found: their assessments and findings.
        judgement: what was concluded.
        context: tool, date and run data.

    Returns:
        The document of DESIGN 5.2.
    """
    cites = Citations()
    components = [rule for rule in sorted(rules, key=lambda r: r.id) if rule.kind == "component"]
    return Audit(
        schema=SCHEMA_ID,
        tool=context.tool,
        as_of=context.as_of,
        subject=subject_doc(facts),
        verdict=_verdict(facts, judgement),
        score=_score(judgement),
        criteria=_criteria(judgement, cites),
        components=tuple(_component(rule, found.assessments[rule.id], facts, cites) for rule in components),
        assessments=tuple(_assessment(a, cites) for a in found.assessments.values()),
        findings=tuple(_finding(f, cites) for f in found.findings),
        undecided=_undecided(rules, found),
        claims=claim_docs(facts, cites.cite),
        fixes=fixes_doc(context.fixes, cites.cite) if context.fixes else None,
        licenses=license_docs(facts, cites.cite, context.chain),
        lineage=lineage_doc(facts, context.ancestors, cites.cite, context.chain),
        training_data=data_doc(facts, cites.cite),
        code_repositories=code_doc(facts, cites.cite),
        disclosures=disclosures_doc(facts, cites.cite),
        files=file_docs(facts, context.listing),
        evidence=cites.documents(),
        not_checked=not_checked(facts, found, context.ancestors),
        run=context.run,
        profiles=judgement.profiles,
        disagreements=judgement.disagreements,
    )
