"""The audit document: what the JSON promises (one Struct per object of the schema); its parts are beside it."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from openness_audit.model.audit_components import AssessmentDoc, ComponentDoc
from openness_audit.model.audit_findings import ClaimDoc, FindingDoc, FixesDoc, UndecidedDoc
from openness_audit.model.audit_licenses import LicensesDoc
from openness_audit.model.audit_origins import CodeRepositoryDoc, LineageDoc, TrainingDataDoc
from openness_audit.model.audit_verdict import CriterionDoc, ScoreDoc, VerdictDoc
from openness_audit.model.disclosures import DisclosuresDoc
from openness_audit.model.document import Document
from openness_audit.model.evidence import Strength
from openness_audit.model.profiles import ProfilesDoc

SCHEMA_ID = "https://openness-audit.dev/schemas/audit-1.json"


class RuleSet(Document, frozen=True):
    """Which rules judged."""

    version: str
    digest: str


class Tool(Document, frozen=True):
    """The program and the knowledge it used."""

    name: str
    version: str
    ruleset: RuleSet
    vocabulary_digest: str


class SubjectDoc(Document, frozen=True):
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


class FileDoc(Document, frozen=True):
    """One file that matters to the audit."""

    path: str
    size: int | None
    sha256: str | None
    kind: str


class EvidenceDoc(Document, frozen=True):
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


class NotCheckedDoc(Document, frozen=True):
    """Something that should have been looked at and could not be."""

    what: str
    code: str
    why: str


class RequestsDoc(Document, frozen=True):
    """Requests by kind."""

    hub_api: int = 0
    hub_files: int = 0
    github: int = 0
    other: int = 0


class BundledDoc(Document, frozen=True):
    """A record bundled with the program: when and from what its parts were recorded, and which parts are missing."""

    id: str
    recorded: tuple[str, ...]
    sources: tuple[str, ...]
    missing: tuple[str, ...]


class ReplayDoc(Document, frozen=True):
    """The evidence bundle that was audited again: `manifest` is the digest of its manifest.

    `recorded_at` is when it was made, `ruleset` and `vocabulary_digest` by which rules it was judged then.
    """

    manifest: str
    recorded_at: str
    ruleset: RuleSet
    vocabulary_digest: str


class RunDoc(Document, frozen=True):
    """What may differ between two audits of the same capture."""

    started_at: str
    duration_s: float
    endpoint: str
    requests: RequestsDoc
    cache_hits: int
    offline: bool
    bundled: tuple[BundledDoc, ...] = ()
    replay: ReplayDoc | UnsetType = UNSET


class Audit(Document, frozen=True):
    """The whole document."""

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
    undecided: tuple[UndecidedDoc, ...] = ()
    claims: tuple[ClaimDoc, ...] = ()
    fixes: FixesDoc | None = None
    profiles: ProfilesDoc = ProfilesDoc()
    disagreements: tuple[str, ...] = ()
    disclosures: DisclosuresDoc | None = None
