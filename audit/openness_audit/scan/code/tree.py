"""A configuration file as a tree whose every text knows its line; YAML by its events, never by building objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

DEEPEST = 60
MOST_EVENTS = 400_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class MalformedError(Exception):
    """A file that is not what its name says; the message says from which line on."""


@dataclass(slots=True)
class Node:
    """A text, a list or a mapping; `block` is a text of several lines that begins on the line after."""

    line: int
    column: int
    text: str | None = None
    items: list[Node] = field(default_factory=list)
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    block: bool = False
    quoted: bool = False

    def get(self, key: str) -> Node | None:
        """Give the value of a key of a mapping."""
        return next((value for name, value in self.pairs if name.text == key), None)


def read_yaml(text: str) -> Iterator[Node]:
    """Read every document of a YAML stream; raises MalformedError after what could be read was given."""
    stack: list[Node] = []
    waiting: list[Node | None] = []  # the key of each open mapping that waits for its value
    count = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            count += 1
            if len(stack) > DEEPEST or count > MOST_EVENTS:
                raise MalformedError("too deeply nested" if len(stack) > DEEPEST else "too long")
            if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                done = stack.pop()
                waiting.pop()
                if not stack:
                    yield done
                continue
            if not isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent):
                if not isinstance(event, yaml.AliasEvent):
                    continue
                node = Node(*_place(event))
            else:
                node = _node(event)
            _hang(node, stack, waiting)
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                stack.append(node)
                waiting.append(None)
                node.block = isinstance(event, yaml.MappingStartEvent)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        yield from stack[:1]
        raise MalformedError(f"not YAML from line {mark.line + 1} on" if mark else "not YAML") from problem
    except ValueError as problem:
        yield from stack[:1]
        raise MalformedError("not YAML") from problem


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _node(event: yaml.Event) -> Node:
    line, column = _place(event)
    if not isinstance(event, yaml.ScalarEvent):
        return Node(line, column)
    quoted = event.style in ("'", '"')
    return Node(line, column + quoted, text=event.value, block=event.style in ("|", ">"), quoted=quoted)


def _hang(node: Node, stack: list[Node], waiting: list[Node | None]) -> None:
    """Put a node below the one that is open: as an item, a key, or the value of the key that waits."""
    if not stack:
        return
    top = stack[-1]
    if not top.block:
        top.items.append(node)
    elif waiting[-1] is None:
        waiting[-1] = node
    else:
        top.pairs.append((waiting[-1], node))
        waiting[-1] = None
