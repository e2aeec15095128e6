"""Read a card's metadata block: values by YAML 1.2 and the line of every key and item, in one pass over YAML events."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any, Final

from msgspec import Struct

from openness_audit.model.card import FrontMatter, FrontMatterState

MAX_BYTES: Final = 1024 * 1024  # embedding models list thousands of results: 730 KB is the longest real block seen
MAX_DEPTH: Final = 50  # libyaml crashes the process on very deep nesting
MAX_EVENTS: Final = 150_000
MAX_LINES_KEPT: Final = 10_000

_OPEN = re.compile(r"\s{0,1000}---[ \t]*\n")
_CLOSE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"^[A-Za-z_][\w-]*[ \t]*:", re.MULTILINE)
_INT = re.compile(r"[-+]?[0-9][0-9_]{0,29}")  # underscores as the Hub reads them
_BASED = re.compile(r"0o[0-7]{1,30}|0x[0-9a-fA-F]{1,30}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,50}|[0-9]{1,50}(?:\.[0-9]{0,50})?)(?:[eE][-+]?[0-9]{1,4})?")
_BREAKS = str.maketrans("\x85\u2028\u2029", "   ")  # line ends in YAML 1.1 only, and in no editor
_NULL = frozenset({"", "~", "null", "Null", "NULL", ".nan", ".NaN", ".NAN", ".inf", "-.inf"})  # JSON has none of them
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_ALL_COUNT = frozenset({"license", "base_model"})  # of keys that stand twice: what is declared first still binds
_STRING_TAG = "tag:yaml.org,2002:str"


class _ProblemError(Exception):
    """The block cannot be read: which state that is, what to say, and on which line of the block."""

    def __init__(self, state: FrontMatterState, what: str, line: int) -> None:
        super().__init__(what)
        self.state: FrontMatterState = state
        self.line = line


class Read(Struct):
    """A container under construction: its path, and the key waiting for its value."""

    value: Any
    path: str
    key: str | None = None


def normalized(text: str) -> str:
    r"""Give the text without byte order mark, lone surrogates and carriage returns; line numbers stay the same."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return clean.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_front_matter(text: str) -> FrontMatter:
    """Read the block between the first two `---` lines of `text`, whatever it holds, without raising.

    `values` is empty unless the state is "ok"; `problem` then says what is wrong and on which line of the file.
    """
    text = normalized(text)
    opened = _OPEN.match(text)
    if not opened:
        only = text.strip() == "---"
        return _without("unclosed" if only else "no-metadata", "the block is opened and never closed" if only else None)
    first = text.count("\n", 0, opened.end()) + 1
    closed = _CLOSE.search(text, opened.end())
    if not closed:
        if not _KEY.search(text[opened.end() : opened.end() + 2000]):
            return _without("no-metadata", None)
        return _without("unclosed", f"the block opened on line {first - 1} is never closed by a line of ---")
    source = text[opened.end() : closed.start()]
    last = text.count("\n", 0, closed.start()) + 1
    if len(source.encode()) > MAX_BYTES:
        return _without("too-large", f"the block is longer than {MAX_BYTES} bytes", last)
    try:
        value, lines, notes = _build(source, first)
    except _ProblemError as problem:
        return _without(problem.state, f"line {problem.line}: {problem}", last)
    if value is None:
        return _without("empty", None, last)
    if not isinstance(value, dict):
        # A thematic break opens some cards: what stands between two of them is prose, and is left to the body.
        end = 0 if isinstance(value, str) and not _KEY.search(source) else last
        return _without("not-a-mapping", f"line {first}: the block is not a mapping of keys to values", end)
    return FrontMatter(state="ok", values=value, lines=lines, line_end=last, problem="; ".join(notes[:5]) or None)


def _without(state: FrontMatterState, problem: str | None, line_end: int = 0) -> FrontMatter:
    return FrontMatter(state=state, values={}, lines={}, line_end=line_end, problem=problem)


