"""Audits to compare: the hand-written sample, and changes of it that differ in one thing each."""

from __future__ import annotations

import msgspec

from audit_sample import AUDIT
from openness_audit.comparison.table import Column, compare
from openness_audit.model.audit import Audit
from openness_audit.model.audit_licenses import ObligationDoc, ResolvedLicense
from openness_audit.model.compare import CellDoc, Comparison, RowDoc
from openness_audit.model.evidence import Availability

change = msgspec.structs.replace
POINTS = {"open": (20.0, 20.0), "partial": (10.0, 10.0), "closed": (0.0, 0.0), "unknown": (0.0, 20.0)}


def named(name: str, audit: Audit = AUDIT) -> Audit:
    """Give the audit another model's id."""
    return change(audit, subject=change(audit.subject, id=name))


def with_level(audit: Audit, criterion: str, status: Availability) -> Audit:
    """Give one criterion another level."""
    low, high = POINTS.get(status, (0.0, 0.0))
    changed = (
        change(c, status=status, points_low=low, points_high=high) if c.id == criterion else c for c in audit.criteria
    )
    return change(audit, criteria=tuple(changed))


def with_score(audit: Audit, low: int, high: int) -> Audit:
    """Give another score, a single value where the ends are equal."""
    return change(audit, score=change(audit.score, value=low if low == high else None, low=low, high=high))


def apache(audit: Audit) -> Audit:
    """Give all terms of one licence that asks for a notice alone, read to its end."""
    asks = ObligationDoc(
        id="attribution", what="keep the notices", clause="Plain, section 4", license="Apache-2.0",
        trigger="redistribute the weights", status="conditional", evidence=(), source=audit.subject.id,
    )  # fmt: skip
    own = ResolvedLicense(expression="Apache-2.0", family="osi", why="declared in the metadata")
    uses = tuple(change(use, verdict="allowed", why=()) for use in audit.licenses.uses)
    licenses = change(
        audit.licenses, own=own, effective=own, obligations=(asks,), uses=uses, chain_complete=True, conflicts=(),
        notes=(),
    )  # fmt: skip
    return change(audit, licenses=licenses)


def compared(*audits: Audit) -> Comparison:
    """Compare audits."""
    return compare([Column(audit) for audit in audits])


def row(comparison: Comparison, name: str) -> RowDoc:
    """Give a row by its id."""
    return next(r for r in comparison.rows if r.id == name)


def cells(comparison: Comparison, name: str) -> tuple[CellDoc, ...]:
    """Give the cells of a row."""
    return row(comparison, name).cells


def best(comparison: Comparison, name: str) -> tuple[bool, ...]:
    """Say which models are ahead in a row."""
    return tuple(cell.best for cell in cells(comparison, name))
