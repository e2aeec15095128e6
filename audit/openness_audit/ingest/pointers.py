"""Find the lines where JSON pointers lead: only what leads there is walked, the C scanner passes over the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from json import JSONDecoder
from typing import Any, TypeAlias

from openness_audit.scan.code.positions import Lines

Tree: TypeAlias = "dict[str, Tree]"
_BLANK = re.compile(r"[ \t\r\n]*")
_MARK = ""  # stands in a tree for a pointer that ends there; no step of a pointer is written so

_skip: Callable[[str, int], tuple[Any, int]] = JSONDecoder(strict=False).raw_decode


def places(text: str, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Find lines and columns, both from 1.

    Args:
        text: a JSON document that parses.
        pointers: JSON pointers into it; of a key that stands twice the last counts, as it does for readers.

    Returns:
        The place of each pointer that leads somewhere.
    """
    wanted: Tree = {}
    for pointer in pointers:
        at = wanted
        for key in pointer.split("/")[1:]:
            at = at.setdefault(f"/{key.replace('~1', '/').replace('~0', '~')}", {})
        at[_MARK] = {}
    offsets: dict[str, int] = {}
    _value(text, _BLANK.match(text, 0).end(), wanted, "", offsets)  # type: ignore[union-attr]  # it matches anywhere
    lines = Lines(text)
    return {pointer: lines.at(offset) for pointer, offset in offsets.items()}


def _value(text: str, at: int, wanted: Tree, pointer: str, found: dict[str, int]) -> int:
    """Walk one value, and give the place behind it."""
    if _MARK in wanted:
        found[pointer] = at
    if len(wanted) - (_MARK in wanted) == 0 or text[at] not in "{[":
        return _skip(text, at)[1]
    is_object, number, at = text[at] == "{", 0, _after(text, at + 1)
    while text[at] not in "}]":
        if is_object:
            key, end = _skip(text, at)
            at = _after(text, _after(text, end) + 1)  # behind the colon
        else:
            key, number = str(number), number + 1
        below = wanted.get(f"/{key}")
        if below is None:
            at = _skip(text, at)[1]
        else:
            escaped = key.replace("~", "~0").replace("/", "~1")
            at = _value(text, at, below, f"{pointer}/{escaped}", found)
        at = _after(text, at)
        if text[at] == ",":
            at = _after(text, at + 1)
    return at + 1


def _after(text: str, at: int) -> int:
    """Pass over blanks."""
    return _BLANK.match(text, at).end()  # type: ignore[union-attr]  # it matches anywhere
