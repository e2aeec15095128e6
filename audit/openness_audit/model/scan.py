"""The document of a scan of code: which models it uses, where, and what came of auditing each."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from openness_audit.model.audit_verdict import ScoreDoc
from openness_audit.model.document import Document
from openness_audit.model.rules import Severity
from openness_audit.model.usages import Pinned, Skipped, Unread, Usage

SCHEMA_ID = "https://openness-audit.dev/schemas/scan-1.json"


class ScannerDoc(Document, frozen=True):
    """The program that scanned."""

    name: str
    version: str


class PlaceDoc(Document, frozen=True):
    """A line of the scanned files; lines and columns count from 1."""

    path: str
    line: int
    column: int


class UnmetDoc(Document, frozen=True):
    """A clause of the policy that is not met, and why."""

    id: str
    met: Literal["violated", "unknown", "waived"]
    why: str


class ScannedDoc(Document, frozen=True):
    """One model at one revision: where it is named, and its audit in short.

    `pinned` is that of the place which pins it least. `use` is what the models are wanted for, `use_verdict` whether
    the licence allows it. `clauses` are those of the policy that are not met. `audited` is false where there is no
    audit: `problem` says why, unless only a list was asked for. `findings` counts those of the audit by severity.
    `offline`: no source was asked; `bundled`: from evidence that comes with the program. `exit_code` is what this
    model earns.
    """

    id: str
    revision: str | None
    pinned: Pinned
    places: tuple[PlaceDoc, ...]
    audited: bool
    sha: str | None = None
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


class DatasetUseDoc(Document, frozen=True):
    """One data set at one revision, and where it is named; data sets are listed, not audited."""

    id: str
    revision: str | None
    pinned: Pinned
    places: tuple[PlaceDoc, ...]


class ScanFindingDoc(Document, frozen=True):
    """A finding about how the code names a model; its rule is explained by `modelaudit rules`."""

    rule: str
    severity: Severity
    title: str
    model: str
    message: str
    remediation: str
    places: tuple[PlaceDoc, ...]


class Scan(Document, frozen=True):
    """The whole document.

    `usages` are all places found, those of low confidence too; `models` only those that were to be audited, and
    `with_low` says whether places of low confidence were among them. `listed_only`: nothing was audited.
    """

    schema: str
    tool: ScannerDoc
    as_of: str
    source: Literal["code"]
    paths: tuple[str, ...]
    files: int
    with_low: bool
    listed_only: bool
    policy: str | None
    models: tuple[ScannedDoc, ...]
    findings: tuple[ScanFindingDoc, ...]
    datasets: tuple[DatasetUseDoc, ...]
    usages: tuple[Usage, ...]
    skipped: tuple[Skipped, ...]
    unread: tuple[Unread, ...]
    exit_code: int
