"""Tell everything that was looked at for one component, and why the answer is not more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.errors import UsageError
from openness_audit.render.escape import clean
from openness_audit.render.layout import Page, pad
from openness_audit.render.text import terms as terms_text
from openness_audit.render.views import audit as view
from openness_audit.wording import choices

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_components import AssessmentDoc, ComponentDoc, TrialDoc
    from openness_audit.model.audit_verdict import CriterionDoc

_ANSWER = {"seen": "seen", "not-seen": "not seen", "could-not": "not looked at"}
_LEAD = 12
LICENSE_NAMES = ("licenses", "license", "licence", "licences")  # stand for all that is known of the licence


def parts_of(audit: Audit, name: str) -> tuple[str, ...]:
    """Give the component ids that `name`, a component or one of the five criteria, stands for.

    Raises UsageError for a name that is neither.
    """
    components = {c.id for c in audit.components}
    if name in components:
        return (name,)
    for criterion in audit.criteria:
        if name == criterion.id:
            return tuple(a for a in criterion.assessments if a in components)
    known = sorted(components | {c.id for c in audit.criteria} | {LICENSE_NAMES[0]})
    raise UsageError(f"no component is named {clean(name)!r}", hint=choices(clean(name), known))


def explain(audit: Audit, component: str, width: int = 80, *, color: bool = False, encoding: str = "utf-8") -> str:
    """Tell all about one component, or about the parts of a criterion.

    Args:
        audit: the document.
        component: a component's id, a criterion's, or `licenses`.
        width: columns of the terminal.
        color: use colour.
        encoding: what the terminal reads; characters it cannot show are spelled out.

    Returns:
        The text, ending in a line feed. Raises UsageError for an unknown name.
    """
    if component in LICENSE_NAMES:
        return terms_text.explain(audit, width, color=color, encoding=encoding)
    wanted = parts_of(audit, component)
    page = Page(width, encoding)
    offline = view.offline_words(audit)
    if offline:
        page.text(offline, style="warning")
    for criterion in audit.criteria:
        if criterion.id == component and component not in wanted:
            lead = f"{criterion.id}: {criterion.status}"
            page.text(
                f"{_points(criterion)} of {criterion.weight} points",
                lead=f"{lead}, ",
                lead_style=criterion.status,
            )
            page.text(clean(criterion.why))
    for item in audit.components:
        if item.id in wanted:
            page.add()
            _component(page, item, audit)
    page.add()
    page.fields(view.subject_name(audit), clean(audit.as_of), view.NOTICE, style="quiet")
    return page.render(color=color).lstrip("\n")


def _component(page: Page, item: ComponentDoc, audit: Audit) -> None:
    page.text(clean(item.why), lead=f"{item.id}: {item.availability}. ", lead_style=item.availability)
    if item.at_least and item.at_most and item.at_least != item.at_most:
        page.text(f"at least {item.at_least}, at most {item.at_most}", lead=pad("bounds", _LEAD))
    page.text(item.strength, lead=pad("strength", _LEAD))
    if item.inherited_from:
        page.text(clean(item.inherited_from), lead=pad("inherited", _LEAD))
    for licence in item.licenses:
        said = f"{clean(licence.expression)} ({view.family_words(licence.family)})"
        page.text(f"{said}, declared by {clean(licence.declared_by)}", lead=pad("licence", _LEAD))
    for assessment in audit.assessments:
        if assessment.rule == item.id:
            _trials(page, assessment)
    _evidence(page, item, audit)
    page.text("; ".join(map(clean, item.searched)) or "nothing had to be searched", lead=pad("searched", _LEAD))
    for unknown in item.unknown:
        again = "; trying again may help" if unknown.retryable else ""
        page.text(
            f"{clean(unknown.source)} ({view.code_words(unknown.code)}): {clean(unknown.detail)}{again}",
            lead=pad("unknown", _LEAD),
        )
    page.text(f"modelaudit rules {item.id}", lead=pad("rule", _LEAD), style="quiet")


def _points(criterion: CriterionDoc) -> str:
    low, high = f"{criterion.points_low:g}", f"{criterion.points_high:g}"
    return low if low == high else f"{low}-{high}"


def _trials(page: Page, assessment: AssessmentDoc) -> None:
    """List the rule's signals and caps with what each answered."""
    for kind, head in (("signal", "looked for"), ("cap", "limits")):
        chosen = [t for t in assessment.trials if t.kind == kind]
        for number, trial in enumerate(chosen):
            page.text(
                _trial_words(trial), lead=pad(head if number == 0 else "", _LEAD) + f"{_ANSWER[trial.answer]:<15}"
            )


def _trial_words(trial: TrialDoc) -> str:
    gives = f"at most {trial.gives}" if trial.kind == "cap" else f"would give {trial.gives}"
    if trial.answer == "seen" and trial.kind == "signal":
        gives = f"gives {trial.gives}"
    return f"{gives}: {clean(trial.why)} [{clean(trial.check)}]"


def _evidence(page: Page, item: ComponentDoc, audit: Audit) -> None:
    known = view.evidence_by_id(audit)
    for number, key in enumerate(k for k in item.evidence if k in known):
        evidence = known[key]
        cached = ", from the cache" if evidence.from_cache else ""
        lead = pad("evidence" if number == 0 else "", _LEAD)
        page.text(f"{view.place(evidence, audit)} ({evidence.strength}{cached})", lead=lead)
        page.address(clean(view.link(evidence) or evidence.url), lead=" " * _LEAD)
        if evidence.excerpt:
            page.text(clean(evidence.excerpt), lead=" " * _LEAD + "| ")
    if not any(k in known for k in item.evidence):
        page.text("none cited", lead=pad("evidence", _LEAD))
