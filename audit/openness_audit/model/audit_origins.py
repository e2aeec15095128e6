"""The part of the audit document about what the model was made from: base models, data sets, code."""

from __future__ import annotations

from msgspec import field

from openness_audit.model.document import Document


class ParentDoc(Document, frozen=True):
    """A base model."""

    id: str | None
    name: str
    relation: str
    source: str
    evidence: tuple[str, ...]


class NodeDoc(Document, frozen=True):
    """A model in the lineage."""

    id: str
    kind: str
    sha: str | None
    access: str
    license: str | None
    family: str | None
    status: str


class EdgeDoc(Document, frozen=True):
    """A step in the lineage; the node `from` was made from the node `to`."""

    from_: str = field(name="from")
    to: str
    relation: str
    evidence: tuple[str, ...]


class LineageDoc(Document, frozen=True):
    """The graph of base models."""

    parents: tuple[ParentDoc, ...]
    nodes: tuple[NodeDoc, ...] = ()
    edges: tuple[EdgeDoc, ...] = ()


class TrainingDataDoc(Document, frozen=True):
    """One data set named."""

    id: str | None
    name: str
    url: str | None
    stage: str
    availability: str
    access: str
    licenses: tuple[str, ...]
    evidence: tuple[str, ...]


class CodeRepositoryDoc(Document, frozen=True):
    """One linked code repository."""

    url: str
    commit: str | None
    role: str
    whose: str
    license: str | None
    evidence: tuple[str, ...]
