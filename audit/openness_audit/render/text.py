"""Tell an audit on a terminal: the verdict first, nothing that scrolls it away, the exit code last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render import view
from openness_audit.render.escape import clean
from openness_audit.render.explain import explain
from openness_audit.render.layout import Page, pad

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit, CriterionDoc, EvidenceDoc, FindingDoc

__all__ = ["explain", "render"]

WIDTH = 80
TOP = 3  # findings shown without -v, so that a usual report fits 24 lines
TOP_UNCHECKED = 3
_LEAD = 26  # columns of a criterion's id and status
_STATUS = {"not-applicable": "n/a"}


def render(audit: Audit, *, width: int = WIDTH, color: bool = False, verbose: bool = False) -> str:
    """Tell the audit in at most `width` columns.

    Args:
        audit: the document.
        width: columns of the terminal.
        color: use colour; without it the text holds no escape sequence.
        verbose: everything instead of the most important.

    Returns:
        The report, ending in a line feed.
    """
    page = Page(width)
    _head(page, audit)
    page.add()
    for criterion in audit.criteria:
        _criterion(page, criterion, audit, verbose=verbose)
    _license(page, audit, verbose=verbose)
    _findings(page, audit, verbose=verbose)
    _next(page, audit)
    _not_checked(page, audit, verbose=verbose)
    if verbose:
        _details(page, audit)
    page.text(
        f"{view.NOTICE} rules {clean(audit.tool.ruleset.version)}, modelaudit {clean(audit.tool.version)}",
        style="quiet",
    )
    page.text(view.last_line(audit), style="strong")
    return page.render(color=color)


def _head(page: Page, audit: Audit) -> None:
    """Verdict, subject, class, score: nothing stands above the sentence but the offline notice."""
    offline = view.offline_words(audit)
    if offline:
        page.text(offline, style="warning")
    page.text(clean(audit.verdict.sentence), style="strong")
    page.fields(view.subject_name(audit), clean(audit.as_of), view.requests_words(audit), style="quiet")
    page.fields(
        clean(audit.verdict.class_),
        view.score_words(audit.score),
        view.coverage_words(audit),
        view.gate_words(audit),
    )


def _criterion(page: Page, criterion: CriterionDoc, audit: Audit, *, verbose: bool) -> None:
    status = _STATUS.get(criterion.status, criterion.status)
    why = view.why(criterion)
    known = view.evidence_by_id(audit)
    places = [view.place(known[e], audit) for e in criterion.evidence if e in known]
    page.row(
        f"{criterion.id:<17}{status:<9}",
        why,
        places[0] if places else "",
        lead_style=criterion.status,
        most=0 if verbose else 2,
    )
    if verbose:
        page.text(
            f"evidence {criterion.strength}: {', '.join(places) or 'none cited'}", lead=" " * _LEAD, style="quiet"
        )


def _license(page: Page, audit: Audit, *, verbose: bool) -> None:
    page.text(view.license_words(audit), lead=pad("licence", _LEAD), most=0 if verbose else 3)
    if not verbose:
        return
    for text in audit.licenses.texts:
        near = f", similarity {text.similarity:.2f}" if text.similarity is not None else ""
        page.text(
            f"{clean(text.path)}: {clean(text.expression or 'not identified')} ({text.match}{near})", lead=" " * _LEAD
        )
    for said in audit.licenses.prose:
        line = f"README.md:{said.line}" if said.line else "card"
        page.text(f"{line}: {clean(said.expression or said.family)}, about the {clean(said.scope)}", lead=" " * _LEAD)


def _findings(page: Page, audit: Audit, *, verbose: bool) -> None:
    """Worst first; without `verbose` only a few, and none that only repeats what a criterion above lacks."""
    ranked = view.ranked(audit)
    told = {rule for c in audit.criteria for rule in c.assessments}
    shown = ranked if verbose else [f for f in ranked if f.waiver is None and f.rule not in told][:TOP]
    known = view.evidence_by_id(audit)
    if ranked:
        page.add()
    for finding in shown:
        cited = [known[e] for e in finding.evidence if e in known]
        lead = f"{finding.severity}[{clean(finding.id)}]: "
        if verbose:
            _finding_block(page, finding, cited, lead, audit)
            continue
        page.text(clean(finding.title), lead=lead, lead_style=finding.severity, most=2)
        place = view.place(cited[0], audit) if cited else ""
        page.row("  = help: ", clean(finding.remediation.text), place, most=1)
    left = len(ranked) - len(shown)
    if left:
        more = f"+ {left} more" if shown else f"{view.plural(left, 'finding')}, of the criteria above or waived"
        page.add((f"{more}: -v shows all", "quiet"))


def _help(page: Page, finding: FindingDoc, indent: str, *, most: int = 0) -> None:
    fix = finding.remediation
    page.text(f"{clean(fix.text)} ({fix.effort} effort)", lead=f"{indent}= help: ", most=most)


def _finding_block(page: Page, finding: FindingDoc, cited: list[EvidenceDoc], lead: str, audit: Audit) -> None:
    page.text(clean(finding.title), lead=lead, lead_style=finding.severity)
    page.text(clean(finding.message), lead="  ")
    for evidence in cited[:3]:
        page.text(view.place(evidence, audit), lead="  --> ", style="quiet")
        if evidence.excerpt:
            page.text(clean(evidence.excerpt), lead="   |  ", most=2)
    page.text(f"confidence {finding.confidence}", lead="   = note: ")
    if finding.waiver is not None:
        w = finding.waiver
        page.text(f"{clean(w.reason)}, by {clean(w.approver)}, until {clean(w.expires)}", lead="   = waived: ")
    _help(page, finding, "   ")
    page.text(f"modelaudit rules {clean(finding.rule)}", lead="   = rule: ")


def _next(page: Page, audit: Audit) -> None:
    found = view.best_fix(audit)
    if found is None:
        return
    fix, finding = found
    now, then = view.interval(audit.score.low, audit.score.high), view.interval(fix.low, fix.high)
    what = clean(finding.remediation.text) if finding else clean(fix.finding)
    page.text(what, lead=f"best fix, score {now} -> {then}: ", most=2)


def _not_checked(page: Page, audit: Audit, *, verbose: bool) -> None:
    if not audit.not_checked:
        page.text("nothing: every place the rules name was looked at", lead="not checked: ")
        return
    if verbose:
        for item in audit.not_checked:
            page.text(f"{clean(item.what)} ({clean(item.code)}): {clean(item.why)}", lead="not checked: ")
        return
    shown = dict.fromkeys(f"{clean(i.what)} ({clean(i.code)})" for i in audit.not_checked)
    left = len(shown) - TOP_UNCHECKED
    more = f"; + {left} more: -v" if left > 0 else ""
    page.text("; ".join(list(shown)[:TOP_UNCHECKED]) + more, lead="not checked: ", most=3)


def _details(page: Page, audit: Audit) -> None:
    """What only a thorough reader asks for: every component, base models, data, code."""
    page.add()
    for component in audit.components:
        status = _STATUS.get(component.availability, component.availability)
        page.text(clean(component.why), lead=f"{component.id:<23}{status:<9}", lead_style=component.availability)
    for parent in audit.lineage.parents:
        page.text(
            f"{clean(parent.id or parent.name)} ({clean(parent.relation)}, {clean(parent.source)})", lead="base model: "
        )
    for data in audit.training_data:
        page.text(f"{clean(data.id or data.name)}: {clean(data.stage)}, {clean(data.access)}", lead="data: ")
    for code in audit.code_repositories:
        page.text(f"{clean(code.url)}: {clean(code.whose)}, {clean(code.role)}", lead="code: ")
    for duty in audit.licenses.obligations:
        page.text(f"{clean(duty.what)} ({clean(duty.license)}, {clean(duty.clause)})", lead="obligation: ")
    page.add()
