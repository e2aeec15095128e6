"""A block of a card while it is being gathered."""

from __future__ import annotations

from msgspec import Struct, field

from openness_audit.model.card import BlockKind, Link


class Draft(Struct, kw_only=True):
    """A block under construction; `text` begins on `line`, and each line break in it is one in the file."""

    kind: BlockKind
    line: int
    level: int = 0
    info: str = ""
    parts: list[str] = field(default_factory=list)
    length: int = 0
    at_line: int = 0  # the line that the end of the text stands on
    links: list[Link] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)  # ranges of the text that are links already
    rows: list[tuple[str, ...]] = field(default_factory=list)
    row_lines: list[int] = field(default_factory=list)
    line_end: int = 0
    alts: list[str] = field(default_factory=list)
    strong: bool = False  # the text so far stands in bold, and nothing else does

    def text(self) -> str:
        """Give the text gathered so far."""
        return "".join(self.parts)
