"""Count what the models of a scan are like: questions to the index, whose answers are small whatever its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openness_audit.model.registry_report import (
    BandDoc,
    ClauseCountDoc,
    CountDoc,
    FamilyDoc,
    LevelsDoc,
    LicenseDoc,
    PolicyCountsDoc,
    ProblemDoc,
    RuleDoc,
    ScoresDoc,
    ShiftDoc,
)
from openness_audit.model.rules import Severity

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from openness_audit.registry.opened import Opened
    from openness_audit.ruleset import RuleSet

AUDITED = "problem IS NULL"
CRITERIA = ("data", "weights", "evaluation_code", "finetuning_code", "metrics")
BANDS = ((0, 19), (20, 39), (40, 59), (60, 79), (80, 100))
SHARES = ((0, 19), (20, 39), (40, 59), (60, 79), (80, 99), (100, 100))
MOST_LICENSES = 40
MOST_SHIFTS = 40
EXAMPLES = 3
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


def counts(scan: Opened, column: str) -> tuple[CountDoc, ...]:
    """Count the answers in one column of the audited models, the most frequent first; no answer is `unknown`."""
    rows = scan.ask(
        f"SELECT ifnull({column}, 'unknown'), count(*) FROM models WHERE {AUDITED} GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608 - a column of ours
    )
    return tuple(CountDoc(name=str(name), models=models) for name, models in rows)


def gates(scan: Opened) -> tuple[CountDoc, ...]:
    """Count the gated models, those without a gate, and those of which it is not known."""
    return counts(scan, "CASE gated WHEN 1 THEN 'gated' WHEN 0 THEN 'no gate' END")


def problems(scan: Opened) -> tuple[ProblemDoc, ...]:
    """Count the models that could not be audited by cause, the most frequent first."""
    rows = scan.ask(
        "SELECT problem, count(*) FROM models WHERE problem IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    first = "SELECT model FROM models WHERE problem = ? ORDER BY seq LIMIT ?"
    return tuple(
        ProblemDoc(code=code, models=models, examples=tuple(r[0] for r in scan.ask(first, code, EXAMPLES)))
        for code, models in rows
    )


def scores(scan: Opened) -> ScoresDoc:
    """Put the score intervals into bands: surely in one, or possibly in several."""
    where = f"{AUDITED} AND score_low IS NOT NULL"
    exact = scan.one(f"SELECT count(*) FROM models WHERE {where} AND score_low = score_high")  # noqa: S608 - our own words
    every = scan.one(f"SELECT count(*) FROM models WHERE {where}")  # noqa: S608 - our own words
    return ScoresDoc(
        exact=exact,
        interval=every - exact,
        median_low=_median(scan, "score_low", every),
        median_high=_median(scan, "score_high", every),
        bands=_bands(scan, "score_low", "score_high", BANDS),
    )


def _median(scan: Opened, column: str, count: int) -> int | None:
    """Give the middle value, the lower one of two."""
    asked = f"SELECT {column} FROM models WHERE {AUDITED} AND {column} IS NOT NULL ORDER BY 1 LIMIT 1 OFFSET ?"  # noqa: S608 - a column of ours
    found: int | None = scan.one(asked, (count - 1) // 2) if count else None
    return found


def _bands(scan: Opened, low: str, high: str, bands: Sequence[tuple[int, int]]) -> tuple[BandDoc, ...]:
    asked = (
        f"SELECT sum({low} >= ? AND {high} <= ?), sum({low} <= ? AND {high} >= ?)"  # noqa: S608 - columns of ours
        f" FROM models WHERE {AUDITED} AND {low} IS NOT NULL"
    )
    told = []
    for first, last in bands:
        sure, touched = scan.ask(asked, first, last, last, first).fetchone()
        told.append(BandDoc(low=first, high=last, sure=sure or 0, possible=(touched or 0) - (sure or 0)))
    return tuple(told)


def coverage(scan: Opened) -> tuple[BandDoc, ...]:
    """Put the share of the criteria that is known, in percent, into bands; each model lies in one."""
    share = "CAST(round(coverage * 100) AS INTEGER)"
    return _bands(scan, share, share, SHARES)


def criteria(scan: Opened) -> tuple[LevelsDoc, ...]:
    """Count the levels of the five criteria."""
    return tuple(_levels(name.replace("_", "-"), [(c.name, c.models) for c in counts(scan, name)]) for name in CRITERIA)


def components(scan: Opened) -> tuple[LevelsDoc, ...]:
    """Count the levels of every component, by id."""
    found: dict[str, list[tuple[str, int]]] = {}
    for component, level, models in scan.ask(
        "SELECT c.name, a.name, n FROM (SELECT component, level, count(*) AS n FROM component_of GROUP BY 1, 2)"
        " JOIN names c ON c.id = component JOIN names a ON a.id = level"
    ):
        found.setdefault(component, []).append((level, models))
    return tuple(_levels(name, found[name]) for name in sorted(found))


def _levels(name: str, rows: Sequence[tuple[str, int]]) -> LevelsDoc:
    said = {level.replace("-", "_"): models for level, models in rows}
    known = {field: said.get(field, 0) for field in ("open", "partial", "closed", "unknown", "not_applicable")}
    return LevelsDoc(id=name, **known)


def families(scan: Opened) -> tuple[FamilyDoc, ...]:
    """Count the families of licences: declared, the model's own, and with its base models."""
    found: dict[str, dict[str, int]] = {}
    for said, column in (
        ("declared", "license_declared_family"),
        ("own", "license_family"),
        ("effective", "license_effective_family"),
    ):
        for row in counts(scan, column):
            found.setdefault(row.name, {})[said] = row.models
    order = sorted(found, key=lambda name: (-found[name].get("effective", 0), -found[name].get("declared", 0), name))
    return tuple(
        FamilyDoc(
            family=name,
            declared=found[name].get("declared", 0),
            own=found[name].get("own", 0),
            effective=found[name].get("effective", 0),
        )
        for name in order
    )


