"""Lay words out in columns of a terminal: cell widths, hanging indents, and colour only where it is wanted."""

from __future__ import annotations

import re
from typing import TypeAlias

from rich.cells import cell_len, chop_cells

Span: TypeAlias = tuple[str, str]  # words and the name of their style

STYLES = {
    "strong": "bold",
    "quiet": "dim",
    "open": "green",
    "partial": "yellow",
    "closed": "red",
    "unknown": "magenta",
    "not-applicable": "dim",
    "error": "bold red",
    "warning": "bold yellow",
    "note": "bold cyan",
}
NARROWEST = 40
LEAST_BESIDE = 24  # cells that words need beside their lead
NARROW = 60  # below, what stands in columns stands in lines of its own
_JOINT = re.compile(r"(?<=[/_.:@-])")  # where a name may go on in the next line


def _pieces(word: str, width: int) -> list[str]:
    """Cut a word that is wider than `width` behind its joints, or else where it must be."""
    pieces = [""]
    for part in _JOINT.split(word):
        for bit in chop_cells(part, width) if cell_len(part) > width else (part,):
            if cell_len(pieces[-1]) + cell_len(bit) <= width:
                pieces[-1] += bit
            else:
                pieces.append(bit)
    return [piece for piece in pieces if piece]


def wrap(text: str, width: int) -> list[str]:
    """Break `text` at blanks into lines of at most `width` cells; a longer word is cut behind its joints."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        for part in _pieces(word, width) if cell_len(word) > width else (word,):
            size = cell_len(part)
            if line and used + 1 + size <= width:
                line, used = f"{line} {part}", used + 1 + size
            else:
                lines += [line] if line else []
                line, used = part, size
    return [*lines, line] if line or not lines else lines


def shorten(lines: list[str], most: int, width: int) -> list[str]:
    """Keep `most` lines; the last one kept says by an ellipsis that more was there."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and cell_len(last) + 4 > width:
        last = last.rpartition(" ")[0] if " " in last else last[:-1]
    if last.count("(") > last.count(")"):
        last = last[: last.rindex("(")]
    return [*lines[: most - 1], f"{last.rstrip(',;: ')} ..."]


def tail(place: str, most: int) -> str:
    """Fit a place into `most` cells by leaving out folders: never a part of the file's name, or whose file it is."""
    if cell_len(place) <= most:
        return place
    repo, blank, path = place.rpartition(" ")
    folder, slash, file = path.rpartition("/")
    short = f"{repo}{blank}.../{file}" if slash and len(folder) > len("...") else place
    return short if cell_len(short) <= most or repo else file


def pad(text: str, width: int) -> str:
    """Fill `text` with blanks to `width` cells."""
    return text + " " * max(0, width - cell_len(text))


def showable(text: str, encoding: str) -> str:
    """Spell out what an encoding cannot show, before anything is measured."""
    return text if text.isascii() else text.encode(encoding, "backslashreplace").decode(encoding)


