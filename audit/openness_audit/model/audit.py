"""The audit document: what the JSON promises (one Struct per object of the schema)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from openness_audit.model.evidence import Availability, Level, Strength
from openness_audit.model.profiles import ProfilesDoc
from openness_audit.model.rules import Confidence, Effort, Severity

SCHEMA_ID = "https://openness-audit.dev/schemas/audit-1.json"
Status: TypeAlias = Availability
Terms: TypeAlias = Literal["open", "restricted", "unlicensed", "undetermined"]
Extent: TypeAlias = Literal["reproducible", "partly-reproducible", "weights-only", "no-weights", "undetermined"]


class _Base(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Strict both ways: unknown keys are refused when an audit is read."""


class RuleSet(_Base, frozen=True):
    """Which rules judged."""

    version: str
    digest: str


class Tool(_Base, frozen=True):
    """The program and the knowledge it used."""

    name: str
    version: str
    ruleset: RuleSet
    vocabulary_digest: str


class SubjectDoc(_Base, frozen=True):
    """The audited repository at its commit."""

    kind: Literal["model", "directory"]
    id: str
    revision: str | None
    sha: str | None
    url: str
    last_modified: str | None
    gated: Literal[False, "auto", "manual"] | None
    pipeline_tag: str | None
    library: str | None


class WaiverDoc(_Base, frozen=True):
    """An accepted finding or clause."""

    reason: str
    approver: str
    ticket: str | None
    expires: str
    text: str


class ClauseDoc(_Base, frozen=True):
    """One clause of a policy."""

    id: str
    met: Literal["met", "violated", "unknown", "waived"]
    why: str
    evidence: tuple[str, ...] = ()
    waiver: WaiverDoc | None = None


class PolicyDoc(_Base, frozen=True):
    """The policy's result."""

    name: str
    digest: str
    path: str
    result: Literal["met", "violated", "no-verdict"]
    clauses: tuple[ClauseDoc, ...] = ()


class VerdictDoc(_Base, frozen=True):
    """Class, its two halves, and the sentence that leads every report."""

    class_: str = field(name="class")
    terms: Terms
    extent: Extent
    gated: bool | None
    osaid: Literal["yes", "no", "undetermined"]
    sentence: str
    policy: PolicyDoc | None = None


class IfFixed(_Base, frozen=True):
    """The score interval when one finding is fixed."""

    finding: str
    low: int
    high: int


class ScoreDoc(_Base, frozen=True):
    """Points as an interval; `value` only when it is narrow and data and weights are known; `coverage` 0..1."""

    value: int | None
    low: int
    high: int
    coverage: float
    if_fixed: tuple[IfFixed, ...] = ()


class UnknownDoc(_Base, frozen=True):
    """Why something could not be determined."""

    code: str
    source: str
    retryable: bool
    detail: str


class CriterionDoc(_Base, frozen=True):
    """One of the five criteria."""

    id: Literal["data", "weights", "evaluation-code", "finetuning-code", "metrics"]
    title: str
    status: Status
    points_low: float
    points_high: float
    weight: int
    strength: Strength
    why: str
    short: str = ""
    assessments: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class ComponentLicense(_Base, frozen=True):
    """A licence that covers a component, and who says so."""

    expression: str
    family: str
    scope: str
    declared_by: str


class ComponentDoc(_Base, frozen=True):
    """One thing a release can contain."""

    id: str
    availability: Availability
    at_least: Level | None
    at_most: Level | None
    stage: str | None
    strength: Strength
    inherited_from: str | None
    licenses: tuple[ComponentLicense, ...]
    why: str
    evidence: tuple[str, ...]
    unknown: tuple[UnknownDoc, ...]
    searched: tuple[str, ...]
    short: str = ""


class TrialDoc(_Base, frozen=True):
    """One signal or cap of a rule as it was tried (`gives`: the level it would give, or the most it allows)."""

    kind: Literal["signal", "cap"]
    check: str
    gives: Level
    answer: Literal["seen", "not-seen", "could-not"]
    why: str


class AssessmentDoc(_Base, frozen=True):
    """Rule x subject; `trials` is what --explain shows."""

    rule: str
    outcome: Availability
    strength: Strength
    evidence: tuple[str, ...]
    searched: tuple[str, ...]
    unknown: tuple[UnknownDoc, ...]
    trials: tuple[TrialDoc, ...] = ()


