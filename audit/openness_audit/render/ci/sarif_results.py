"""The results of a SARIF file: findings, clauses of the policy that are not met, and models without an audit."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from openness_audit.render.ci.sarif_places import links, locations, text
from openness_audit.render.ci.sarif_rules import CLAUSE, NOT_AUDITED
from openness_audit.render.views import audit as view
from openness_audit.render.views import batch as batch_view
from openness_audit.render.views import policy as policy_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openness_audit.model.audit import Audit, EvidenceDoc
    from openness_audit.model.audit_findings import FindingDoc
    from openness_audit.model.audit_policy import ClauseDoc, PolicyDoc
    from openness_audit.model.batch import Item, Problem

    Json = dict[str, Any]

_VIOLATED, _UNDECIDED, _EXCUSED = 0, 1, 5  # what blocks goes before what is found, what is waived comes last
_LEVELS = {"error": 2, "warning": 3, "note": 4}


class Ranked(NamedTuple):
    """A result and how bad it is: 0 is worst."""

    rank: int
    result: Json


def of_item(item: Item) -> Iterator[Ranked]:
    """Give the results of one model."""
    if item.problem is not None:
        yield Ranked(_VIOLATED, _problem(item, item.problem))
    if item.audit is None:
        return
    policy = item.audit.verdict.policy
    for clause in policy.clauses if policy else ():
        if policy and clause.met != "met":
            yield _clause(item, item.audit, policy, clause)
    for finding in item.audit.findings:
        yield _finding(item, item.audit, finding)


def _problem(item: Item, problem: Problem) -> Json:
    said = f"{_short(item)} could not be audited: {batch_view.problem_words(item)}"
    hint = f". What to do: {problem.hint}" if problem.hint else ""
    asked = item.asked.removeprefix("hf://").partition("@")[0]
    more = {"model": batch_view.name_of(item)}
    return _result(item, NOT_AUDITED, "error", said + hint, key=(asked,), cited=(), properties=more)


def _clause(item: Item, audit: Audit, policy: PolicyDoc, clause: ClauseDoc) -> Ranked:
    """Tell a clause that is not met; one that is waived or accepted blocks nothing."""
    words = {"violated": "violated", "unknown": "not decided", "waived": "waived"}[clause.met]
    own = f"; {clause.message}" if clause.message else ""
    void = _void(policy, clause.id)
    said = f"{_short(item)}: policy clause {clause.id} is {words}: {clause.why}{own}{void}"
    excuse = _excuse(clause)
    level = "note" if excuse else "error"
    cited = _cited(audit, clause.evidence)
    key = ("clause", audit.subject.id, policy.name, clause.id)
    more = {"model": view.subject_name(audit), "policy": policy.path, "clause": clause.id, "met": clause.met}
    result = _result(item, CLAUSE + clause.id, level, said, key=key, cited=cited, properties=more)
    if excuse:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": text(excuse)}]
    return Ranked(_EXCUSED if excuse else _VIOLATED if clause.met == "violated" else _UNDECIDED, result)


def _excuse(clause: ClauseDoc) -> str:
    """Say why a clause that is not met blocks nothing, or nothing where it does."""
    if clause.met == "waived":
        return policy_view.waiver_words(clause.waiver) if clause.waiver else "waived"
    return "the policy accepts that this is not known" if clause.accepted and clause.met == "unknown" else ""


def _finding(item: Item, audit: Audit, finding: FindingDoc) -> Ranked:
    extra = "" if finding.message in ("", finding.title) else f": {finding.message}"
    void = _void(audit.verdict.policy, finding.rule, finding.id, finding.fingerprint)
    cited = _cited(audit, finding.evidence)
    said = f"{_short(item)}: {finding.title}{extra}{void}"
    key = ("finding", audit.subject.id, finding.fingerprint)
    more = {
        "model": view.subject_name(audit),
        "severity": finding.severity,
        "confidence": finding.confidence,
        "finding": finding.id,
    }
    level = "note" if finding.waiver else finding.severity
    result = _result(item, finding.rule, level, said, key=key, cited=cited, properties=more)
    if finding.waiver:
        excuse = text(policy_view.waiver_words(finding.waiver))
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": excuse}]
    return Ranked(_EXCUSED if finding.waiver else _LEVELS[finding.severity], result)


def _result(
    item: Item,
    rule: str,
    level: str,
    said: str,
    *,
    key: tuple[str, ...],
    cited: Sequence[EvidenceDoc],
    properties: Json,
) -> Json:
    first, related = locations(item, cited)
    found = links(cited)
    read = f". Read at {found}" if found else ""  # behind what may be cut: an address is there whole or not at all
    printed = hashlib.sha256("\0".join(key).encode("utf-8", "replace")).hexdigest()[:16]
    result: Json = {
        "ruleId": rule,
        "level": level,
        "message": {"text": text(said.rstrip(".")) + read},
        "locations": first,
        "partialFingerprints": {"primaryLocationLineHash": printed},
        "properties": properties,
    }
    if related:
        result["relatedLocations"] = related
    return result


def _short(item: Item) -> str:
    if item.audit is None:
        return batch_view.name_of(item)
    other = batch_view.alias(item)
    return view.subject_name(item.audit) + (f" (named {other})" if other else "")


def _cited(audit: Audit, ids: Sequence[str]) -> list[EvidenceDoc]:
    known = view.evidence_by_id(audit)
    return [known[key] for key in ids if key in known]


def _void(policy: PolicyDoc | None, *names: str) -> str:
    """Say that a waiver of this holds no longer."""
    found = [void for void in policy.void_waivers if void.on in names] if policy else []
    return "".join(f". A waiver by {v.waiver.approver} holds no longer: {v.why}" for v in found)
