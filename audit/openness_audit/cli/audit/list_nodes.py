"""Find the ids in a YAML or JSON list, with the place of each; JSON is read as YAML, which it is a part of.

Read as a stream of events: a loader that builds objects recurses in C, and a file of brackets would end the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from openness_audit.errors import UsageError
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

MOST_DEPTH = 8
LONGEST = 200  # characters of an entry that a message quotes
_IDS, _REVISIONS = ("id", "model"), ("revision", "rev", "sha", "commit", "tag", "branch")
_NULL = ("null", "Null", "NULL", "~")
_NO_ID = f"no model is named here: an entry is an id, or has `{_IDS[0]}:` (and `{_REVISIONS[0]}:`)"


class Entry(NamedTuple):
    """One entry of a list and where it stands; `problem` where it can name no model."""

    text: str
    line: int
    column: int
    problem: str = ""


class _Scalar(NamedTuple):
    value: str
    line: int
    column: int


class _Many(NamedTuple):
    """A sequence or a mapping; of a mapping, keys and values alternate."""

    mapping: bool
    parts: list[_Node]
    line: int
    column: int


_Node = _Scalar | _Many


def entries(text: str, shown: str) -> Iterator[Entry]:
    """Give the entries of a YAML or JSON list.

    Args:
        text: a list of ids or of mappings with `id` (and `revision`), the same below `models:`, or a mapping from ids.
        shown: the file's name for messages.

    Returns:
        Each entry in the order of the file. Raises UsageError where the text is no YAML, or no list.
    """
    root = _tree(text, shown)
    if isinstance(root, _Many) and root.mapping:
        lists = [(key, value) for key, value in _pairs(root) if _plain(key) == "models"]
        if len(lists) > 1:
            raise UsageError(
                f"{shown}:{lists[1][0].line}: `models:` stands twice", hint="put all models below one of them"
            )
        root = lists[0][1] if lists else root
    if not isinstance(root, _Many):
        raise UsageError(f"{shown} names no model", hint="write a list of ids, or `models:` above one")
    if root.mapping:
        for key, value in _pairs(root):
            yield _keyed(key, value)
        return
    for part in root.parts:
        yield _entry(part)


def _keyed(key: _Node, value: _Node) -> Entry:
    """Read `id: revision`, `id:` alone, or `id:` with a mapping below it."""
    if not isinstance(key, _Scalar):
        return Entry("", key.line, key.column, _NO_ID)
    if said := _unclear(value):
        return Entry(key.value, key.line, key.column, said)
    revision = value.value if isinstance(value, _Scalar) else _field(value, _REVISIONS)
    return Entry(key.value + (f"@{revision}" if revision else ""), key.line, key.column)


def _entry(node: _Node) -> Entry:
    if isinstance(node, _Scalar):
        return Entry(node.value, node.line, node.column, "" if node.value else _NO_ID)
    name = _field(node, _IDS) if node.mapping else ""
    if not name:
        return Entry("", node.line, node.column, _NO_ID)
    if said := _unclear(node):
        return Entry(name, node.line, node.column, said)
    revision = _field(node, _REVISIONS)
    _, at, written = name.partition("@")
    if at and revision and written != revision:
        return Entry(name, node.line, node.column, f"this entry gives more than one revision: {written}, {revision}")
    return Entry(name + (f"@{revision}" if revision and not at else ""), node.line, node.column)


def _unclear(node: _Node) -> str:
    """Say why nobody can tell which model, or which revision of it, a mapping means: another must not be audited."""
    if not isinstance(node, _Many):
        return ""
    if not node.mapping:
        return "a revision is one word, and this is a list"
    pairs = _pairs(node)
    keys = [_plain(key) for key, _ in pairs]
    for names, what in ((_IDS, "id"), (_REVISIONS, "revision")):
        if sum(keys.count(name) for name in names) > 1:
            return f"this entry gives more than one {what}"
    odd = next((_plain(key) for key, value in pairs if _plain(key) in _REVISIONS and isinstance(value, _Many)), None)
    return f"`{odd}:` is one word" if odd else ""


def _field(node: _Node, names: tuple[str, ...]) -> str:
    if not isinstance(node, _Many) or not node.mapping:
        return ""
    found = {_plain(key): _plain(value) for key, value in _pairs(node)}
    return next((found[name] for name in names if found.get(name)), "")


def _plain(node: _Node) -> str:
    return node.value if isinstance(node, _Scalar) else ""


def _pairs(node: _Many) -> list[tuple[_Node, _Node]]:
    return list(zip(node.parts[::2], node.parts[1::2], strict=False))


def _tree(text: str, shown: str) -> _Node | None:
    """Build the first document."""
    import yaml  # noqa: PLC0415 - only for such lists

    built = _Builder(shown)
    try:
        for event in yaml.parse(text.replace("\t", " "), yaml.CSafeLoader):
            built.take(event)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        at = f":{mark.line + 1}" if mark else ""
        said = clean(str(getattr(problem, "problem", None) or problem))[:LONGEST]
        raise UsageError(f"{shown}{at}: not YAML or JSON: {said}", hint="one id[@revision] a line will do") from problem
    return built.root


class _Builder:
    """Builds a document from its events; what is deeper than any list needs to be is refused."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.root: _Node | None = None
        self._open: list[_Many] = []
        self._anchors: dict[str, _Node] = {}

    def take(self, event: yaml.Event) -> None:
        """Take one event."""
        import yaml  # noqa: PLC0415 - only for such lists

        line, column = (event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else (1, 1)
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            if len(self._open) == MOST_DEPTH:
                raise UsageError(f"{self.shown}:{line}: nested too deeply for a list", hint="write a list of ids")
            self._open.append(_Many(isinstance(event, yaml.MappingStartEvent), [], line, column))
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            self._add(self._open.pop())
        elif isinstance(event, yaml.ScalarEvent):
            nothing = event.implicit[0] and event.value in _NULL
            scalar = _Scalar("" if nothing else event.value, line, column)
            self._anchors[event.anchor or ""] = scalar
            self._add(scalar)
        elif isinstance(event, yaml.AliasEvent):
            self._add(self._anchors.get(event.anchor or "", _Scalar("", line, column)))

    def _add(self, node: _Node) -> None:
        if self._open:
            self._open[-1].parts.append(node)
        elif self.root is None:
            self.root = node
        else:
            raise UsageError(f"{self.shown}:{node.line}: a second document begins here", hint="write one list a file")