class Page:
    """Lines of styled words, as wide as told, in what the encoding of the terminal can show."""

    def __init__(self, width: int, encoding: str = "utf-8") -> None:
        """Start an empty page of `width` cells."""
        self.width = max(NARROWEST, width)
        self.narrow = self.width < NARROW
        self._encoding = encoding
        self._lines: list[list[Span]] = []

    def __len__(self) -> int:
        """Count the lines."""
        return len(self._lines)

    def _shown(self, text: str) -> str:
        return showable(text, self._encoding)

    def add(self, *spans: Span | str) -> None:
        """Add one line as it is; without spans a blank one."""
        told = [(s, "") if isinstance(s, str) else s for s in spans]
        self._lines.append([(self._shown(text), style) for text, style in told])

    def join(self, other: Page) -> None:
        """Add the lines of another page."""
        self._lines += other._lines

    def text(self, text: str, *, lead: str = "", style: str = "", lead_style: str = "", most: int = 0) -> None:
        """Add a paragraph behind `lead`, later lines hanging under its first word, at most `most` lines if given."""
        text, lead = self._shown(text), self._shown(lead)
        indent = cell_len(lead)
        if self.width - indent < LEAST_BESIDE:
            for line in wrap(lead.rstrip(), self.width):
                self.add((line, lead_style))
            lead, indent = "  ", 2
        room = self.width - indent
        lines = wrap(text, room)
        if most:
            lines = shorten(lines, most, room)
        for number, line in enumerate(lines):
            self.add((lead if number == 0 else " " * indent, lead_style), (line, style))

    def address(self, url: str, *, lead: str = "") -> None:
        """Add an address on one line, however wide: a broken one cannot be copied."""
        self.add(lead, (url, "quiet"))

    def fields(self, *fields: str, style: str = "") -> None:
        """Add short fields two blanks apart, going to the next line between fields, never inside a short one."""
        line = ""
        for field in map(self._shown, filter(None, fields)):
            if line and cell_len(line) + 2 + cell_len(field) > self.width:
                self.text(line, style=style) if cell_len(line) > self.width else self.add((line, style))
                line = field
            else:
                line = f"{line}  {field}" if line else field
        self.text(line, style=style) if cell_len(line) > self.width else self.add((line, style))

    def row(self, lead: str, text: str, right: str, *, lead_style: str = "", most: int = 0) -> None:
        """Add a paragraph behind `lead` with the place `right` at the end; at most `most` lines if given."""
        text, right = self._shown(text), self._shown(right)
        indent = cell_len(lead)
        if self.narrow or indent > self.width // 2:
            self.add((lead.rstrip(), lead_style))
            self.text(text, lead="  ", most=most)
            if right:
                self.text(tail(right, self.width - 2) if most else right, lead="  ", style="quiet")
            return
        lines, places = self._beside(text, right, self.width - indent, most)
        for number, line in enumerate(lines):
            self.add((lead if number == 0 else " " * indent, lead_style), (line, ""))
        for number, place in enumerate(places):
            gap = self.width - indent - cell_len(place)
            if number == 0 and cell_len(lines[-1]) + 2 <= gap:
                self._lines[-1] += [(" " * (gap - cell_len(lines[-1])) + place, "quiet")]
            else:
                self.add(" " * indent, (" " * gap + place, "quiet"))

    @staticmethod
    def _beside(text: str, right: str, room: int, most: int) -> tuple[list[str], list[str]]:
        """Break the words and the place of a row so that both fit: the place is shortened first, then the words."""
        lines = wrap(text, room)
        for place in dict.fromkeys((right, tail(right, room), tail(right, room // 2))):
            size = cell_len(place) + 2 if place else 0
            beside = size == 0 or cell_len(lines[-1]) + size <= room
            if most and size > room + 2:
                continue
            if not most or len(lines) + (0 if beside else 1) <= most:
                return lines, wrap(place, room) if place else []
        place = tail(right, room // 2)
        size = cell_len(place) + 2
        if room - size < room // 3:  # a long file name takes a line of its own, or is left to -v, but is never cut
            fits = most > 1 and cell_len(place) <= room
            return shorten(lines, most - 1 if fits else most, room), [place] if fits else []
        last = shorten(wrap(" ".join(lines[most - 1 :]), room - size), 1, room - size)
        return [*lines[: most - 1], *last], [place]

    def render(self, *, color: bool) -> str:
        """Give the page as text; without `color` it holds no escape sequence."""
        if not color:
            return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in self._lines)
        from rich.color import ColorSystem  # noqa: PLC0415 - a plain report needs none of it
        from rich.style import Style  # noqa: PLC0415 - only here

        styles = {name: Style.parse(words) for name, words in STYLES.items()}

        def paint(text: str, style: str) -> str:
            return styles[style].render(text, color_system=ColorSystem.STANDARD) if style and text.strip() else text

        return "".join("".join(paint(*span) for span in line).rstrip() + "\n" for line in self._lines)
