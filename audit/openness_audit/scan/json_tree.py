"""JSON as a tree whose every text knows its line: read with a stack, comments and trailing commas allowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import decoder

from openness_audit.scan.positions import Lines
from openness_audit.scan.tree import DEEPEST, MalformedError, Node

_scan: Callable[..., tuple[str, int]] = vars(decoder)["scanstring"]  # the fast one, where there is one
_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|,|:)+")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+")


def read_json(text: str) -> Node:  # noqa: C901, PLR0912 - one branch a sign
    """Read one document.

    Args:
        text: JSON, or JSON with comments.

    Returns:
        Its root. Raises MalformedError, with the line, for what is no JSON.
    """
    lines = Lines(text)
    root = Node(1, 1)
    stack = [root]
    keys: list[Node | None] = [None]
    at, end = (1 if text.startswith("\ufeff") else 0), len(text)
    while at < end:
        blank = _BLANK.match(text, at)
        if blank:
            at = blank.end()
            continue
        sign = text[at]
        if sign in "]}":
            if len(stack) == 1 or stack[-1].block != (sign == "}"):
                raise MalformedError(f"not JSON from line {lines.at(at)[0]} on")
            stack.pop()
            keys.pop()
            at += 1
            continue
        line, column = lines.at(at)
        node = Node(line, column)
        if sign == '"':
            try:
                node.text, after = _scan(text, at + 1, False)  # noqa: FBT003 - it takes no keywords
            except ValueError as problem:
                raise MalformedError(f"not JSON from line {line} on") from problem
            node.column, node.quoted, at = column + 1, True, after
        elif sign in "[{":
            node.block = sign == "{"
            at += 1
        else:
            word = _WORD.match(text, at)
            at = word.end() if word else at + 1
        top = stack[-1]
        if not top.block:
            top.items.append(node)
        elif keys[-1] is None:
            keys[-1] = node
        else:
            top.pairs.append((keys[-1], node))
            keys[-1] = None
        if sign in "[{":
            stack.append(node)
            keys.append(None)
            if len(stack) > DEEPEST:
                raise MalformedError("too deeply nested")
    if len(stack) > 1:
        raise MalformedError(f"not JSON: it ends inside what begins on line {stack[-1].line}")
    if len(root.items) != 1:
        raise MalformedError("not JSON: no document, or several")
    return root.items[0]
