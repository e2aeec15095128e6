"""Waivers: which hold for an audit, which are void, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from openness_audit.model.audit import Audit
from openness_audit.model.audit_findings import FindingDoc
from openness_audit.model.audit_policy import VoidWaiverDoc, WaiverDoc
from openness_audit.model.policy import LONGEST_WAIVER_D, Waiver
from openness_audit.policy.digests import license_digest

__all__ = ["Held", "document", "hold", "on", "void"]


class Held(Struct, frozen=True):
    """The waivers for one model: those that hold, and those that are void, each with its reasons."""

    holding: tuple[Waiver, ...]
    void: tuple[VoidWaiverDoc, ...]

    def of_clause(self, name: str) -> Waiver | None:
        """Give the first waiver of a clause."""
        return next((w for w in self.holding if w.clause == name), None)

    def of_finding(self, found: FindingDoc) -> Waiver | None:
        """Give the first waiver of a finding: by its fingerprint, its id, or its rule."""
        return next((w for w in self.holding if w.finding in (found.fingerprint, found.id, found.rule)), None)


def hold(waivers: Sequence[Waiver], audit: Audit, as_of: date) -> Held:
    """Tell the waivers that hold for a model from those that do not.

    Args:
        waivers: those of the policy, for all models.
        audit: the model's audit.
        as_of: the day that is judged.

    Returns:
        The waivers for this model; those for other models are in neither list.
    """
    mine = [w for w in waivers if w.model.lower() == audit.subject.id.lower()]
    digest = license_digest(audit) if mine else ""
    reasons = [(w, _reasons(w, audit, digest, as_of)) for w in mine]
    return Held(
        holding=tuple(w for w, why in reasons if not why),
        void=tuple(void(w, "; ".join(why)) for w, why in reasons if why),
    )


def _reasons(waiver: Waiver, audit: Audit, digest: str, as_of: date) -> list[str]:
    """Say one by one why a waiver does not hold; nothing for one that does."""
    said = []
    if as_of > waiver.expires:
        said.append(f"it expired on {waiver.expires}")
    if waiver.granted > as_of:
        said.append(f"it is granted from {waiver.granted}, which is after {as_of}")
    if waiver.expires > waiver.granted + timedelta(days=LONGEST_WAIVER_D):
        said.append(f"it runs for more than {LONGEST_WAIVER_D} days")
    if audit.subject.sha is None:
        said.append("what was audited has no commit, and a waiver is for one commit")
    elif waiver.commit != audit.subject.sha:
        said.append(f"it is for commit {waiver.commit[:12]}, and this is {audit.subject.sha[:12]}")
    if waiver.license_digest != digest:
        said.append("the licence texts and tag that were read are not those it was granted for")
    return said


def on(waiver: Waiver) -> str:
    """Name what a waiver is for."""
    return f"clause {waiver.clause}" if waiver.clause is not None else f"finding {waiver.finding}"


def void(waiver: Waiver, why: str) -> VoidWaiverDoc:
    """Word a waiver that does not hold, or that nothing needs."""
    return VoidWaiverDoc(on=on(waiver), why=why, waiver=document(waiver))


def document(waiver: Waiver) -> WaiverDoc:
    """Word a waiver for the audit document."""
    return WaiverDoc(
        reason=waiver.reason,
        approver=waiver.approver,
        ticket=waiver.ticket,
        expires=waiver.expires.isoformat(),
        text=waiver.text,
        granted=waiver.granted.isoformat(),
        commit=waiver.commit,
        license_digest=waiver.license_digest,
    )
