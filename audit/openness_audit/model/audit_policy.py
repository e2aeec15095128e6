"""The part of the audit document that tells a policy's result."""

from __future__ import annotations

from typing import Literal

from openness_audit.model.document import Document


class WaiverDoc(Document, frozen=True):
    """An accepted finding or clause."""

    reason: str
    approver: str
    ticket: str | None
    expires: str
    text: str


class ClauseDoc(Document, frozen=True):
    """One clause of a policy."""

    id: str
    met: Literal["met", "violated", "unknown", "waived"]
    why: str
    evidence: tuple[str, ...] = ()
    waiver: WaiverDoc | None = None


class PolicyDoc(Document, frozen=True):
    """The policy's result."""

    name: str
    digest: str
    path: str
    result: Literal["met", "violated", "no-verdict"]
    clauses: tuple[ClauseDoc, ...] = ()
