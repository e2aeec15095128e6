"""Compare a text's words with a reference text's, in linear time."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

__all__ = ["Change", "changes"]

_RUN = 4  # words that must agree before two texts count as in step again
_BESIDE = 3  # words on each side of a word that each text has once: where they agree too, both are in step
_APART = 40  # words: less is found by looking ahead
_NEAR = 32
_WINDOW = 1200  # how far ahead to look for the next agreement; the longest optional part (CC heads) has 900 words


class Change(Struct, frozen=True):
    """Reference words [start, end) stand where the text has words [at, to): an insertion, deletion or replacement."""

    start: int
    end: int
    at: int
    to: int


def _resync(reference: list[str], text: list[str], i: int, j: int, least: int) -> tuple[int, int]:
    """Find the nearest positions at or after (i, j) where `least` words agree; the two ends when there are none."""
    run = min(least, len(reference) - i, len(text) - j) or 1
    for window in (_NEAR, _WINDOW):  # most differences are a few words: what is nearer than the window is nearest
        ahead: dict[tuple[str, ...], int] = {}
        for y in range(j, min(len(text) - run + 1, j + window)):
            ahead.setdefault(tuple(text[y : y + run]), y)
        best: tuple[int, int] | None = None
        for x in range(i, min(len(reference) - run + 1, i + window)):
            if best is not None and x - i >= best[0] + best[1] - i - j:
                break
            found = ahead.get(tuple(reference[x : x + run]))
            if found is not None and (best is None or x + found < best[0] + best[1]):
                best = (x, found)
        if best is not None and best[0] + best[1] - i - j < window:
            return best
    return best or (len(reference), len(text))


def _once(words: list[str], size: int) -> dict[tuple[str, ...] | str, int]:
    """Map each run of `size` words that occurs once to its place."""
    runs: Sequence[tuple[str, ...] | str]
    runs = words if size == 1 else list(zip(*(words[n:] for n in range(size)), strict=False))
    counts = Counter(runs)
    return {run: at for at, run in enumerate(runs) if counts[run] == 1}


def _anchors(reference: list[str], text: list[str], size: int) -> list[tuple[int, int]]:
    """Give places where both surely agree, in order in both, one for each stretch without additions or losses."""
    here = _once(text, size)
    both = [
        (i, j)
        for run, i in _once(reference, size).items()
        if (j := here.get(run)) is not None
        and reference[max(0, i - _BESIDE) : i + _BESIDE] == text[max(0, j - _BESIDE) : j + _BESIDE]
    ]
    ends: list[int] = []
    last: list[int] = []
    chain: list[tuple[tuple[int, int], int]] = []
    for i, j in both:
        length = bisect_left(ends, j)
        chain.append(((i, j), last[length - 1] if length else -1))
        ends[length : length + 1] = [j]
        last[length : length + 1] = [len(chain) - 1]
    at = last[-1] if last else -1
    increasing: list[tuple[int, int]] = []
    while at >= 0:
        pair, at = chain[at]
        increasing.append(pair)
    increasing.reverse()
    return [p for n, p in enumerate(increasing) if n == 0 or p[0] - p[1] != increasing[n - 1][0] - increasing[n - 1][1]]


def changes(reference: list[str], text: list[str], run: int = _RUN) -> list[Change]:
    """List, in order, where `text` departs from `reference`; empty when they are equal.

    After a difference it goes on at the nearest `run` of equal words, so it may report more than the smallest edit,
    never less. Texts of unlike length are first put in step by words (with a longer `run`, by
    runs) that occur once in each.
    """
    apart = abs(len(reference) - len(text)) > _APART
    anchors = _anchors(reference, text, 1 if run == _RUN else run) if apart else []
    stops = [(0, 0), *anchors, (len(reference), len(text))]
    found: list[Change] = []
    for (i, j), (x, y) in itertools.pairwise(stops):
        found += [Change(c.start + i, c.end + i, c.at + j, c.to + j) for c in _greedy(reference[i:x], text[j:y], run)]
    return _joined(found)


def _joined(found: list[Change]) -> list[Change]:
    """Make one change of two that touch."""
    whole: list[Change] = []
    for change in found:
        if whole and (whole[-1].end, whole[-1].to) == (change.start, change.at):
            whole[-1] = Change(whole[-1].start, change.end, whole[-1].at, change.to)
        else:
            whole.append(change)
    return whole


def _greedy(reference: list[str], text: list[str], run: int) -> list[Change]:
    found: list[Change] = []
    i = j = 0
    while i < len(reference) or j < len(text):
        if i < len(reference) and j < len(text) and reference[i] == text[j]:
            i, j = i + 1, j + 1
            continue
        x, y = _resync(reference, text, i, j, run)
        while x > i and y > j and reference[x - 1] == text[y - 1]:  # a shorter run before the agreement
            x, y = x - 1, y - 1
        found.append(Change(i, x, j, y))
        i, j = x, y
    return found
