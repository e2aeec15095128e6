"""The part of the audit document that tells a policy's result."""

from __future__ import annotations

from typing import Literal

from openness_audit.model.document import Document


class WaiverDoc(Document, frozen=True):
    """An accepted finding or clause; it holds at one `commit` and licence digest, until `expires`."""

    reason: str
    approver: str
    ticket: str | None
    expires: str
    text: str
    granted: str = ""
    commit: str = ""
    license_digest: str = ""


class ClauseDoc(Document, frozen=True):
    """One clause of a policy.

    `why` says what was asked and what was found; `message` is the policy's own sentence for a clause that is not met.
    `accepted`: nothing is known, and the clause says `unknown: accept`, so it blocks nothing.
    """

    id: str
    met: Literal["met", "violated", "unknown", "waived"]
    why: str
    evidence: tuple[str, ...] = ()
    waiver: WaiverDoc | None = None
    check: str = ""
    message: str = ""
    accepted: bool = False


class VoidWaiverDoc(Document, frozen=True):
    """A waiver for this model that no longer holds, or that nothing needs; `on` is its clause or finding."""

    on: str
    why: str
    waiver: WaiverDoc


class PolicyDoc(Document, frozen=True):
    """The policy's result: violated if a clause surely is, no-verdict if one is blocked by unknowns alone."""

    name: str
    digest: str
    path: str
    result: Literal["met", "violated", "no-verdict"]
    clauses: tuple[ClauseDoc, ...] = ()
    found: bool = False
    overrides: tuple[str, ...] = ()
    void_waivers: tuple[VoidWaiverDoc, ...] = ()
