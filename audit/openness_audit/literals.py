r"""Tell from a regular expression which pieces of text each match must hold one of.

`\btrain(?:ed|ing)` matches nothing without "train". To look for that takes a tenth of the time of a search.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST: Final = 96  # pieces: to look for one takes 0.05 µs, a search for so many 10 to 100 µs
RUN: Final = 16  # ways a run of text is followed; what is behind it is a run of its own
LONGEST: Final = 60  # characters of a piece; more tells no more
_ENOUGH: Final = 4  # characters that are rare enough
_ZERO_WIDTH: Final = frozenset({"AT", "ASSERT", "ASSERT_NOT"})
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


_DIGIT = re.compile(r"\d")
# of bytes: a table for `str.translate` is asked anew for each letter of each text
_ASCII: Final = bytes(range(128))
_ASCII_FOLDED: Final = bytes(range(256)).lower().replace(b"123456789", b"000000000")


@lru_cache(maxsize=512)
def _letter(code: int) -> str:
    return folded(chr(code))


def folded(text: str) -> str:
    """Give a text in which letters that `re.IGNORECASE` takes for one another are the same, and all digits are 0."""
    raw = text.encode("utf-8", "surrogatepass")
    if not text.isascii():
        wide = beyond_ascii(text)
        if wide != _changed(wide):  # most are quotation marks, dashes, or of scripts with one case
            return _changed(text)
    return raw.translate(_ASCII_FOLDED).decode("utf-8", "surrogatepass")


def beyond_ascii(text: str) -> str:
    """Give the characters of a text that are not ASCII."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _changed(text: str) -> str:
    return _DIGIT.sub("0", text).replace("İ", "i").replace("ı", "i").casefold()


def pieces(parsed: Any) -> tuple[str, ...]:
    """Give pieces one of which every match holds, folded; none where that cannot be said in few, or rules nothing out.

    Args:
        parsed: what `re._parser.parse` gives.
    """
    found = _needed(parsed)
    return tuple(sorted(found)) if found and min(map(_worth, found)) > 1 else ()


def _least(some: frozenset[str]) -> frozenset[str]:
    """Leave out what holds another piece."""
    kept: list[str] = []
    for piece in sorted(some, key=len):
        if not any(other in piece for other in kept):
            kept.append(piece)
    return frozenset(kept)


def _needed(items: Iterable[Any]) -> frozenset[str] | None:
    """Give the best of the pieces along a sequence: runs of fixed text, or what one of its parts needs."""
    best: frozenset[str] | None = None
    run = frozenset({""})
    for op, argument in items:
        name = op.name
        if name in _ZERO_WIDTH:
            continue
        exact = _exact(name, argument)
        longer = _joined(run, exact) if exact is not None else None
        if longer is not None:
            run = longer
            continue
        best = _better(_better(best, run), exact if exact is not None else _within(name, argument))
        run = frozenset({""})
    return _better(best, run)


def _joined(run: frozenset[str], more: frozenset[str]) -> frozenset[str] | None:
    """Give every piece of the first followed by every one of the second; None where they are too many or too long."""
    if len(run) * len(more) > RUN or max(map(len, run)) > LONGEST:
        return None
    if len(run) == len(more) == 1:  # a letter after letters, as most are
        return frozenset({next(iter(run)) + next(iter(more))})
    return frozenset(a + b for a, b in product(run, more))


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Choose the pieces that rule more out: whose shortest is longer, or which are fewer."""
    if not other or not all(other):
        return one
    other = _least(other)
    if len(other) > MOST:
        return one
    if not one:
        return other
    return max(one, other, key=lambda some: (min(_ENOUGH, *map(_worth, some)), -len(some)))


def _worth(piece: str) -> float:
    """Weigh how much a piece rules out: by its length, one digit or letter beyond ASCII more than another letter."""
    return 1.5 if len(piece) == 1 and (piece == "0" or not piece.isascii()) else len(piece)


def _exact(name: str, argument: Any) -> frozenset[str] | None:
    """Give all that a part can match, folded, where these are a few fixed texts."""
    if name == "LITERAL":
        return frozenset({_letter(argument)})
    if name == "IN":
        return _listed(argument)
    if name == "SUBPATTERN":
        return _all_of(argument[-1])
    if name == "ATOMIC_GROUP":
        return _all_of(argument)
    if name == "BRANCH":
        some = [_all_of(branch) for branch in argument[1]]
        whole = frozenset[str]().union(*(s for s in some if s is not None))
        return whole if None not in some and len(whole) <= MOST else None
    if name in _REPEATS:
        least, most, inner = argument
        once = _all_of(inner) if most == 1 else None
        return (once | {""} if least == 0 else once) if once is not None else None
    return None


def _listed(items: Iterable[Any]) -> frozenset[str] | None:
    """Give the characters of a class that lists a few; all digits are one."""
    found = set()
    for op, argument in items:
        digits = str(op) == "RANGE" and ord("0") <= argument[0] <= argument[1] <= ord("9")
        if digits or str(argument) == "CATEGORY_DIGIT":
            found.add("0")
        elif str(op) != "LITERAL" or len(found) > _ENOUGH:
            return None
        else:
            found.add(_letter(argument))
    return frozenset(found)


def _all_of(items: Iterable[Any]) -> frozenset[str] | None:
    run = frozenset({""})
    for op, argument in items:
        if op.name in _ZERO_WIDTH:
            continue
        exact = _exact(op.name, argument)
        longer = _joined(run, exact) if exact is not None else None
        if longer is None:
            return None
        run = longer
    return run


def _within(name: str, argument: Any) -> frozenset[str] | None:
    """Give what a part needs that can match more than a few fixed texts."""
    if name == "SUBPATTERN":
        return _needed(argument[-1])
    if name == "ATOMIC_GROUP":
        return _needed(argument)
    if name in _REPEATS:
        return _needed(argument[2]) if argument[0] > 0 else None
    if name == "BRANCH":
        some = [_needed(branch) for branch in argument[1]]
        if all(s is not None for s in some):
            return _least(frozenset[str]().union(*(s for s in some if s is not None)))
    return None
