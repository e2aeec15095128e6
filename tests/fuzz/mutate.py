"""Mutations of a model card's text: pure functions of the text and a seeded `Random`.

`REMOVALS` only take away; `SCRAMBLES` also change what stays. Lines count from 1 in the whole file. A mutation that
finds nothing to change gives None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

HEADING: Final = re.compile(r"^#{1,6}\s")
FENCE: Final = re.compile(r"^\s{0,3}(```|~~~)")
KEY: Final = re.compile(r"^([A-Za-z_][\w-]*)\s*:")
LINK: Final = re.compile(r"(!?)\[([^\]\n]{0,300})\]\(([^)\s]{1,500})[^)\n]{0,200}\)")
BARE: Final = re.compile(r"https?://[^\s)>\]\"'`|]{4,500}")
ROW: Final = re.compile(r"^\s{0,8}(?:[-*+]\s|\d{1,3}[.)]\s)")
UNCUT: Final = re.compile(r"[|]|<!--|-->")  # cutting these opens something else instead of removing it
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z\[*_`])")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed card: what was done, the new text, the lines of the original that were touched, and the text that went.

    `keys` are the names of the front matter's keys whose value is no longer (all) there.
    """

    kind: str
    text: str
    lines: frozenset[int] = frozenset()
    gone: str = ""
    keys: tuple[str, ...] = ()


Mutation = Callable[[str, Random], Mutant | None]


def front_matter_end(lines: Sequence[str]) -> int:
    """Count the lines of the metadata block with its two fences; 0 where there is none."""
    if not lines or lines[0].strip() != "---":
        return 0
    return next((i + 1 for i in range(1, len(lines)) if lines[i].strip() in {"---", "..."}), 0)


def _without(kind: str, lines: Sequence[str], start: int, end: int, keys: tuple[str, ...] = ()) -> Mutant:
    """Take lines `start` to `end` (from 0, end excluded) away."""
    kept = [*lines[:start], *lines[end:]]
    return Mutant(
        kind,
        "\n".join(kept),
        frozenset(range(start + 1, end + 1)),
        "\n".join(lines[start:end]),
        keys or _keys(lines, start),
    )


def _keys(lines: Sequence[str], line: int) -> tuple[str, ...]:
    """Name the top-level key above a line of the front matter; nothing for the body."""
    if line >= front_matter_end(lines):
        return ()
    return next(((m.group(1),) for i in range(line, 0, -1) if (m := KEY.match(lines[i]))), ())


def _changed(kind: str, lines: Sequence[str], at: int, new: str, gone: str) -> Mutant:
    """Replace one line."""
    kept = [*lines[:at], new, *lines[at + 1 :]]
    return Mutant(kind, "\n".join(kept), frozenset({at + 1}), gone, _keys(lines, at))


def headings(lines: Sequence[str]) -> list[tuple[int, int]]:
    """List the headings of the body, outside code: line from 0, and level."""
    found, fenced = [], False
    for i in range(front_matter_end(lines), len(lines)):
        if FENCE.match(lines[i]):
            fenced = not fenced
        elif not fenced and HEADING.match(lines[i]):
            found.append((i, len(lines[i]) - len(lines[i].lstrip("#"))))
    return found


def sections(lines: Sequence[str]) -> list[tuple[int, int]]:
    """List the sections with what is below them: first line and end."""
    marks = headings(lines)
    return [
        (at, next((other for other, deep in marks[n + 1 :] if deep <= level), len(lines)))
        for n, (at, level) in enumerate(marks)
    ]


def paragraphs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """List the runs of lines between blank lines of the body that are neither code nor headings."""
    found: list[tuple[int, int]] = []
    fenced, start = False, -1
    for i in range(front_matter_end(lines), len(lines) + 1):
        line = lines[i] if i < len(lines) else ""
        fence = bool(FENCE.match(line))
        plain = bool(line.strip()) and not fence and not fenced and not HEADING.match(line)
        fenced ^= fence
        if plain and start < 0:
            start = i
        elif not plain and start >= 0:
            found.append((start, i))
            start = -1
    return found


def _code_blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    marks = [i for i in range(front_matter_end(lines), len(lines)) if FENCE.match(lines[i])]
    return [(a, b + 1) for a, b in zip(marks[::2], marks[1::2], strict=False)]


def _halves_comment(text: str) -> bool:
    """Say whether a text opens or closes a comment without the other: without it, other text would be uncovered."""
    return text.count("<!--") != text.count("-->")


