"""Tell an audit in GitHub Markdown, for issues, pull requests and job summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render import view
from openness_audit.render.escape import clean, code_span, safe_url
from openness_audit.render.escape import markdown as esc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openness_audit.model.audit import Audit, EvidenceDoc, FindingDoc

MARKS = {"open": "●", "partial": "◐", "closed": "○", "unknown": "?", "not-applicable": "–"}
MOST_PLACES = 3
MOST_FINDINGS = 50  # GitHub cuts a job summary at 1 MiB and a comment at 64 KB


def render(audit: Audit) -> str:
    """Tell the audit as Markdown; strangers' words cannot become mark-up, links or mentions."""
    known = view.evidence_by_id(audit)
    lines = [*_head(audit), *_criteria(audit, known), *_license(audit), *_findings(audit, known), *_not_checked(audit)]
    tool = f"modelaudit {esc(audit.tool.version)}, rules {esc(audit.tool.ruleset.version)}, as of {esc(audit.as_of)}"
    lines += ["", f"{tool}. {view.NOTICE}", "", esc(view.last_line(audit))]
    return "\n".join(lines) + "\n"


def _head(audit: Audit) -> Iterator[str]:
    offline = view.offline_words(audit)
    if offline:
        yield f"> {esc(offline)}"
        yield ""
    yield f"## {esc(audit.verdict.sentence)}"
    yield ""
    url = safe_url(audit.subject.url)
    name = code_span(view.subject_name(audit))
    yield f"[{name}]({_target(url)})" if url else name
    yield ""
    said = [code_span(audit.verdict.class_), f"**{view.score_words(audit.score)}**", view.coverage_words(audit)]
    gate = view.gate_words(audit)
    yield " · ".join([*said, gate] if gate else said)
    yield ""


def _criteria(audit: Audit, known: dict[str, EvidenceDoc]) -> Iterator[str]:
    yield "| Criterion | Status | Why | Where |"
    yield "|---|---|---|---|"
    for c in audit.criteria:
        where = _places(c.evidence, known, audit)
        yield f"| {esc(c.title)} | {MARKS[c.status]} {c.status} | {esc(view.why(c))} | {where} |"
    yield ""


def _license(audit: Audit) -> Iterator[str]:
    yield f"**Licence:** {esc(view.license_words(audit))}"
    for conflict in audit.licenses.conflicts:
        yield f"- conflict ({conflict.kind}): {esc(' and '.join(conflict.between))}: {esc(conflict.why)}"
    yield ""


def _findings(audit: Audit, known: dict[str, EvidenceDoc]) -> Iterator[str]:
    ranked = view.ranked(audit)
    if not ranked:
        return
    yield f"### {view.plural(len(ranked), 'finding')}"
    yield ""
    for finding in ranked[:MOST_FINDINGS]:
        yield from _finding(finding, known, audit)
    if len(ranked) > MOST_FINDINGS:
        yield f"- and {len(ranked) - MOST_FINDINGS} more"
    best = view.best_fix(audit)
    if best:
        now, then = view.interval(audit.score.low, audit.score.high), view.interval(best[0].low, best[0].high)
        yield f"- Best fix: {code_span(best[0].finding)}, score {now} → {then}"
    yield ""


def _finding(finding: FindingDoc, known: dict[str, EvidenceDoc], audit: Audit) -> Iterator[str]:
    waived = f" (waived until {esc(finding.waiver.expires)}: {esc(finding.waiver.reason)})" if finding.waiver else ""
    where = _places(finding.evidence, known, audit)
    at = f" ({where})" if where else ""
    message = f": {esc(finding.message)}" if clean(finding.message) and finding.message != finding.title else ""
    yield f"- **{finding.severity}** {code_span(finding.id)} {esc(finding.title)}{message}{at}{waived}"
    yield f"  *What to do ({finding.remediation.effort} effort):* {esc(finding.remediation.text)}"


def _not_checked(audit: Audit) -> Iterator[str]:
    if not audit.not_checked:
        yield "**Not checked:** nothing; every place the rules name was looked at."
        return
    yield "**Not checked:**"
    yield ""
    for item in audit.not_checked:
        yield f"- {code_span(item.what)} ({esc(item.code)}): {esc(item.why)}"


def _places(ids: Sequence[str], known: dict[str, EvidenceDoc], audit: Audit) -> str:
    """Link the first few places, fit for a table cell."""
    cited = [known[key] for key in ids if key in known]
    said = []
    for evidence in cited[:MOST_PLACES]:
        url, name = view.link(evidence), code_span(view.place(evidence, audit), table=True)
        said.append(f"[{name}]({_target(url)})" if url else name)
    more = [f"+{len(cited) - MOST_PLACES}"] if len(cited) > MOST_PLACES else []
    return ", ".join([*said, *more])


def _target(url: str | None) -> str:
    """Fit an address into a Markdown link: parentheses and pipes would end it or its cell."""
    return (url or "").replace("(", "%28").replace(")", "%29").replace("|", "%7C")
