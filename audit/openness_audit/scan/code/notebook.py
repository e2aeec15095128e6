"""Find the models that a Jupyter notebook names: it is JSON, whose code cells are Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from openness_audit.scan.code.gather import Sheet
from openness_audit.scan.code.json_tree import read_json
from openness_audit.scan.code.lines import read_lines
from openness_audit.scan.code.python_file import parses, read_python
from openness_audit.scan.code.shell import Shell
from openness_audit.scan.code.tree import MalformedError, Node
from openness_audit.scan.code.vocabulary import worth_reading

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAGIC = re.compile(r"^[ \t]*([%!?]{1,2})(.*)$", re.MULTILINE)
_SCRIPTS = ("%%bash", "%%sh", "%%shell", "%%script")
_OTHERS = ("%%html", "%%javascript", "%%js", "%%latex", "%%markdown", "%%svg", "%%sql", "%%writefile", "%%R")


def read_notebook(sheet: Sheet, text: str) -> str:
    """Read a notebook; gives why it, or a cell of it, was read by its lines."""
    try:
        root = read_json(text)
    except MalformedError as problem:
        read_lines(sheet, text.replace('\\"', '"').replace("\\n", " "))
        return str(problem)
    sheets = root.get("worksheets")
    holders = sheets.items if sheets is not None else [root]
    cells = [cell for holder in holders if (found := holder.get("cells")) is not None for cell in found.items]
    troubles = []
    code: list[tuple[int, list[Node]]] = []
    for number, cell in enumerate(cells, 1):
        kind, source = cell.get("cell_type"), cell.get("source") or cell.get("input")
        if source is None or kind is None:
            continue
        pieces = [source] if source.text is not None else [item for item in source.items if item.text is not None]
        if kind.text == "code":
            code.append((number, pieces))
        else:
            _told(sheet, number, pieces, "".join(p.text or "" for p in pieces))
    trouble = _code(sheet, code)
    troubles += [trouble] if trouble else []
    return troubles[0] if troubles else ""


def _told(sheet: Sheet, number: int, pieces: Sequence[Node], text: str) -> None:
    """Read a cell of prose: its addresses and examples, with low confidence."""
    part = Sheet(sheet.path, sheet.reader)
    part.most = "low"
    read_lines(part, text)
    _move(sheet, part, [(number, pieces)], {})


def _code(sheet: Sheet, cells: Sequence[tuple[int, list[Node]]]) -> str:
    """Read the code cells as one module, since they share their names; one that does not parse is read by its lines."""
    texts = [_python(sheet, number, pieces) for number, pieces in cells]
    whole, trouble = [], ""
    for at, text in enumerate(texts):
        why = parses(text)
        whole.append("\n" * text.count("\n") if why else text)
        if why and worth_reading(text):
            trouble = trouble or f"cell {cells[at][0]}: {why}"
            part = Sheet(sheet.path, sheet.reader)
            read_lines(part, text)
            _move(sheet, part, [cells[at]], {})
    part = Sheet(sheet.path, sheet.reader)
    read_python(part, "\n".join(whole))
    _move(sheet, part, cells, _starts(texts))
    return trouble


def _starts(texts: Sequence[str]) -> dict[int, int]:
    """Say on which line of the joined text each cell begins."""
    starts, line = {}, 1
    for at, text in enumerate(texts):
        starts[at] = line
        line += text.count("\n") + 1
    return starts


def _python(sheet: Sheet, number: int, pieces: Sequence[Node]) -> str:
    """Give a code cell as Python: shell lines are read as such and blanked, keeping every line where it is."""
    text = "".join(piece.text or "" for piece in pieces)
    lead = text.lstrip()
    if lead.startswith(_SCRIPTS) or lead.startswith(_OTHERS):
        part = Sheet(sheet.path, sheet.reader)
        if lead.startswith(_SCRIPTS):
            shell = Shell(part)
            shell.text(re.sub(r"%%[^\n]*", lambda m: " " * len(m.group()), text, count=1))
            shell.finish()
        else:
            read_lines(part, text)
        _move(sheet, part, [(number, pieces)], {})
        return "\n" * text.count("\n")
    part = Sheet(sheet.path, sheet.reader)
    shell = Shell(part)

    def blank(match: re.Match[str]) -> str:
        if match.group(1) == "!" or match.group(2).lstrip().startswith(("bash", "sh ", "env ", "pip")):
            line = text.count("\n", 0, match.start()) + 1
            shell.text(match.group(2), line=line, column=match.start(2) - match.start() + 1)
        indent = match.group()[: len(match.group()) - len(match.group().lstrip())]
        return indent + "pass"

    python = _MAGIC.sub(blank, text) if "%" in text or "!" in text or "?" in text else text
    shell.finish()
    _move(sheet, part, [(number, pieces)], {})
    return python


def _move(sheet: Sheet, part: Sheet, cells: Sequence[tuple[int, Sequence[Node]]], starts: dict[int, int]) -> None:
    """Put what was found by lines of cells at the lines of the file."""
    for usage in part.usages():
        at = max((i for i, line in starts.items() if line <= usage.line), default=0)
        number, pieces = cells[at]
        inside = usage.line - starts.get(at, 1) + 1
        line, column = _line_in_file(pieces, inside, usage.column)
        sheet.put(msgspec.structs.replace(usage, line=line, column=column, cell=number, cell_line=inside))


def _line_in_file(pieces: Sequence[Node], inside: int, column: int) -> tuple[int, int]:
    """Find the line of the file that holds a line of a cell: most notebooks write each line as a text of its own."""
    line = 1
    for piece in pieces:
        count = (piece.text or "").count("\n")
        if inside <= line + count - (1 if (piece.text or "").endswith("\n") else 0):
            return piece.line, piece.column + (column - 1 if inside == line else 0)
        line += count
    return (pieces[-1].line, pieces[-1].column) if pieces else (1, 1)
