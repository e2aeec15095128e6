"""Find the models that a Markdown page names: in its code blocks, its metadata and its links; a page runs nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openness_audit.scan.code.configs import read_config_yaml
from openness_audit.scan.code.gather import Sheet
from openness_audit.scan.code.lines import addresses, read_lines
from openness_audit.scan.code.positions import Lines
from openness_audit.scan.code.python_file import read_python
from openness_audit.scan.code.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"^([ \t>]{0,12})(`{3,}|~{3,})[ \t]*([^\n`]{0,80})$", re.MULTILINE)
_PYTHON = frozenset({"python", "py", "python3", "pycon", "ipython", "{python}", "{code-cell}"})
_SHELL = frozenset({"bash", "sh", "shell", "console", "zsh", "shell-session", "terminal", "cmd", "{bash}"})


def read_markdown(sheet: Sheet, text: str) -> str:
    """Read a page; everything in it is told with low confidence."""
    before, sheet.most = sheet.most, "low"
    if text.startswith("---\n"):
        stop = text.find("\n---", 4)
        if stop > 0:
            read_config_yaml(sheet, "\n" + text[4:stop])
    lines = Lines(text)
    for language, code, start in _blocks(text):
        line, column = lines.at(start)
        block = Sheet(sheet.path, sheet.reader)
        block.most = "low"
        if language in _PYTHON:
            read_python(block, _without_prompts(code), line=line, column=column)
        elif language in _SHELL:
            shell = Shell(block)
            shell.text(_without_prompts(code), line=line, column=column)
            shell.finish()
        else:
            read_lines(block, code, line=line, column=column)
        sheet.add(block)
    addresses(sheet, text, lines)
    sheet.most = before
    return ""


def _blocks(text: str) -> Iterator[tuple[str, str, int]]:
    """Give each fenced block: its language, its text, and where that begins."""
    at = 0
    while (opening := _FENCE.search(text, at)) is not None:
        fence = opening.group(2)
        start = opening.end() + 1
        closing = re.compile(rf"^[ \t>]{{0,12}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$", re.MULTILINE)
        stop = closing.search(text, start)
        end = stop.start() if stop else len(text)
        yield opening.group(3).strip().partition(" ")[0].lower(), text[start:end], start
        at = stop.end() if stop else len(text)


def _without_prompts(code: str) -> str:
    """Blank out prompts, so that every column stays where it was."""
    return re.sub(
        r"^([ \t]{0,8})(>>> |\.\.\. |\$ |% )", lambda m: m.group(1) + " " * len(m.group(2)), code, flags=re.MULTILINE
    )
