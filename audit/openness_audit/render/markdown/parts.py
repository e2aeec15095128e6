"""What Markdown reports are put together from: places as links, strangers' words, and as much as fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean, code_span
from openness_audit.render.escape import markdown as esc
from openness_audit.render.views import audit as view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.audit import Audit, EvidenceDoc

MARKS = {"open": "●", "partial": "◐", "closed": "○", "unknown": "?", "not-applicable": "–"}
MOST_PLACES = 3
MOST_WORDS = 1_000  # characters of one stranger's text


def size(lines: Sequence[str]) -> int:
    """Give the bytes of lines, with a line end behind each."""
    return sum(len(line.encode("utf-8", "replace")) + 1 for line in lines)


def fitted(blocks: Sequence[Sequence[str]], room: int, more: str = "- and {} more") -> list[str]:
    """Keep as many blocks as `room` bytes hold, and count the others by the words of `more`."""
    kept: list[str] = []
    for number, block in enumerate(blocks):
        room -= size(block)
        if room < 0:
            return [*kept, more.format(len(blocks) - number)]
        kept += block
    return kept


def cut(text: str) -> str:
    """Escape a text, of which only the beginning is kept where it is beyond all measure."""
    said = clean(text)
    return esc(said if len(said) <= MOST_WORDS else f"{said[:MOST_WORDS]} ...")


def places(ids: Sequence[str], known: dict[str, EvidenceDoc], audit: Audit) -> str:
    """Link the first few places, fit for a table cell."""
    cited = [known[key] for key in ids if key in known]
    said = []
    for evidence in cited[:MOST_PLACES]:
        url, name = view.link(evidence), code_span(view.place(evidence, audit), table=True)
        said.append(f"[{name}]({target(url)})" if url else name)
    more = [f"+{len(cited) - MOST_PLACES}"] if len(cited) > MOST_PLACES else []
    return ", ".join([*said, *more])


def target(url: str | None) -> str:
    """Fit an address into a Markdown link: parentheses and pipes would end it or its cell."""
    return (url or "").replace("(", "%28").replace(")", "%29").replace("|", "%7C")
