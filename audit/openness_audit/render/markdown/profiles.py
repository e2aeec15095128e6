"""Tell the outside frameworks in GitHub Markdown: where they disagree, and a short table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import markdown as esc
from openness_audit.render.views import profiles as view
from openness_audit.render.views.terms import cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.audit import Audit

MARKS = {"open": "●", "partial": "◐", "closed": "○", "unknown": "?", "not-applicable": "–"}
MOST_WORDS = 300
MOST_SENTENCES = 6


def lines(audit: Audit) -> Iterator[str]:
    """Give the lines; a table needs one above it that is empty."""
    if not view.told(audit):
        return
    yield "### As the frameworks see it"
    yield ""
    told = view.disagreements(audit)
    for said in told[:MOST_SENTENCES]:
        yield f"- **They disagree:** {_cut(said)}"
    if len(told) > MOST_SENTENCES:
        yield f"- and {len(told) - MOST_SENTENCES} more"
    if told:
        yield ""
    rows = list(_table(audit))
    if rows:
        yield "| Framework | Answer | Why |"
        yield "|---|---|---|"
    for name, state, answer, why in rows:
        mark = f"{MARKS[state]} " if state else ""
        yield f"| {esc(name)} | {mark}{_cut(answer)} | {_cut(why)} |"
    if rows:
        yield ""


def _cut(text: str) -> str:
    return esc(cut(text, MOST_WORDS))


def _table(audit: Audit) -> Iterator[tuple[str, str, str, str]]:
    """Give name, shape, answer and reason of each framework; a total and a count have no shape."""
    p, titles = audit.profiles, view.titles()
    if p.mof:
        yield titles["mof"], view.state(p.mof.class_), view.mof_words(p.mof), view.mof_why(p.mof)
    if p.osaid:
        axes = f"components {view.MET[p.osaid.components_met]}, terms {view.MET[p.osaid.terms_met]}"
        answer = view.OSAID[p.osaid.verdict]
        yield titles["osaid"], view.state(p.osaid.verdict), answer, f"{axes}: {view.said(p.osaid.why)}"
    if p.osai:
        low = [row.what for row in view.osai_rows(p.osai) if row.state == "closed"]
        yield titles["osai"], "", view.osai_words(p.osai), f"closed: {', '.join(low)}" if low else "nothing is closed"
    if p.eu_gpai:
        yield titles["eu_gpai"], "", view.eu_words(p.eu_gpai), p.eu_gpai.note
