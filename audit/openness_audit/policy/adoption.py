"""Clauses on what adopting the model means: uses, obligations, findings, the gate, the pinned commit."""

from __future__ import annotations

import re

from openness_audit.licenses.clauses import vocabulary
from openness_audit.model.audit import Audit
from openness_audit.model.audit_findings import FindingDoc
from openness_audit.model.audit_licenses import ObligationDoc
from openness_audit.model.policy import FindingClause, GatedClause, ObligationClause, PinnedClause, UseClause
from openness_audit.model.rules import Confidence, Severity
from openness_audit.policy.licenses import alternatives, license_evidence
from openness_audit.policy.outcome import Outcome, counted, met, named, said, unknown, violated
from openness_audit.policy.unread import not_read

__all__ = ["findings", "gated", "obligation", "pinned", "use"]

_COMMIT = re.compile(r"[0-9a-f]{40}")
_SEVERITY: dict[Severity | str, int] = {"none": 0, "note": 1, "warning": 2, "error": 3}
_CONFIDENCE: dict[Confidence, int] = {"low": 0, "medium": 1, "high": 2}
_VERDICTS = {
    "allowed": "allowed",
    "conditions": "allowed under conditions",
    "not-allowed": "not allowed",
    "not-determined": "not determined",
}


def use(clause: UseClause, audit: Audit) -> Outcome:
    """Judge whether the licence allows a use."""
    title = next((u.title.lower() for u in vocabulary().uses if u.id == clause.use), clause.use)
    asked = "allowed" if clause.verdict == "allowed" else "allowed, conditions or not"
    found = next((u for u in audit.licenses.uses if u.use == clause.use), None)
    if found is None:
        return unknown(said(f"{title} not judged in this audit", asked))
    why = said(f"{title} {_VERDICTS[found.verdict]}", asked, named(found.why, most=3))
    if found.verdict == "not-determined":
        return unknown(why, found.evidence)
    enough = ("allowed",) if clause.verdict == "allowed" else ("allowed", "conditions")
    if found.verdict in enough and (lost := not_read(audit)):
        return unknown(said(f"{title} {_VERDICTS[found.verdict]} by what was read", asked, lost), found.evidence)
    return (met if found.verdict in enough else violated)(why, found.evidence)


def obligation(clause: ObligationClause, audit: Audit) -> Outcome:
    """Judge that no denied obligation arises; terms that nobody read may ask for any of them."""
    asked = f"not {named(clause.deny)}"
    rows = [row for row in audit.licenses.obligations if row.id in clause.deny]
    rows = [row for row in rows if row.status == "applies" or clause.conditional == "refuse"]
    arise = [row for row in rows if row.status != "unknown" and not _avoidable(row, rows, audit)]
    if arise:
        told = named([_arises(row) for row in arise], most=3)
        return violated(
            said(named((row.id for row in arise), most=6), asked, told), (e for row in arise for e in row.evidence)
        )
    unread = [row for row in audit.licenses.obligations if row.status == "unknown"]
    if unread:
        told = named([row.what for row in unread], most=2)
        return unknown(said("none found, not all terms read", asked, told), (e for row in unread for e in row.evidence))
    if audit.licenses.effective.family == "none-declared":
        told = "nothing is granted, so nobody can say what will be asked for"
        return unknown(said("no licence", asked, told), license_evidence("effective", audit))
    if lost := not_read(audit):
        return unknown(said("none found", asked, lost), license_evidence("effective", audit))
    if audit.licenses.chain_complete is not True:
        return unknown(said("none found, not all base models looked up", asked))
    return met(said("none arises", asked), license_evidence("effective", audit))


def _avoidable(row: ObligationDoc, denied: list[ObligationDoc], audit: Audit) -> bool:
    """Say whether a licence without any denied obligation can be chosen instead of the one that asks for this."""
    link = next((link for link in audit.licenses.chain if link.id == row.source), None)
    ways = alternatives(link.expression) if link is not None else None
    if ways is None or len(ways) == 1:
        return False
    asking = {other.license for other in denied if other.source == row.source}
    return any(asking.isdisjoint(one.id for one in way) for way in ways)


def _arises(row: ObligationDoc) -> str:
    when = "" if row.status == "applies" else f", when: {row.trigger}"
    return f"{row.what} ({row.clause}; of {row.source}{when})" if row.source else f"{row.what}{when}"


def findings(clause: FindingClause, audit: Audit) -> Outcome:
    """Judge the findings that are not waived, and those that could not be ruled out."""
    wanted = [f"nothing graver than {clause.at_most}" if clause.at_most != "none" else "no findings"]
    wanted = [] if clause.at_most == "error" and clause.deny else wanted
    wanted += [f"no finding {named(clause.deny)}"] if clause.deny else []
    sure = f" (of {clause.confidence} confidence or more)" if clause.confidence != "low" else ""
    asked = f"{', '.join(wanted)}{sure}"
    against = [f for f in audit.findings if _counts(clause, f.rule, f.severity, f.confidence)]
    waived = [f for f in against if f.waiver is not None]
    left = [f for f in against if f.waiver is None]
    also = f", {len(waived)} waived" if waived else ""
    if left:
        told = named([_told(f) for f in left], most=3)
        return violated(
            said(f"{counted(len(left), 'finding')}{also}", asked, told), (e for f in left for e in f.evidence)
        )
    open_ = [u for u in audit.undecided if _counts(clause, u.rule, u.severity, u.confidence)]
    if open_:
        told = named([f"{u.rule} ({named([c.detail for c in u.unknown], most=1)})" for u in open_], most=3)
        return unknown(said(f"none found{also}, not all could be looked for", asked, told))
    return met(said(f"none found{also}", asked), (e for f in waived for e in f.evidence))


def _counts(clause: FindingClause, rule: str, severity: Severity, confidence: Confidence) -> bool:
    grave = _SEVERITY[severity] > _SEVERITY[clause.at_most] or rule in clause.deny
    return grave and _CONFIDENCE[confidence] >= _CONFIDENCE[clause.confidence]


def _told(found: FindingDoc) -> str:
    return f"{found.severity} {found.id}: {found.message or found.title}"


def gated(clause: GatedClause, audit: Audit) -> Outcome:
    """Judge the gate before the files."""
    asked = " or ".join(clause.allow)
    record = [e.id for e in audit.evidence if e.kind == "model-info" and e.repo == audit.subject.id]
    gate = audit.subject.gated
    if gate is None:
        why = "a folder does not say" if audit.subject.kind == "directory" else "the Hub did not say"
        return unknown(said("gate not known", asked, why), record)
    kind = "none" if gate is False else gate
    words = {"none": "none", "auto": "auto (terms to accept)", "manual": "manual (the publisher decides)"}
    return (met if kind in clause.allow else violated)(said(f"gate: {words[kind]}", asked), record)


def pinned(_: PinnedClause, audit: Audit) -> Outcome:
    """Judge whether the model was asked for at the full id of a commit."""
    asked = "a full commit id"
    wanted = audit.subject.revision
    if wanted is not None and _COMMIT.fullmatch(wanted) and wanted == audit.subject.sha:
        return met(said(f"revision {wanted}", asked))
    if audit.subject.kind == "directory":
        return violated(said("a folder, which has no commit", asked))
    now = f"it is at {audit.subject.sha} now" if audit.subject.sha else ""
    return violated(said(f"revision {wanted}" if wanted else "no revision named", asked, now))
