"""Feed the events of the Markdown parser to a builder of blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any, Final

from openness_audit.collect.card.builder import PSEUDO_LEVEL, Builder
from openness_audit.collect.card.html import HtmlReader, attribute, tokens

MAX_TITLE_WORDS: Final = 8  # of a line in bold that stands where a heading would

_LEVELS = {f"H{n}": n for n in range(1, 7)}


def _only(event: Any) -> tuple[str, Any]:
    """Give the name and the content of an event: a mapping with one key."""
    name, value = next(iter(event.items()))
    return name, value


class MarkdownReader:
    """Reads one text; `builder.drafts` then holds its blocks, with lines counted in the text given."""

    def __init__(self, text: str) -> None:
        """Prepare to read `text`, which has line feeds only and no lone surrogates."""
        self.source = text
        self.raw = text.encode()
        self.breaks = [m.start() for m in re.finditer(b"\n", self.raw)]
        self.builder = Builder()
        self.quotes = 0
        self.items = 0
        self.strong = 0
        self.links: list[tuple[str, int, int, list[str], bool]] = []  # url, line, start in text, label, image
        self.cells: list[str] | None = None
        self.cell: list[str] | None = None
        self.row_line = 1
        self.html: tuple[int, int] | None = None  # the bytes of a run of HTML blocks
        self.skipped = 0  # end of indented code that belongs to the run of HTML

    def line(self, offset: int) -> int:
        """Give the line of a byte offset."""
        return bisect_right(self.breaks, offset - 1) + 1

    def read(self) -> None:
        """Read it all, or until the builder is full."""
        import pyromark  # noqa: PLC0415 - kept out of start-up

        options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_FOOTNOTES
        for event, span in pyromark.events_with_range(self.source, options=options):
            if self.builder.full:
                break
            start, end = span["start"], span["end"]
            if isinstance(event, str):
                self._bare(event, start)
                continue
            name, value = _only(event)
            if name == "Text" or name == "Code":  # noqa: PLR1714 - the two most frequent events by far
                if start >= self.skipped:
                    self._say(str(value), start)
            elif name == "Start":
                self._start(value, start, end)
            elif name == "End":
                self._end(value if isinstance(value, str) else next(iter(value)), end)
            elif name == "InlineHtml":
                self._inline_html(str(value), start)
        self._end_html()
        self.builder.close()

    def _bare(self, event: str, start: int) -> None:
        if event in {"SoftBreak", "HardBreak"}:
            if self.cell is None and self._bold_heading(more=self.line(start) + 1):
                return
            self._say(" " if self.cell is not None else "\n", start)
        elif event == "Rule":
            self._end_html()
            self.builder.close()

    def _start(self, value: Any, start: int, end: int) -> None:
        name, detail = (value, {}) if isinstance(value, str) else _only(value)
        if name in {"Link", "Image"}:
            at = self.builder.current.length if self.builder.current else 0
            self.links.append((detail["dest_url"], self.line(start), at, [], name == "Image"))
        elif name == "Strong":
            self._strong_begins()
        elif name == "HtmlBlock":
            self.html = (self.html[0] if self.html else start, end)
        elif name == "CodeBlock" and detail == "Indented" and self.html and self.raw[start:end].lstrip()[:1] == b"<":
            self.html, self.skipped = (self.html[0], end), end
        else:
            self._end_html()
            if name == "TableRow" and b"|" not in self.raw[start:end]:
                name = "Paragraph"  # a table swallows the lines of text that follow it
            self._block(name, detail, self.line(start))

    def _block(self, name: str, detail: Any, line: int) -> None:
        if name == "Paragraph":
            if self.builder.current is None or self.builder.current.kind not in {"list-item", "paragraph"}:
                self.builder.open("quote" if self.quotes else "paragraph", line)
        elif name == "Heading":
            self.builder.open("heading", line, level=_LEVELS[detail["level"]])
        elif name == "Item":
            self.items += 1
            self.builder.open("list-item", line)
        elif name == "CodeBlock":
            self._code(detail, line)
        elif name == "FootnoteDefinition":
            self.builder.close()
        elif name == "BlockQuote":
            self.quotes += 1
        else:
            self._cell_or_table(name, line)

    def _code(self, detail: Any, line: int) -> None:
        fenced = isinstance(detail, dict)
        info = str(detail.get("Fenced", "")) if fenced else ""
        self.builder.open("code", line + (1 if fenced else 0), info=info.split(",")[0].strip()[:50])

    def _cell_or_table(self, name: str, line: int) -> None:
        if name == "Table":
            self.builder.open("table", line)
        elif name in {"TableHead", "TableRow"}:
            if self.builder.current is None or self.builder.current.kind != "table":
                self.builder.open("table", line)
            self.cells, self.row_line = [], line
        elif name == "TableCell" and self.cells is not None:
            self.cell = []

    def _strong_begins(self) -> None:
        self.strong += 1
        current = self.builder.current
        if current is not None and current.kind == "paragraph" and not current.length:
            current.strong = True

    def _end(self, name: str, end: int) -> None:
        if name in {"Link", "Image"}:
            if self.links:
                self._end_link()
        elif name == "Strong":
            self.strong -= 1
        elif name in {"Paragraph", "Heading", "CodeBlock", "Table"}:
            self._end_block(name, end)
        elif name in {"Item", "BlockQuote"}:
            self._end_html()
            self.builder.close()
            if name == "Item":
                self.items -= 1
            else:
                self.quotes -= 1
        elif name == "TableCell" and self.cell is not None and self.cells is not None:
            self.cells.append("".join(self.cell))
            self.cell = None
        elif name in {"TableHead", "TableRow"} and self.cells is not None:
            self.builder.row(self.cells, self.row_line)
            self.cells = None

    def _end_block(self, name: str, end: int) -> None:
        current = self.builder.current
        if name == "Paragraph" and current is not None and current.kind == "list-item":
            return  # the item goes on
        if self.html is not None:
            return  # indented code inside a run of HTML
        if current is not None and name != "CodeBlock":
            current.line_end = self.line(max(0, end - 1))
        self._bold_heading(more=None)
        self.builder.close()

    def _end_link(self) -> None:
        url, line, at, label, image = self.links.pop()
        text = "".join(label)
        if self.links:
            self.links[-1][3].append(text)
        self.builder.link(url, text, line, image=image, start=None if image else at)

    def _inline_html(self, source: str, start: int) -> None:
        for token in tokens(source):
            if token.tag == "img":
                alt = attribute(token.attributes, "alt")
                if self.links:
                    self.links[-1][3].append(alt)
                self.builder.link(attribute(token.attributes, "src"), alt, self.line(start), image=True)
            elif token.tag == "br":
                self._say(" ", start)
            elif token.tag == "a":
                self._anchor(attribute(token.attributes, "href"), start, closing=token.closing)

    def _anchor(self, href: str, start: int, *, closing: bool) -> None:
        if closing:
            if self.links and not self.links[-1][4]:
                self._end_link()
        elif href:
            at = self.builder.current.length if self.builder.current else 0
            self.links.append((href, self.line(start), at, [], False))

    def _say(self, text: str, start: int) -> None:
        if self.links:
            self.links[-1][3].append(text)
            if self.links[-1][4]:
                return  # alternative text is not the card's prose
        line = self.line(start)
        draft = self.builder.current
        if draft is None:
            draft = self.builder.open("list-item" if self.items else "paragraph", line)
        if self.cell is not None:
            if not self.cell and self.cells:
                self.builder.say(" | ", line)
            self.cell.append(text)
        if draft.strong and not self.strong and text.strip(" :："):
            draft.strong = False
        self.builder.say(text, line)

    def _bold_heading(self, *, more: int | None) -> bool:
        """Where a paragraph's first line stands in bold, make it a heading; `more` is the line the rest begins on."""
        draft = self.builder.current
        if draft is None or not draft.strong or self.strong or draft.kind != "paragraph":
            return False
        draft.strong = False
        title = draft.text().strip()
        if draft.links or not title or title[-1] in ".!?。！？" or len(title.split()) > MAX_TITLE_WORDS:
            return False
        draft.kind, draft.level, draft.parts = "heading", PSEUDO_LEVEL, [title.rstrip(" :：")]
        self.builder.close()
        if more is not None:
            self.builder.open("paragraph", more)
        return True

    def _end_html(self) -> None:
        if self.html is not None:
            start, end = self.html
            self.html = None
            self.builder.close()
            HtmlReader(self.builder, self.raw[start:end].decode(), self.line(start)).read()
