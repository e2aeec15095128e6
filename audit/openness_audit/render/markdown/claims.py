"""Tell claims of openness, and what the publisher can mend, in GitHub Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import markdown as esc
from openness_audit.render.views import claims as view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from openness_audit.model.audit import Audit

MOST = 12


def lines(audit: Audit, places: Callable[[Sequence[str]], str]) -> Iterator[str]:
    """Give the lines; `places` links citations."""
    told = view.rows(audit)
    if told:
        yield "### Claims of openness in the card"
        yield ""
    for row in told[:MOST]:
        claim = row.claim
        at = places(claim.evidence[:1])
        also = f" ({esc(row.where)})" if len(row.lines) > 1 or not at else f" ({at})"
        why = f": {esc(view.short(row.why, 400))}" if claim.why else ""
        yield f"- **{view.HELD[claim.held]}**{also} {esc(view.quoted(claim, 200))}{why}"
    if len(told) > MOST:
        yield f"- and {len(told) - MOST} more"
    if told:
        yield ""


def ways(audit: Audit) -> Iterator[str]:
    """Give the shortest ways to the next class and to the highest score."""
    for words in (view.class_words(audit), view.score_words(audit)):
        if words:
            yield ""
            yield f"If mended, {esc(words)}"
