"""Tell models as a table for spreadsheets: one row a model, whether it could be audited or not (RFC 4180)."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from openness_audit.licenses.clauses import USES
from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view
from openness_audit.render.views import batch as batch_view

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_policy import PolicyDoc
    from openness_audit.model.batch import Batch, Item

CRITERIA = ("data", "weights", "evaluation-code", "finetuning-code", "metrics")
LONGEST = 2_000  # characters of a cell; a spreadsheet cuts at 32,767
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20|%")  # also full-width, as spreadsheets of East Asia read them
COLUMNS = (
    "model",
    "outcome",
    "exit_code",
    "asked",
    "revision",
    "commit",
    "url",
    "named_in",
    "policy",
    "policy_result",
    "clauses_violated",
    "clauses_unknown",
    "clauses_accepted",
    "clauses_waived",
    "class",
    "terms",
    "extent",
    "gated",
    "osaid",
    "mof_class",
    "score",
    "score_low",
    "score_high",
    "coverage",
    *(name.replace("-", "_") for name in CRITERIA),
    "license",
    "license_family",
    "license_effective",
    "license_effective_family",
    *(f"use_{name.replace('-', '_')}" for name in USES),
    "errors",
    "warnings",
    "notes",
    "waived",
    "not_checked",
    "problem",
    "what_to_do",
    "as_of",
    "offline",
    "tool_version",
    "rules_version",
)


def render_batch(batch: Batch) -> str:
    """Tell the batch as CSV: a head line, then a row for each model in the order asked for; lines end in CR LF."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for item in batch.items:
        writer.writerow({name: cell(value) for name, value in _row(item).items()})
    return out.getvalue()


def cell(value: str | float | bool | None) -> str:
    """Write a value; no spreadsheet takes a stranger's words for a formula, and no cell has a line end."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return format(value, "g")
    said = clean(value)
    said = said if len(said) <= LONGEST else f"{said[: LONGEST - 4]} ..."
    return f"'{said}" if said[:1] in _FORMULA else said


def _row(item: Item) -> dict[str, str | float | bool | None]:
    row: dict[str, str | float | bool | None] = {
        "model": batch_view.name_of(item),
        "outcome": batch_view.outcome(item),
        "exit_code": batch_view.code_of(item),
        "asked": item.asked,
        "named_in": "; ".join(map(batch_view.named_at, item.origins)),
    }
    if item.problem is not None:
        row |= {"problem": item.problem.message, "what_to_do": item.problem.hint}
    if item.audit is not None:
        row |= _audited(item.audit)
    return row


def _audited(audit: Audit) -> dict[str, str | float | bool | None]:
    subject, verdict, licenses = audit.subject, audit.verdict, audit.licenses
    uses = {use.use: use.verdict for use in licenses.uses}
    counts = {name: sum(f.severity == name and f.waiver is None for f in audit.findings) for name in view.SEVERITIES}
    return {
        "revision": subject.revision,
        "commit": subject.sha,
        "url": view.subject_url(audit),
        **_policy(verdict.policy),
        "class": verdict.class_,
        "terms": verdict.terms,
        "extent": verdict.extent,
        "gated": verdict.gated,
        "osaid": verdict.osaid,
        "mof_class": audit.profiles.mof.class_ if audit.profiles.mof else None,
        "score": audit.score.value,
        "score_low": audit.score.low,
        "score_high": audit.score.high,
        "coverage": audit.score.coverage,
        **{c.id.replace("-", "_"): c.status for c in audit.criteria},
        "license": licenses.own.expression,
        "license_family": licenses.own.family,
        "license_effective": licenses.effective.expression,
        "license_effective_family": licenses.effective.family,
        **{f"use_{name.replace('-', '_')}": uses.get(name) for name in USES},
        **{f"{name}s": count for name, count in counts.items()},
        "waived": sum(f.waiver is not None for f in audit.findings),
        "not_checked": len(audit.not_checked),
        "as_of": audit.as_of,
        "offline": view.offline_words(audit),
        "tool_version": audit.tool.version,
        "rules_version": audit.tool.ruleset.version,
    }


def _policy(policy: PolicyDoc | None) -> dict[str, str | float | bool | None]:
    if policy is None:
        return {}
    ids: dict[str, list[str]] = {}
    for clause in policy.clauses:
        state = "accepted" if clause.accepted and clause.met == "unknown" else clause.met
        ids.setdefault(f"clauses_{state}", []).append(clause.id)
    named = {state: " ".join(sorted(found)) for state, found in ids.items() if state in COLUMNS}
    return {"policy": policy.path, "policy_result": policy.result, **named}
