"""The part of the audit document about licences: what is said, what it amounts to, and what it allows."""

from __future__ import annotations

from typing import Literal

from openness_audit.model.audit_components import UnknownDoc
from openness_audit.model.document import Document
from openness_audit.model.rules import Confidence, Severity


class DeclaredDoc(Document, frozen=True):
    """The tag as written and as resolved."""

    raw: tuple[str, ...]
    expression: str | None
    family: str


class LicenseTextDoc(Document, frozen=True):
    """One licence file; `version` is that of a vendor's text, `reason` why it is not identified, or only as a guess."""

    path: str
    expression: str | None
    family: str
    match: Literal["exact", "equivalent", "modified", "closest", "none"]
    similarity: float | None
    changed: tuple[str, ...]
    sha256: str
    version: str = ""
    reason: str = ""


class LicenseProseDoc(Document, frozen=True):
    """One licence statement in prose."""

    expression: str | None
    family: str
    scope: str
    line: int | None


class ResolvedLicense(Document, frozen=True):
    """An answer about the licence, with its reason."""

    expression: str
    family: str
    why: str
    inherited_from: str | None = None


class ConflictDoc(Document, frozen=True):
    """Two licence statements that cannot both hold."""

    kind: Literal["tag-text", "tag-prose", "tag-upstream", "tag-data", "code-host"]
    between: tuple[str, ...]
    why: str
    path: tuple[str, ...]
    severity: Severity
    confidence: Confidence
    evidence: tuple[str, ...]
    clauses: tuple[str, ...] = ()


class ObligationDoc(Document, frozen=True):
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


class UseDoc(Document, frozen=True):
    """A use judged."""

    use: str
    verdict: Literal["allowed", "conditions", "not-allowed", "not-determined"]
    why: tuple[str, ...]
    license_path: tuple[str, ...]
    evidence: tuple[str, ...]


class ChainDoc(Document, frozen=True):
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


class LicensesDoc(Document, frozen=True):
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
