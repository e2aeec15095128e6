"""Find the models that configuration files name: by their keys, their commands, and their addresses of the Hub."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from openness_audit.scan.code.json_tree import read_json
from openness_audit.scan.code.lines import addresses, read_lines
from openness_audit.scan.code.positions import Lines
from openness_audit.scan.code.shell import Shell
from openness_audit.scan.code.shell_words import Word
from openness_audit.scan.code.tree import MalformedError, Node, read_yaml
from openness_audit.scan.code.vocabulary import KeyMeaning, meaning_of, plain_key, words

if TYPE_CHECKING:
    from openness_audit.model.rules import Confidence
    from openness_audit.scan.code.gather import Sheet

_TOML_KEY = re.compile(
    r"^[ \t]*(?:([A-Za-z0-9_.\-\"']{1,120})[ \t]*=[ \t]*|\[{1,2}([^\]\n]{1,120})\]{1,2})", re.MULTILINE
)
_TOML_TEXT = re.compile(r"\"\"\"|'''|\"((?:[^\"\\\n]|\\.){0,400})\"|'([^'\n]{0,400})'|#[^\n]*|\n")
_INI = re.compile(r"^[ \t]*([A-Za-z_][\w.\-]{0,80})[ \t]*[=:][ \t]*(\S[^\n]{0,300})$", re.MULTILINE)
_NAMES = ("name", "key")  # of `- name: MODEL_ID` with `value: org/name`


class Config:
    """One reading of one configuration."""

    def __init__(self, sheet: Sheet, raw: Sequence[str]) -> None:
        """Take where to note what is found, and the lines of the file, for texts of several lines."""
        self._sheet = sheet
        self._shell = Shell(sheet)
        self._raw = raw

    def finish(self) -> None:
        """Note what only the whole file tells."""
        self._shell.finish()

    def tree(self, root: Node, under: str = "") -> None:
        """Read a tree, with a stack: the deepest file must not exhaust ours; `under` is the key it stands below."""
        stack: list[tuple[str, Node, Node | None]] = [(under, root, None)]
        while stack:
            key, node, holder = stack.pop()
            if node.text is not None:
                self._text(key, node, holder)
            elif _is_command(key) and node.items and all(i.text is not None for i in node.items):
                self._words(node)
            below: list[tuple[str, Node, Node | None]] = [(_joint(key, k.text or ""), v, node) for k, v in node.pairs]
            named = _named_value(node)
            if named is not None:
                below = [(named[0], value, None) if value is named[1] else (k, value, h) for k, value, h in below]
            stack += reversed(below)
            stack += reversed([(key, item, None) for item in node.items])

    def _words(self, node: Node) -> None:
        """Read a command given as a list of words, or a list of commands."""
        items = [item for item in node.items if item.text]
        if any(" " in (item.text or "").strip() for item in items):
            for item in items:
                self._script(item)
            return
        self._shell.command([Word(item.text or "", item.line, item.column, item.quoted) for item in items])

    def _script(self, node: Node) -> None:
        """Read commands; those of several lines begin on the line after, indented."""
        line, column = self._start(node)
        self._shell.text(node.text or "", line=line, column=column)

    def _start(self, node: Node) -> tuple[int, int]:
        if not node.block:
            return node.line, node.column
        below = self._raw[node.line] if node.line < len(self._raw) else ""
        return node.line + 1, len(below) - len(below.lstrip()) + 1

    def _text(self, key: str, node: Node, holder: Node | None) -> None:
        text = node.text or ""
        if not text or len(text) > 100_000:
            return
        if _is_command(key) or ("\n" in text.strip() and node.block):
            self._script(node)
            return
        if "/" not in text and text not in words().canonical:
            return
        pair = text.partition("=")
        if pair[1] and plain_key(key) in ("environment", "env", "environments", "build_args", "args"):
            shifted = Word(pair[2].strip("\"'"), node.line, node.column + len(pair[0]) + 1, node.quoted)
            self._shell.set(pair[0].strip(), shifted)
            return
        meaning = meaning_of(key) if key else None
        noted = meaning is not None and self._value(meaning, key, node, holder)
        if not noted:
            line, column = self._start(node)
            addresses(self._sheet, text, Lines(text, line=line, column=column), confidence="medium", how=key)

    def _value(self, meaning: KeyMeaning, key: str, node: Node, holder: Node | None) -> bool:
        """Note the value of a key that holds ids."""
        sure: Confidence = "low" if meaning.origin else "high" if meaning.sure else "medium"
        return self._sheet.name(
            node.text or "",
            node.line,
            node.column,
            key,
            confidence=sure,
            kind=meaning.kind,
            bare="old" if meaning.sure else "local",
            revision=_revision(holder),
            loose=not meaning.sure,
        )


def _joint(above: str, key: str) -> str:
    """Name a key by the one above it where it says little by itself: `path` below `datasets` is a `dataset_path`."""
    return f"{plain_key(above).rstrip('s')}_{key}" if above and key in words().part_keys else key


def _is_command(key: str) -> bool:
    return plain_key(key) in words().command_keys


def _named_value(node: Node) -> tuple[str, Node] | None:
    """Read `name: MODEL_ID` beside `value: org/name`, as clusters write their environments."""
    value = node.get("value") if len(node.pairs) > 1 else None
    if value is None:
        return None
    name = next((found for key in _NAMES if (found := node.get(key)) is not None), None)
    return (name.text, value) if name is not None and name.text else None


def _revision(holder: Node | None) -> str | None:
    """Give the revision that stands beside a name."""
    found = next((v for name in words().revisions if holder and (v := holder.get(name)) is not None), None)
    text = found.text if found is not None else None
    return text if text and text not in ("null", "~", "None") else None


def read_config_yaml(sheet: Sheet, text: str) -> str:
    """Read YAML; gives why it was read by its lines, where it is malformed."""
    return _read_tree(sheet, text, read_yaml(text))


def read_config_json(sheet: Sheet, text: str) -> str:
    """Read JSON, with or without comments; gives why it was read by its lines, where it is malformed."""

    def once() -> Iterator[Node]:
        yield read_json(text)

    return _read_tree(sheet, text, once())


def _read_tree(sheet: Sheet, text: str, trees: Iterator[Node]) -> str:
    config = Config(sheet, text.split("\n"))
    why = ""
    try:
        for root in trees:
            config.tree(root)
    except MalformedError as problem:
        why = str(problem)
        read_lines(sheet, text)
        read_ini(sheet, text, confidence="low")
    config.finish()
    return why


def read_config_toml(sheet: Sheet, text: str) -> str:
    """Read TOML: the library says whether it is, the lines say where; gives why it is not TOML."""
    why = ""
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as problem:
        why = f"not TOML: {str(problem)[:120]}"
    before = sheet.most
    sheet.most = "low" if why else before
    lines = Lines(text)
    config = Config(sheet, text.split("\n"))
    table = ""
    for match in _TOML_KEY.finditer(text):
        if match.group(2) is not None:
            table = match.group(2).strip("\"' ").rpartition(".")[2]
            continue
        above, _, key = f"{table}.{match.group(1)}".replace('"', "").replace("'", "").rpartition(".")
        for start, value in _toml_texts(text, match.end()):
            line, column = lines.at(start)
            named = Node(line, column, text=value, quoted=True)
            config.tree(Node(0, 0, pairs=[(Node(0, 0, text=key), named)]), above.rpartition(".")[2])
    config.finish()
    sheet.most = before
    return why


def _toml_texts(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Give the strings of one value, with where each begins; a list may go on over lines."""
    if text[start : start + 1] not in ("[", "{"):
        match = _TOML_TEXT.match(text, start)
        if match and match.group(match.lastindex or 0).startswith(('"""', "'''")) and not match.lastindex:
            stop = text.find(match.group(), match.end())
            yield match.end(), text[match.end() : stop if stop >= 0 else len(text)]
        elif match and match.lastindex:
            yield match.start(match.lastindex), match.group(match.lastindex)
        return
    stop = text.find("]" if text[start] == "[" else "}", start)
    for match in _TOML_TEXT.finditer(text, start, stop if stop >= 0 else min(len(text), start + 20_000)):
        if match.lastindex:
            yield match.start(match.lastindex), match.group(match.lastindex)


def read_ini(sheet: Sheet, text: str, *, confidence: Confidence = "medium") -> str:
    """Read `key = value` and `key: value`, one to a line."""
    lines = Lines(text)
    for match in _INI.finditer(text):
        meaning = meaning_of(match.group(1))
        value = match.group(2).strip().strip("\"',")
        if meaning is not None and value:
            line, column = lines.at(text.index(value, match.start(2)))
            sheet.name(value, line, column, match.group(1), confidence=confidence, kind=meaning.kind, loose=True)
    addresses(sheet, text, lines, confidence=confidence)
    return ""
