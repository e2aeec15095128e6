"""Read YAML and TOML as plain values with the line of every key, strictly: what can be misread is refused."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final, TypeAlias

import yaml
from msgspec import Struct

__all__ = ["Marked", "Path", "UnreadableError", "read_toml", "read_yaml"]

MAX_BYTES: Final = 512 * 1024
MAX_DEPTH: Final = 12
MAX_NODES: Final = 20_000  # a thousand waivers have 11,000
Path: TypeAlias = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_SCALARS = frozenset({"str", "int", "float", "bool", "null", "timestamp"})
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")
_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\[\]]{1,300}?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]{1,80}|"[^"]{0,80}"|'[^']{0,80}')(?:\s*\.\s*(?:[A-Za-z0-9_-]{1,80}|"[^"]{0,80}"|'[^']{0,80}')){0,8})\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"([^"]*)"|'([^']*)'""")


class UnreadableError(Exception):
    """The text is no document that can be read; `line` counts from 1."""

    def __init__(self, what: str, line: int) -> None:
        """Keep what is wrong and where."""
        super().__init__(what)
        self.line = line


class Marked(Struct, frozen=True):
    """Plain values, the line of each path to them, and what is wrong about keys: (line, words)."""

    value: Any
    lines: dict[Path, int]
    problems: tuple[tuple[int, str], ...] = ()

    def line(self, path: Path) -> int:
        """Give the line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str) -> Marked:
    """Read one YAML document. Raises UnreadableError for what is no YAML, or has several documents, or is too large."""
    _check_size(text)
    try:
        _check_events(text)
        root = yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        said = str(getattr(problem, "problem", None) or "characters that YAML does not allow")
        line = min(mark.line, text.count("\n")) + 1 if mark else 1  # the end is told as a line of its own
        raise UnreadableError(f"not YAML: {said}", line) from problem
    if root is None:
        return Marked({}, {})
    reader = _Nodes()
    return Marked(reader.take(root, ()), reader.lines, tuple(reader.problems))


def _check_size(text: str) -> None:
    if len(text) > MAX_BYTES:
        raise UnreadableError(f"longer than {MAX_BYTES // 1024} KB", 1)


def _check_events(text: str) -> None:
    """Refuse deep nesting before libyaml composes it, aliases, which can grow without end, and second documents."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableError("aliases (*name) are not read here: write it out", line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise UnreadableError("nested too deep", line)
        if number > 2 * MAX_NODES:
            raise UnreadableError(f"more than {MAX_NODES} values", line)


class _Nodes:
    """Turns YAML nodes into values and keeps where each stands; keys are taken as they are written."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[tuple[int, str]] = []
        self._constructor = yaml.SafeLoader("")

    def take(self, node: yaml.Node, path: Path) -> Any:
        """Give the value of a node."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.take(item, (*path, n)) for n, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append((line, "a key must be a word"))
                continue
            key = str(key_node.value)
            if key == "<<" and key_node.tag == f"{_TAG}merge":
                self.problems.append((line, "merging (<<) is not read here: write it out"))
                continue
            if key in found:
                self.problems.append((line, f"{key!r} stands twice; the first is on line {self.lines[*path, key]}"))
                continue
            self.lines[*path, key] = line
            found[key] = self.take(value_node, (*path, key))
        return found

    def _scalar(self, node: yaml.Node) -> Any:
        kind = node.tag.removeprefix(_TAG)
        if kind not in _SCALARS:
            self.problems.append((node.start_mark.line + 1, f"values of kind {node.tag!r} are not read here"))
            return None
        try:
            return self._constructor.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            self.problems.append((node.start_mark.line + 1, f"{str(node.value)[:40]!r} cannot be read"))
            return None


def read_toml(text: str) -> Marked:
    """Read a TOML document. Raises UnreadableError for what is no TOML, or is too large."""
    _check_size(text)
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        at = _AT_LINE.search(str(problem))
        line = int(at[1]) if at and at[1] else text.count("\n") + 1
        raise UnreadableError(f"not TOML: {_AT_LINE.sub('', str(problem))}", line) from problem
    except RecursionError as problem:
        raise UnreadableError("nested too deep", 1) from problem
    return Marked(value, _toml_lines(text))


def _toml_lines(text: str) -> dict[Path, int]:
    """Find the line of each table and key; what stands inside an inline table has the line of its key."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    fence = ""
    for number, row in enumerate(text.split("\n"), 1):
        if fence:
            fence = "" if fence in row else fence
            continue
        if head := _TABLE.match(row):
            table = _numbered(_parts(head[2]), counts, repeated=head[1] == "[[")
            lines.setdefault(table, number)
            continue
        if key := _KEY.match(row):
            lines.setdefault((*table, *_parts(key[1])), number)
        for mark in ('"""', "'''"):
            if row.count(mark) % 2:
                fence = mark
    return lines


def _parts(name: str) -> Path:
    return tuple(next((g for g in part.groups() if g is not None), part[0]) for part in _PART.finditer(name))


def _numbered(name: Path, counts: dict[Path, int], *, repeated: bool) -> Path:
    """Put the number of the entry after each table that is repeated: `[[a.b]]` the second time is `a.b.1`."""
    path: Path = ()
    for at, part in enumerate(name):
        path = (*path, part)
        if at == len(name) - 1 and repeated:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