def _build(source: str, first: int) -> tuple[Any, dict[str, int], list[str]]:
    import yaml  # noqa: PLC0415 - kept out of start-up

    builder = _Builder(first)
    try:
        for count, event in enumerate(yaml.parse(source.translate(_BREAKS), Loader=yaml.CSafeLoader)):
            if count > MAX_EVENTS:
                raise _ProblemError("too-large", f"more than {MAX_EVENTS} items", first)
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or "characters that YAML does not allow")
        raise _ProblemError("malformed", what, first + (mark.line if mark else 0)) from None
    except (ValueError, RecursionError, OverflowError) as error:
        raise _ProblemError("malformed", f"a value that cannot be read ({type(error).__name__})", first) from None
    return builder.root, builder.lines, builder.notes


class _Builder:
    """Turns YAML events into values, without recursion, and keeps where each key and item stands."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.root: Any = None
        self.lines: dict[str, int] = {}
        self.notes: list[str] = []
        self.stack: list[Read] = []
        self.documents = 0
        self.anchors: set[str] = set()

    def take(self, event: Any) -> None:
        """Take one event. Raises `_ProblemError` where a cap is met or YAML is misused."""
        name = type(event).__name__
        line = self.first + event.start_mark.line
        if getattr(event, "anchor", None) and name != "AliasEvent":
            self.anchors.add(event.anchor)
        if name == "ScalarEvent":
            self._scalar(event, line)
        elif name in {"MappingStartEvent", "SequenceStartEvent"}:
            self._open({} if name[0] == "M" else [], line)
        elif name in {"MappingEndEvent", "SequenceEndEvent"}:
            self.stack.pop()
        elif name == "AliasEvent":
            known = event.anchor in self.anchors
            raise _ProblemError(
                "too-large" if known else "malformed", "an alias (*) is not read" if known else "undefined alias", line
            )
        elif name == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                raise _ProblemError("malformed", "more than one document", line)

    def _open(self, value: dict[str, Any] | list[Any], line: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _ProblemError("too-large", f"nested deeper than {MAX_DEPTH}", line)
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            raise _ProblemError("malformed", "a key that is not a word", line)
        path = self._put(value, line)
        self.stack.append(Read(value, path))

    def _scalar(self, event: Any, line: int) -> None:
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self._key(str(event.value), line)
            return
        plain = event.implicit[0] and not event.style
        self._put(scalar(event.value) if plain and event.tag != _STRING_TAG else event.value, line)

    def _key(self, key: str, line: int) -> None:
        top = self.stack[-1]
        if key in top.value:
            counts = "both count" if len(self.stack) == 1 and key in _ALL_COUNT else "the last one counts"
            self.notes.append(f"line {line}: the key {key[:80]!r} stands twice; {counts}")
        top.key = key
        if len(self.lines) < MAX_LINES_KEPT:
            self.lines[f"{top.path}.{key}" if top.path else key] = line

    def _with_earlier(self, top: Read, key: str, value: Any) -> Any:
        """Keep what a key said before where each value binds: a second licence lifts none of the first's terms."""
        held = top.value.get(key)
        kinds = (str, list) if key == "license" else str
        if len(self.stack) > 1 or key not in _ALL_COUNT or not isinstance(held, str | list) or held == value:
            return value
        return [*(held if isinstance(held, list) else [held]), value] if isinstance(value, kinds) else value

    def _put(self, value: Any, line: int) -> str:
        if not self.stack:
            self.root = value
            return ""
        top = self.stack[-1]
        if isinstance(top.value, dict):
            key = top.key or ""
            top.value[key], top.key = self._with_earlier(top, key, value), None
            return f"{top.path}.{key}" if top.path else key
        path = f"{top.path}[{len(top.value)}]"
        top.value.append(value)
        if len(self.lines) < MAX_LINES_KEPT:
            self.lines[path] = line
        return path


def scalar(raw: str) -> Any:
    """Give the value of an unquoted YAML scalar by the core schema of YAML 1.2; dates stay strings."""
    if raw in _NULL:
        return None
    if raw in _BOOL:
        return _BOOL[raw]
    if _INT.fullmatch(raw):
        return int(raw.replace("_", ""))
    if _BASED.fullmatch(raw):
        return int(raw, 0)
    if _FLOAT.fullmatch(raw):
        number = float(raw)
        return number if isfinite(number) else raw  # 1e999 is no number to JSON
    return raw
