"""The rules of a SARIF file, told from the rules' own words: what is asked, why it counts, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openness_audit.render.ci.sarif_places import text
from openness_audit.render.escape import clean, code_span, safe_url
from openness_audit.render.escape import markdown as esc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.audit_findings import FindingDoc
    from openness_audit.model.audit_policy import ClauseDoc, PolicyDoc
    from openness_audit.model.rules import Rule, Severity

    Json = dict[str, Any]

NOT_AUDITED = "not-audited"
CLAUSE = "policy/"  # before the id of a clause
_KINDS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "recommendation"}  # GitHub's words
_HUB_HELP = "https://huggingface.co/docs/hub/models"


def of_rule(rule: Rule) -> Json:
    """Describe a rule."""
    helped = "\n".join(_lines(rule))
    marked = "\n".join(_marked(rule))
    told = _descriptor(
        rule.id, rule.title, f"{rule.question} {rule.rationale}", rule.severity, helped=helped, marked=marked
    )
    address = next(filter(None, map(safe_url, rule.references)), None)
    tags = ["openness", rule.kind, *([rule.criterion] if rule.criterion else [])]
    told["properties"] |= {"precision": rule.confidence, "tags": tags}
    return told | ({"helpUri": address} if address else {})


def of_finding(finding: FindingDoc) -> Json:
    """Describe a rule that is not at hand by the finding it made."""
    todo = f"What the publisher can do ({finding.remediation.effort} effort): {finding.remediation.text}"
    told = _descriptor(finding.rule, finding.rule, finding.title, finding.severity, helped=text(todo), marked=esc(todo))
    told["properties"] |= {"precision": finding.confidence, "tags": ["openness", "finding"]}
    return told


def of_clause(clause: ClauseDoc, policy: PolicyDoc) -> Json:
    """Describe a clause of the policy."""
    said = f"The clause {clause.id} of the policy {policy.name} ({policy.path})"
    helped = (
        f"{said}. A clause that is violated blocks the model. One that cannot be decided blocks it too, unless it says "
        "`unknown: accept`. A waiver with an approver and an expiry lets a model pass until then."
    )
    told = _descriptor(
        CLAUSE + clause.id, f"Policy: {clause.id}", f"{said}.", "error", helped=text(helped), marked=esc(helped)
    )
    told["properties"] |= {"precision": "high", "tags": ["openness", "policy"]}
    return told


def of_problem() -> Json:
    """Describe what stands for a model without an audit."""
    helped = (
        "No audit could be made: the model was not found or is private, its source did not answer, or what is written "
        "names no model. Nothing is known about it, so it must not be taken for open. Mend its name, give a token with "
        "HF_TOKEN, or run again."
    )
    told = _descriptor(
        NOT_AUDITED, "Model not audited", "No audit could be made of a model.", "error", helped=helped, marked=helped
    )
    told["properties"] |= {"precision": "high", "tags": ["openness"]}
    return told | {"helpUri": _HUB_HELP}


def _descriptor(name: str, title: str, full: str, severity: Severity, *, helped: str, marked: str) -> Json:
    return {
        "id": name,
        "shortDescription": {"text": text(title)},
        "fullDescription": {"text": text(full)},
        "defaultConfiguration": {"level": severity},
        "help": {"text": helped, "markdown": marked},
        "properties": {"problem.severity": _KINDS[severity]},
    }


def _lines(rule: Rule) -> Iterator[str]:
    yield clean(rule.question)
    for level, words in rule.levels.items():
        yield f"- {clean(level)}: {clean(words)}"
    yield f"Why it counts: {clean(rule.rationale)}"
    yield f"What the publisher can do ({rule.remediation.effort} effort): {clean(rule.remediation.text)}"
    yield from _patch(rule)
    for reference in rule.references:
        yield f"See {clean(reference)}"


def _marked(rule: Rule) -> Iterator[str]:
    yield esc(rule.question)
    yield ""
    for level, words in rule.levels.items():
        yield f"- **{esc(level)}**: {esc(words)}"
    yield from ("", f"**Why it counts:** {esc(rule.rationale)}", "")
    yield f"**What the publisher can do** ({rule.remediation.effort} effort): {esc(rule.remediation.text)}"
    if rule.remediation.patch:
        fence = "`" * max(3, len(code_span(rule.remediation.patch)) - len(code_span(rule.remediation.patch).strip("`")))
        yield from ("", fence, *_patch(rule), fence)
    for url in filter(None, map(safe_url, rule.references)):
        yield f"\nSee <{url}>"


def _patch(rule: Rule) -> Iterator[str]:
    for line in (rule.remediation.patch or "").splitlines():
        yield " " * (len(line) - len(line.lstrip())) + clean(line)
