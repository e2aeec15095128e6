"""Fit plain values to a type and tell everything that does not fit, not only the first of it."""

from __future__ import annotations

import re
from copy import deepcopy
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

import msgspec
from msgspec import inspect

from openness_audit.policy.marks import Path

__all__ = ["Misfit", "choices_of", "fit", "near"]

T = TypeVar("T")
Misfit = tuple[Path, str]
MOST = 50  # problems of one value; more help nobody

_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<at>(?:key in )?\$[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_UNKNOWN_KEY = re.compile(r"unknown field `(.*)`")
_MISSING = re.compile(r"missing required field `(.*)`")
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "null": "nothing",
    "array": "a list",
    "object": "keys and values",
    "date": "a date such as 2027-03-31",
}


def fit(value: Any, kind: type[T]) -> tuple[T | None, list[Misfit]]:
    """Convert a value.

    Args:
        value: mappings, lists and scalars as YAML and TOML give them.
        kind: the type it must have; Structs refuse unknown keys.

    Returns:
        The converted value and no misfits, or None and each misfit with its path.
    """
    work, problems, removed = deepcopy(value), list[Misfit](), set[Path]()
    while len(problems) < MOST:
        try:
            found = msgspec.convert(work, kind)
        except msgspec.ValidationError as problem:
            path, said = _read(str(problem))
            missing = _MISSING.search(said)
            if missing and (*path, missing[1]) in removed:
                return None, problems + _lacking(value, kind, problems)
            unknown = _UNKNOWN_KEY.search(said)
            at = (*path, unknown[1]) if unknown else path
            problems.append((at, _worded(said, at, work, kind)))
            while at and isinstance(at[-1], int):
                at = at[:-1]  # without one entry the numbers of the others would change: the list goes
            if missing or not at or not _drop(work, at):
                return None, problems
            removed.add(at)
        else:
            return (None if problems else found), problems
    return None, problems


def _lacking(value: Any, kind: Any, told: list[Misfit]) -> list[Misfit]:
    """Name the required keys that were never there: only one of them is told while others do not fit."""
    found = inspect.type_info(kind)
    if not isinstance(found, inspect.StructType) or not isinstance(value, dict):
        return []
    absent = [f.encode_name for f in found.fields if f.required and f.encode_name not in value]
    rows: list[Misfit] = [((), f"the key {name!r} is missing") for name in absent]
    return [row for row in rows if row not in told]


def _read(problem: str) -> tuple[Path, str]:
    """Take a message of msgspec apart into path and words."""
    found = _WHERE.match(problem)
    at = (found and found["at"]) or "$"
    steps: list[str | int] = [key or (int(n) if n.isdigit() else n) for key, n in _STEP.findall(at)]
    return tuple(steps), found["what"] if found else problem


def _drop(work: Any, path: Path) -> bool:
    """Take out what does not fit, so that the rest can be looked at."""
    holder = work
    try:
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _worded(said: str, path: Path, work: Any, kind: Any) -> str:
    if unknown := _UNKNOWN_KEY.search(said):
        return f"unknown key {unknown[1]!r}{near(unknown[1], _keys(kind, path[:-1]))}"
    if missing := _MISSING.search(said):
        return f"the key {missing[1]!r} is missing"
    if said.startswith("Invalid enum value"):
        options = choices_of(kind, path)
        return f"{_value(work, path)!r} is none of: {', '.join(map(str, options))}"
    words = re.sub(r"`([a-z| ]+)`", lambda m: _type_words(m[1]), said)
    if "matching regex" in words:
        return f"{_value(work, path)!r} has not the form that is wanted: {words.rsplit('matching regex', 1)[1].strip()}"
    return words[:1].lower() + words[1:]


def _type_words(types: str) -> str:
    return " or ".join(_TYPES.get(t.strip(), t.strip()) for t in types.split("|"))


def _value(work: Any, path: Path) -> Any:
    for step in path:
        try:
            work = work[step]
        except (KeyError, IndexError, TypeError):
            return "..."
    return str(work)[:80]


def near(word: str, known: Any) -> str:
    """Word a hint on what could have been meant."""
    every = list(known)
    found = get_close_matches(word, every, n=1)
    if found:
        return f"; did you mean {found[0]!r}?"
    return f"; one of: {', '.join(every)}" if every else ""


def _field(kind: Any, path: Path) -> Any:
    """Give what msgspec knows of the type at a path, None where it cannot be followed."""
    found: Any = inspect.type_info(kind)
    for step in path:
        if isinstance(found, inspect.UnionType):
            found = next((t for t in found.types if not isinstance(t, inspect.NoneType)), None)
        if isinstance(found, inspect.StructType):
            found = next((f.type for f in found.fields if f.encode_name == step), None)
        elif isinstance(found, inspect.VarTupleType | inspect.ListType):
            found = found.item_type
        else:
            return None
    return found


def _keys(kind: Any, path: Path) -> list[str]:
    found = _field(kind, path)
    return [f.encode_name for f in found.fields] if isinstance(found, inspect.StructType) else []


def choices_of(kind: Any, path: Path) -> list[Any]:
    """Give the values that the type at a path allows, none where it is not a choice."""
    found = _field(kind, path)
    if isinstance(found, inspect.UnionType):
        return [v for t in found.types for v in getattr(t, "values", ())]
    return list(getattr(found, "values", ())) or list(get_args(found) or ())
