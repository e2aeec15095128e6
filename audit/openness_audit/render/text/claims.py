"""Tell claims of openness, and what the publisher can mend, on a terminal (with -v)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.views import claims as view

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.render.layout import Page

_STYLE = {"held": "open", "contradicted": "closed", "not-determined": "unknown"}
_LEAD = 16


def details(page: Page, audit: Audit) -> None:
    """Tell every claim with what it comes to, and the shortest ways up."""
    told = view.rows(audit)
    if told:
        page.add()
    for row in told:
        claim = row.claim
        page.row(
            f"{view.HELD[claim.held]:<{_LEAD}}",
            view.quoted(claim, 160),
            f"README.md:{claim.line}" if claim.line else "",
            lead_style=_STYLE[claim.held],
        )
        also = f" ({row.where})" if len(row.lines) > 1 else ""
        page.text(f"{row.why}{also}", lead=" " * _LEAD, style="quiet")
    ways = [words for words in (view.class_words(audit), view.score_words(audit)) if words]
    if ways:
        page.add()
    for words in ways:
        page.text(words, lead="if mended, ")
    if ways:
        page.text("modelaudit MODEL --fix-card prints the text to add to the card", lead="  ", style="quiet")
