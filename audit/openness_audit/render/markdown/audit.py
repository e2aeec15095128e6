"""Tell an audit in GitHub Markdown, for issues, pull requests and job summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean, code_span, safe_url
from openness_audit.render.escape import markdown as esc
from openness_audit.render.markdown import claims as claims_markdown
from openness_audit.render.markdown import disclosures as disclosures_markdown
from openness_audit.render.markdown import policy as policy_markdown
from openness_audit.render.markdown import profiles as profiles_markdown
from openness_audit.render.markdown import terms as terms_markdown
from openness_audit.render.markdown.parts import MARKS, MOST_WORDS, cut, fitted, places, size, target
from openness_audit.render.views import audit as view
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.audit import Audit, EvidenceDoc
    from openness_audit.model.audit_findings import FindingDoc

MOST_BYTES = 60_000  # GitHub refuses a comment above 64 KB, and loses a job summary above 1 MiB


def render(audit: Audit) -> str:
    """Tell the audit as Markdown; strangers' words cannot become mark-up, links or mentions.

    What does not fit into a comment on GitHub is left out and counted: findings from the mildest, then what was not
    checked.
    """
    known = view.evidence_by_id(audit)
    tool = f"modelaudit {esc(audit.tool.version)}, rules {esc(audit.tool.ruleset.version)}, as of {esc(audit.as_of)}"
    head = [*_head(audit), *_policy(audit, known), *_criteria(audit, known), *_terms(audit, known)]
    head += profiles_markdown.lines(audit)
    head += disclosures_markdown.lines(audit, lambda ids: places(ids, known, audit))
    head += _claims(audit, known)
    end = [*_best(audit), *claims_markdown.ways(audit), "", f"{tool}. {view.NOTICE}", "", esc(view.last_line(audit))]
    room = MOST_BYTES - size(head) - size(end)
    missing = fitted(_not_checked(audit), room // 3)
    findings = fitted([_finding(f, known, audit) for f in view.ranked(audit)], room - size(missing) - 200)
    if findings:
        findings = [f"### {plural(len(audit.findings), 'finding')}", "", *findings, ""]
    return "\n".join([*head, *findings, *missing, *end]) + "\n"


def _head(audit: Audit) -> Iterator[str]:
    offline = view.offline_words(audit)
    if offline:
        yield f"> {esc(offline)}"
        yield ""
    yield from policy_markdown.head(audit)
    yield f"## {esc(audit.verdict.sentence)}"
    yield ""
    url = safe_url(view.subject_url(audit))
    name = code_span(view.subject_name(audit))
    yield f"[{name}]({target(url)})" if url else name
    yield ""
    said = [code_span(audit.verdict.class_), f"**{view.score_words(audit.score)}**", view.coverage_words(audit)]
    gate = view.gate_words(audit)
    yield " · ".join([*said, gate] if gate else said)
    yield ""


def _criteria(audit: Audit, known: dict[str, EvidenceDoc]) -> Iterator[str]:
    yield "| Criterion | Status | Why | Where |"
    yield "|---|---|---|---|"
    for c in audit.criteria:
        where = places(c.evidence, known, audit)
        yield f"| {esc(c.title)} | {MARKS[c.status]} {c.status} | {cut(view.short(c))} | {where} |"
    yield ""


def _policy(audit: Audit, known: dict[str, EvidenceDoc]) -> Iterator[str]:
    return policy_markdown.lines(audit, lambda ids: places(ids, known, audit))


def _terms(audit: Audit, known: dict[str, EvidenceDoc]) -> Iterator[str]:
    return terms_markdown.lines(audit, lambda ids: places(ids, known, audit))


def _claims(audit: Audit, known: dict[str, EvidenceDoc]) -> Iterator[str]:
    return claims_markdown.lines(audit, lambda ids: places(ids, known, audit))


def _best(audit: Audit) -> Iterator[str]:
    best = view.best_fix(audit)
    if best:
        now, then = view.interval(audit.score.low, audit.score.high), view.interval(best[0].low, best[0].high)
        yield ""
        yield f"Best fix: {code_span(best[0].finding)}, score {now} → {then}"


def _finding(finding: FindingDoc, known: dict[str, EvidenceDoc], audit: Audit) -> list[str]:
    waived = f" (waived until {cut(finding.waiver.expires)}: {cut(finding.waiver.reason)})" if finding.waiver else ""
    where = places(finding.evidence, known, audit)
    at = f" ({where})" if where else ""
    message = f" - {cut(finding.message)}" if clean(finding.message) and finding.message != finding.title else ""
    return [
        f"- **{finding.severity}** {code_span(finding.id)} {cut(finding.title)}{message}{at}{waived}",
        f"  *What the publisher can do ({finding.remediation.effort} effort):* {cut(finding.remediation.text)}",
    ]


def _not_checked(audit: Audit) -> list[list[str]]:
    if not audit.not_checked:
        return [["**Not checked:** nothing; every place the rules name was looked at."]]
    rows = [
        [f"- {code_span(i.what[:MOST_WORDS])} ({esc(view.code_words(i.code))}): {cut(i.why)}"]
        for i in audit.not_checked
    ]
    return [["**Not checked:**", ""], *rows]
