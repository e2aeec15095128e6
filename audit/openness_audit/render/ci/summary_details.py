"""One model of a summary, folded away: what blocks it, its criteria in a line, its findings, what is not known."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from openness_audit.render.escape import clean, code_span, safe_url
from openness_audit.render.escape import markdown as esc
from openness_audit.render.markdown import policy as policy_markdown
from openness_audit.render.markdown.parts import MARKS, cut, places, target
from openness_audit.render.views import audit as view
from openness_audit.render.views import batch as batch_view
from openness_audit.render.views import policy as policy_view
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_findings import FindingDoc
    from openness_audit.model.batch import Item, Problem

MOST_FINDINGS = 20  # of one model; its own report has all
MOST_ORIGINS = 20


def details(item: Item, *, alone: bool) -> Iterator[str]:
    """Tell one model; the only one of a batch is not folded."""
    if item.audit is None and item.problem is None:
        return
    if not alone:
        yield f"<details><summary><code>{html.escape(batch_view.name_of(item))}</code>: {_said(item)}</summary>"
        yield ""
    yield from _origins(item)
    if item.problem is not None:
        yield from _problem(item.problem)
    if item.audit is not None:
        yield from _audit(item.audit)
    if not alone:
        yield "</details>"
        yield ""


def subject_link(audit: Audit) -> str:
    """Name a model at its commit, fit for a table cell, as a link to it."""
    url, name = safe_url(view.subject_url(audit)), code_span(view.subject_name(audit), table=True)
    return f"[{name}]({target(url)})" if url else name


def _said(item: Item) -> str:
    if item.audit is None:
        return "not audited"
    said = policy_view.headline(item.audit)
    return _plain(said.words if said else item.audit.verdict.sentence)


def _plain(words: str) -> str:
    """Write words into HTML, where GitHub would still make a mention of `@name`."""
    return html.escape(clean(words)).replace("@", "@\u2060")


def _origins(item: Item) -> Iterator[str]:
    if not item.origins:
        return
    named = ", ".join(code_span(batch_view.named_at(o)) for o in item.origins[:MOST_ORIGINS])
    more = f" and {len(item.origins) - MOST_ORIGINS} more" if len(item.origins) > MOST_ORIGINS else ""
    yield f"Named in {named}{more}"
    yield ""


def _problem(problem: Problem) -> Iterator[str]:
    yield f"Not audited: {cut(problem.message)}" + (f" ({cut(problem.hint)})" if problem.hint else "")
    yield ""


def _audit(audit: Audit) -> Iterator[str]:
    known = view.evidence_by_id(audit)
    said = [code_span(audit.verdict.class_), f"**{view.score_words(audit.score)}**", view.coverage_words(audit)]
    gate = view.gate_words(audit)
    yield " · ".join([subject_link(audit), *said, *([gate] if gate else [])])
    yield ""
    if audit.verdict.policy:  # the line above tells the policy's result
        yield esc(audit.verdict.sentence)
        yield ""
    wanted = policy_view.wanted(audit)
    if wanted:
        yield f"{policy_markdown.MARKS[wanted.mark]} {esc(wanted.words)}"
        yield ""
    yield from policy_markdown.lines(audit, lambda ids: places(ids, known, audit))
    yield " · ".join(f"{esc(c.title)} {MARKS[c.status]} {c.status}" for c in audit.criteria)
    yield ""
    yield f"Licence: {esc(view.license_words(audit))}"
    yield ""
    yield from _findings(audit)
    if audit.not_checked:
        first = audit.not_checked[0]
        more = f" and {len(audit.not_checked) - 1} more" if len(audit.not_checked) > 1 else ""
        yield f"Not checked: {code_span(first.what[:200])} ({cut(first.why)}){more}"
        yield ""


def _findings(audit: Audit) -> Iterator[str]:
    ranked = view.ranked(audit)
    for finding in ranked[:MOST_FINDINGS]:
        yield _finding(finding, audit)
    if len(ranked) > MOST_FINDINGS:
        yield f"- and {plural(len(ranked) - MOST_FINDINGS, 'finding')} more"
    if ranked:
        yield ""


def _finding(finding: FindingDoc, audit: Audit) -> str:
    message = f": {cut(finding.message)}" if clean(finding.message) and finding.message != finding.title else ""
    where = places(finding.evidence, view.evidence_by_id(audit), audit)
    at = f" ({where})" if where else ""
    waived = f" ({esc(policy_view.waiver_words(finding.waiver))})" if finding.waiver else ""
    return f"- **{finding.severity}** {code_span(finding.id)} {cut(finding.title)}{message}{at}{waived}"
