"""Judge a finished audit by a policy: its clauses, its exceptions for some models, its waivers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Literal

from msgspec.structs import replace

from openness_audit.model.audit import Audit
from openness_audit.model.audit_findings import FindingDoc
from openness_audit.model.audit_policy import ClauseDoc, PolicyDoc, VoidWaiverDoc
from openness_audit.model.policy import (
    AnyClause,
    CelClause,
    ClassClause,
    ComponentClause,
    CoverageClause,
    EuClause,
    ExpressionClause,
    FamilyClause,
    FindingClause,
    GatedClause,
    MofClause,
    ObligationClause,
    OsaiClause,
    OsaidClause,
    PinnedClause,
    Policy,
    ScoreClause,
    UseClause,
    Waiver,
)
from openness_audit.policy import adoption, cel, frameworks, levels, licenses, waivers
from openness_audit.policy.outcome import Outcome

__all__ = ["apply", "in_force"]

Result = Literal["met", "violated", "no-verdict"]

_JUDGES: Mapping[type[Any], Callable[[Any, Audit], Outcome]] = {
    ScoreClause: levels.score,
    CoverageClause: levels.coverage,
    ClassClause: levels.class_,
    ComponentClause: levels.component,
    MofClause: frameworks.mof,
    OsaidClause: frameworks.osaid,
    OsaiClause: frameworks.osai,
    EuClause: frameworks.eu_gpai,
    FamilyClause: licenses.family,
    ExpressionClause: licenses.expression,
    UseClause: adoption.use,
    ObligationClause: adoption.obligation,
    FindingClause: adoption.findings,
    GatedClause: adoption.gated,
    PinnedClause: adoption.pinned,
}


def apply(audit: Audit, policy: Policy, as_of: date, *, asked: str = "") -> Audit:
    """Judge an audit.

    Args:
        audit: the finished document, just made or read from a file; an earlier policy's result is replaced.
        policy: the policy in force.
        as_of: the day that decides whether a waiver has expired.
        asked: the id the model was asked for by; what holds for that name holds too where the model has another now.

    Returns:
        The same audit, with the policy's result in its verdict and the waivers on its findings. Nothing else changes.
    """
    held = waivers.hold(policy.waivers, audit, as_of)
    plain = replace(audit, findings=tuple(replace(f, waiver=None) for f in audit.findings))
    bare = replace(plain, verdict=replace(audit.verdict, policy=None))
    judged = replace(bare, findings=tuple(_waived(f, held) for f in bare.findings))
    clauses, exceptions = _by_both_names(policy, audit.subject.id, asked or audit.subject.id)
    found = _outcomes(clauses, judged)
    rows = tuple(_row(name, clause, found[name], held) for name, clause in clauses.items())
    result = PolicyDoc(
        name=policy.name,
        digest=policy.digest,
        path=policy.path,
        result=_result(rows),
        clauses=rows,
        found=policy.found,
        overrides=exceptions,
        void_waivers=(*held.void, *_unused(held, rows, judged)),
    )
    return replace(judged, verdict=replace(judged.verdict, policy=result))


def _by_both_names(policy: Policy, model: str, asked: str) -> tuple[dict[str, AnyClause], tuple[str, ...]]:
    """Give what holds for a model that was renamed: the clauses of its name, and those of the old one beside them."""
    clauses, said = in_force(policy, model)
    if asked.lower() == model.lower():
        return clauses, said
    earlier, more = in_force(policy, asked)
    other = {f"{name}-as-asked": clause for name, clause in earlier.items() if clauses.get(name) != clause}
    return {**clauses, **other}, (*said, *(f"asked for as {asked}: {words}" for words in more))


def in_force(policy: Policy, model: str) -> tuple[dict[str, AnyClause], tuple[str, ...]]:
    """Give the clauses that hold for one model, and the policy's words on why they are other ones; later ones win."""
    clauses: dict[str, AnyClause] = dict(policy.clauses)
    said = []
    for override in policy.overrides:
        if not any(fnmatchcase(model.lower(), pattern.lower()) for pattern in override.models):
            continue
        for name, clause in override.clauses.items():
            if clause is None:
                clauses.pop(name, None)
            else:
                clauses[name] = clause
        dropped = sorted(name for name, clause in override.clauses.items() if clause is None)
        other = sorted(name for name, clause in override.clauses.items() if clause is not None)
        changed = [f"other clause {', '.join(other)}"] if other else []
        changed += [f"without {', '.join(dropped)}"] if dropped else []
        said.append(
            f"{', '.join(override.models)}: {override.reason}" + (f" ({'; '.join(changed)})" if changed else "")
        )
    return clauses, tuple(said)


def _waived(found: FindingDoc, held: waivers.Held) -> FindingDoc:
    waiver = held.of_finding(found)
    return replace(found, waiver=waivers.document(waiver)) if waiver is not None else found


def _outcomes(clauses: Mapping[str, AnyClause], audit: Audit) -> dict[str, Outcome]:
    custom = {name: clause for name, clause in clauses.items() if isinstance(clause, CelClause)}
    found = dict(zip(custom, cel.judge([c.expression for c in custom.values()], audit), strict=True)) if custom else {}
    for name, clause in clauses.items():
        if not isinstance(clause, CelClause):
            found[name] = _JUDGES[type(clause)](clause, audit)
    return found


def _row(name: str, clause: AnyClause, found: Outcome, held: waivers.Held) -> ClauseDoc:
    """Word one clause; one that is not met is waived where a waiver of it holds."""
    accepted = found.state == "unknown" and clause.unknown == "accept"
    waiver = held.of_clause(name) if found.state != "met" and not accepted else None
    return ClauseDoc(
        id=name,
        met="waived" if waiver is not None else found.state,
        why=found.why,
        evidence=found.evidence,
        waiver=waivers.document(waiver) if waiver is not None else None,
        check=str(clause.__struct_config__.tag),
        message=clause.message,
        accepted=accepted,
    )


def _result(rows: tuple[ClauseDoc, ...]) -> Result:
    """Join the clauses: one that is violated decides, one that nobody can tell leaves no verdict, and so do none."""
    if any(row.met == "violated" for row in rows):
        return "violated"
    if not rows or any(row.met == "unknown" and not row.accepted for row in rows):
        return "no-verdict"
    return "met"


def _unused(held: waivers.Held, rows: tuple[ClauseDoc, ...], audit: Audit) -> tuple[VoidWaiverDoc, ...]:
    """Say which waivers that hold are needed by nothing."""
    used = [held.of_clause(row.id) for row in rows if row.waiver is not None]
    used += [held.of_finding(f) for f in audit.findings]
    left = [w for w in held.holding if not any(w is u for u in used)]
    return tuple(waivers.void(w, _why_unused(w, held, rows)) for w in left)


def _why_unused(waiver: Waiver, held: waivers.Held, rows: tuple[ClauseDoc, ...]) -> str:
    if waiver.clause is not None:
        row = next((row for row in rows if row.id == waiver.clause), None)
        if row is None:
            return "not needed: the policy has no such clause for this model"
        if held.of_clause(waiver.clause) is not waiver:
            return "not needed: another waiver covers the same clause"
        if row.accepted:
            return "not needed: the clause accepts what is not known"
        return "not needed: the clause is met"
    if any(w is not waiver and w.finding == waiver.finding for w in held.holding):
        return "not needed: another waiver covers the same finding"
    return "not needed: the audit has no such finding, or another waiver covers it"