def _dropper(kind: str, spans: Callable[[Sequence[str]], list[tuple[int, int]]]) -> Mutation:
    """Make the mutation that drops one of the spans."""

    def drop(text: str, rng: Random) -> Mutant | None:
        lines = text.split("\n")
        found = [(a, b) for a, b in spans(lines) if not _halves_comment("\n".join(lines[a:b]))]
        return _without(kind, lines, *rng.choice(found)) if found else None

    return drop


def _list_rows(lines: Sequence[str]) -> list[tuple[int, int]]:
    rows = [i for a, b in paragraphs(lines) for i in range(a, b) if ROW.match(lines[i])]
    return [(i, i + 1) for i in rows]


def _table_rows(lines: Sequence[str]) -> list[tuple[int, int]]:
    rows = [
        i
        for a, b in paragraphs(lines)
        for i in range(a + 2, b)
        if lines[i].count("|") > 1 and set(lines[i]) - set("|-: ")
    ]
    return [(i, i + 1) for i in rows]


def keys_of(lines: Sequence[str]) -> list[tuple[str, int, int]]:
    """List the top-level keys of the front matter: name, first line, end."""
    end = max(front_matter_end(lines) - 1, 0)
    marks = [(m.group(1), i) for i in range(1, end) if (m := KEY.match(lines[i]))]
    return [(k, at, marks[n + 1][1] if n + 1 < len(marks) else end) for n, (k, at) in enumerate(marks)]


