"""The index of a run, one SQLite file: which parts hold which rows, and what is asked of them most."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.model.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NAME = "index.sqlite"
VERSION = 1
WAIT_S = 10.0  # for a reader who holds the file
_NAMES = 100_000  # of rules, models ... whose number is remembered; others are looked up

# a row's answers that are one value each: the columns of `models`
_KINDS = {"downloads": "INTEGER", "likes": "INTEGER", "gated": "INTEGER", "coverage": "REAL", "not_checked": "INTEGER"}
_KINDS |= dict.fromkeys(("score", "score_low", "score_high", "exit_code"), "INTEGER")
_LISTS = {"components", "bases", "ancestors", "unresolved", "errors", "warnings", "notes", "undecided", "causes"}
_LISTS |= {"policy_violated", "policy_unknown", "policy_waived"}
_FIELDS = tuple((f.name, f.encode_name) for f in msgspec.structs.fields(Row) if f.name not in _LISTS)
COLUMNS = tuple(column for _, column in _FIELDS)

_TABLES = f"""
CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE parts (
  part INTEGER PRIMARY KEY, name TEXT NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL, closed INTEGER NOT NULL
);
CREATE TABLE models (
  seq INTEGER PRIMARY KEY, part INTEGER NOT NULL, line INTEGER NOT NULL, audit TEXT,
  {", ".join(f"{column} {_KINDS.get(column, 'TEXT')}" for column in COLUMNS)}
);
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE finding_of (seq INTEGER, rule INTEGER, severity INTEGER, PRIMARY KEY (seq, rule, severity)) WITHOUT ROWID;
CREATE TABLE component_of (seq INTEGER, component INTEGER, level INTEGER, PRIMARY KEY (seq, component)) WITHOUT ROWID;
CREATE TABLE ancestor_of (
  seq INTEGER, ancestor INTEGER, relation INTEGER, license INTEGER, family INTEGER, resolved INTEGER,
  PRIMARY KEY (seq, ancestor)
) WITHOUT ROWID;
CREATE TABLE cause_of (seq INTEGER, code INTEGER, PRIMARY KEY (seq, code)) WITHOUT ROWID;
CREATE TABLE clause_of (seq INTEGER, clause INTEGER, met INTEGER, PRIMARY KEY (seq, clause)) WITHOUT ROWID;
CREATE VIEW findings AS SELECT seq, model, r.name AS rule, s.name AS severity FROM finding_of
  JOIN models USING (seq) JOIN names r ON r.id = rule JOIN names s ON s.id = severity;
CREATE VIEW components AS SELECT seq, model, c.name AS component, a.name AS availability FROM component_of
  JOIN models USING (seq) JOIN names c ON c.id = component JOIN names a ON a.id = level;
CREATE VIEW ancestors AS SELECT seq, model, a.name AS ancestor, r.name AS relation, l.name AS ancestor_license,
  f.name AS ancestor_family, resolved FROM ancestor_of JOIN models USING (seq) JOIN names a ON a.id = ancestor
  LEFT JOIN names r ON r.id = relation LEFT JOIN names l ON l.id = ancestor_of.license
  LEFT JOIN names f ON f.id = family;
CREATE VIEW causes AS SELECT seq, model, c.name AS code FROM cause_of
  JOIN models USING (seq) JOIN names c ON c.id = code;
CREATE VIEW clauses AS SELECT seq, model, c.name AS clause, m.name AS met FROM clause_of
  JOIN models USING (seq) JOIN names c ON c.id = clause JOIN names m ON m.id = clause_of.met;
