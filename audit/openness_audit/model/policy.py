"""A policy as its file says it: clauses, exceptions for some models, and waivers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from openness_audit.model.audit_verdict import Extent, Terms
from openness_audit.model.profiles import OsaidVerdict
from openness_audit.model.rules import Confidence
from openness_audit.model.uses import UseId

SCHEMA_ID = "https://openness-audit.dev/schemas/policy-1.json"
LONGEST_WAIVER_D = 365  # days; an exception that outlives a year is no exception

ClauseId: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Glob: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, description="a model id; * stands for any run")]
Words: TypeAlias = Annotated[str, Meta(min_length=1, max_length=2000)]
Least: TypeAlias = Literal["open", "partial"]
Of: TypeAlias = Literal["effective", "own"]
Reason: TypeAlias = Literal[
    "accepted-risk", "false-positive", "separate-agreement", "compensating-control", "fix-scheduled", "legal-opinion"
]


class Clause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="check", rename="kebab"):
    """What every clause can say besides its own question.

    `unknown: accept` lets the clause pass where nothing is known; `message` is shown beside a clause that is not met.
    """

    message: str = ""
    unknown: Literal["refuse", "accept"] = "refuse"


class ScoreClause(Clause, frozen=True, tag="score"):
    """The score's low end reaches `at_least` points of 100."""

    at_least: Annotated[int, Meta(ge=0, le=100)]


class CoverageClause(Clause, frozen=True, tag="coverage"):
    """At least this share of the criteria is known; a lower share is itself an unknown."""

    at_least: Annotated[float, Meta(ge=0, le=1)]


class ClassClause(Clause, frozen=True, tag="class"):
    """The class, its terms and its extent are among those named; an empty list allows all."""

    classes: tuple[Glob, ...] = ()
    terms: tuple[Terms, ...] = ()
    extents: tuple[Extent, ...] = ()


class ComponentClause(Clause, frozen=True, tag="component"):
    """A criterion or component is at least this available; `not_applicable` says what then."""

    component: str
    at_least: Least
    not_applicable: Literal["accept", "refuse"] = "accept"


class MofClause(Clause, frozen=True, tag="mof"):
    """The class by the Model Openness Framework is at least this."""

    at_least: Literal["I", "II", "III"]


class OsaidClause(Clause, frozen=True, tag="osaid"):
    """The verdict by the Open Source AI Definition is one of these."""

    verdicts: Annotated[tuple[OsaidVerdict, ...], Meta(min_length=1)] = ("conforms",)


class OsaiClause(Clause, frozen=True, tag="osai"):
    """The index of the twelve dimensions is at least this, by its low end (0 to 12)."""

    at_least: Annotated[float, Meta(ge=0, le=12)]


class EuClause(Clause, frozen=True, tag="eu-gpai"):
    """Evidence for these items of the AI Act's profile was found."""

    found: Annotated[tuple[str, ...], Meta(min_length=1)]


class FamilyClause(Clause, frozen=True, tag="license-family"):
    """The licence's family is allowed and not denied."""

    of: Of = "effective"
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


class ExpressionClause(Clause, frozen=True, tag="license"):
    """The licence's SPDX expression can be met with allowed licences alone, and with no denied one."""

    of: Of = "effective"
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


class UseClause(Clause, frozen=True, tag="use"):
    """A use is allowed: outright, or, with `conditions`, also where the licence makes conditions."""

    use: UseId
    verdict: Literal["allowed", "conditions"] = "conditions"


class ObligationClause(Clause, frozen=True, tag="obligation"):
    """None of these obligations arises: surely, or, unless `conditional: accept`, under some condition."""

    deny: Annotated[tuple[str, ...], Meta(min_length=1)]
    conditional: Literal["refuse", "accept"] = "refuse"


class FindingClause(Clause, frozen=True, tag="findings"):
    """No finding is graver than `at_most`, and none is of a denied rule; waived findings do not count."""

    at_most: Literal["none", "note", "warning", "error"] = "error"
    deny: tuple[str, ...] = ()
    confidence: Confidence = "low"  # findings less sure than this do not count


class GatedClause(Clause, frozen=True, tag="gated"):
    """The gate before the files is one of these."""

    allow: Annotated[tuple[Literal["none", "auto", "manual"], ...], Meta(min_length=1)]


class PinnedClause(Clause, frozen=True, tag="pinned"):
    """The model was asked for at a full commit id, so that what is used is what was audited."""


class CelClause(Clause, frozen=True, tag="cel"):
    """A condition in the Common Expression Language over the audit document, `audit`; `message` is required."""

    expression: Annotated[str, Meta(min_length=1, max_length=2000)]


AnyClause: TypeAlias = (
    ScoreClause
    | CoverageClause
    | ClassClause
    | ComponentClause
    | MofClause
    | OsaidClause
    | OsaiClause
    | EuClause
    | FamilyClause
    | ExpressionClause
    | UseClause
    | ObligationClause
    | FindingClause
    | GatedClause
    | PinnedClause
    | CelClause
)


class Override(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other clauses for some models: same ids replace, null drops; `reason` is shown in the report."""

    models: Annotated[tuple[Glob, ...], Meta(min_length=1)]
    reason: Words
    clauses: dict[ClauseId, AnyClause | None]


class Waiver(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """An accepted breach: of one clause, or one finding (its rule or fingerprint), of one model at one commit.

    It is void after `expires`, at another commit, and where the licence's digest is another. `expires` is at most
    `LONGEST_WAIVER_D` days after `granted`.
    """

    model: str
    clause: str | None = None
    finding: str | None = None
    reason: Reason
    text: Words
    approver: Words
    ticket: str | None = None
    granted: date
    expires: date
    commit: Annotated[str, Meta(pattern="^[0-9a-f]{40}$")]
    license_digest: Annotated[str, Meta(pattern="^sha256:[0-9a-f]{64}$")]


class PolicyFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One policy file, or the table `[tool.modelaudit]` of a pyproject.toml.

    `extends` is a path beside this file, or `packaged:NAME`. A clause id replaces the extended policy's; null drops it.
    `waiver_files` are beside this file and hold `waivers` alone.
    """

    schema: str = SCHEMA_ID
    name: Words
    description: str = ""
    extends: str | None = None
    use: UseId | None = None
    clauses: dict[ClauseId, AnyClause | None] = {}
    overrides: tuple[Override, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    waiver_files: tuple[str, ...] = ()


class WaiverFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of waivers beside a policy."""

    waivers: tuple[Waiver, ...]


class Policy(Struct, frozen=True, kw_only=True):
    """A policy in force: its file and all it extends joined, the nearest winning.

    `digest` is the SHA-256 of its content (comments and layout aside, waivers included); `path` is where it was read,
    `chain` every file it was joined from; `found` says that nobody named it on the command line. `sources` says for
    each clause and each override (`override 1`) where it stands: `file:line`.
    """

    name: str
    path: str
    digest: str
    use: str | None
    clauses: dict[str, AnyClause]
    overrides: tuple[Override, ...]
    waivers: tuple[Waiver, ...]
    chain: tuple[str, ...]
    found: bool = False
    description: str = ""
    sources: dict[str, str] = {}
