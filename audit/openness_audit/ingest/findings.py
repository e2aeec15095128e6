"""Findings about claims that do not hold: by rules of their own (`rules/ingest/`), put into the model's audit; pure."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from openness_audit.ingest.compare import RULES
from openness_audit.model.audit import Audit, EvidenceDoc
from openness_audit.model.audit_findings import FindingDoc, RemediationDoc
from openness_audit.model.rules import Rule
from openness_audit.packaged import read_as
from openness_audit.scan.code.findings import CODE, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.ingest import BillPlaceDoc, ComparedDoc

MOST_PLACES = 100  # of one finding that are cited; the document of the ingest holds them all
WORDS = {
    "license-declared": "the declared licence",
    "license-concluded": "the concluded licence",
    "license": "the licence",
    "commit": "the commit",
    "file": "a file",
    "base-model": "the base model",
    "dataset": "training data",
}


@cache
def ingest_rules() -> tuple[Rule, ...]:
    """Read the rules about claims. Raises RuleError where a file does not fit."""
    return tuple(read_as(f"ingest/{name}.yaml", Rule) for name in RULES)


@cache
def _by_id() -> dict[str, Rule]:
    return {rule.id: rule for rule in ingest_rules()}


def sentence(row: ComparedDoc) -> str:
    """Say in one sentence what a claim is and what was found."""
    what, found = WORDS[row.about], f"; found {row.found}" if row.found and row.result != "agrees" else ""
    said = f"{what} is given as {row.said}" if row.said else f"{what} is not given"
    return f"{said}{found}: {row.why}"


def found_in(
    model: str, compared: Sequence[tuple[ComparedDoc, str | None]]
) -> tuple[tuple[FindingDoc, ComparedDoc], ...]:
    """Make the findings of one model.

    Args:
        model: the model as its key spells it.
        compared: its claims, each with the rule it breaks.

    Returns:
        The findings, each with the claim it is about.
    """
    return tuple((_finding(_by_id()[rule], model, row), row) for row, rule in compared if rule is not None)


def _finding(rule: Rule, model: str, row: ComparedDoc) -> FindingDoc:
    told = f"{rule.id}\0{model}\0{row.about}\0{row.said}\0{row.found}"
    printed = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]
    cited = [cite(place).id for place in row.places[:MOST_PLACES]]
    return FindingDoc(
        id=rule.id,
        fingerprint=printed,
        rule=rule.id,
        severity=rule.severity,
        confidence=rule.confidence,
        title=rule.title,
        message=sentence(row),
        component=None,
        remediation=RemediationDoc(
            text=rule.remediation.text, effort=rule.remediation.effort, patch=rule.remediation.patch
        ),
        evidence=tuple(dict.fromkeys([*cited, *row.evidence])),
    )


def with_findings(audit: Audit, model: str, compared: Sequence[tuple[ComparedDoc, str | None]]) -> Audit:
    """Put the findings about its claims into a model's audit, before a policy judges it."""
    made = found_in(model, compared)
    if not made:
        return audit
    cited = {e.id: e for _, row in made for e in map(cite, row.places[:MOST_PLACES])}
    findings = [*audit.findings, *(finding for finding, _ in made)]
    return msgspec.structs.replace(
        audit,
        findings=tuple(sorted(findings, key=lambda f: SEVERITIES[f.severity])),
        evidence=(*audit.evidence, *(cited[name] for name in sorted(cited))),
    )


def cite(place: BillPlaceDoc) -> EvidenceDoc:
    """Cite a line of the user's own document."""
    parts = f"{CODE}\0{place.path}\0{place.pointer}"
    return EvidenceDoc(
        id="e-" + hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()[:12],
        kind=CODE,
        repo="",
        sha=None,
        path=place.path,
        url="",
        line=place.line,
        line_end=None,
        excerpt=None,
        sha256=None,
        text_kind="json",
        strength="verified",
        retrieved_at=None,
        from_cache=False,
    )
