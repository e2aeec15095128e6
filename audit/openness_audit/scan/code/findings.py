"""Findings about how code names a model: by rules of their own (`rules/scan/`), put into the model's audit; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import msgspec

from openness_audit.model.audit import Audit, EvidenceDoc
from openness_audit.model.audit_findings import FindingDoc, RemediationDoc
from openness_audit.model.rules import Rule
from openness_audit.model.usages import Usage
from openness_audit.packaged import read_as
from openness_audit.scan.code.wanted import Key
from openness_audit.wording import plural

UNPINNED, MOVABLE = "unpinned-model", "movable-revision"
CODE = "code"  # the kind of evidence that stands in the user's own files
SEVERITIES = {"error": 0, "warning": 1, "note": 2}


@cache
def scan_rules() -> tuple[Rule, ...]:
    """Read the rules of a scan. Raises RuleError where a file does not fit."""
    return tuple(read_as(f"scan/{name}.yaml", Rule) for name in (MOVABLE, UNPINNED))


def found_in(key: Key, usages: Sequence[Usage]) -> tuple[tuple[Rule, FindingDoc, tuple[Usage, ...]], ...]:
    """Judge how a model is named.

    Args:
        key: the model at one revision.
        usages: the places that name it so.

    Returns:
        Each finding with its rule and its places; none for a full commit id, and none where a revision is given that
        cannot be worked out.
    """
    made = []
    for rule in scan_rules():
        held = tuple(u for u in usages if u.pinned == ("no" if rule.id == UNPINNED else "branch-or-tag"))
        if held:
            made.append((rule, _finding(rule, key, held), held))
    return tuple(made)


def _finding(rule: Rule, key: Key, usages: Sequence[Usage]) -> FindingDoc:
    files = len({u.path for u in usages})
    names = f"loaded at {plural(len(usages), 'place')} in {plural(files, 'file')}"
    printed = hashlib.sha256(f"{rule.id}\0{key.text}".encode()).hexdigest()[:16]
    return FindingDoc(
        id=rule.id,
        fingerprint=printed,
        rule=rule.id,
        severity=rule.severity,
        confidence="medium" if all(u.confidence != "high" for u in usages) else rule.confidence,
        title=rule.title,
        message=rule.message.format(names=names, detail=key.revision or ""),
        component=None,
        remediation=RemediationDoc(
            text=rule.remediation.text, effort=rule.remediation.effort, patch=rule.remediation.patch
        ),
        evidence=tuple(dict.fromkeys(_cite(u).id for u in usages)),
    )


def with_findings(audit: Audit, key: Key, usages: Sequence[Usage]) -> Audit:
    """Put the findings about how a model is named into its audit, before a policy judges it."""
    made = found_in(key, usages)
    if not made:
        return audit
    cited = {e.id: e for _, _, held in made for e in map(_cite, held)}
    sha = audit.subject.sha
    findings = [*audit.findings, *(_filled(finding, sha) for _, finding, _ in made)]
    return msgspec.structs.replace(
        audit,
        findings=tuple(sorted(findings, key=lambda f: SEVERITIES[f.severity])),
        evidence=(*audit.evidence, *(cited[name] for name in sorted(cited))),
    )


def _filled(finding: FindingDoc, sha: str | None) -> FindingDoc:
    """Put the commit that was audited into the remediation: it is what to write."""
    if sha is None:
        return finding
    told = finding.remediation
    patch = told.patch.replace("<commit>", sha) if told.patch else None
    return msgspec.structs.replace(
        finding, remediation=RemediationDoc(text=f"{told.text} It is {sha}.", effort=told.effort, patch=patch)
    )


def _cite(usage: Usage) -> EvidenceDoc:
    """Cite a line of the user's own files."""
    parts = "\0".join((CODE, usage.path, str(usage.line), str(usage.column)))
    return EvidenceDoc(
        id="e-" + hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()[:12],
        kind=CODE,
        repo="",
        sha=None,
        path=usage.path,
        url="",
        line=usage.line,
        line_end=None,
        excerpt=None,
        sha256=None,
        text_kind="code",
        strength="verified",
        retrieved_at=None,
        from_cache=False,
    )
