"""JSON as a tree whose every text knows its line: read with a stack, comments and trailing commas allowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import decoder

from openness_audit.scan.code.positions import Lines
from openness_audit.scan.code.tree import DEEPEST, MalformedError, Node

_scan: Callable[..., tuple[str, int]] = vars(decoder)["scanstring"]  # the fast one, where there is one
_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|,|:)+")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+")


def read_json(text: str) -> Node:
    """Read one document.

    Args:
        text: JSON, or JSON with comments.

    Returns:
        Its root. Raises MalformedError, with the line, for what is no JSON.
    """
    return _Reading(text).root()


class _Reading:
    """One reading: the open lists and mappings, and the key of each mapping that waits for its value."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = Lines(text)
        self._stack = [Node(1, 1)]
        self._keys: list[Node | None] = [None]

    def root(self) -> Node:
        at, end = 0, len(self._text)
        while at < end:
            blank = _BLANK.match(self._text, at)
            at = blank.end() if blank else self._step(at)
        if len(self._stack) > 1:
            raise MalformedError(f"not JSON: it ends inside what begins on line {self._stack[-1].line}")
        if len(self._stack[0].items) != 1:
            raise MalformedError("not JSON: no document, or several")
        return self._stack[0].items[0]

    def _step(self, at: int) -> int:
        """Read what begins at `at`, and give the place behind it."""
        sign = self._text[at]
        if sign in "]}":
            return self._close(at, sign)
        line, column = self._lines.at(at)
        node = Node(line, column, block=sign == "{")
        after = at + 1
        if sign == '"':
            try:
                node.text, after = _scan(self._text, at + 1, False)  # noqa: FBT003 - it takes no keywords
            except ValueError as problem:
                raise MalformedError(f"not JSON from line {line} on") from problem
            node.column, node.quoted = column + 1, True
        elif sign not in "[{":
            word = _WORD.match(self._text, at)
            after = word.end() if word else at + 1
        self._hang(node)
        if sign in "[{":
            self._stack.append(node)
            self._keys.append(None)
            if len(self._stack) > DEEPEST:
                raise MalformedError("too deeply nested")
        return after

    def _close(self, at: int, sign: str) -> int:
        if len(self._stack) == 1 or self._stack[-1].block != (sign == "}"):
            raise MalformedError(f"not JSON from line {self._lines.at(at)[0]} on")
        self._stack.pop()
        self._keys.pop()
        return at + 1

    def _hang(self, node: Node) -> None:
        """Put a node below the one that is open: as an item, a key, or the value of the key that waits."""
        top = self._stack[-1]
        if not top.block:
            top.items.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = node
        else:
            top.pairs.append((self._keys[-1], node))
            self._keys[-1] = None
