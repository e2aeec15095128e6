"""Split shell commands into words that know their place; variables set in the same text are filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openness_audit.scan.code.positions import Lines

MOST_WORDS = 20_000  # of one text
_ASSIGN = re.compile(r"(?:export\s+|declare\s+|local\s+|readonly\s+|set\s+)?([A-Za-z_][A-Za-z0-9_]{0,80})=")
_VARIABLE = re.compile(
    r"\$(?:\{([A-Za-z_][A-Za-z0-9_]{0,80})(?::?[-=]([^}\n]{0,200}))?\}|([A-Za-z_][A-Za-z0-9_]{0,80}))"
)
_PLAIN = re.compile(r"[^\s\"'\\#;&|<>()`]+")
_END = frozenset(";&|()<>\n`")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command, its quotes taken off."""

    text: str
    line: int
    column: int
    literal: bool = False  # in single quotes: a `$` in it is no variable


def commands(text: str, *, line: int = 1, column: int = 1, continued: str = "\\") -> Iterator[list[Word]]:
    """Give the words of each command of a text, simple commands apart at `;`, `|`, `&&` and line ends."""
    lines = Lines(text, line=line, column=column)
    found: list[Word] = []
    at, end, count = 0, len(text), 0
    while at < end and count < MOST_WORDS:
        sign = text[at]
        if sign in " \t\r" or text.startswith((continued + "\n", continued + "\r\n"), at):
            at = at + 1 if sign in " \t\r" else text.index("\n", at) + 1
        elif sign in _END:
            if found:
                yield found
                found = []
            at += 1
        elif sign == "#":
            stop = text.find("\n", at)
            at = end if stop < 0 else stop
        else:
            word, at = _word(text, at, lines, continued)
            found.append(word)
            count += 1
    if found:
        yield found


def _word(text: str, start: int, lines: Lines, continued: str) -> tuple[Word, int]:
    """Read one word; gives it with the place behind it."""
    parts: list[str] = []
    at, end, literal = start, len(text), False
    first = start
    while at < end:
        plain = _PLAIN.match(text, at)
        sign = text[at]
        if plain:
            parts.append(plain.group())
            at = plain.end()
        elif sign in "\"'":
            stop = _closing(text, at)
            first = at + 1 if at == start else first
            literal = literal or sign == "'"
            parts.append(text[at + 1 : stop])
            at = stop + 1
        elif sign == "\\" and not text.startswith((continued + "\n", continued + "\r\n"), at):
            parts.append(text[at + 1 : at + 2])
            at += 2
        elif sign == "#":
            parts.append(sign)
            at += 1
        else:
            break
    number, column = lines.at(first)
    return Word("".join(parts), number, column, literal), max(at, start + 1)


def _closing(text: str, start: int) -> int:
    """Find the quote that closes the one at `start`, or the end of the text."""
    quote, at = text[start], start + 1
    while True:
        stop = text.find(quote, at)
        if stop < 0:
            return len(text)
        if quote == "'" or text[stop - 1] != "\\":
            return stop
        at = stop + 1


def assigned(word: Word) -> tuple[str, Word] | None:
    """Read `NAME=value`; gives the name, and the value where it stands."""
    match = _ASSIGN.match(word.text)
    if match is None:
        return None
    value = word.text[match.end() :]
    bare = value.strip("\"'")
    shift = len(value) - len(value.lstrip("\"'"))
    return match.group(1), Word(bare, word.line, word.column + match.end() + shift, word.literal)


def filled_in(text: str, known: dict[str, list[str]]) -> str:
    """Put the variables that are known into a text, as they were set last; the others stay as they stand."""

    def value(found: re.Match[str]) -> str:
        given = known.get(found.group(1) or found.group(3), [])
        return given[-1] if given else found.group()

    return _VARIABLE.sub(value, text)


def filled(word: Word, known: dict[str, list[str]]) -> tuple[list[str], str]:
    """Give the texts a word can be, its variables filled in; and why it is not known, where it is not."""
    if word.literal or "$" not in word.text:
        return [word.text], ""
    whole = _VARIABLE.fullmatch(word.text)
    if whole is None:
        return [], "a variable is part of it"
    name = whole.group(1) or whole.group(3)
    given = list(dict.fromkeys([*known.get(name, ()), *filter(None, (whole.group(2),))]))
    return given, "" if given else f"the variable {name} gives it"
