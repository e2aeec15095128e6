"""The document of an ingest: what bills of materials name and claim, against what the audits of it found."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import field

from openness_audit.model.audit import EvidenceDoc
from openness_audit.model.audit_verdict import ScoreDoc
from openness_audit.model.document import Document
from openness_audit.model.rules import Severity
from openness_audit.model.scan import ScannerDoc, UnmetDoc

SCHEMA_ID = "https://openness-audit.dev/schemas/ingest-1.json"
About: TypeAlias = Literal[
    "license-declared", "license-concluded", "license", "commit", "file", "base-model", "dataset"
]
Result: TypeAlias = Literal["agrees", "narrower", "contradicts", "says-nothing", "not-determined", "drifted"]
Format: TypeAlias = Literal["cyclonedx", "spdx", "spdx-tag", "spdx3"]


class BillPlaceDoc(Document, frozen=True):
    """A place of a bill of materials: a JSON pointer (`line N` in tag-value), with its line and column, from 1."""

    path: str
    pointer: str
    line: int
    column: int


class BillReadDoc(Document, frozen=True):
    """One file that was read; `doubts` are what is wrong with it and did not keep it from being read."""

    path: str
    format: Format
    version: str
    elements: int
    doubts: tuple[str, ...] = ()


class ComparedDoc(Document, frozen=True):
    """One claim of the document against what the audit found.

    `about` `license` is a licence of which the document does not say whether it is declared or concluded. `said` is
    empty where the document says nothing, `found` where the audit knows nothing. `freedom` says of licences whether the
    claim gives `more` freedom than was found, `less`, or the `same` under another licence; `uses` those in which they
    differ. `drifted`: the commit is there, and no longer the head. `evidence` are ids of the model's own list.
    """

    about: About
    said: str
    found: str
    result: Result
    why: str
    places: tuple[BillPlaceDoc, ...]
    evidence: tuple[str, ...] = ()
    freedom: Literal["more", "less", "same"] | None = None
    uses: tuple[str, ...] = ()


class NamedModelDoc(Document, frozen=True):
    """One model at one revision: where it is named, its audit in short, and each claim compared.

    `names` are those the document gives it. `upstream`: it is named only as what another thing was made from. `head`
    is the present commit where the named one was asked for. The rest is as in the document of a scan.
    """

    id: str
    revision: str | None
    names: tuple[str, ...]
    upstream: bool
    places: tuple[BillPlaceDoc, ...]
    audited: bool
    compared: tuple[ComparedDoc, ...] = ()
    evidence: tuple[EvidenceDoc, ...] = ()
    sha: str | None = None
    head: str | None = None
    class_: str | None = field(name="class", default=None)
    sentence: str | None = None
    score: ScoreDoc | None = None
    use: str | None = None
    use_verdict: str | None = None
    policy: Literal["met", "violated", "no-verdict"] | None = None
    clauses: tuple[UnmetDoc, ...] = ()
    findings: dict[Severity, int] = field(default_factory=dict)
    problem: str | None = None
    hint: str | None = None
    offline: bool = False
    bundled: bool = False
    exit_code: int = 0


class NamedDatasetDoc(Document, frozen=True):
    """A data set of the Hub that is named; data sets are listed, not audited."""

    id: str
    revision: str | None
    places: tuple[BillPlaceDoc, ...]


class UnlocatedDoc(Document, frozen=True):
    """A model that is named without saying where on the Hub it is, so that nothing was audited."""

    name: str
    upstream: bool
    place: BillPlaceDoc


class IngestFindingDoc(Document, frozen=True):
    """A claim that does not hold; its rule is explained by `modelaudit rules`."""

    rule: str
    severity: Severity
    title: str
    model: str
    message: str
    remediation: str
    places: tuple[BillPlaceDoc, ...]


class Ingest(Document, frozen=True):
    """The whole document; a model named at two revisions is two models."""

    schema: str
    tool: ScannerDoc
    as_of: str
    source: Literal["bill-of-materials"]
    files: tuple[BillReadDoc, ...]
    policy: str | None
    models: tuple[NamedModelDoc, ...]
    findings: tuple[IngestFindingDoc, ...]
    datasets: tuple[NamedDatasetDoc, ...]
    unlocated: tuple[UnlocatedDoc, ...]
    exit_code: int