class RemediationDoc(_Base, frozen=True):
    """What to do about a finding."""

    text: str
    effort: Effort
    patch: str | None = None


class FindingDoc(_Base, frozen=True):
    """A problem worth acting on."""

    id: str
    fingerprint: str
    rule: str
    severity: Severity
    confidence: Confidence
    title: str
    message: str
    component: str | None
    remediation: RemediationDoc
    evidence: tuple[str, ...]
    waiver: WaiverDoc | None = None


class ClaimDoc(_Base, frozen=True):
    """A claim of openness in the card against what was found.

    `kind` is what must hold, `about` the components it names (`model` where the words say no more).
    """

    text: str
    line: int
    about: str
    held: Literal["held", "contradicted", "not-determined"]
    evidence: tuple[str, ...]
    kind: str = ""
    why: str = ""


class AdditionDoc(_Base, frozen=True):
    """Text to add to the card: lines of the metadata under `key`, or what stands below the heading `key`.

    `filled`: every value was read in the repository; otherwise it is a blank, marked FILL IN.
    """

    where: Literal["front-matter", "section"]
    key: str
    text: str
    filled: bool
    evidence: tuple[str, ...] = ()


class FixDoc(_Base, frozen=True):
    """One thing the publisher can mend, and the score interval with it alone mended."""

    finding: str
    component: str | None
    effort: Effort
    low: int
    high: int
    text: str
    additions: tuple[AdditionDoc, ...] = ()


class FixesDoc(_Base, frozen=True):
    """All fixes, the greatest gain first; `to_class` leads to `next_class`, `to_score` to the score `low` to `high`."""

    every: tuple[FixDoc, ...]
    next_class: str | None
    to_class: tuple[str, ...]
    to_score: tuple[str, ...]
    low: int
    high: int


class DeclaredDoc(_Base, frozen=True):
    """The tag as written and as resolved."""

    raw: tuple[str, ...]
    expression: str | None
    family: str


class LicenseTextDoc(_Base, frozen=True):
    """One licence file."""

    path: str
    expression: str | None
    family: str
    match: Literal["exact", "equivalent", "modified", "closest", "none"]
    similarity: float | None
    changed: tuple[str, ...]
    sha256: str


class LicenseProseDoc(_Base, frozen=True):
    """One licence statement in prose."""

    expression: str | None
    family: str
    scope: str
    line: int | None


class ResolvedLicense(_Base, frozen=True):
    """An answer about the licence, with its reason."""

    expression: str
    family: str
    why: str
    inherited_from: str | None = None


class ConflictDoc(_Base, frozen=True):
    """Two licence statements that cannot both hold."""

    kind: Literal["tag-text", "tag-prose", "tag-upstream", "tag-data", "code-host"]
    between: tuple[str, ...]
    why: str
    path: tuple[str, ...]
    severity: Severity
    confidence: Confidence
    evidence: tuple[str, ...]
    clauses: tuple[str, ...] = ()


class ObligationDoc(_Base, frozen=True):
    """What adopting the model makes the adopter do.

    `id` is a term of the licence vocabulary, or `unread`; `source` the model whose terms ask for it; `value` what the
    words are about (a number of users, a line to ship).
    """

    id: str
    what: str
    clause: str
    license: str
    trigger: str
    status: Literal["applies", "conditional", "unknown"]
    evidence: tuple[str, ...]
    source: str = ""
    value: str | None = None


class UseDoc(_Base, frozen=True):
    """A use judged."""

    use: str
    verdict: Literal["allowed", "conditions", "not-allowed", "not-determined"]
    why: tuple[str, ...]
    license_path: tuple[str, ...]
    evidence: tuple[str, ...]


class ChainDoc(_Base, frozen=True):
    """One model of the chain of terms and its own licence; `path` leads to it from the audited model."""

    id: str
    path: tuple[str, ...]
    relations: tuple[str, ...]
    expression: str
    family: str
    how: Literal["declared", "text", "prose", "publisher", "none", "unknown"]
    binds: bool
    evidence: tuple[str, ...]
    unknown: tuple[UnknownDoc, ...] = ()