def shifts(scan: Opened) -> tuple[ShiftDoc, ...]:
    """Count the models whose family is another with their base models than was declared, the most frequent first."""
    rows = scan.ask(
        "SELECT ifnull(license_declared_family, 'unknown'), ifnull(license_effective_family, 'unknown'), count(*)"  # noqa: S608 - our own words
        f" FROM models WHERE {AUDITED} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
    )
    found = [ShiftDoc(declared=a, effective=b, models=n) for a, b, n in rows if a != b]
    return tuple(found[:MOST_SHIFTS])


def licenses(scan: Opened) -> tuple[LicenseDoc, ...]:
    """Count the licences by name, those that most models are under first."""
    declared, effective = (
        {row.name: row.models for row in counts(scan, f"ifnull({column}, 'NONE')")}
        for column in ("license_declared", "license_effective")
    )
    names = sorted(declared.keys() | effective.keys(), key=lambda n: (-effective.get(n, 0), -declared.get(n, 0), n))
    return tuple(
        LicenseDoc(expression=name, declared=declared.get(name, 0), effective=effective.get(name, 0))
        for name in names[:MOST_LICENSES]
    )


def rules(scan: Opened, undecided: Counter[str], known: RuleSet) -> tuple[RuleDoc, ...]:
    """Count the models in which each rule found something, the gravest and most frequent first."""
    rows = scan.ask(
        "SELECT r.name, s.name, n FROM (SELECT rule, severity, count(*) AS n FROM finding_of GROUP BY 1, 2)"
        " JOIN names r ON r.id = rule JOIN names s ON s.id = severity"
    )
    told = []
    for name, severity, models in rows:
        rule = known.get(name)
        told.append(
            RuleDoc(
                rule=name,
                title=rule.title if rule else name,
                severity=severity,
                models=models,
                undecided=undecided[name],
            )
        )
    return tuple(sorted(told, key=lambda r: (_SEVERITIES.index(r.severity), -r.models, r.rule)))


def causes(scan: Opened) -> tuple[CountDoc, ...]:
    """Count the models of which something could not be looked at, by the code of the cause."""
    rows = scan.ask(
        "SELECT name, n FROM (SELECT code, count(*) AS n FROM cause_of GROUP BY 1) JOIN names ON id = code"
        " ORDER BY 2 DESC, 1"
    )
    return tuple(CountDoc(name=name, models=models) for name, models in rows)


def policy(scan: Opened) -> PolicyCountsDoc | None:
    """Count the policy's results, and what its clauses said."""
    named = scan.manifest.policy
    if named is None:
        return None
    results = {row.name: row.models for row in counts(scan, "policy")}
    return PolicyCountsDoc(
        name=named.name,
        digest=named.digest,
        path=named.path,
        met=results.get("met", 0),
        violated=results.get("violated", 0),
        no_verdict=results.get("no-verdict", 0),
        clauses=_clauses(scan),
    )


def _clauses(scan: Opened) -> tuple[ClauseCountDoc, ...]:
    found: dict[str, dict[str, int]] = {}
    for clause, met, models in scan.ask(
        "SELECT c.name, m.name, n FROM (SELECT clause, met, count(*) AS n FROM clause_of GROUP BY 1, 2)"
        " JOIN names c ON c.id = clause JOIN names m ON m.id = met"
    ):
        found.setdefault(clause, {})[met] = models
    alone: dict[str, Any] = dict(
        scan.ask(
            "SELECT name, count(*) FROM (SELECT min(clause) AS c FROM clause_of"
            " WHERE met IN (SELECT id FROM names WHERE name IN ('violated', 'unknown'))"
            " GROUP BY seq HAVING count(*) = 1) JOIN names ON id = c GROUP BY 1"
        )
    )
    told = [
        ClauseCountDoc(
            clause=name,
            violated=said.get("violated", 0),
            unknown=said.get("unknown", 0),
            waived=said.get("waived", 0),
            alone=alone.get(name, 0),
        )
        for name, said in found.items()
    ]
    return tuple(sorted(told, key=lambda c: (-c.violated, -c.unknown, c.clause)))
