"""Read a registry file: the models a user keeps a list of, each with the line where it stands."""

from __future__ import annotations

import codecs
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.cli.audit import list_nodes
from openness_audit.cli.base.project import project_path
from openness_audit.errors import UsageError
from openness_audit.model.batch import STDIN, Origin, Problem, Wanted
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 8 * 1024 * 1024  # bytes; a hundred thousand ids have a third of it
MOST = 100_000  # models of one list
_FORM = "a list is one id[@revision] a line, or a YAML or JSON list of ids"
_LINE_END = re.compile(r"\r\n|\n|\r")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_STRUCTURED = re.compile(r"[\[{]|---(?:\s|$)|-\s|[\w\"'][^\s#]*\s*:(?:\s|$)")


def read_list(name: str) -> tuple[Wanted, ...]:
    """Read a registry file.

    Args:
        name: the file's path, or `-` for standard input. Plain lines (`#` begins a comment), YAML or JSON; UTF-8, or
            UTF-16 with its mark.

    Returns:
        What each entry asks for, with its place, in the order of the file; an entry that can name no model has a
        problem. Raises UsageError for a file that cannot be read, is no list, is too long, or names nothing at all.
    """
    text = _text(name)
    path = STDIN if name == STDIN else project_path(name)
    shown = "standard input" if name == STDIN else clean(name)
    first = next((line for line in map(_uncommented, _LINE_END.split(text)) if line), "")
    entries = list_nodes.entries(text, shown) if _STRUCTURED.match(first) else _lines(text)
    found: list[Wanted] = []
    for entry in entries:
        if len(found) == MOST:
            raise UsageError(f"{shown} names more than {MOST} models", hint="split the list")
        found.append(_wanted(entry, path))
    if not found:
        raise UsageError(f"{shown} names no model", hint=_FORM)
    return tuple(found)


def _text(name: str) -> str:
    shown = "standard input" if name == STDIN else clean(name)
    try:
        if name == STDIN:
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        said = getattr(problem, "strerror", None) or problem
        raise UsageError(f"the list {shown} cannot be read: {said}", hint="--list takes a file, or - ") from problem
    if len(data) > LARGEST:
        raise UsageError(f"the list {shown} has more than {LARGEST // 2**20} MiB", hint="split the list")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # as Windows PowerShell writes
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise UsageError(f"the list {shown} is not text", hint=_FORM)
    return data.decode("utf-8-sig", "replace")


def _uncommented(line: str) -> str:
    return _COMMENT.sub("", line).strip()


def _lines(text: str) -> Iterator[list_nodes.Entry]:
    for number, line in enumerate(_LINE_END.split(text), 1):
        if said := _uncommented(line):
            yield list_nodes.Entry(said, number, line.index(said) + 1)


def _wanted(entry: list_nodes.Entry, path: str) -> Wanted:
    problem = Problem(message=entry.problem, hint=_FORM, code=exits.NO_VERDICT) if entry.problem else None
    return Wanted(entry.text, (Origin(path, entry.line, entry.column),), problem)
