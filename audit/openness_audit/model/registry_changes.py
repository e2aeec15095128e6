"""What changed between two scans of many models."""

from __future__ import annotations

from typing import Literal, TypeAlias

from openness_audit.model.changes import Change, ComparerDoc, Direction
from openness_audit.model.document import Document
from openness_audit.model.registry import PolicyNameDoc, SourceDoc, State

SCHEMA_ID = "https://openness-audit.dev/schemas/history-1.json"

Move: TypeAlias = Literal["changed", "appeared", "gone", "not-audited", "audited-again", "not-listed", "not-reached"]


class ScanSideDoc(Document, frozen=True):
    """One of the two scans in short: its folder as it was named, day, program and rules, and how many models."""

    folder: str
    as_of: str
    program: str
    rules: str
    source: SourceDoc
    policy: PolicyNameDoc | None
    state: State
    models: int
    audited: int


class MoveDoc(Document, frozen=True):
    """One model that is not as it was.

    `move`: `changed` has a verdict then and now; `appeared` was not among the models before; `gone` was there, and the
    Hub now says that it is not, or not for everybody; `not-audited` had a verdict and could not be looked at now, which
    says nothing of the model; `audited-again` is the reverse; `not-listed` is no longer among the models asked for, and
    `not-reached` may be, since the later scan was not finished. `why` says more where `changes` do not.
    """

    model: str
    revision: str | None
    move: Move
    direction: Direction
    changes: tuple[Change, ...] = ()
    why: str = ""


class MoveCountDoc(Document, frozen=True):
    """How many models moved in one way."""

    move: Move
    direction: Direction
    models: int


class KindCountDoc(Document, frozen=True):
    """How many changes of one kind there are, about what, and which way they go."""

    kind: str
    about: str
    direction: Direction
    models: int


class FlowDoc(Document, frozen=True):
    """How many models went from one answer to another: of their class, licence family, gate, or policy result."""

    what: Literal["class", "license", "gate", "policy"]
    old: str
    new: str
    models: int


class ScanChanges(Document, frozen=True):
    """The whole document. `same` models are as they were.

    `models` are those that are not, the worst first, then by name; `left` is how many more there are (the CSV form has
    all). `cautions` say what else may be behind a change. `code` is 1 where something changed for the worse, 3 where
    that cannot be told, else 0.
    """

    schema: str
    tool: ComparerDoc
    old: ScanSideDoc
    new: ScanSideDoc
    cautions: tuple[str, ...]
    same: int
    moves: tuple[MoveCountDoc, ...]
    kinds: tuple[KindCountDoc, ...]
    flows: tuple[FlowDoc, ...]
    models: tuple[MoveDoc, ...]
    left: int
    code: int
