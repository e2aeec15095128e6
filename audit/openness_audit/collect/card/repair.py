"""Mend what the writer meant: tables that touch the text above them, and headings without a blank after the hashes."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from openness_audit.collect.card.draft import Draft

MAX_TITLE: Final = 80  # characters
MAX_WORDS: Final = 8

_DELIMITER = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t:-]*)*$")
_HASHES = re.compile(r"^(#{1,6})([^\W\d_].*)$")


def repaired(draft: Draft) -> list[Draft]:
    """Give the draft, or the several it should have been."""
    if draft.kind not in {"paragraph", "list-item", "quote"}:
        return [draft]
    body = draft.text()
    if body.startswith("#") and draft.kind == "paragraph":
        return _headed(draft, body)
    if "|" in body and "-" in body:
        return _tabled(draft, body)
    return [draft]


def _headed(draft: Draft, body: str) -> list[Draft]:
    first, _, rest = body.partition("\n")
    match = _HASHES.match(first)
    if not match or len(first) > MAX_TITLE or len(first.split()) > MAX_WORDS or "://" in first:
        return [draft]
    if len(match[1]) == 1 and len(first.split()) == 1 and rest:
        return [draft]  # a hashtag that begins a sentence
    title = Draft(kind="heading", line=draft.line, line_end=draft.line, level=len(match[1]), parts=[match[2].strip()])
    title.links = [link for link in draft.links if link.line == draft.line]
    if not rest.strip():
        return [title]
    return [title, *_tabled(_part(draft, rest.split("\n"), 1), rest)]


def _tabled(draft: Draft, body: str) -> list[Draft]:
    """Cut the tables out of a block; a table begins one line above its line of dashes."""
    lines = body.split("\n")
    out: list[Draft] = []
    begun = at = 0
    while at < len(lines) - 1:
        at += 1
        if at <= begun or "|" not in lines[at] or "|" not in lines[at - 1] or not _DELIMITER.match(lines[at]):
            continue
        end = at + 1
        while end < len(lines) and "|" in lines[end]:
            end += 1
        out += _text(draft, lines[begun : at - 1], begun)
        out.append(_table(draft, lines[at - 1 : end], at - 1))
        begun = at = end
    return [*out, *_text(draft, lines[begun:], begun)] if out else [draft]


def _table(draft: Draft, lines: list[str], first: int) -> Draft:
    table = _part(draft, lines, first)
    table.kind = "table"
    table.rows = [_cells(line) for i, line in enumerate(lines) if i != 1]
    table.row_lines = [table.line + i for i in range(len(lines)) if i != 1]
    return table


def _text(draft: Draft, lines: list[str], first: int) -> list[Draft]:
    if not any(line.strip() for line in lines):
        return []
    part = _part(draft, lines, first)
    if first and draft.kind == "list-item":
        part.kind = "paragraph"
    return [part]


def _cells(line: str) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) for cell in line.strip().removeprefix("|").removesuffix("|").split("|"))


def _part(draft: Draft, lines: list[str], first: int) -> Draft:
    """Give the part of a draft that begins `first` lines into it; blank lines around it are left out."""
    start = next((i for i, line in enumerate(lines) if line.strip()), 0)
    kept = "\n".join(lines[start:]).strip()
    line = draft.line + first + start
    end = line + kept.count("\n")
    return msgspec.structs.replace(
        draft,
        line=line,
        line_end=end,
        parts=[kept],
        links=[link for link in draft.links if line <= link.line <= end],
    )
