"""Find the models that a Dockerfile names: in commands, in variables, and in code given to Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from openness_audit.scan.code.json_tree import read_json
from openness_audit.scan.code.shell import Shell
from openness_audit.scan.code.shell_words import Word, assigned, commands
from openness_audit.scan.code.tree import MalformedError

if TYPE_CHECKING:
    from openness_audit.scan.code.gather import Sheet

_INSTRUCTION = re.compile(r"[ \t]*([A-Za-z]{2,20})[ \t]+")
_ESCAPE = re.compile(r"#[ \t]*escape[ \t]*=[ \t]*(\S)")
_HEREDOC = re.compile(r"<<-?[ \t]*[\"']?([A-Za-z_][A-Za-z0-9_]{0,40})")


def read_dockerfile(sheet: Sheet, text: str) -> str:
    """Read a Dockerfile."""
    shell = Shell(sheet)
    lead = _ESCAPE.match(text)
    continued = lead.group(1) if lead else "\\"
    entry: list[Word] = []
    for name, body, line, column in _instructions(text, continued):
        if name in ("RUN", "SHELL", "HEALTHCHECK"):
            shell.text(body, line=line, column=column, continued=continued)
        elif name in ("CMD", "ENTRYPOINT"):
            words = _exec(body, line, column)
            if words is None:
                shell.text(body, line=line, column=column, continued=continued)
            else:
                shell.command([*entry, *words] if name == "CMD" else words)
            entry = (words or []) if name == "ENTRYPOINT" else entry
        elif name in ("ENV", "ARG", "LABEL"):
            _variables(shell, body, line, column, continued, plain=name == "ENV")
        else:
            shell.text(body, line=line, column=column, continued=continued)
    shell.finish()
    return ""


def _variables(shell: Shell, body: str, line: int, column: int, continued: str, *, plain: bool) -> None:
    """Read `ENV A=b C=d`, and the old `ENV A b`."""
    for found in commands(body, line=line, column=column, continued=continued):
        pairs = [pair for word in found if (pair := assigned(word)) is not None]
        for pair in pairs:
            shell.set(*pair)
        if plain and not pairs and len(found) > 1:
            shell.set(found[0].text, found[1])


def _exec(body: str, line: int, column: int) -> list[Word] | None:
    """Read the JSON form of a command; None where it is in words."""
    if not body.lstrip().startswith("["):
        return None
    try:
        root = read_json(body.replace("\\\n", " \n").replace("\\\r\n", " \r\n"))
    except MalformedError:
        return None
    return [
        Word(i.text, line + i.line - 1, i.column + (column - 1 if i.line == 1 else 0), literal=False)
        for i in root.items
        if i.text is not None
    ]


def _instructions(text: str, continued: str) -> Iterator[tuple[str, str, int, int]]:
    """Give each instruction: its name, all its lines after the name, and where these begin."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        start = at
        match = _INSTRUCTION.match(lines[at])
        if match is None:
            at += 1
            continue
        while at + 1 < len(lines) and (lines[at].rstrip().endswith(continued) or lines[at].lstrip().startswith("#")):
            at += 1
        heredoc = _HEREDOC.search(lines[start])
        if heredoc:
            stop = next((n for n in range(at + 1, len(lines)) if lines[n].strip() == heredoc.group(1)), len(lines) - 1)
            at = max(at, stop)
        body = "\n".join([lines[start][match.end() :], *lines[start + 1 : at + 1]])
        yield match.group(1).upper(), body, start + 1, match.end() + 1
        at += 1
