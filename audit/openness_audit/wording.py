"""Words that several steps share: short lists, counts, and what could not be read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from openness_audit.model.evidence import Availability, Cause, CauseCode

ROOM = 44  # characters of a short list, so that a reason fits a line or two of a terminal
CODES: dict[CauseCode, str] = {
    "not-found-or-private": "not found, or private",
    "gated": "gated",
    "disabled": "disabled by the Hub",
    "legal": "withheld for legal reasons",
    "unauthorized": "token refused",
    "rate-limited": "rate limit",
    "server-error": "server error",
    "network": "no connection",
    "timeout": "timed out",
    "too-large": "too large",
    "malformed": "malformed answer",
    "not-text": "not plain text",
    "redirect-loop": "redirect loop",
    "offline": "offline",
    "budget": "time was up",
    "not-requested": "not asked for",
    "not-recorded": "not recorded",
    "ancestor-not-evaluated": "not evaluated",
    "ancestor-not-identified": "named without an id",
    "license-not-named": "not said which licence",
    "check-raised": "internal error",
}

_OF_BASE = " (base model"
_ADDRESS = re.compile(
    r"https?://[^/]+/(?:[^/]+/){1,2}(?P<kind>tree|refs|resolve|blob|raw)(?:/[^/]*)?(?:/(?P<path>.*))?$"
)
_PARTS = {  # of criteria that have two
    "pretraining-data": ("pre-training data", "is"),
    "finetuning-data": ("fine-tuning data", "is"),
    "training-metrics": ("training metrics", "are"),
    "evaluation-results": ("evaluation results", "are"),
}


def level(part: str, status: Availability) -> str:
    """Word the level of a part of a criterion as the head of a clause: `pre-training data is partly open`."""
    what, verb = _PARTS.get(part, (part, "is"))
    return {
        "open": f"{what} {verb} open",
        "partial": f"{what} {verb} partly open",
        "closed": f"{what} {verb} closed",
        "unknown": f"{what} {verb} not determined",
        "not-applicable": f"{what} {'does' if verb == 'is' else 'do'} not apply",
    }[status]


def level_word(status: Availability) -> str:
    """Word a level for a narrow column."""
    return "n/a" if status == "not-applicable" else status


def plural(count: int, word: str) -> str:
    """Count a noun: `1 file`, `2 files`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def listed(items: Iterable[str], most: int) -> str:
    """List the first `most` items, and count the rest: `a, b and 3 more`."""
    every = list(dict.fromkeys(items))
    left = len(every) - most
    return ", ".join(every[:most]) + (f" and {left} more" if left > 0 else "")


def few(items: Iterable[str], room: int = ROOM) -> str:
    """List as many items as fit into `room` characters, at least one, and count the rest."""
    every = list(dict.fromkeys(items))
    fit, used = 0, 0
    while fit < len(every) and (fit == 0 or used + len(every[fit]) <= room):
        used += len(every[fit]) + 2
        fit += 1
    return listed(every, fit)


def choices(word: str, known: Sequence[str]) -> str:
    """Word a hint on what could have been meant, the nearest first."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for a hint

    near = get_close_matches(word, known, n=1)
    return f"{f'did you mean {near[0]}? ' if near else ''}one of: {', '.join(known)}"


def both(items: Sequence[str]) -> str:
    """Join clauses as a sentence does: `a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def together(shorts: Sequence[str]) -> str:
    """Join the short reasons of parts: what they share is said once, at the end."""
    clauses = list(dict.fromkeys(clause for short in shorts for clause in short.split("; ")))
    tails = [clause[clause.find(_OF_BASE) :] if _OF_BASE in clause else "" for clause in clauses]
    said = [
        c.removesuffix(tail) if tail in tails[i + 1 :] else c
        for i, (c, tail) in enumerate(zip(clauses, tails, strict=True))
    ]
    return "; ".join(dict.fromkeys(said))


def of_base(names: Sequence[str], short: str) -> str:
    """Say that a short reason is of base models; one that says so already is left as it is."""
    return short if _OF_BASE in short else f"{short}{_OF_BASE}{'s' if len(names) > 1 else ''} {few(names, 1)})"


def unread(cause: Cause) -> str:
    """Say in a few words what could not be read."""
    if cause.code == "ancestor-not-identified":
        return f"base model {cause.source} named without an id"
    if cause.code == "ancestor-not-evaluated":
        return f"not evaluated: base model {cause.source}"
    return f"{place(cause.source)} not read ({CODES[cause.code]})"


def place(source: str) -> str:
    """Name what was asked for: a file or listing of the Hub by its kind, anything else as it is."""
    found = _ADDRESS.match(source)
    if found is None:
        return source
    path = found.group("path")
    return {"tree": "file listing", "refs": "branches and tags"}.get(found.group("kind"), path or source)


def all_unread(causes: Iterable[Cause]) -> str:
    """Say in a few words what could not be read, the first of several places by name."""
    said = list(dict.fromkeys(map(unread, causes)))
    more = f", and {len(said) - 1} more" if len(said) > 1 else ""
    return said[0] + more if said else ""
