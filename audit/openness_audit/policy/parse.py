"""Read one policy file, or one file of waivers: every problem with its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from msgspec import Struct

from openness_audit.model.policy import SCHEMA_ID, AnyClause, Override, PolicyFile, Waiver, WaiverFile
from openness_audit.policy.fit import fit, near
from openness_audit.policy.marks import Marked, Path, UnreadableError, read_toml, read_yaml
from openness_audit.policy.names import Names
from openness_audit.policy.sense import of_clause, of_waiver
from openness_audit.schema_versions import UPDATE, newer

__all__ = ["Parsed", "Source", "holds_waivers", "parse_policy", "parse_waivers"]

S = TypeVar("S", bound=Struct)

TABLE: Path = ("tool", "modelaudit")
CLAUSES: dict[str, type[Any]] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyClause)}
_CLAUSE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class Source(Struct, frozen=True):
    """The text of a file, and its name as messages show it; a name that ends in `.toml` is a pyproject.toml."""

    name: str
    text: str


class Parsed(Struct, frozen=True):
    """What a file says, as far as it can be understood, and everything that is wrong with it: (line, words)."""

    source: Source
    policy: PolicyFile
    marks: Marked
    problems: tuple[tuple[int, str], ...]
    root: Path = ()

    def line(self, *path: str | int) -> int:
        """Give the line of a key."""
        return self.marks.line((*self.root, *path))

    def told(self) -> list[str]:
        """Word the problems, in the order of their lines."""
        return [f"{self.source.name}:{line}: {words}" for line, words in sorted(set(self.problems))]


class _Reader:
    """Takes a document apart and gathers what is wrong with it."""

    def __init__(self, marks: Marked, root: Path, names: Names) -> None:
        self.marks = marks
        self.root = root
        self.names = names
        self.problems: list[tuple[int, str]] = list(marks.problems)

    def wrong(self, path: Path, words: str) -> None:
        """Keep one problem."""
        where = ".".join(f"{step}" if not isinstance(step, int) else f"{step + 1}" for step in path)
        self.problems.append((self.marks.line((*self.root, *path)), f"{where}: {words}" if where else words))

    def struct(self, value: Any, kind: type[S], path: Path) -> S | None:
        """Fit a value to a type."""
        found, misfits = fit(value, kind)
        for at, words in misfits:
            self.wrong((*path, *at), words)
        return found

    def clauses(self, value: Any, path: Path) -> dict[str, AnyClause | None]:
        """Read a mapping of ids to clauses; null drops one."""
        if not isinstance(value, dict):
            if value is not None:
                self.wrong(path, "expected ids and their clauses")
            return {}
        found: dict[str, AnyClause | None] = {}
        for name, raw in value.items():
            if not _CLAUSE_ID.fullmatch(str(name)):
                self.wrong((*path, name), "an id has lower-case letters, digits and hyphens, at most 64")
            if raw is None:
                found[name] = None
            elif (clause := self._clause(raw, (*path, name))) is not None:
                found[name] = clause
        return found

    def _clause(self, raw: Any, path: Path) -> AnyClause | None:
        if not isinstance(raw, dict):
            self.wrong(path, "expected the keys of a clause, first of all `check`")
            return None
        check = raw.get("check")
        kind = CLAUSES.get(check) if isinstance(check, str) else None
        if kind is None:
            said = "the key 'check' is missing" if check is None else f"{str(check)[:60]!r} is no check"
            self.wrong((*path, "check"), f"{said}{near(str(check), CLAUSES)}")
            return None
        clause: AnyClause | None = self.struct(raw, kind, path)
        for key, words in of_clause(clause, self.names) if clause is not None else ():
            self.wrong((*path, key) if key else path, words)
        return clause

    def overrides(self, value: Any) -> tuple[Override, ...]:
        """Read the exceptions for some models."""
        found = []
        for number, raw in self._rows(value, "overrides"):
            path: Path = ("overrides", number)
            clauses = self.clauses(raw.get("clauses"), (*path, "clauses")) if isinstance(raw, dict) else {}
            bare = {**raw, "clauses": {}} if isinstance(raw, dict) and "clauses" in raw else raw
            override = self.struct(bare, Override, path)
            if override is not None:
                found.append(Override(models=override.models, reason=override.reason, clauses=clauses))
        return tuple(found)

    def waivers(self, value: Any) -> tuple[Waiver, ...]:
        """Read the waivers."""
        found = []
        for number, raw in self._rows(value, "waivers"):
            waiver = self.struct(raw, Waiver, ("waivers", number))
            if waiver is None:
                continue
            for key, words in of_waiver(waiver):
                self.wrong(("waivers", number, key) if key else ("waivers", number), words)
            found.append(waiver)
        return tuple(found)

    def _rows(self, value: Any, key: str) -> Iterator[tuple[int, Any]]:
        if value is not None and not isinstance(value, list):
            self.wrong((key,), "expected a list")
            return
        yield from enumerate(value or ())


def parse_policy(source: Source, names: Names) -> Parsed:
    """Read a policy file.

    Args:
        source: the text and its name.
        names: what clauses can name.

    Returns:
        The policy as far as it can be understood, and all problems; nothing is raised.
    """
    toml = source.name.endswith(".toml")
    root = TABLE if toml else ()
    try:
        marks = read_toml(source.text) if toml else read_yaml(source.text)
    except UnreadableError as problem:
        return Parsed(source, PolicyFile(name=source.name), Marked({}, {}), ((problem.line, str(problem)),), root)
    value: Any = marks.value
    for step in root:
        value = value.get(step) if isinstance(value, dict) else None
    reader = _Reader(marks, root, names)
    if not isinstance(value, dict):
        reader.wrong((), "a policy has keys: name, clauses ..." if not toml else "there is no table [tool.modelaudit]")
        return Parsed(source, PolicyFile(name=source.name), marks, tuple(reader.problems), root)
    if version := newer(str(value.get("schema", "")), SCHEMA_ID):
        reader.wrong(("schema",), f"this policy is for a newer modelaudit (version {version} of the policy): {UPDATE}")
        return Parsed(source, PolicyFile(name=source.name), marks, tuple(reader.problems), root)
    clauses = reader.clauses(value.get("clauses"), ("clauses",))
    overrides = reader.overrides(value.get("overrides"))
    waivers = reader.waivers(value.get("waivers"))
    bare = {key: inner for key, inner in value.items() if key not in ("clauses", "overrides", "waivers")}
    head = reader.struct(bare, PolicyFile, ())
    if head is not None and head.schema != SCHEMA_ID:
        reader.wrong(("schema",), f"{head.schema[:80]!r} is another schema; this program reads {SCHEMA_ID}")
    if head is None:
        head = _rest(source.name, value)
    found = PolicyFile(
        name=head.name,
        description=head.description,
        extends=head.extends,
        use=head.use,
        clauses=clauses,
        overrides=overrides,
        waivers=waivers,
        waiver_files=head.waiver_files,
    )
    return Parsed(source, found, marks, tuple(reader.problems), root)


def _rest(name: str, value: dict[str, Any]) -> PolicyFile:
    """Give which other files a policy names, so that what is wrong with them can be told as well."""
    extends, files = value.get("extends"), value.get("waiver-files")
    return PolicyFile(
        name=name,
        extends=extends if isinstance(extends, str) else None,
        waiver_files=tuple(f for f in files if isinstance(f, str)) if isinstance(files, list) else (),
    )


def parse_waivers(source: Source, names: Names) -> Parsed:
    """Read a file of waivers beside a policy: its only key is `waivers`.

    Args:
        source: the text and its name; always YAML.
        names: what could be named; a waiver names nothing of it.

    Returns:
        A policy that holds the waivers alone, and all problems; nothing is raised.
    """
    empty = PolicyFile(name=source.name)
    try:
        marks = read_yaml(source.text)
    except UnreadableError as problem:
        return Parsed(source, empty, Marked({}, {}), ((problem.line, str(problem)),))
    reader = _Reader(marks, (), names)
    if not isinstance(marks.value, dict):
        reader.wrong((), "a file of waivers has one key, `waivers`")
        return Parsed(source, empty, marks, tuple(reader.problems))
    waivers = reader.waivers(marks.value.get("waivers"))
    others = {key: inner if key != "waivers" else [] for key, inner in marks.value.items()}
    reader.struct(others, WaiverFile, ())
    return Parsed(source, PolicyFile(name=source.name, waivers=waivers), marks, tuple(reader.problems))


def holds_waivers(source: Source) -> bool:
    """Say whether a file is one of waivers: it has the key `waivers` and none that makes a policy."""
    try:
        value = read_yaml(source.text).value
    except UnreadableError:
        return False
    return isinstance(value, dict) and "waivers" in value and not {"name", "clauses", "extends"} & value.keys()
