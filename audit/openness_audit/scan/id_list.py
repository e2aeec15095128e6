"""Read a list of ids of any length line by line; what names no model is counted, and the first few are told."""

from __future__ import annotations

import codecs
import re
from typing import IO, TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openness_audit.settings import Target

SHOWN = 5  # lines of a kind that are told with their number
LONGEST = 1000  # characters of a line; no id has as many
_COMMENT = re.compile(r"(?:^|\s)#.*")


class Skipped(Struct):
    """Lines that were passed over: how many, and the first few as `(line, what it says)`."""

    count: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)

    def note(self, line: int, said: str) -> None:
        """Count one."""
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append((line, said[:80]))


class ListRead(Struct):
    """What came of reading a list: models, and lines that name none or name one again."""

    models: int = 0
    junk: Skipped = field(default_factory=Skipped)
    repeated: Skipped = field(default_factory=Skipped)


def read_ids(stream: IO[bytes], parse: Callable[[str], Target | None], found: ListRead) -> Iterator[Target]:
    """Read the ids of a list.

    Args:
        stream: one id a line, with an optional `@revision`; `#` begins a comment.
        parse: understands a word; None where it names no model of the Hub.
        found: told what was met.

    Yields:
        Each model once, in the order of the list.
    """
    seen: set[tuple[str, str | None]] = set()
    for number, line in enumerate(_decoded(stream), 1):
        said = _COMMENT.sub("", line[:LONGEST]).strip().strip('"').rstrip(",").strip('"')
        if not said:
            continue
        target = parse(said) if len(line) < LONGEST else None
        if target is None:
            found.junk.note(number, said)
            continue
        key = (target.id.lower(), target.revision)
        if key in seen:
            found.repeated.note(number, said)
            continue
        seen.add(key)
        found.models += 1
        yield target


def _decoded(stream: IO[bytes]) -> Iterator[str]:
    """Give the lines as text: UTF-8, or UTF-16 with its mark, and line ends of any kind."""
    head = stream.read(2)
    if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        yield from (head + stream.read()).decode("utf-16", "replace").splitlines()
        return
    first = True
    while line := (head if first else b"") + stream.readline(1 << 16):
        yield from line.decode("utf-8-sig" if first else "utf-8", "replace").rstrip("\r\n").split("\r")
        first = False
