"""Gather the blocks of a card with their lines, before sections are known."""

from __future__ import annotations

from typing import Final

from openness_audit.collect.card.draft import Draft
from openness_audit.collect.card.links import MAX_URL, urls_in
from openness_audit.collect.card.pieces import pieces
from openness_audit.collect.card.repair import repaired
from openness_audit.model.card import BlockKind, Link

MAX_BLOCKS: Final = 10_000
MAX_LINKS: Final = 5_000
MAX_CELLS: Final = 50_000
PSEUDO_LEVEL: Final = 7  # a paragraph in bold that stands where a heading would


class Builder:
    """Takes text, links and rows in the order of the file and keeps them as drafts, within caps."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.drafts: list[Draft] = []
        self.current: Draft | None = None
        self.links = 0
        self.cells = 0
        self.full = False

    def open(self, kind: BlockKind, line: int, *, level: int = 0, info: str = "") -> Draft:
        """Close what is open and begin a block."""
        self.close()
        self.current = Draft(kind=kind, line=line, level=level, info=info, at_line=line)
        return self.current

    def close(self) -> None:
        """End the open block; one without text, links and rows is dropped."""
        draft, self.current = self.current, None
        if draft is None:
            return
        body = draft.text()
        if not (body.strip() or draft.links or draft.rows):
            return
        if len(self.drafts) >= MAX_BLOCKS:
            self.full = True
            return
        if draft.kind != "code":
            draft = self._trimmed(draft, body)
            self._bare_links(draft)
        draft.line_end = max(draft.line_end, draft.line + draft.text().rstrip("\n").count("\n"))
        self.drafts += [piece for part in repaired(draft) for piece in pieces(part)]

    def say(self, text: str, line: int) -> None:
        """Add text that stands on `line`; missing line breaks are made up so that lines can be counted in the text."""
        draft = self.current
        if draft is None or not text:
            return
        if draft.at_line < line:
            if not draft.parts:
                draft.line = line
            else:
                draft.parts.append("\n" * (line - draft.at_line))
                draft.length += line - draft.at_line
            draft.at_line = line
        draft.parts.append(text)
        draft.length += len(text)
        draft.at_line += text.count("\n")

    def link(self, url: str, text: str, line: int, *, image: bool = False, start: int | None = None) -> None:
        """Add a link to the open block; `start` is where its label begins in the block's text."""
        draft = self.current
        if draft is None or not url:
            return
        if self.links >= MAX_LINKS:
            self.full = True
            return
        self.links += 1
        draft.links.append(Link(url=url.strip()[:MAX_URL], text=" ".join(text.split())[:500], line=line, image=image))
        if image:
            draft.alts.append(text)
        if start is not None:
            draft.taken.append((start, draft.length))

    def row(self, cells: list[str], line: int) -> None:
        """Add a row to the open table."""
        if self.current is None:
            return
        if self.cells + len(cells) > MAX_CELLS:
            self.full = True
            return
        self.cells += len(cells)
        self.current.rows.append(tuple(" ".join(cell.split()) for cell in cells))
        self.current.row_lines.append(line)

    @staticmethod
    def _trimmed(draft: Draft, body: str) -> Draft:
        """Strip blanks around the text; the first line moves with it."""
        lead = len(body) - len(body.lstrip())
        kept = body.strip()
        draft.line += body.count("\n", 0, lead) if kept else 0
        draft.taken = [(max(0, a - lead), b - lead) for a, b in draft.taken]
        draft.parts = [kept]
        return draft

    def _bare_links(self, draft: Draft) -> None:
        """Add the addresses written as bare text, in their place among the links."""
        body = draft.parts[0]
        if "." not in body or "/" not in body:
            return
        covered = iter(sorted(draft.taken))
        span = next(covered, None)
        found: list[Link] = []
        for url, start, end in urls_in(body):
            while span is not None and span[1] <= start:
                span = next(covered, None)
            if span is not None and span[0] < end:
                continue
            if self.links >= MAX_LINKS:
                self.full = True
                break
            self.links += 1
            found.append(Link(url=url, text=url, line=draft.line + body.count("\n", 0, start)))
        if found:
            draft.links = sorted([*draft.links, *found], key=lambda link: link.line)
