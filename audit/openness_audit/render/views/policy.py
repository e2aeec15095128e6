"""Words that all reports share on the policy's result and on the use a model is wanted for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from openness_audit.render.escape import clean
from openness_audit.render.views import terms as terms_view

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_policy import ClauseDoc, PolicyDoc, WaiverDoc

RESULTS = {"met": "PASS", "violated": "BLOCK", "no-verdict": "NO VERDICT"}
MARK = {"met": "open", "violated": "closed", "no-verdict": "unknown"}  # the mark and colour of a result
_WORDS = {"violated": "violated", "unknown": "not known", "waived": "waived", "met": "met"}
_COUNTED = {
    "violated": "violated",
    "unknown": "not known",
    "accepted": "not known but accepted",
    "waived": "waived",
    "met": "met",
}
_STATES = {"violated": "closed", "unknown": "unknown", "waived": "partial", "met": "open"}
USE_MARK = {"allowed": "open", "conditions": "partial", "not-allowed": "closed", "not-determined": "unknown"}
REASONS = {
    "accepted-risk": "the risk is accepted",
    "false-positive": "the finding is wrong",
    "separate-agreement": "there is a separate agreement",
    "compensating-control": "something else guards against it",
    "fix-scheduled": "it will be mended",
    "legal-opinion": "counsel has looked at it",
}


class Headline(NamedTuple):
    """One sentence and the mark (a level's name) that goes with it."""

    words: str
    mark: str


class Row(NamedTuple):
    """One clause as every report tells it; `word` and `mark` say how it stands, `waiver` why it blocks nothing."""

    id: str
    word: str
    mark: str
    why: str
    message: str
    waiver: str
    evidence: tuple[str, ...]


def headline(audit: Audit) -> Headline | None:
    """Say the policy's result in one sentence with its counts; None without a policy."""
    policy = audit.verdict.policy
    if policy is None:
        return None
    return Headline(
        f"{RESULTS[policy.result]} by the policy {clean(policy.name)}: {_counts(policy)}", MARK[policy.result]
    )


def _counts(policy: PolicyDoc) -> str:
    """Count the clauses by how they stand, what decides first."""
    if not policy.clauses:
        return "it has no clauses"
    counts = Counter("accepted" if c.accepted and c.met == "unknown" else c.met for c in policy.clauses)
    if set(counts) == {"met"}:
        return f"all {counts['met']} met" if counts["met"] > 1 else "its clause is met"
    return ", ".join(f"{counts[name]} {word}" for name, word in _COUNTED.items() if counts[name])


def found_words(audit: Audit) -> str:
    """Name a policy that nobody gave on the command line; nothing for one that was given."""
    policy = audit.verdict.policy
    return f"policy found at {clean(policy.path)}; --no-policy judges by none" if policy and policy.found else ""


def rows(audit: Audit) -> list[Row]:
    """Give every clause, what blocks first, then what is waived or accepted, then what is met."""
    policy = audit.verdict.policy
    return [_row(clause) for clause in sorted(policy.clauses, key=_rank)] if policy else []


def _rank(clause: ClauseDoc) -> tuple[int, str]:
    order = ("violated", "unknown", "waived", "met").index(clause.met)
    return (2 if clause.accepted and clause.met == "unknown" else order), clause.id


def _row(clause: ClauseDoc) -> Row:
    word = "not known, accepted" if clause.accepted and clause.met == "unknown" else _WORDS[clause.met]
    return Row(
        id=clean(clause.id),
        word=word,
        mark=_STATES[clause.met],
        why=terms_view.named(clean(clause.why)),
        message=clean(clause.message) if clause.met in ("violated", "unknown") else "",
        waiver=waiver_words(clause.waiver) if clause.waiver else "",
        evidence=clause.evidence,
    )


def blocking(audit: Audit) -> list[Row]:
    """Give the clauses that keep the policy from being met."""
    return [row for row in rows(audit) if row.word in (_WORDS["violated"], _WORDS["unknown"])]


def waiver_words(waiver: WaiverDoc) -> str:
    """Say who accepted something, why, and until when."""
    ticket = f", {clean(waiver.ticket)}" if waiver.ticket else ""
    text = f": {clean(waiver.text)}" if waiver.text else ""
    reason = REASONS.get(waiver.reason, clean(waiver.reason))
    return f"waived by {clean(waiver.approver)} until {clean(waiver.expires)}{ticket}; {reason}{text}"


def void_words(audit: Audit) -> list[str]:
    """Say of each waiver for this model that it no longer holds, and why."""
    policy = audit.verdict.policy
    if policy is None:
        return []
    return [
        f"the waiver of {clean(void.on)} by {clean(void.waiver.approver)} counts no longer: {clean(void.why)}"
        for void in policy.void_waivers
    ]


def override_words(audit: Audit) -> list[str]:
    """Say which exceptions of the policy for some models hold for this one."""
    policy = audit.verdict.policy
    return [f"exception for this model: {clean(said)}" for said in policy.overrides] if policy else []


def wanted(audit: Audit) -> Headline | None:
    """Say whether the licence allows what the model is wanted for; None where nobody said what for."""
    name = audit.verdict.wanted
    if name is None:
        return None
    title = terms_view.use_title(name)
    use = next((u for u in audit.licenses.uses if u.use == name), None)
    if use is None:
        return Headline(f"{title}: {terms_view.VERDICTS['not-determined']}", USE_MARK["not-determined"])
    found = terms_view.reasons(use, audit)
    left = f" and {len(found) - 1} more" if len(found) > 1 else ""
    why = f": {terms_view.named(found[0].words)}{left}" if found else ""
    return Headline(f"{title}: {terms_view.VERDICTS[use.verdict]}{why}", USE_MARK[use.verdict])
