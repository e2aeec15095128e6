"""Decide where in a card each addition goes; what cannot be placed safely is told, not guessed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from openness_audit.collect.card.frontmatter import read_front_matter
from openness_audit.model.card import FrontMatter
from openness_audit.model.fixes import Addition

__all__ = ["Edit", "Edits", "edits_for"]

_ITEM = re.compile(r"(?P<lead>\s*-\s+)\S")
_FLOW = re.compile(r"(?P<head>[A-Za-z_]+:\s*\[.*[^\s,\[])\s*\](?P<tail>\s*)")
_PLAIN = re.compile(r"[A-Za-z_]+:(?P<value>[^#\[{|>&*!]*)(?:\s#.*)?")
_HEADING = re.compile(r"#{1,6}\s+(?P<title>.*?)\s*#*\s*")
_KEYED = re.compile(r"(?:[A-Za-z_][\w-]*\s*:(?:\s|$)|\s*-\s|\s*#|\s+\S)")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_OWN_KEYS = ("license", "license_name", "license_link", "base_model", "base_model_relation", "datasets")


class Edit(Struct, frozen=True):
    """Lines put in place of `count` lines from the line `at` on (from 0); none are taken away where `count` is 0."""

    at: int
    count: int
    lines: tuple[str, ...]


class Edits(Struct, kw_only=True):
    """Edits in the order of the file, and notes on what was left out and why."""

    edits: list[Edit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def edits_for(text: str, additions: Sequence[Addition]) -> Edits:
    """Place additions in a card.

    Args:
        text: the card, its lines ending in a line feed alone.
        additions: what to add; several for one key or heading are put together.

    Returns:
        The edits; after them the metadata reads as before, with the filled values added.
    """
    additions = [a for a in additions if not _is_there(a, text)]
    front = [a for a in additions if a.where == "front-matter" and a.key in _OWN_KEYS]
    sections: dict[str, list[str]] = {}
    for addition in additions:
        if addition.where == "section" and addition.text not in sections.setdefault(addition.key, []):
            sections[addition.key].append(addition.text)
    lines = text.split("\n")
    done = Edits()
    if front:
        _front(text, lines, _once(front), done)
    _sections(lines, sections, done)
    done.edits.sort(key=lambda e: (e.at, e.count))
    return done


def _comment(text: str) -> str:
    return f"<!-- {text} -->"


def _is_there(addition: Addition, text: str) -> bool:
    """Say whether a blank stands in the card already, from an earlier patch."""
    if addition.where == "section":
        return _comment(addition.text) in text
    return not addition.filled and f"\n{_written(addition)[0]}\n" in text


def _once(additions: Iterable[Addition]) -> list[Addition]:
    """Keep one addition per key: a filled one before a blank."""
    found: dict[str, Addition] = {}
    for addition in additions:
        if addition.key not in found or (addition.filled and not found[addition.key].filled):
            found[addition.key] = addition
    return list(found.values())


def _written(addition: Addition) -> list[str]:
    """Give the lines of an addition; a blank is a comment, so that it counts as no answer."""
    rows = addition.text.split("\n")
    return rows if addition.filled else [f"# {row}" for row in rows]


def _front(text: str, lines: Sequence[str], additions: list[Addition], done: Edits) -> None:
    """Place lines of metadata, and take them back where the block would not read as it should."""
    found = read_front_matter(text)
    rows = [row for a in additions for row in _written(a)]
    if found.state == "no-metadata" or (found.state == "not-a-mapping" and not found.line_end):
        edits = [Edit(0, 0, ("---", *rows, "---", *([""] if lines[0].strip() else [])))]
    elif found.state == "empty":
        edits = [Edit(found.line_end - 1, 0, tuple(rows))]
    elif found.state == "unclosed":
        edits = _closed(lines, rows)
    elif found.state == "ok":
        edits = [e for a in additions for e in _placed(a, lines, found, done)]
    else:
        edits = []
    if not edits and found.state != "ok":
        said = found.problem or f"the block is {found.state}"
        done.notes.append(f"the metadata is left alone, for it cannot be read ({said}): mend it first")
        return
    if _safe(lines, edits, found, additions):
        done.edits += edits
    else:
        done.notes.append("the metadata is left alone: it is written in a way that cannot be added to safely")


def _closed(lines: Sequence[str], rows: list[str]) -> list[Edit]:
    """Close a block that is never closed, behind the last line that reads as metadata."""
    end = next((n for n in range(1, len(lines)) if not _KEYED.match(lines[n])), len(lines))
    return [Edit(end, 0, (*rows, "---", *([""] if end < len(lines) and lines[end].strip() else [])))] if end > 1 else []


def _placed(addition: Addition, lines: Sequence[str], found: FrontMatter, done: Edits) -> list[Edit]:
    """Place the lines of one key in a block that reads well."""
    key, rows, end = addition.key, _written(addition), found.line_end - 1
    if key not in found.values:
        return [Edit(end, 0, tuple(rows))]
    at = found.lines.get(key, 0) - 1
    plain = _PLAIN.fullmatch(lines[at]) if 0 < at < end else None
    if not addition.filled:  # a key that says something needs no blank beside it
        return [] if found.values[key] else [Edit(at + 1 if plain else end, 0, tuple(rows))]
    if key == "datasets":
        return _listed(addition, lines, found, at)
    if plain is None:
        done.notes.append(f"{key} is left alone: replace it by hand with {addition.text!r}")
        return []
    return [Edit(at, 1, tuple(rows))]


def _listed(addition: Addition, lines: Sequence[str], found: FrontMatter, at: int) -> list[Edit]:
    """Add items to a list, as it is written."""
    held = found.values.get("datasets")
    fresh = [row.removeprefix("- ") for row in addition.text.split("\n")[1:]]
    have = {str(v).lower() for v in held} if isinstance(held, list) else {str(held).lower()}
    fresh = [name for name in fresh if name.lower() not in have]
    if not fresh:
        return []
    last = found.lines.get(f"datasets[{len(held) - 1}]", 0) - 1 if isinstance(held, list) and held else -1
    item = _ITEM.match(lines[last]) if last > at else None
    if item is not None:
        return [Edit(last + 1, 0, tuple(f"{item['lead']}{name}" for name in fresh))]
    flow = _FLOW.fullmatch(lines[at])
    if flow is not None:
        return [Edit(at, 1, (f"{flow['head']}, {', '.join(fresh)}]{flow['tail']}",))]
    plain = _PLAIN.fullmatch(lines[at])
    if plain is None or isinstance(held, list | dict):
        return []
    named = [plain["value"].strip()] if plain["value"].strip() else []
    return [Edit(at, 1, ("datasets:", *(f"- {name}" for name in (*named, *fresh))))]


def applied(lines: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """Give the lines after the edits."""
    out, at = [], 0
    for edit in sorted(edits, key=lambda e: (e.at, e.count)):
        out += [*lines[at : edit.at], *edit.lines]
        at = edit.at + edit.count
    return [*out, *lines[at:]]


def _safe(lines: Sequence[str], edits: list[Edit], before: FrontMatter, additions: list[Addition]) -> bool:
    """Say whether the metadata reads as before but for the keys that were filled in."""
    after = read_front_matter("\n".join(applied(lines, edits)))
    filled = {a.key for a in additions if a.filled}
    if after.state != "ok":
        return after.state == "empty" and not filled and not before.values
    kept = {k: v for k, v in after.values.items() if k not in filled}
    return kept == {k: v for k, v in before.values.items() if k not in filled} or before.state == "unclosed"


def _sections(lines: Sequence[str], wanted: Mapping[str, Sequence[str]], done: Edits) -> None:
    """Put each stub below its heading where the card has one, else at the end."""
    headings: dict[str, int] = {}
    fenced = False
    for number, line in enumerate(lines):
        if _FENCE.match(line):
            fenced = not fenced
        head = None if fenced else _HEADING.fullmatch(line)
        if head is not None:
            headings.setdefault(head["title"].lower(), number)
    ending: list[str] = []
    for title, texts in wanted.items():
        comments = [row for text in texts for row in ("", _comment(text))]
        at = headings.get(title.lower())
        if at is not None and at + 1 < len(lines):
            done.edits.append(Edit(at + 1, 0, tuple(comments)))
        else:
            ending += ["", f"## {title}", *comments]
    if not ending:
        return
    if fenced:
        done.notes.append(
            "a fence of code is never closed: the sections at the end would be part of it; close it first"
        )
        return
    last = len(lines) - 1 if lines[-1] == "" else len(lines)
    blank = last == 0 or not lines[last - 1].strip()
    done.edits.append(Edit(last, 0, tuple(ending[1:] if blank else ending)))
