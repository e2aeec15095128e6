"""Keep the code of the vocabularies' regular expressions, as Python keeps the bytecode of modules.

Compiling the few hundred patterns that one card needs takes longer than reading the card; their code loads in a
seventieth of the time. `re` has no public way to keep it, so this takes the steps of `re.compile` one by one. The code
is that of one interpreter, which checks it again when it is loaded; whatever goes another way than expected is left to
`re.compile`.
"""

from __future__ import annotations

import contextlib
import re
import sys
from array import array
from functools import cache
from importlib import import_module
from typing import Any

import msgspec
from msgspec import Struct

from openness_audit import kept
from openness_audit.literals import pieces

_NAME = f"patterns.{sys.implementation.cache_tag}"  # each interpreter its own
MOST = 3_000  # three times what the vocabularies hold: beyond it, patterns of older vocabularies have piled up


class Code(Struct, frozen=True, array_like=True):
    """The code of one pattern, and what else makes the compiled pattern."""

    source: str
    asked: int  # flags as they were given
    flags: int  # with those the pattern itself sets
    code: bytes
    groups: int
    names: dict[str, int]
    pieces: tuple[str, ...] = ()  # of text, one of which every match holds, folded


class Codes:
    """What was kept by earlier processes, and what this one adds."""

    def __init__(self) -> None:
        """Read what was kept for this interpreter."""
        self._made_by = (sys.version.encode(), b"pieces 5")
        self.known = {(row.source, row.asked): row for row in self._on_disk()}
        self.new: dict[tuple[str, int], Code] = {}

    def _on_disk(self) -> list[Code]:
        packed = kept.load(_NAME, self._made_by)
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.msgpack.decode(packed, type=list[Code]) if packed is not None else []
        return []

    def compiled(self, source: str, flags: int, *, in_pieces: bool = False) -> re.Pattern[str]:
        """Do as `re.compile` does, with code that was kept where there is any. Raises re.error as it does.

        With `in_pieces`, `pieces` can be asked for afterwards.
        """
        key = source, flags
        try:
            code = (
                self.known.get(key) or self.new.get(key) or self.new.setdefault(key, to_code(*key, in_pieces=in_pieces))
            )
            return to_pattern(code)
        except Exception:  # noqa: BLE001 - another interpreter, or a malformed pattern: `re` itself has the last word
            self.new.pop(key, None)
            return re.compile(source, flags)

    def pieces(self, source: str, flags: int) -> tuple[str, ...]:
        """Give pieces of text one of which every match of a compiled pattern holds, none where that is not known."""
        row = self.known.get((source, flags)) or self.new.get((source, flags))
        return row.pieces if row is not None else ()

    def keep(self) -> None:
        """Keep what is new, beside what other processes kept meanwhile; a few are not worth the writing."""
        if len(self.new) <= len(self.known) // 50 or not kept.can_save():
            return
        new, self.new = self.new, {}
        self.known |= new
        rows = {(row.source, row.asked): row for row in self._on_disk()}
        rows = new if len(rows) > MOST else rows | new
        kept.save(_NAME, self._made_by, msgspec.msgpack.encode(list(rows.values())))


@cache
def codes() -> Codes:
    """Give the codes of this process."""
    return Codes()


def to_code(source: str, flags: int, *, in_pieces: bool = False) -> Code:
    """Compile a pattern to code, as `re._compiler.compile` begins; work out its pieces only where they are wanted."""
    parsed: Any = import_module("re._parser").parse(source, flags)
    words = import_module("re._compiler")._code(parsed, flags)  # noqa: SLF001 - there is no public way
    state = parsed.state
    found = pieces(parsed) if in_pieces else ()
    code = array("I", words).tobytes()
    return Code(source, flags, flags | state.flags, code, state.groups - 1, dict(state.groupdict), found)


def to_pattern(row: Code) -> re.Pattern[str]:
    """Make a pattern of its code, as `re._compiler.compile` ends; the engine refuses code that is none."""
    names: list[str | None] = [None] * (row.groups + 1)
    for name, number in row.names.items():
        names[number] = name
    engine: Any = import_module("_sre")
    code = array("I", row.code).tolist()
    made: re.Pattern[str] = engine.compile(row.source, row.flags, code, row.groups, row.names, tuple(names))
    return made
