"""Tell in GitHub Markdown what the card discloses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from openness_audit.render.escape import markdown as esc
from openness_audit.render.views import disclosures as view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from openness_audit.model.audit import Audit

LONGEST: Final = 160  # characters of one statement


def lines(audit: Audit, places: Callable[[Sequence[str]], str]) -> Iterator[str]:
    """Give the lines; `places` links citations. None where the audit did not look for disclosures."""
    if audit.disclosures is None:
        return
    told = view.rows(audit)
    yield "### What the card discloses"
    yield ""
    if told:
        yield "| Topic | In the publisher's words | Where |"
        yield "|---|---|---|"
    for row in told:
        said = [esc(_cut(words)) for words in row.said]
        words = "; ".join(f'"{one}"' for one in said) if row.quoted else "; ".join(said)
        more = f" and {row.more} more" if row.more else ""
        yield f"| {row.title} | {words}{more} | {places(row.evidence)} |"
    if told:
        yield ""
    if view.absent(audit):
        yield f"**Not in the card:** {', '.join(view.absent(audit))}."
        yield ""
    if view.unread(audit):
        yield f"**Could not be looked at:** {', '.join(view.unread(audit))} ({esc(view.why_unread(audit))})."
        yield ""


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 4].rstrip()} ..."
