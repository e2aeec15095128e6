"""Take a Markdown card apart: sections, blocks, tables and links, each with its line in the whole file."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, Final, Literal

from openness_audit.collect.builder import PSEUDO_LEVEL, Builder
from openness_audit.collect.frontmatter import normalized, read_front_matter
from openness_audit.collect.html import HtmlReader, attribute, tokens
from openness_audit.collect.outline import outline
from openness_audit.model.capture import Text
from openness_audit.model.card import Block, Card, Document
from openness_audit.model.evidence import Place, PlaceKind

MAX_CARD_BYTES: Final = 200_000
MAX_TITLE_WORDS: Final = 8  # of a line in bold that stands where a heading would

_LEVELS = {f"H{n}": n for n in range(1, 7)}


def document_of(text: Text, kind: PlaceKind, repo: str) -> Document:
    """Give what is needed to cite `text` of the repository `repo`, with the canonical page of the file as its URL."""
    host = "https://" if repo.startswith(("github.com/", "gitlab.com/")) else "https://huggingface.co/"
    local = not text.origin.url.startswith("http")
    return Document(
        kind=kind,
        repo=repo,
        path=text.path,
        url=text.origin.url if local else f"{host}{repo}/blob/{text.sha or 'main'}/{text.path}",
        sha=text.sha,
        sha256=text.origin.sha256,
        retrieved_at=text.origin.retrieved_at,
        from_cache=text.origin.from_cache,
    )


def read_card(
    text: str,
    document: Document,
    role: Literal["card", "own-readme", "dataset-card"] = "card",
    *,
    truncated: bool = False,
) -> Card:
    """Read a card; any text gives a card, within caps, in linear time.

    In every block, `text` begins on `line` and each line break in it is one in the file, so an offset's line is
    `line_at(block, offset)`. A fenced code block's `line` is the first line of the code.
    """
    text = normalized(text)
    front = read_front_matter(text)
    body = _blanked(text, front.line_end)
    raw = body.encode()
    if len(raw) > MAX_CARD_BYTES:
        truncated = True
        body = raw[:MAX_CARD_BYTES].decode("utf-8", "ignore")
    reader = _Reader(body)
    reader.read()
    lines = text.count("\n") + (0 if text.endswith("\n") else 1)
    sections, blocks = outline(reader.builder.drafts, max(1, lines))
    return Card(
        document=document,
        front_matter=front,
        sections=sections,
        blocks=blocks,
        role=role,
        truncated=truncated or reader.builder.full,
    )


def line_at(block: Block, offset: int) -> int:
    """Give the line of the file on which the character at `offset` of the block's text stands."""
    return min(block.line_end, block.line + block.text.count("\n", 0, offset))


def cite_at(card: Card, block: Block, start: int, end: int) -> Place:
    """Cite the characters `start` to `end` of a block's text, on their own lines."""
    place = card.cite(block, block.text[start:end])
    return card.document.at(
        line_at(block, start),
        block.text[start:end],
        line_end=line_at(block, max(start, end - 1)),
        text_kind=place.text_kind,
    )


def _blanked(text: str, line_end: int) -> str:
    """Empty the lines of the front matter, so that the lines of the body keep their numbers."""
    at = 0
    for _ in range(line_end):
        at = text.find("\n", at) + 1
        if at == 0:
            return "\n" * line_end
    return "\n" * line_end + text[at:]


