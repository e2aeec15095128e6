"""Compare a text's words with a reference text's, in linear time."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Change", "changes"]

_RUN = 4  # words that must agree before two texts count as in step again
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
    ahead: dict[tuple[str, ...], int] = {}
    for y in range(j, min(len(text) - run + 1, j + _WINDOW)):
        ahead.setdefault(tuple(text[y : y + run]), y)
    best: tuple[int, int] | None = None
    for x in range(i, min(len(reference) - run + 1, i + _WINDOW)):
        if best is not None and x - i >= best[0] + best[1] - i - j:
            break
        found = ahead.get(tuple(reference[x : x + run]))
        if found is not None and (best is None or x + found < best[0] + best[1]):
            best = (x, found)
    return best or (len(reference), len(text))


def changes(reference: list[str], text: list[str], run: int = _RUN) -> list[Change]:
    """List, in order, where `text` departs from `reference`; empty when they are equal.

    Greedy: after a difference it goes on at the nearest `run` of equal words, so it may report more than the
    smallest edit, never less.
    """
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
