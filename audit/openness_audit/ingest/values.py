"""Read strangers' JSON: whatever type stands where another should, the answer is one that can be gone on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 4_000  # characters of a text that is looked at; licence texts are read by their own measure


def text(value: Any, most: int = LONGEST) -> str:
    """Give a text without blanks around it; nothing for what is none."""
    return value[:most].strip() if isinstance(value, str) else ""


def child(value: Any, key: str) -> Any:
    """Give the value of a key; None where there is none, or the value is no mapping."""
    return value.get(key) if isinstance(value, dict) else None


def rows(value: Any, pointer: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Give the mappings of a list with their pointers; a mapping that stands alone counts as a list of one."""
    if isinstance(value, dict):
        yield value, pointer
    elif isinstance(value, list):
        for number, row in enumerate(value):
            if isinstance(row, dict):
                yield row, f"{pointer}/{number}"


def texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Give the texts of a list with their pointers; a text that stands alone counts as a list of one."""
    if isinstance(value, str):
        yield text(value), pointer
    elif isinstance(value, list):
        for number, row in enumerate(value):
            if isinstance(row, str):
                yield text(row), f"{pointer}/{number}"


def step(key: str) -> str:
    """Spell a key as a step of a JSON pointer (RFC 6901)."""
    return "/" + key.replace("~", "~0").replace("/", "~1")