def _key_dropped(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    found = keys_of(lines)
    if not found:
        return None
    key, at, end = rng.choice(found)
    return _without("front-matter-key", lines, at, end, (key,))


def _item_dropped(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    items = [i for _, at, end in keys_of(lines) for i in range(at + 1, end) if re.match(r"^\s{0,2}- [^:]*$", lines[i])]
    return _without("front-matter-item", lines, at := rng.choice(items), at + 1) if items else None


def _front_matter_dropped(text: str, _: Random) -> Mutant | None:
    lines = text.split("\n")
    end = front_matter_end(lines)
    every = tuple(k for k, _, _ in keys_of(lines))
    return _without("front-matter", lines, 0, end, every) if end else None


def _links(lines: Sequence[str]) -> list[tuple[int, re.Match[str]]]:
    found = [(i, m) for i in range(front_matter_end(lines), len(lines)) for m in LINK.finditer(lines[i])]
    return [(i, m) for i, m in found if lines[i][: m.start()].count("[") <= lines[i][: m.start()].count("]")]


def _link_target(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    found = _links(lines)
    if not found:
        return None
    at, m = rng.choice(found)
    return _changed("link-target", lines, at, lines[at][: m.start()] + m.group(2) + lines[at][m.end() :], m.group(3))


def _link_whole(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    found: list[tuple[int, re.Match[str]]] = _links(lines)
    bare = [(i, m) for i in range(front_matter_end(lines), len(lines)) for m in BARE.finditer(lines[i])]
    found += [(i, m) for i, m in bare if "](" not in lines[i]]
    if not found:
        return None
    at, m = rng.choice(found)
    return _changed("link", lines, at, lines[at][: m.start()] + lines[at][m.end() :], m.group(0))


def _all_links(text: str, _: Random) -> Mutant | None:
    lines = text.split("\n")
    start = front_matter_end(lines)
    body = [BARE.sub("", LINK.sub(r"\2", line)) for line in lines[start:]]
    touched = frozenset(start + i + 1 for i, new in enumerate(body) if new != lines[start + i])
    gone = "\n".join(lines[i - 1] for i in sorted(touched))
    return Mutant("all-links", "\n".join([*lines[:start], *body]), touched, gone) if touched else None


def _sentence_parts(lines: Sequence[str]) -> list[tuple[int, list[str]]]:
    rows = [i for a, b in paragraphs(lines) for i in range(a, b) if not UNCUT.search(lines[i])]
    return [(i, parts) for i in rows if len(parts := SENTENCE.split(lines[i])) > 1]


def _sentence(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    found = _sentence_parts(lines)
    if not found:
        return None
    at, parts = rng.choice(found)
    drop = rng.randrange(len(parts))
    return _changed("sentence", lines, at, " ".join(p for n, p in enumerate(parts) if n != drop), parts[drop])


def _half(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    rows = [i for a, b in paragraphs(lines) for i in range(a, b) if len(lines[i].split()) > 7]
    rows = [i for i in rows if not UNCUT.search(lines[i])]
    if not rows:
        return None
    at = rng.choice(rows)
    words = lines[at].split(" ")
    half = len(words) // 2
    first = rng.random() < 0.5
    kept, gone = (words[half:], words[:half]) if first else (words[:half], words[half:])
    return _changed("half-sentence", lines, at, " ".join(kept), " ".join(gone))


def _body(text: str, _: Random) -> Mutant | None:
    lines = text.split("\n")
    end = front_matter_end(lines)
    return _without("body", lines, end, len(lines)) if end < len(lines) else None


REMOVALS: Final[dict[str, Mutation]] = {
    "section": _dropper("section", sections),
    "heading": _dropper("heading", lambda lines: [(i, i + 1) for i, _ in headings(lines)]),
    "paragraph": _dropper("paragraph", paragraphs),
    "code-block": _dropper("code-block", _code_blocks),
    "list-row": _dropper("list-row", _list_rows),
    "table-row": _dropper("table-row", _table_rows),
    "link-target": _link_target,
    "link": _link_whole,
    "all-links": _all_links,
    "sentence": _sentence,
    "half-sentence": _half,
    "front-matter-key": _key_dropped,
    "front-matter-item": _item_dropped,
    "front-matter": _front_matter_dropped,
    "body": _body,
}


def _keys_shuffled(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    found = keys_of(lines)
    if len(found) < 2:
        return None
    blocks = [lines[a:b] for _, a, b in found]
    rng.shuffle(blocks)
    new = [line for block in blocks for line in block]
    return Mutant("keys-shuffled", "\n".join([*lines[: found[0][1]], *new, *lines[found[-1][2] :]]))


RETYPED: Final = (
    "null",
    "[]",
    "{}",
    "12",
    "true",
    "- a\n- - b",
    "'a: b'",
    "*x",
    "!!python/object:os.system x",
    "\u202e",
    "a\tb",
)


def _retyped(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    found = keys_of(lines)
    if not found:
        return None
    key, at, end = rng.choice(found)
    new = [f"{key}: {rng.choice(RETYPED)}"]
    return Mutant("values-retyped", "\n".join([*lines[:at], *new, *lines[end:]]), keys=(key,))


def _flipped(text: str, rng: Random) -> Mutant | None:
    raw = bytearray(text.encode("utf-8", "replace"))
    if not raw:
        return None
    for _ in range(rng.randint(1, 20)):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return Mutant("bytes-flipped", raw.decode("utf-8", "replace"))


def _swapped(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    top = _apart(sections(lines))
    if len(top) < 2:
        return None
    (a, b), (c, d) = sorted(rng.sample(top, 2))
    return Mutant("sections-swapped", "\n".join([*lines[:a], *lines[c:d], *lines[b:c], *lines[a:b], *lines[d:]]))


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep the sections that are inside no other."""
    out: list[tuple[int, int]] = []
    for span in spans:
        if not out or span[0] >= out[-1][1]:
            out.append(span)
    return out


def _duplicated(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    found = sections(lines)
    if not found:
        return None
    a, b = rng.choice(found)
    return Mutant("section-twice", "\n".join([*lines[:b], *lines[a:b], *lines[b:]]))


NOISE: Final = (
    "\u200b",
    "\u00a0",
    "\u202e",
    "\ufeff",
    "\x00",
    "\x1b[31m",
    "\u0301",
    "\t",
    "|",
    "`",
    "\r",
    "\u2028",
    "<!--",
    "[",
    "](",
)


def _noise(text: str, rng: Random) -> Mutant | None:
    chars = list(text)
    for _ in range(rng.randint(1, 30)):
        at = rng.randrange(len(chars) + 1)
        chars.insert(at, rng.choice(NOISE))
    new = "".join(chars)
    return Mutant("noise", new.swapcase() if rng.random() < 0.2 else new)


def _lines_mixed(text: str, rng: Random) -> Mutant | None:
    lines = text.split("\n")
    rng.shuffle(lines)
    return Mutant("lines-shuffled", "\n".join(lines))


SCRAMBLES: Final[dict[str, Mutation]] = {
    "keys-shuffled": _keys_shuffled,
    "values-retyped": _retyped,
    "bytes-flipped": _flipped,
    "sections-swapped": _swapped,
    "section-twice": _duplicated,
    "noise": _noise,
    "lines-shuffled": _lines_mixed,
}


def inserted(text: str, paragraph: str, rng: Random, *, heading: str = "") -> Mutant | None:
    """Put a paragraph of another card, with its heading if given, between two paragraphs of the body."""
    lines = text.split("\n")
    places = [a for a, _ in paragraphs(lines)] + [len(lines)]
    at = rng.choice(places)
    new = ["", *([heading, ""] if heading else []), *paragraph.split("\n"), ""]
    return Mutant("paragraph-inserted", "\n".join([*lines[:at], *new, *lines[at:]]))