class LicensesDoc(_Base, frozen=True):
    """Everything about the licence."""

    declared: DeclaredDoc
    texts: tuple[LicenseTextDoc, ...]
    prose: tuple[LicenseProseDoc, ...]
    own: ResolvedLicense
    effective: ResolvedLicense
    conflicts: tuple[ConflictDoc, ...] = ()
    obligations: tuple[ObligationDoc, ...] = ()
    uses: tuple[UseDoc, ...] = ()
    chain: tuple[ChainDoc, ...] = ()
    chain_complete: bool | None = None
    notes: tuple[ConflictDoc, ...] = ()  # no contradictions: share-alike terms, data that others' models wrote


class ParentDoc(_Base, frozen=True):
    """A base model."""

    id: str | None
    name: str
    relation: str
    source: str
    evidence: tuple[str, ...]


class NodeDoc(_Base, frozen=True):
    """A model in the lineage."""

    id: str
    kind: str
    sha: str | None
    access: str
    license: str | None
    family: str | None
    status: str


class EdgeDoc(_Base, frozen=True):
    """A step in the lineage; the node `from` was made from the node `to`."""

    from_: str = field(name="from")
    to: str
    relation: str
    evidence: tuple[str, ...]


class LineageDoc(_Base, frozen=True):
    """The graph of base models."""

    parents: tuple[ParentDoc, ...]
    nodes: tuple[NodeDoc, ...] = ()
    edges: tuple[EdgeDoc, ...] = ()


class TrainingDataDoc(_Base, frozen=True):
    """One data set named."""

    id: str | None
    name: str
    url: str | None
    stage: str
    availability: str
    access: str
    licenses: tuple[str, ...]
    evidence: tuple[str, ...]


class CodeRepositoryDoc(_Base, frozen=True):
    """One linked code repository."""

    url: str
    commit: str | None
    role: str
    whose: str
    license: str | None
    evidence: tuple[str, ...]


class FileDoc(_Base, frozen=True):
    """One file that matters to the audit."""

    path: str
    size: int | None
    sha256: str | None
    kind: str


class EvidenceDoc(_Base, frozen=True):
    """One citation; the id derives from the content."""

    id: str
    kind: str
    repo: str
    sha: str | None
    path: str | None
    url: str
    line: int | None
    line_end: int | None
    excerpt: str | None
    sha256: str | None
    text_kind: str
    strength: Strength
    retrieved_at: str | None
    from_cache: bool


class NotCheckedDoc(_Base, frozen=True):
    """Something that should have been looked at and could not be."""

    what: str
    code: str
    why: str


class RequestsDoc(_Base, frozen=True):
    """Requests by kind."""

    hub_api: int = 0
    hub_files: int = 0
    github: int = 0
    other: int = 0


class BundledDoc(_Base, frozen=True):
    """A record bundled with the program: when and from what its parts were recorded, and which parts are missing."""

    id: str
    recorded: tuple[str, ...]
    sources: tuple[str, ...]
    missing: tuple[str, ...]


class RunDoc(_Base, frozen=True):
    """What may differ between two audits of the same capture."""

    started_at: str
    duration_s: float
    endpoint: str
    requests: RequestsDoc
    cache_hits: int
    offline: bool
    bundled: tuple[BundledDoc, ...] = ()


class Audit(_Base, frozen=True):
    """The whole document (DESIGN 5.2)."""

    schema: str
    tool: Tool
    as_of: str
    subject: SubjectDoc
    verdict: VerdictDoc
    score: ScoreDoc
    criteria: tuple[CriterionDoc, ...]
    components: tuple[ComponentDoc, ...]
    assessments: tuple[AssessmentDoc, ...]
    findings: tuple[FindingDoc, ...]
    licenses: LicensesDoc
    lineage: LineageDoc
    training_data: tuple[TrainingDataDoc, ...]
    code_repositories: tuple[CodeRepositoryDoc, ...]
    files: tuple[FileDoc, ...]
    evidence: tuple[EvidenceDoc, ...]
    not_checked: tuple[NotCheckedDoc, ...]
    run: RunDoc
    claims: tuple[ClaimDoc, ...] = ()
    fixes: FixesDoc | None = None
    profiles: ProfilesDoc = ProfilesDoc()
    disagreements: tuple[str, ...] = ()
