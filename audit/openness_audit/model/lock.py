"""The lock: which models were approved, by whom, and what was seen of each on that day."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, field

from openness_audit.model.audit_verdict import Extent, Terms
from openness_audit.model.document import Document
from openness_audit.model.evidence import Availability
from openness_audit.model.rules import Severity

SCHEMA_ID = "https://openness-audit.dev/schemas/lock-1.json"

Digest: TypeAlias = Annotated[str, Meta(pattern="^sha256:[0-9a-f]{64}$")]
Words: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500)]


class CardMark(Document, frozen=True):
    """The model card; `sha256` is of its bytes, null where nothing in it was cited."""

    state: Literal["present", "absent", "unknown"]
    sha256: str | None = None


class LicenseMark(Document, frozen=True):
    """A licence as it was declared or worked out; `raw` is the tag as written."""

    expression: str | None
    family: str
    raw: tuple[str, ...] = ()


class TextMark(Document, frozen=True):
    """One licence file."""

    path: str
    sha256: str
    expression: str | None
    match: str


class FileMark(Document, frozen=True):
    """One file of weights; `sha256` is null where the Hub gives none."""

    path: str
    size: int | None
    sha256: str | None


class WeightsMark(Document, frozen=True):
    """The files of weights; `digest` is over their paths, sizes and digests, null where they could not be listed.

    `cut`: the repository holds more files than an audit lists.
    """

    digest: Digest | None
    files: tuple[FileMark, ...] = ()
    cut: bool = False


class BaseMark(Document, frozen=True):
    """A model that this one was made from, directly or not."""

    id: str
    relation: str
    license: str | None
    family: str | None
    access: str
    direct: bool


class DataMark(Document, frozen=True):
    """A data set that the model was trained on."""

    name: str
    stage: str
    availability: str
    access: str
    licenses: tuple[str, ...]


class CodeMark(Document, frozen=True):
    """A code repository of the publisher's."""

    url: str
    state: Literal["read", "gone", "unknown"]
    commit: str | None
    license: str | None


class CriterionMark(Document, frozen=True):
    """One of the five criteria, in points; both ends are equal where it is known."""

    id: str
    status: Availability
    low: float
    high: float


class UseMark(Document, frozen=True):
    """A use and its verdict."""

    use: str
    verdict: Literal["allowed", "conditions", "not-allowed", "not-determined"]


class ObligationMark(Document, frozen=True):
    """A kind of demand, as grave as it comes; `sources` are the models whose terms make it."""

    id: str
    status: Literal["applies", "conditional", "unknown"]
    values: tuple[str, ...]
    sources: tuple[str, ...]


class FindingMark(Document, frozen=True):
    """A finding that is not about the level of a component: those are told by the criteria."""

    id: str
    severity: Severity


class PlaceMark(Document, frozen=True):
    """A place that should have been read and could not be, and the code of the cause."""

    what: str
    code: str


class PolicyMark(Document, frozen=True):
    """The policy that judged, and its result."""

    name: str
    digest: str
    path: str
    result: Literal["met", "violated", "no-verdict"]


class RulesMark(Document, frozen=True):
    """The program and the rules that judged."""

    program: str
    version: str
    digest: str
    vocabulary_digest: str


class Snapshot(Document, frozen=True):
    """What is compared of a model: facts first, then what was judged from them.

    `asked` is the revision that was asked for; null is the default branch. `texts_read` and `terms_read` are false
    where a licence file, or the terms of a base model, could not be read. `undecided` are the
    rules whose findings could not be ruled out. `license_digest` is what a waiver names. `policy` is null where none
    was in force.
    """

    id: str
    asked: str | None
    sha: str | None
    as_of: str
    gated: Literal[False, "auto", "manual"] | None
    card: CardMark
    declared: LicenseMark
    texts: tuple[TextMark, ...]
    texts_read: bool
    own: LicenseMark
    effective: LicenseMark
    terms_read: bool
    weights: WeightsMark
    base_models: tuple[BaseMark, ...]
    training_data: tuple[DataMark, ...]
    code_repositories: tuple[CodeMark, ...]
    criteria: tuple[CriterionMark, ...]
    score_low: int
    score_high: int
    class_: str = field(name="class")
    terms: Terms
    extent: Extent
    osaid: Literal["yes", "no", "undetermined"]
    uses: tuple[UseMark, ...]
    obligations: tuple[ObligationMark, ...]
    findings: tuple[FindingMark, ...]
    undecided: tuple[str, ...]
    license_digest: Digest
    policy: PolicyMark | None
    not_checked: tuple[PlaceMark, ...]
    rules: RulesMark


class Approval(Document, frozen=True):
    """Who approved, when (UTC), and why."""

    approver: Words
    at: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    note: Words | None = None
    ticket: Words | None = None


class Entry(Document, frozen=True):
    """One approved model. `digest` is over the rest of the entry, so that an edit by hand is noticed."""

    model: str
    approval: Approval
    snapshot: Snapshot
    digest: Digest


class Lock(Document, frozen=True):
    """All approved models, by id; one entry a model."""

    schema: str
    entries: tuple[Entry, ...]
