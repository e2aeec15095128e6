"""What changed between two audits of a model, or since it was approved."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import field

from openness_audit.model.document import Document
from openness_audit.model.lock import Approval, PolicyMark

SCHEMA_ID = "https://openness-audit.dev/schemas/changes-1.json"

Direction: TypeAlias = Literal["worse", "better", "neutral", "unknown"]
FactKind: TypeAlias = Literal[
    "commit-moved",
    "model-renamed",
    "card-changed",
    "card-gone",
    "card-added",
    "license-relabelled",
    "license-text-changed",
    "license-text-gone",
    "license-text-added",
    "gate-added",
    "gate-removed",
    "gate-changed",
    "weights-replaced",
    "weights-gone",
    "weights-added",
    "base-model-gone",
    "base-model-back",
    "base-model-access",
    "base-model-relicensed",
    "base-model-added",
    "base-model-dropped",
    "data-gone",
    "data-back",
    "data-access",
    "data-relicensed",
    "data-added",
    "data-dropped",
    "code-gone",
    "code-back",
    "code-moved",
    "code-relicensed",
    "code-added",
    "code-dropped",
    "unread",
]
JudgedKind: TypeAlias = Literal[
    "license-own",
    "license-effective",
    "criterion-fell",
    "criterion-rose",
    "criterion-changed",
    "score",
    "class",
    "use",
    "obligation-appeared",
    "obligation-gone",
    "obligation-changed",
    "finding-appeared",
    "finding-gone",
    "policy-result",
    "policy-changed",
]
Kind: TypeAlias = FactKind | JudgedKind
Result: TypeAlias = Literal["same", "changed", "worse", "unknown", "void", "not-audited"]


class CitedDoc(Document, frozen=True):
    """Where the new state was read."""

    repo: str
    sha: str | None
    path: str | None
    line: int | None
    url: str


class Change(Document, frozen=True):
    """One thing that is not as it was.

    `about` names it where there can be several: a path, a model, a use. `direction` is `unknown` where it can no longer
    be looked at, or where nobody can tell whether what changed is better or worse: never because it is gone.
    """

    kind: Kind
    about: str
    old: str | None
    new: str | None
    direction: Direction
    why: str = ""
    evidence: tuple[CitedDoc, ...] = ()


class StateDoc(Document, frozen=True):
    """One side of the comparison, in short."""

    id: str
    asked: str | None
    sha: str | None
    as_of: str
    class_: str = field(name="class")
    score_low: int
    score_high: int
    policy: PolicyMark | None
    rules: str


class ModelChangesDoc(Document, frozen=True):
    """One model: what it was, what it is, and what changed.

    `result` is `void` where the lock's entry was edited by hand, and `not-audited` where there is no new audit; `why`
    says so in words then. `line` is the model's line in the lock file. `code` is the exit code it earns.
    """

    asked: str
    result: Result
    code: int
    old: StateDoc | None = None
    new: StateDoc | None = None
    changes: tuple[Change, ...] = ()
    cautions: tuple[str, ...] = ()
    approval: Approval | None = None
    line: int | None = None
    why: str = ""
    hint: str = ""


class ComparerDoc(Document, frozen=True):
    """The program that compared."""

    name: str
    version: str


class ChangesDoc(Document, frozen=True):
    """The whole document: one model for `diff`, every approved model that was asked about for `check`."""

    schema: str
    tool: ComparerDoc
    command: Literal["check", "diff"]
    as_of: str
    lock: str | None
    models: tuple[ModelChangesDoc, ...]
    code: int
