"""Claims of openness and what can be mended, worded for the audit document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.model.audit_findings import AdditionDoc, ClaimDoc, FixDoc, FixesDoc

if TYPE_CHECKING:
    from openness_audit.document.causes import Cite
    from openness_audit.model.facts import Facts
    from openness_audit.model.fixes import Addition, Fixes


def claim_docs(facts: Facts, cite: Cite) -> tuple[ClaimDoc, ...]:
    """Word the claims that were held against what was found, in the order of the card."""
    return tuple(
        ClaimDoc(
            text=c.text,
            line=c.place.line or 0,
            about=", ".join(c.about),
            held=c.held,
            evidence=tuple(dict.fromkeys((*cite((c.place,), "claimed"), *cite(c.found, "none")))),
            kind=c.kind,
            why=c.why,
        )
        for c in facts.claims
        if c.held is not None
    )


def fixes_doc(found: Fixes, cite: Cite) -> FixesDoc:
    """Word what a publisher can mend."""
    return FixesDoc(
        every=tuple(
            FixDoc(
                finding=fix.finding,
                component=fix.component,
                effort=fix.effort,
                low=fix.low,
                high=fix.high,
                text=fix.text,
                additions=tuple(_addition(a, cite) for a in fix.additions),
            )
            for fix in found.every
        ),
        next_class=found.next_class,
        to_class=found.to_class,
        to_score=found.to_score,
        low=found.low,
        high=found.high,
    )


def _addition(added: Addition, cite: Cite) -> AdditionDoc:
    return AdditionDoc(
        where=added.where,
        key=added.key,
        text=added.text,
        filled=added.filled,
        evidence=cite(added.places, "declared"),
    )
