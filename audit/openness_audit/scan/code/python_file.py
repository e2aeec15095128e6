"""Find the models that Python code names, by parsing it; what does not parse is read by its lines."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from typing import TYPE_CHECKING

from openness_audit.scan.code.lines import read_lines
from openness_audit.scan.code.python_calls import Finder
from openness_audit.scan.code.python_scopes import read_module
from openness_audit.scan.code.vocabulary import worth_reading

if TYPE_CHECKING:
    from openness_audit.scan.code.gather import Sheet

_REMARK = re.compile(r"#[^\n]{8,}")
MOST_PARSED = 5_000_000  # characters; the tree of a longer file would take too much memory


def read_python(sheet: Sheet, text: str, *, line: int = 1, column: int = 1) -> str:
    """Read Python code.

    Args:
        sheet: where to note what is found.
        text: the code.
        line: where its first line stands in the file.
        column: where its first line begins.

    Returns:
        Why it could not be parsed and was read by its lines; empty where it was parsed.
    """
    if not worth_reading(text):
        return ""
    tree, why = _parsed(text)
    if tree is None:
        read_lines(sheet, text, line=line, column=column)
        return why
    source = Source(text, line, column)
    Finder(sheet, read_module(tree), source.place).find()
    _comments(sheet, text, line, column)
    return ""


def parses(text: str) -> str:
    """Say why a text is no Python; empty where it is."""
    return _parsed(text)[1]


def _parsed(text: str) -> tuple[ast.Module | None, str]:
    if len(text) > MOST_PARSED:
        return None, f"more than {MOST_PARSED} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes in strangers' code are not ours to tell
            return ast.parse(text), ""
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return None, _why(problem)


def _why(problem: BaseException) -> str:
    if isinstance(problem, SyntaxError) and problem.lineno:
        return f"not Python from line {problem.lineno} on"
    return "too deeply nested to parse" if isinstance(problem, RecursionError | MemoryError) else str(problem)


class Source:
    """Where the nodes of a tree stand in the file: the parser counts columns in bytes."""

    def __init__(self, text: str, line: int, column: int) -> None:
        """Keep the lines as the parser counts them."""
        self._lines = text.splitlines() if "\f" in text or "\r" in text else text.split("\n")
        self._plain = text.isascii()
        self._line, self._column = line, column

    def place(self, node: ast.AST) -> tuple[int, int]:
        """Give the line and column of a node in the file."""
        number: int = getattr(node, "lineno", 1)
        offset: int = getattr(node, "col_offset", 0)
        if not self._plain and number <= len(self._lines):
            offset = len(self._lines[number - 1].encode("utf-8", "replace")[:offset].decode("utf-8", "replace"))
        return self._line + number - 1, offset + (self._column if number == 1 else 1)


def _comments(sheet: Sheet, text: str, line: int, column: int) -> None:
    """Read comments: what they name is no use, and is told with low confidence."""
    if not any(worth_reading(found) for found in _REMARK.findall(text)):
        return
    before, sheet.most = sheet.most, "low"
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and worth_reading(token.string):
                number, start = token.start
                read_lines(sheet, token.string, line=line + number - 1, column=start + (column if number == 1 else 1))
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass  # the parser was content: nothing behind this point is a comment that matters
    finally:
        sheet.most = before
