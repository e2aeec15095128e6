"""The comparison document: finished audits side by side. Cells stand in the order of `models`."""

from __future__ import annotations

from typing import Literal, TypeAlias

from openness_audit.model.audit import RuleSet
from openness_audit.model.document import Document

SCHEMA_ID = "https://openness-audit.dev/schemas/compare-1.json"
Group: TypeAlias = Literal["glance", "criteria", "uses", "licence", "profiles", "obligations", "gaps"]


class ModelDoc(Document, frozen=True):
    """One model: what was audited, when, by which rules, and on evidence of which days.

    `source` says whether it was audited for this comparison or read from a finished audit.
    """

    id: str
    kind: Literal["model", "directory"]
    revision: str | None
    sha: str | None
    url: str
    last_modified: str | None
    as_of: str
    rules: RuleSet
    vocabulary_digest: str
    program: str
    offline: bool
    bundled: bool
    evidence_from: str | None
    evidence_to: str | None
    source: Literal["audited", "file"]


class ItemDoc(Document, frozen=True):
    """One thing in a cell: a duty, a conflict, a finding, a place that was not checked.

    `about` says where it stands (a clause, a path, a cause); `of` names the model whose terms ask for it, where that is
    another one.
    """

    text: str
    about: str = ""
    of: str = ""


class CellDoc(Document, frozen=True):
    """What one model has in a row.

    `state` is a word of the row's own vocabulary, `value` what is told beside or instead of it. `low` and `high` bound
    its rank where the row can be ranked. `best`: no other model can be as good, but those that are marked as well.
    """

    state: str | None = None
    value: str | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""
    items: tuple[ItemDoc, ...] = ()
    best: bool = False


class RowDoc(Document, frozen=True):
    """One question, answered for each model. `ranks`: whether one answer can be better than another."""

    id: str
    group: Group
    title: str
    differs: bool
    ranks: bool
    cells: tuple[CellDoc, ...]


class MissingDoc(Document, frozen=True):
    """A model that was asked for and could not be audited: it has no column."""

    asked: str
    why: str


class ComparerDoc(Document, frozen=True):
    """The program that compared."""

    name: str
    version: str


class Comparison(Document, frozen=True):
    """The whole document.

    `cautions` say what keeps the audits from being comparable; `ranked` is false where they were judged by different
    rules, and no cell is called best.
    """

    schema: str
    tool: ComparerDoc
    models: tuple[ModelDoc, ...]
    missing: tuple[MissingDoc, ...]
    cautions: tuple[str, ...]
    ranked: bool
    rows: tuple[RowDoc, ...]
