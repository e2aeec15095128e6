"""The report of a scan of many models: how it was made, and what its models are like together."""

from __future__ import annotations

from typing import Literal, TypeAlias

from openness_audit.model.changes import ComparerDoc
from openness_audit.model.document import Document
from openness_audit.model.registry import ScanRun, State
from openness_audit.model.registry_changes import MoveDoc, ScanChanges
from openness_audit.model.rules import Severity

SCHEMA_ID = "https://openness-audit.dev/schemas/report-1.json"

Stand: TypeAlias = Literal["unknown", "none-declared", "restricted"]


class CountDoc(Document, frozen=True):
    """How many models have one answer."""

    name: str
    models: int


class ProblemDoc(Document, frozen=True):
    """How many models could not be audited for one cause (its code), and the first of them by name."""

    code: str
    models: int
    examples: tuple[str, ...] = ()


class BandDoc(Document, frozen=True):
    """A band of the score, both ends included.

    `sure` models lie in it whatever is not known of them; `possible` may lie in it or in another, so they stand in
    several bands.
    """

    low: int
    high: int
    sure: int
    possible: int


class ScoresDoc(Document, frozen=True):
    """The scores of the audited models, each an interval.

    `exact` models have one score, the others an interval. `median_low` and `median_high` are the medians of the lower
    and of the upper ends.
    """

    exact: int
    interval: int
    median_low: int | None
    median_high: int | None
    bands: tuple[BandDoc, ...]


class LevelsDoc(Document, frozen=True):
    """How many models reach each level of one criterion or component."""

    id: str
    open: int = 0
    partial: int = 0
    closed: int = 0
    unknown: int = 0
    not_applicable: int = 0


class FamilyDoc(Document, frozen=True):
    """How many models declare a licence of this family, stand under one by themselves, and with their base models."""

    family: str
    declared: int
    own: int
    effective: int


class ShiftDoc(Document, frozen=True):
    """How many models declare a licence of one family and are, with their base models, under terms of another."""

    declared: str
    effective: str
    models: int


class LicenseDoc(Document, frozen=True):
    """How many models declare a licence, and how many are under it with their base models."""

    expression: str
    declared: int
    effective: int


class RuleDoc(Document, frozen=True):
    """A rule that found something: in how many models, and for how many it could not be ruled out."""

    rule: str
    title: str
    severity: Severity
    models: int
    undecided: int


class ClauseCountDoc(Document, frozen=True):
    """A clause of the policy: how many models violate it, for how many it is not known, and for how many waived.

    `alone`: models that meet every other clause.
    """

    clause: str
    violated: int
    unknown: int
    waived: int
    alone: int


class PolicyCountsDoc(Document, frozen=True):
    """The policy's results: models that meet it, violate it, and of which nobody can tell."""

    name: str
    digest: str
    path: str
    met: int
    violated: int
    no_verdict: int
    clauses: tuple[ClauseCountDoc, ...]


class SharedDoc(Document, frozen=True):
    """A base model whose terms are unknown, not declared or restricted, and what hangs on it.

    `named_by` models have it above them, `direct` of these were made from it in one step. `holds_back`: their terms are
    not open, and it is among the reasons. `clears`: it is the only reason, so that these models' terms would be open if
    its terms turned out to be, or were waived. `clears_policy`: nothing else keeps them from meeting the policy, as far
    as that can be told; null where there is no policy, or its file is not at hand.
    """

    id: str
    license: str
    family: str
    stand: Stand
    named_by: int
    direct: int
    holds_back: int
    clears: int
    clears_policy: int | None


class NightDoc(Document, frozen=True):
    """One of several scans: what it found, and what had changed since the one before it.

    `open_terms` models are under open terms, those of base models counted; `violated` models are against the policy of
    that scan (None where it had none). `worse`, `better` and `unknown` count the models that are not as they were (None
    of the first scan), and `named` are some of those that got worse.
    """

    folder: str
    as_of: str
    state: State
    models: int
    audited: int
    open_terms: int
    violated: int | None
    worse: int | None
    better: int | None
    unknown: int | None
    named: tuple[MoveDoc, ...]


class Report(Document, frozen=True):
    """The whole document. Counts are of the audited models but for `models` and `problems`.

    `complete` is false where the scan was stopped, or goes on still. `ancestors` are those that hold models back, the
    ones that clear most first, and `ancestors_left` how many more there are. `changes` is what changed since an earlier
    scan, where one was given; `nights` are all that were given, the earliest first, where there is more than one.
    """

    schema: str
    tool: ComparerDoc
    scan: ScanRun
    complete: bool
    models: int
    audited: int
    problems: tuple[ProblemDoc, ...]
    classes: tuple[CountDoc, ...]
    terms: tuple[CountDoc, ...]
    extents: tuple[CountDoc, ...]
    osaid: tuple[CountDoc, ...]
    gated: tuple[CountDoc, ...]
    scores: ScoresDoc
    coverage: tuple[BandDoc, ...]
    criteria: tuple[LevelsDoc, ...]
    components: tuple[LevelsDoc, ...]
    families: tuple[FamilyDoc, ...]
    shifts: tuple[ShiftDoc, ...]
    licenses: tuple[LicenseDoc, ...]
    rules: tuple[RuleDoc, ...]
    causes: tuple[CountDoc, ...]
    policy: PolicyCountsDoc | None
    ancestors: tuple[SharedDoc, ...]
    ancestors_left: int
    changes: ScanChanges | None = None
    nights: tuple[NightDoc, ...] = ()
