"""Tell a policy's result in GitHub Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import code_span
from openness_audit.render.escape import markdown as esc
from openness_audit.render.views import policy as policy_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from openness_audit.model.audit import Audit

MARKS = {"open": "✅", "closed": "❌", "unknown": "❔", "partial": "⚠️"}
MOST_CLAUSES = 60


def head(audit: Audit) -> Iterator[str]:
    """Lead with the policy's result and the verdict on the use the model is wanted for."""
    for said in (policy_view.headline(audit), policy_view.wanted(audit)):
        if said is not None:
            yield f"**{MARKS[said.mark]} {esc(said.words)}**"
            yield ""
    found = policy_view.found_words(audit)
    if found:
        yield esc(found)
        yield ""


def lines(audit: Audit, places: Callable[[Sequence[str]], str]) -> Iterator[str]:
    """Tell every clause in a table, what blocks first, and the waivers that hold no longer."""
    rows = policy_view.rows(audit)
    if not rows:
        return
    yield "| Clause | Result | Why | Where |"
    yield "|---|---|---|---|"
    for row in rows[:MOST_CLAUSES]:
        why, where = "; ".join(filter(None, (row.why, row.message, row.waiver))), places(row.evidence)
        yield f"| {code_span(row.id, table=True)} | {MARKS[row.mark]} {row.word} | {esc(why)} | {where} |"
    if len(rows) > MOST_CLAUSES:
        yield f"| and {len(rows) - MOST_CLAUSES} more | | | |"
    yield ""
    for words in (*policy_view.override_words(audit), *policy_view.void_words(audit)):
        yield f"- {esc(words)}"
    if audit.verdict.policy and (audit.verdict.policy.overrides or audit.verdict.policy.void_waivers):
        yield ""