class _Reader:
    """Reads the events of the Markdown parser."""

    def __init__(self, text: str) -> None:
        self.source = text
        self.raw = text.encode()
        self.breaks = [i for i, byte in enumerate(self.raw) if byte == 10]
        self.builder = Builder()
        self.quotes = 0
        self.items = 0
        self.links: list[tuple[str, int, int, list[str], bool]] = []  # url, line, start in text, label, image
        self.cells: list[str] | None = None
        self.cell: list[str] | None = None
        self.row_line = 1
        self.html: tuple[int, int] | None = None  # bytes of a run of HTML blocks
        self.strong = 0

    def line(self, offset: int) -> int:
        """Give the line of a byte offset."""
        return bisect_right(self.breaks, offset - 1) + 1

    def read(self) -> None:
        """Feed every event to the builder."""
        import pyromark  # noqa: PLC0415 - kept out of start-up

        options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_FOOTNOTES
        for event, span in pyromark.events_with_range(self.source, options=options):
            if self.builder.full:
                break
            start, end = span["start"], span["end"]
            if isinstance(event, str):
                self._bare(event, start)
                continue
            name, value = next(iter(event.items()))
            if name == "Start":
                self._start(value, start, end)
            elif name == "End":
                self._end(value, end)
            else:
                self._inline(name, value, start, end)
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
        name, detail = (value, None) if isinstance(value, str) else next(iter(value.items()))
        if name == "HtmlBlock":
            self.html = (self.html[0] if self.html else start, end)
            return
        if name == "CodeBlock" and detail == "Indented" and self.html and self.raw[start:end].lstrip()[:1] == b"<":
            self.html = (self.html[0], end)
            return
        self._end_html()
        line = self.line(start)
        if name == "Paragraph":
            if self.builder.current is None or self.builder.current.kind != "list-item":
                self.builder.open("quote" if self.quotes else "paragraph", line)
        elif name == "Heading":
            self.builder.open("heading", line, level=_LEVELS[detail["level"]])
        elif name == "Item":
            self.items += 1
            self.builder.open("list-item", line)
        elif name == "CodeBlock":
            fenced = isinstance(detail, dict)
            info = str(detail.get("Fenced", "")) if fenced else ""
            self.builder.open("code", line + (1 if fenced else 0), info=info.split(",")[0].strip()[:50])
        elif name == "Table":
            self.builder.open("table", line)
        elif name in {"TableHead", "TableRow"}:
            self.cells, self.row_line = [], line
        elif name == "TableCell":
            self.cell = []
        elif name in {"Link", "Image"}:
            current = self.builder.current
            at = current.length if current else 0
            self.links.append((detail["dest_url"], line, at, [], name == "Image"))
        elif name == "BlockQuote":
            self.quotes += 1
        elif name == "FootnoteDefinition":
            self.builder.close()
        elif name == "Strong":
            self._strong_begins()

    def _strong_begins(self) -> None:
        self.strong += 1
        current = self.builder.current
        if current is not None and current.kind == "paragraph" and not current.length:
            current.strong = True

    def _end(self, value: Any, end: int) -> None:
        name = value if isinstance(value, str) else next(iter(value))
        current = self.builder.current
        if name in {"Paragraph", "Heading", "CodeBlock", "Table"}:
            if name == "Paragraph" and current is not None and current.kind == "list-item":
                return
            if current is not None and name != "CodeBlock":
                current.line_end = self.line(max(0, end - 1))
            self._bold_heading(more=None)
            self.builder.close()
        elif name == "Item":
            self._end_html()
            self.items -= 1
            self.builder.close()
        elif name in {"TableHead", "TableRow"} and self.cells is not None:
            self.builder.row(self.cells, self.row_line)
            self.cells = None
        elif name == "TableCell" and self.cell is not None and self.cells is not None:
            self.cells.append("".join(self.cell))
            self.cell = None
        elif name in {"Link", "Image"} and self.links:
            self._end_link()
        elif name == "BlockQuote":
            self._end_html()
            self.quotes -= 1
        elif name == "Strong":
            self.strong -= 1

    def _end_link(self) -> None:
        url, line, at, label, image = self.links.pop()
        text = "".join(label)
        if self.links:
            self.links[-1][3].append(text)
        self.builder.link(url, text, line, image=image, start=None if image else at)

    def _inline(self, name: str, value: Any, start: int, end: int) -> None:
        if name in {"Text", "Code"}:
            if self.html is None:
                self._say(str(value), start)
        elif name == "InlineHtml":
            self._inline_html(str(value), start)

    def _inline_html(self, source: str, start: int) -> None:
        for token in tokens(source):
            if token.tag == "img":
                alt = attribute(token.attributes, "alt")
                self.builder.link(attribute(token.attributes, "src"), alt, self.line(start), image=True)
            elif token.tag == "br":
                self._say(" ", start)
            elif token.tag == "a":
                self._anchor(token.attributes, start, closing=token.closing)

    def _anchor(self, attributes: str, start: int, *, closing: bool) -> None:
        href = attribute(attributes, "href")
        current = self.builder.current
        if closing:
            if self.links and not self.links[-1][4]:
                self._end_link()
        elif href:
            self.links.append((href, self.line(start), current.length if current else 0, [], False))

    def _say(self, text: str, start: int) -> None:
        if self.links:
            self.links[-1][3].append(text)
            if self.links[-1][4]:
                return  # alternative text is not the card's prose
        if self.builder.current is None:
            self.builder.open("list-item" if self.items else "paragraph", self.line(start))
        if self.cell is not None:
            if not self.cell and self.cells:
                self.builder.say(" | ", self.line(start))
            self.cell.append(text)
        draft = self.builder.current
        if draft is not None and draft.strong and not self.strong and text.strip(" :："):
            draft.strong = False
        self.builder.say(text, self.line(start))

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
