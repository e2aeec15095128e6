"""Read the HTML that stands in cards: text, headings, lists, tables, links and images, by a tolerant linear scan."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from openness_audit.collect.card.builder import Builder

# Not the standard parser: its time grows with the square of some hostile texts.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]{0,20})((?:[\s/][^<>]{0,4000})?)>")
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,30})\s{0,5}=\s{0,5}(?:\"([^\"]{0,3000})\"|'([^']{0,3000})'|([^\s\"'>]{1,3000}))")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")  # other characters that end a line do so in no editor
_MARKDOWN_LINK = re.compile(r"(!?)\[([^\[\]\n]{0,300})\]\(([^()\s]{1,2000})\)")
_BREAKS: Final = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "center",
        "figure",
        "figcaption",
        "details",
        "summary",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "hr",
        "main",
        "nav",
        "picture",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "pre",
        "blockquote",
        "table",
        "body",
        "html",
    ]
)
_SILENT: Final = frozenset({"style", "script", "head", "title", "svg"})
_HEADINGS: Final = {f"h{n}": n for n in range(1, 7)}


class Token(Struct, frozen=True):
    """A piece of HTML: a tag with its attributes, or (with an empty `tag`) text; `at` is its offset."""

    tag: str
    closing: bool
    attributes: str
    text: str
    at: int


def attribute(attributes: str, name: str) -> str:
    """Give the value of an attribute, with entities resolved; empty where there is none."""
    for key, double, single, bare in _ATTRIBUTE.findall(attributes):
        if key.lower() == name:
            return html.unescape(double or single or bare)
    return ""


def tokens(source: str) -> Iterator[Token]:
    """Split HTML into tags and text; comments, declarations and what scripts and styles hold are left out."""
    at, silent = 0, ""
    while at < len(source):
        mark = source.find("<", at)
        mark = len(source) if mark < 0 else mark
        if mark > at and not silent:
            yield Token("", False, "", source[at:mark], at)  # noqa: FBT003 - positional as the Struct declares
        if mark == len(source):
            return
        if source.startswith("<!--", mark):
            end = source.find("-->", mark + 4)
            at = len(source) if end < 0 else end + 3
            continue
        tag = _TAG.match(source, mark)
        if not tag:
            if not silent:
                yield Token("", False, "", "<", mark)  # noqa: FBT003 - a field of a tuple
            at = mark + 1
            continue
        at = tag.end()
        name, closing = tag[2].lower(), bool(tag[1])
        if name in _SILENT:
            silent = "" if closing else name
        elif not silent:
            yield Token(name, closing, tag[3], "", mark)


class HtmlReader:
    """Feeds one run of HTML to a builder. `line` is the line the run begins on."""

    def __init__(self, builder: Builder, source: str, line: int) -> None:
        """Keep where to and what from."""
        self.builder = builder
        self.source = source
        self.line = line
        self.at = 0
        self.depth = 0  # open tables
        self.cells: list[str] | None = None
        self.cell: list[str] | None = None
        self.row_line = line
        self.href: tuple[str, int, int] | None = None  # address, line, start of the label
        self.label: list[str] = []
        self.pre = False

    def read(self) -> None:
        """Read it all; whatever is left open is closed."""
        for token in tokens(self.source):
            self.line += self.source.count("\n", self.at, token.at)
            self.at = token.at
            if token.tag:
                self._tag(token)
            else:
                self._text(token.text)
        self._end_link()
        self._end_row()
        self.builder.close()

    def _text(self, raw: str) -> None:
        if not raw.strip():
            if self.builder.current is not None and self.builder.current.parts and "\n" not in raw:
                self.builder.say(" ", self.line)
            return
        if self.builder.current is None:
            self.builder.open("html", self.line)
        line = self.line
        for part in _LINES.findall(raw) if not self.pre else [raw]:
            text = html.unescape(part)
            self._markdown_links(text, line)
            if self.cell is not None:
                self.cell.append(text)
            if self.href is not None:
                self.label.append(text)
            self.builder.say(text.replace("\x00", ""), line)
            line += 1

    def _markdown_links(self, text: str, line: int) -> None:
        if "](" in text:
            for bang, label, url in _MARKDOWN_LINK.findall(text):
                self.builder.link(url, label, line, image=bool(bang))

    def _tag(self, token: Token) -> None:
        name = token.tag
        if name == "a":
            self._end_link()
            href = "" if token.closing else attribute(token.attributes, "href")
            if href:
                if self.builder.current is None:
                    self.builder.open("html", self.line)
                current = self.builder.current
                self.href = (href, self.line, current.length if current else 0)
                self.label = []
        elif name == "img":
            self._image(token)
        elif name in {"table", "tr", "td", "th"}:
            self._table(name, closing=token.closing)
        elif name == "br" or self.depth:
            self._space()
        elif name in _BREAKS:
            self._end_link()
            self._break(name, closing=token.closing)

    def _break(self, name: str, *, closing: bool) -> None:
        self.pre = name == "pre" and not closing
        if closing:
            self.builder.close()
        elif name in _HEADINGS:
            self.builder.open("heading", self.line, level=_HEADINGS[name])
        elif name == "li":
            self.builder.open("list-item", self.line)
        elif name == "pre":
            self.builder.open("code", self.line)
        elif name == "blockquote":
            self.builder.open("quote", self.line)
        elif self.builder.current is not None and self.builder.current.kind == "html":
            self.builder.close()

    def _space(self) -> None:
        if self.cell is not None:
            self.cell.append(" ")
        if self.builder.current is not None and self.builder.current.parts:
            self.builder.say(" ", self.line)

    def _image(self, token: Token) -> None:
        alt = attribute(token.attributes, "alt") or attribute(token.attributes, "title")
        if self.builder.current is None:
            self.builder.open("html", self.line)
        self.label.append(alt)
        self.builder.link(attribute(token.attributes, "src"), alt, self.line, image=True)

    def _end_link(self) -> None:
        if self.href is not None:
            url, line, start = self.href
            self.href = None
            self.builder.link(url, "".join(self.label), line, start=start)

    def _table(self, name: str, *, closing: bool) -> None:
        if name == "table":
            self._end_row()
            self.depth = max(0, self.depth + (-1 if closing else 1))
            if self.depth == 0:
                self.builder.close()
            elif not closing and self.depth == 1:
                self.builder.open("table", self.line)
            return
        if self.builder.current is None or self.builder.current.kind != "table":
            self.builder.open("table", self.line)
            self.depth = max(1, self.depth)
        if name == "tr":
            self._end_row()
            if not closing:
                self.cells, self.row_line = [], self.line
        else:
            self._end_cell()
            if not closing:
                if self.cells is None:
                    self.cells, self.row_line = [], self.line
                elif self.cells and self.builder.current is not None:
                    self.builder.say(" | ", self.line)
                self.cell = []

    def _end_cell(self) -> None:
        self._end_link()
        if self.cell is not None and self.cells is not None:
            self.cells.append("".join(self.cell))
        self.cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.cells:
            self.builder.row(self.cells, self.row_line)
        self.cells = None
