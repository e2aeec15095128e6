"""Add a waiver to the text of a file of waivers, and change nothing else in it."""

from __future__ import annotations

import re
from typing import Any

import yaml

__all__ = ["added"]

_EMPTY = re.compile(r"^waivers:[ \t]*(?:\[[ \t]*\]|null|~)?[ \t]*(?=#|$)", re.MULTILINE)


def added(old: str, entry: str) -> str | None:
    """Give the text with one more waiver at its end.

    Args:
        old: the file as it is; empty for one that is not there yet.
        entry: YAML with the key `waivers` and one item in it, as `policy waiver` prints it.

    Returns:
        The new text, comments and layout kept; None where the file is no such file, or is laid out in a way that leaves
        no sure place for the entry.
    """
    if not old.strip():
        return entry
    before, new = _value(old), _value(entry)
    if not isinstance(before, dict) or not isinstance(new, dict) or "waivers" not in before:
        return None
    listed = before["waivers"] or []
    items = entry.split("\n", 1)[1]
    if listed:
        text = f"{old.rstrip()}\n{_indented(items, _column(old))}"
    else:
        text = _EMPTY.sub(lambda _: f"waivers:\n{items}".rstrip("\n") + "\n", old, count=1)
    wanted = {**before, "waivers": [*listed, *new["waivers"]]}
    return text if _value(text) == wanted else None


def _value(text: str) -> Any:
    try:
        return yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        return None


def _column(text: str) -> int:
    """Give the column at which the items of the list begin."""
    node = yaml.compose(text, yaml.CSafeLoader)
    found = (
        next((v for k, v in node.value if k.value == "waivers"), None) if isinstance(node, yaml.MappingNode) else None
    )
    return int(found.start_mark.column) if isinstance(found, yaml.SequenceNode) else 2


def _indented(items: str, column: int) -> str:
    """Shift the items, which begin at column 2, to another column."""
    return "".join(f"{' ' * column}{line[2:]}\n" for line in items.splitlines())
