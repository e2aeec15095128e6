"""Lay words out in columns of a terminal: cell widths, hanging indents, and colour only where it is wanted."""

from __future__ import annotations

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


def wrap(text: str, width: int) -> list[str]:
    """Break `text` at blanks into lines of at most `width` cells; a longer word is cut where it must be."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        for part in chop_cells(word, width) if cell_len(word) > width else (word,):
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
    return [*lines[: most - 1], f"{last} ..."]


def tail(text: str, most: int) -> str:
    """Keep the end of a place that is longer than `most` cells: the file and line say more than its folders."""
    if cell_len(text) <= most:
        return text
    while text and cell_len(text) + 3 > most:
        text = text[1:]
    return f"...{text}"


def pad(text: str, width: int) -> str:
    """Fill `text` with blanks to `width` cells."""
    return text + " " * max(0, width - cell_len(text))


class Page:
    """Lines of styled words, as wide as told."""

    def __init__(self, width: int) -> None:
        """Start an empty page of `width` cells."""
        self.width = max(NARROWEST, width)
        self._lines: list[list[Span]] = []

    def add(self, *spans: Span | str) -> None:
        """Add one line as it is; without spans a blank one."""
        self._lines.append([(s, "") if isinstance(s, str) else s for s in spans])

    def text(self, text: str, *, lead: str = "", style: str = "", lead_style: str = "", most: int = 0) -> None:
        """Add a paragraph behind `lead`, later lines hanging under its first word, at most `most` lines if given."""
        indent = cell_len(lead)
        room = max(20, self.width - indent)
        lines = wrap(text, room)
        if most:
            lines = shorten(lines, most, room)
        for number, line in enumerate(lines):
            self.add((lead if number == 0 else " " * indent, lead_style), (line, style))

    def fields(self, *fields: str, style: str = "") -> None:
        """Add short fields three blanks apart, going to the next line between fields, never inside a short one."""
        line = ""
        for field in filter(None, fields):
            if line and cell_len(line) + 3 + cell_len(field) > self.width:
                self.text(line, style=style) if cell_len(line) > self.width else self.add((line, style))
                line = field
            else:
                line = f"{line}   {field}" if line else field
        self.text(line, style=style) if cell_len(line) > self.width else self.add((line, style))

    def row(self, lead: str, text: str, right: str, *, lead_style: str = "", most: int = 0) -> None:
        """Add a paragraph behind `lead` with `right` at the end of its last line; at most `most` lines if given."""
        indent = cell_len(lead)
        room = self.width - indent
        right = tail(right, max(20, room // 3))  # the words matter more than the folders of a place
        size = cell_len(right) + 2 if right else 0
        lines = wrap(text, room)
        if most and (len(lines) > most or (len(lines) == most and cell_len(lines[-1]) + size > room)):
            last = shorten(wrap(" ".join(lines[most - 1 :]), room - size), 1, room - size)
            lines = [*lines[: most - 1], *last]
        elif right and cell_len(lines[-1]) + size > room:
            lines = [*lines, ""]
        for number, line in enumerate(lines):
            spans: list[Span] = [(lead if number == 0 else " " * indent, lead_style), (line, "")]
            if right and number == len(lines) - 1:
                spans.append((" " * (room - cell_len(line) - cell_len(right)) + right, "quiet"))
            self.add(*spans)

    def render(self, *, color: bool) -> str:
        """Give the page as text; without `color` it holds no escape sequence."""
        if not color:
            return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in self._lines)
        from rich.color import ColorSystem  # noqa: PLC0415 - a plain report needs none of it
        from rich.style import Style  # noqa: PLC0415

        styles = {name: Style.parse(words) for name, words in STYLES.items()}

        def paint(text: str, style: str) -> str:
            return styles[style].render(text, color_system=ColorSystem.STANDARD) if style and text.strip() else text

        return "".join("".join(paint(*span) for span in line).rstrip() + "\n" for line in self._lines)
