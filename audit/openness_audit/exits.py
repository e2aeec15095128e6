"""Which exit code an audit earns, and why (DESIGN 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.model.audit import Audit

AUDITED, VIOLATED, USAGE, NO_VERDICT, FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130
_WORST_FIRST = (FAILED, VIOLATED, NO_VERDICT)  # of several models (DESIGN 5.1)


def of_audit(audit: Audit) -> tuple[int, str]:
    """Give the exit code of one audit, and its cause in words."""
    policy = audit.verdict.policy
    if policy is None:
        return AUDITED, "no policy"
    if policy.result == "violated":
        return VIOLATED, f"policy {policy.path} is violated"
    if policy.result == "no-verdict":
        return NO_VERDICT, f"policy {policy.path} could not be decided"
    return AUDITED, f"policy {policy.path} is met"


def of_many(codes: Iterable[int]) -> int:
    """Give the exit code of several models: 4, then 1, then 3, then any other, and 0 only where all are."""
    found = set(codes)
    return next((code for code in _WORST_FIRST if code in found), max(found, default=AUDITED))
