"""Tell which findings could not be ruled out. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openness_audit.model.assessment import Evaluation
    from openness_audit.model.evidence import Cause
    from openness_audit.model.rules import Rule


def causes_of(rule: Rule, found: Evaluation) -> tuple[Cause, ...]:
    """Give what could not be read for a rule, so that its finding could not be ruled out.

    Args:
        rule: one of the rules that were applied.
        found: what they found.

    Returns:
        The causes: of a rule that could not look, or of a criterion's rule whose level nobody can tell.
    """
    assessment = found.assessments.get(rule.id)
    if rule.criterion is not None and assessment is not None and assessment.availability == "unknown":
        return assessment.causes
    return found.unknown_findings.get(rule.id, ())


def is_undecided(rule: Rule, found: Evaluation) -> bool:
    """Say whether a rule's finding could not be ruled out."""
    assessment = found.assessments.get(rule.id)
    if rule.criterion is not None and assessment is not None and assessment.availability == "unknown":
        return True
    return bool(found.unknown_findings.get(rule.id))
