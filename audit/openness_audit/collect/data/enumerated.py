"""Find the items of an enumeration of data sets that no list and no link identifies."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, TypeAlias

from openness_audit.collect.attribution.names import names_in
from openness_audit.collect.data.context import verbs_in
from openness_audit.collect.data.found import Ground
from openness_audit.collect.data.names import Said
from openness_audit.collect.data.vocabulary import data_words

Span: TypeAlias = tuple[int, int]

_STOP = re.compile(r"[.;:,!?()\n。，；]")
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
REACH: Final = 160  # characters of one item
MOST_BEFORE: Final = 3  # words of a name that stands before the first known one
MOST_PROPER: Final = 6  # words of an item that is a name
MOST_WORDS: Final = 9  # of an item without a name
GAP: Final = 12  # characters between an item and the known name after it


def unnamed_items(said: Said, spans: list[Span], start: int) -> list[tuple[Span, str | None]]:
    """List the items of "X, Y and filtered web pages" that name nothing known.

    Args:
        said: the sentence.
        spans: the offsets of the data sets it names.
        start: where its verb of training ends.

    Returns:
        The offsets of each such item, and its own name where it is one ("HugeNews"), None where it is only described.
    """
    text, words = said.text, data_words()
    labels = [(k.start - said.sentence.start, k.end - said.sentence.start) for k in said.source.links]
    brackets = [m.span() for m in _BRACKETS.finditer(text)]
    fenced = [*spans, *labels, *(b for b in brackets if not _meets(spans, b))]
    joints = [m for m in words.joints.finditer(text, start) if not _meets(fenced, m.span())]
    found: list[tuple[Span, str | None]] = []
    for begin, end in pairwise([start, *(m.start() for m in joints), len(text)]):
        if _meets([*spans, *labels], (begin, end)):
            continue
        joint = words.joints.match(text, begin)
        at = joint.end() if joint else begin
        stop = _STOP.search(text, at, min(end, at + REACH))
        span = (at, stop.start() if stop else min(end, at + REACH))
        piece = text[span[0] : span[1]]
        leads = begin == start and words.prepositions.match(piece.lstrip()) is not None
        if not (leads or (begin != start and _in_line(text, piece, span, spans))) or _aside(text, piece, span, spans):
            continue
        if joint is not None and joint.group() == "," and words.apposed.match(piece):
            continue  # "X, a dataset of ...": says what X is
        name = proper_name(words.prepositions.sub("", piece, count=1) if leads else piece, said.ground)
        if name or words.sources.search(piece):
            found.append((span, name))
    return found


def _meets(spans: list[Span], part: Span) -> bool:
    return any(s < part[1] and part[0] < e for s, e in spans)


def _in_line(text: str, piece: str, span: Span, spans: list[Span]) -> bool:
    """Say whether an item follows a known name, or is a short one right before one."""
    if span[0] >= spans[0][1]:
        return True
    next_named = min((s for s, _ in spans if s >= span[1]), default=len(text))
    return next_named - span[1] <= GAP and len(piece.split()) <= MOST_BEFORE


def _aside(text: str, piece: str, span: Span, spans: list[Span]) -> bool:
    """Say whether a piece goes on about something else, or only describes the name before it."""
    words = data_words()
    before = max((e for _, e in spans if e <= span[0]), default=None)
    if before is not None and words.description.search(text[before : span[0]]):
        return True
    return bool(words.asides.match(piece) or verbs_in(piece)) or len(piece.split()) > MOST_WORDS


def proper_name(piece: str, ground: Ground) -> str | None:
    """Give the name of its own that an item begins with; names of models, languages and months are none."""
    first = piece.strip(" *_`\"'“”‘’").split()
    kept = [w for w in first[:4] if w[:1].isalpha() and (w[:1].isupper() or any(c.isupper() for c in w[1:]))]
    if not first or not kept or first[0] != kept[0] or len(first) > MOST_PROPER or len(kept[0]) < 2:
        return None
    if kept[0].lower().strip("'’s") in data_words().not_names or names_in(" ".join(kept), ground.identity):
        return None
    return " ".join(kept)[:80]
