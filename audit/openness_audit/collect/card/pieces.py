"""Cut blocks that are longer than any a person writes, so that the work on one block stays bounded."""

from __future__ import annotations

from typing import Final

import msgspec

from openness_audit.collect.card.draft import Draft
from openness_audit.model.card import Link

MAX_TEXT: Final = 4_000  # characters: of 6,000 real cards two hold a longer paragraph
MAX_LINKS: Final = 150
_CUT: Final = frozenset({"paragraph", "list-item", "quote", "html", "heading"})


def pieces(draft: Draft) -> list[Draft]:
    """Give the draft, or the several of the same kind that it is cut to; tables and code stay whole.

    Text is cut at a line end if there is one, else at a blank, else anywhere. A link goes with its label.
    """
    text = draft.text()
    if draft.kind not in _CUT or (len(text) <= MAX_TEXT and len(draft.links) <= MAX_LINKS):
        return [draft]
    places = _places(text, draft.links)
    out: list[Draft] = []
    start = used = 0
    line = draft.line
    while start < len(text) or used < len(draft.links):
        end = _cut(text, start)
        taken = used
        while taken < len(places) and taken - used < MAX_LINKS and (places[taken] < end or end == len(text)):
            taken += 1
        if taken - used == MAX_LINKS and taken < len(places) and places[taken] < end:
            end = max(start, min(end, places[taken]))
        part = text[start:end]
        blank = len(part) - len(part.lstrip("\n"))
        out.append(_piece(draft, part.strip(), line + blank, draft.links[used:taken]))
        line += part.count("\n")
        start, used = end, taken
    return out


def _piece(draft: Draft, text: str, line: int, links: list[Link]) -> Draft:
    return msgspec.structs.replace(
        draft,
        line=line,
        line_end=line + text.count("\n"),
        parts=[text],
        links=links,
        taken=[],
    )


def _cut(text: str, start: int) -> int:
    """Give where the piece that begins at `start` ends: behind a line end or a blank in its last half."""
    end = start + MAX_TEXT
    if end >= len(text):
        return len(text)
    for mark in ("\n", " "):
        at = text.rfind(mark, start + MAX_TEXT // 2, end)
        if at >= 0:
            return at + 1
    return end


def _places(text: str, links: list[Link]) -> list[int]:
    """Give where each link's label stands in the text, in order; a label that is not found stands at the last one's."""
    places: list[int] = []
    at = 0
    for link in links:
        found = text.find(link.text, at, at + 4 * MAX_TEXT) if link.text else -1
        if found >= 0:
            at = found
        places.append(at)
    return places
