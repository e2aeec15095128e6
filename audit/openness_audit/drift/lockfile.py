"""The text of a lock file -> its entries, each trusted or not, and back. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from openness_audit.errors import UsageError
from openness_audit.model.lock import SCHEMA_ID, Approval, Entry, Snapshot
from openness_audit.render.escape import clean, hidden
from openness_audit.schema_versions import UPDATE, newer

LOCK_FILE = "modelaudit.lock.json"
EDITED = "its entry was edited after it was approved: the digest does not fit"
AGAIN = "approve it again: modelaudit approve {model} --approver NAME"
_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})(?:[ \t\r]|$)")
_NOT_ASCII = re.compile(r"[^\x00-\x7e]")
_MARK_DEPTH = 3  # brackets deep: in entry and approval or snapshot, whose keys have a line each


class Row(Struct, frozen=True, kw_only=True):
    """One entry as it stands in the file; `why` says why it cannot be trusted, and `raw` keeps it as it was then."""

    model: str
    line: int | None
    entry: Entry | None = None
    raw: Any = None
    why: str = ""


def digest_of(entry: Entry) -> str:
    """Give the digest of an entry: over all of it but the digest itself, whatever its layout."""
    plain = msgspec.to_builtins(entry)
    plain.pop("digest")
    text = json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def sealed(snapshot: Snapshot, approval: Approval) -> Entry:
    """Make an entry, its digest included."""
    bare = Entry(model=snapshot.id, approval=approval, snapshot=snapshot, digest=f"sha256:{'0' * 64}")
    return replace(bare, digest=digest_of(bare))


def parse(data: bytes, path: str) -> tuple[Row, ...]:
    """Read a lock file.

    Args:
        data: its bytes.
        path: its name, for messages.

    Returns:
        Its entries in their order. One that was edited by hand, or stands there twice, says so and does not keep the
        others from being read. Raises UsageError, with file and line where there is one, for what is no lock at all.
    """
    shown = clean(path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise UsageError(f"{shown} is no lock: it is not text in UTF-8", hint=_restore()) from problem
    if not text.strip():
        raise UsageError(
            f"{shown} is empty", hint="delete it and approve the models again, or take it from version control"
        )
    _refuse_conflicts(text, shown)
    found = _json(text, shown)
    if not isinstance(found, dict) or not isinstance(found.get("schema"), str):
        raise UsageError(f"{shown} is no lock: it names no schema", hint=_restore())
    _refuse_other_schema(found["schema"], shown)
    odd = sorted(found.keys() - {"schema", "entries"})
    entries = found.get("entries")
    if odd or not isinstance(entries, list):
        what = f"it has a key {clean(odd[0])[:60]!r}" if odd else "it has no list of entries"
        raise UsageError(f"{shown} is no lock: {what}", hint=_restore())
    return _rows(entries, text)


def render(rows: tuple[Row, ...]) -> str:
    """Write a lock file: sorted by model, one line a mark, so that two branches seldom touch the same lines."""
    plain = [msgspec.to_builtins(row.entry) if row.entry is not None else row.raw for row in rows]
    order = sorted(range(len(rows)), key=lambda at: (rows[at].model.lower(), at))
    document = {"schema": SCHEMA_ID, "entries": [plain[at] for at in order]}
    return _NOT_ASCII.sub(_escaped, _laid_out(document, 0)) + "\n"


def replaced(rows: tuple[Row, ...], entry: Entry) -> tuple[Row, ...]:
    """Put an entry in the place of all others of its model."""
    kept = tuple(row for row in rows if row.model.lower() != entry.model.lower())
    return (*kept, Row(model=entry.model, line=None, entry=entry))


def _restore() -> str:
    return f"take it from version control, or approve the models again ({LOCK_FILE} is written by `modelaudit approve`)"


def _refuse_conflicts(text: str, shown: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if _CONFLICT.match(line):
            raise UsageError(
                f"{shown}:{number}: two versions of the lock were merged, and the conflict is not resolved",
                hint="keep one whole entry for each model, delete the lines that begin with <<<<<<<, ======= and "
                ">>>>>>>, and run `modelaudit check`: an entry that was mixed is named",
            )


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # `add` gives None
        raise _TwiceError(twice)
    return found


def _json(text: str, shown: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as problem:
        raise UsageError(f"{shown}:{problem.lineno}: this is not JSON: {problem.msg}", hint=_restore()) from problem
    except _TwiceError as problem:
        said = clean(str(problem))[:60]
        raise UsageError(
            f"{shown} is no lock: the key {said!r} stands twice in one object", hint=_restore()
        ) from problem
    except (RecursionError, ValueError) as problem:
        raise UsageError(f"{shown} is no lock: {clean(str(problem))[:100]}", hint=_restore()) from problem


def _refuse_other_schema(schema: str, shown: str) -> None:
    if schema == SCHEMA_ID:
        return
    if version := newer(schema, SCHEMA_ID):
        raise UsageError(f"{shown} was written by a newer modelaudit (version {version} of the lock)", hint=UPDATE)
    raise UsageError(f"{shown} is no lock: its schema is {clean(schema)[:100]!r}", hint=_restore())


def _rows(entries: list[Any], text: str) -> tuple[Row, ...]:
    lines = _lines(text)
    counts: dict[str, int] = {}
    rows = []
    for number, raw in enumerate(entries, 1):
        named = raw.get("model") if isinstance(raw, dict) else None
        model = named if isinstance(named, str) and named else f"entry {number}"
        at = lines.get(model, [])
        seen = counts.get(model, 0)
        counts[model] = seen + 1
        rows.append(_row(model, raw, at[seen] if seen < len(at) else None))
    twice: dict[str, list[Row]] = {}
    for row in rows:
        twice.setdefault(row.model.lower(), []).append(row)
    return tuple(_doubled(row, twice[row.model.lower()]) for row in rows)


def _doubled(row: Row, same: list[Row]) -> Row:
    if len(same) < 2:
        return row
    where = " and ".join(str(one.line) for one in same if one.line)
    return replace(row, entry=None, why=f"it has {len(same)} entries (lines {where}): which one holds is not said")


def _row(model: str, raw: Any, line: int | None) -> Row:
    try:
        entry = msgspec.convert(raw, Entry)
    except msgspec.ValidationError as problem:
        return Row(model=model, line=line, raw=raw, why=f"its entry was edited by hand: {clean(str(problem))[:160]}")
    if digest_of(entry) != entry.digest or entry.snapshot.id != entry.model:
        return Row(model=model, line=line, raw=raw, why=EDITED)
    return Row(model=model, line=line, entry=entry, raw=raw)


def _lines(text: str) -> dict[str, list[int]]:
    """Find the lines on which entries name their models."""
    found: dict[str, list[int]] = {}
    key = re.compile(r'"model"\s*:\s*("(?:[^"\\]|\\.){0,300}")')
    for number, line in enumerate(text.splitlines(), 1):
        for match in key.finditer(line):
            try:
                found.setdefault(json.loads(match.group(1)), []).append(number)
            except ValueError:
                continue
    return found


def _laid_out(value: Any, depth: int) -> str:
    """Write JSON indented by two blanks, and what holds no other object on one line, however long."""
    if not isinstance(value, dict | list | tuple) or not value or (depth >= _MARK_DEPTH and _is_mark(value)):
        return _one_line(value)
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        rows = [f"{inner}{_one_line(key)}: {_laid_out(item, depth + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{outer}}}"
    return "[\n" + ",\n".join(f"{inner}{_laid_out(item, depth + 1)}" for item in value) + f"\n{outer}]"


def _is_mark(value: Any) -> bool:
    """Say whether no other object is in it."""
    inside = value.values() if isinstance(value, dict) else value
    return not any(isinstance(item, dict) or (isinstance(item, list | tuple) and not _is_mark(item)) for item in inside)


def _one_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _escaped(found: re.Match[str]) -> str:
    """Write a hidden character as JSON does: the value is the same, and no terminal is steered by it."""
    return json.dumps(found.group())[1:-1] if hidden(found.group()) else found.group()
