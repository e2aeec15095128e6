"""Tell on a terminal what only a thorough reader asks for (`-v`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean
from openness_audit.render.text import claims as claims_text
from openness_audit.render.text import profiles as profiles_text
from openness_audit.render.text import terms as terms_text
from openness_audit.render.views import audit as view
from openness_audit.render.views import terms as terms_view
from openness_audit.render.views import tree
from openness_audit.render.views.page import files
from openness_audit.wording import level_word, plural

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit, EvidenceDoc
    from openness_audit.model.audit_findings import FindingDoc
    from openness_audit.model.audit_origins import ParentDoc
    from openness_audit.render.layout import Page

_STAGE = {"pretraining": "pre-training", "finetuning": "fine-tuning"}


def parts(page: Page, audit: Audit) -> None:
    """What only a thorough reader asks for: every component, base models, data, code."""
    terms_text.reasoning(page, audit)
    terms_text.details(page, audit)
    profiles_text.details(page, audit)
    claims_text.details(page, audit)
    page.add()
    for component in audit.components:
        status = level_word(component.availability)
        page.row(f"{component.id:<23}{status:<9}", clean(component.why), "", lead_style=component.availability)
    for parent in audit.lineage.parents:
        page.text(_parent(parent, audit), lead="base model: ")
    for data in audit.training_data:
        page.text(
            f"{view.data_words(data)}: {_STAGE.get(data.stage, clean(data.stage))}, {view.access_words(data)}",
            lead="data: ",
        )
    for kind, count, size in files(audit):
        page.text(f"{kind}: {plural(count, 'file')}, {size}", lead="files: ")
    for code in audit.code_repositories:
        page.text(
            f"{clean(code.url)}: {view.WHOSE.get(code.whose, clean(code.whose))}, {clean(code.role)}", lead="code: "
        )
    page.add()


def _parent(parent: ParentDoc, audit: Audit) -> str:
    """Tell a base model: how it was used, where it is named, its licence, and whether it could be had."""
    node = next((n for n in audit.lineage.nodes if n.id == (parent.id or parent.name)), None)
    said = [tree.SOURCES.get(parent.source, "named")]
    if node is not None:
        said += [tree.ACCESS[node.access]] if node.access in ("not-found-or-private", "not-requested") else []
        said += [f"licence {clean(node.license)}" if node.license else "licence not known"]
    relation = tree.RELATIONS.get(parent.relation, clean(parent.relation))
    return f"{relation} {clean(parent.id or parent.name)}: {', '.join(said)}"


def findings(page: Page, audit: Audit) -> None:
    """Tell every finding with its quoted lines, worst first."""
    known = view.evidence_by_id(audit)
    for finding in view.ranked(audit):
        cited = [known[e] for e in finding.evidence if e in known]
        _finding_block(page, finding, cited, f"{finding.severity}[{clean(finding.id)}]: ", audit)
    if audit.findings:
        page.add()


def _finding_block(page: Page, finding: FindingDoc, cited: list[EvidenceDoc], lead: str, audit: Audit) -> None:
    page.text(clean(finding.title), lead=lead, lead_style=finding.severity)
    page.text(terms_view.named(finding.message), lead="  ")
    conflict = terms_view.conflict_of(finding, audit)
    if conflict is not None:
        terms_text.way(page, conflict)
    for evidence in cited[:3]:
        page.text(view.place(evidence, audit), lead="  --> ", style="quiet")
        if evidence.excerpt:
            page.text(clean(evidence.excerpt), lead="   |  ", most=2)
    page.text(f"confidence {finding.confidence}", lead="   = note: ")
    if finding.waiver is not None:
        w = finding.waiver
        page.text(f"{clean(w.reason)}, by {clean(w.approver)}, until {clean(w.expires)}", lead="   = waived: ")
    fix = finding.remediation
    page.text(f"{clean(fix.text)} ({fix.effort} effort)", lead="   = help: ")
    page.text(f"modelaudit rules {clean(finding.rule)}", lead="   = rule: ")