"""  # noqa: S608 - names of our own fields
_LATER = """
CREATE INDEX IF NOT EXISTS models_by_name ON models (model);
CREATE INDEX IF NOT EXISTS findings_by_rule ON finding_of (rule);
CREATE INDEX IF NOT EXISTS ancestors_by_name ON ancestor_of (ancestor);
"""


class Place(msgspec.Struct, frozen=True):
    """One row to enter: its place in the source, in which part and line it stands, and where its audit is."""

    seq: int
    part: int
    line: int
    row: Row
    audit: str | None = None


class Part(msgspec.Struct, frozen=True):
    """A file of rows as far as it counts: what stands after `size` bytes was never finished."""

    number: int
    name: str
    rows: int
    size: int
    closed: bool


class Index:
    """The open index; one thread at a time, one transaction at a time."""

    def __init__(self, path: Path, *, create: bool) -> None:
        """Open or create it. Raises sqlite3.Error."""
        self._db = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")  # a row that is lost with the power is lost in the index alone
        self._ids: dict[str, int] = {}
        if create:
            self._db.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")

    @property
    def version(self) -> int:
        """The version of the tables; 0 for a file that is no index."""
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def parts(self) -> list[Part]:
        """Give all parts in their order."""
        rows = self._db.execute("SELECT part, name, rows, bytes, closed FROM parts ORDER BY part")
        return [Part(number, name, count, size, bool(closed)) for number, name, count, size, closed in rows]

    def done(self) -> Iterator[int]:
        """Give the places in the source of all models that are finished."""
        return (row[0] for row in self._db.execute("SELECT seq FROM models"))

    def codes(self) -> dict[int, int]:
        """Give how many models earned each exit code."""
        return dict(self._db.execute("SELECT exit_code, count(*) FROM models GROUP BY exit_code"))

    def problems(self) -> dict[str, int]:
        """Give how many models could not be audited, by the code of the cause, the most frequent first."""
        asked = "SELECT problem, count(*) FROM models WHERE problem IS NOT NULL GROUP BY problem ORDER BY 2 DESC, 1"
        return dict(self._db.execute(asked))

    def example(self, problem: str) -> str:
        """Word one of the models that could not be audited for a cause: the first of the source."""
        asked = "SELECT problem_message, min(seq) FROM models WHERE problem = ?"
        return str(self._db.execute(asked, (problem,)).fetchone()[0] or "")

    def close_part(self, part: Part) -> None:
        """Note what a part is called and how long it is, now that nothing is added to it."""
        self._db.execute(
            "UPDATE parts SET name = ?, rows = ?, bytes = ?, closed = 1 WHERE part = ?",
            (part.name, part.rows, part.size, part.number),
        )

    def enter(self, part: Part, places: Iterable[Place]) -> None:
        """Enter rows and the part that holds them, all or none. Raises sqlite3.Error."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(
                "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)",
                (part.number, part.name, part.rows, part.size, part.closed),
            )
            self._insert(list(places))
            self._db.execute("COMMIT")
        except BaseException:
            self._ids.clear()  # those that were new are not there now
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _insert(self, places: list[Place]) -> None:
        marks = ", ".join("?" * (4 + len(COLUMNS)))
        self._db.executemany(
            f"INSERT INTO models VALUES ({marks})",  # noqa: S608 - question marks
            [(p.seq, p.part, p.line, p.audit, *(getattr(p.row, name) for name, _ in _FIELDS)) for p in places],
        )
        many = self._db.executemany
        many("INSERT OR IGNORE INTO finding_of VALUES (?, ?, ?)", self._findings(places))
        many("INSERT OR IGNORE INTO component_of VALUES (?, ?, ?)", self._components(places))
        many("INSERT OR IGNORE INTO ancestor_of VALUES (?, ?, ?, ?, ?, ?)", self._ancestors(places))
        many(
            "INSERT OR IGNORE INTO cause_of VALUES (?, ?)", [(p.seq, self._id(c)) for p in places for c in p.row.causes]
        )
        many("INSERT OR IGNORE INTO clause_of VALUES (?, ?, ?)", self._clauses(places))

    def _findings(self, places: list[Place]) -> list[tuple[int, int, int]]:
        kinds = [(self._id(k[:-1]), k) for k in ("errors", "warnings", "notes")]
        return [
            (p.seq, self._id(rule), severity) for p in places for severity, k in kinds for rule in getattr(p.row, k)
        ]

    def _components(self, places: list[Place]) -> list[tuple[int, int, int]]:
        return [(p.seq, self._id(name), self._id(level)) for p in places for name, level in p.row.components.items()]

    def _ancestors(self, places: list[Place]) -> list[tuple[Any, ...]]:
        """Give those with known terms first; a base model that stands nowhere up the chain has a name and no terms."""
        rows: list[tuple[Any, ...]] = []
        for p in places:
            relations = {(base.id or base.name).lower(): base.relation for base in p.row.bases}
            open_ = {name.lower() for name in p.row.unresolved}
            for one in p.row.ancestors:
                relation = relations.pop(one.id.lower(), None)
                said = (self._id(relation) if relation else None, self._id(one.license), self._id(one.family))
                rows.append((p.seq, self._id(one.id), *said, one.id.lower() not in open_))
            for base in p.row.bases:
                if (base.id or base.name).lower() in relations:
                    unknown = self._id("unknown")
                    rows.append(
                        (p.seq, self._id(base.id or base.name), self._id(base.relation), unknown, unknown, False)
                    )
        return rows

    def _clauses(self, places: list[Place]) -> list[tuple[int, int, int]]:
        kinds = [(self._id(k), f"policy_{k}") for k in ("violated", "unknown", "waived")]
        return [(p.seq, self._id(clause), met) for p in places for met, k in kinds for clause in getattr(p.row, k)]

    def _id(self, name: str) -> int:
        """Give the number that stands for a name."""
        found = self._ids.get(name)
        if found is None:
            row = self._db.execute("SELECT id FROM names WHERE name = ?", (name,)).fetchone()
            if row is None:
                row = (self._db.execute("INSERT INTO names (name) VALUES (?)", (name,)).lastrowid,)
            if len(self._ids) >= _NAMES:
                self._ids.clear()
            found = self._ids[name] = int(row[0])
        return found

    def finish(self) -> None:
        """Make what look-ups by name need, now that nothing is added."""
        self._db.executescript(f"BEGIN; {_LATER} COMMIT;")

    def close(self) -> None:
        """Close it; the file stands alone afterwards."""
        self._db.close()
