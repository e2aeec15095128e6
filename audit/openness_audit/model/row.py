"""One model of many: a row of a dump that goes in, and the summary row that comes out (`docs/registry.md`)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from openness_audit.model.audit_verdict import Extent, Status, Terms
from openness_audit.model.document import Document
from openness_audit.model.evidence import Availability

Text: TypeAlias = str | None


class DumpRow(Struct, frozen=True, kw_only=True):
    """What a dump of the Hub says of one model; None where it says nothing, which is never the same as empty.

    `sha` is the commit where the dump has it; `taken` is the day the dump was made, as an ISO 8601 date, where known.
    """

    id: str
    card: Text = None
    sha: Text = None
    last_modified: Text = None
    library_name: Text = None
    pipeline_tag: Text = None
    tags: tuple[str, ...] | None = None
    downloads: int | None = None
    likes: int | None = None
    created_at: Text = None
    taken: str = ""


class BaseRow(Document, frozen=True):
    """A base model that the model itself names; `id` is None where only a name is known."""

    id: Text
    name: str
    relation: str


class AncestorRow(Document, frozen=True):
    """A model anywhere up the chain, with its own terms: `unknown` where they could not be looked up."""

    id: str
    license: str
    family: str


class Row(Document, frozen=True):
    """One model of a scan in one line: verdict, score, criteria, licence, base models, and what was found.

    Where it could not be audited, `problem` is the code of the cause, `problem_message` says more, and all that an
    audit answers is None or empty: it never looks like a verdict.

    `errors`, `warnings` and `notes` are the ids of the rules that found something, by severity, and `undecided` of
    those that could not rule it out; `causes` are the codes of what could not be looked at. `ancestors` are all models
    up the chain, `unresolved` the ids of those whose terms are not known. `downloads`, `likes` and `created_at` are as
    the Hub or the dump says. `policy` is the policy's result; `exit_code` what this model earns.
    """

    model: str
    revision: Text = None
    sha: Text = None
    last_modified: Text = None
    created_at: Text = None
    library: Text = None
    pipeline_tag: Text = None
    downloads: int | None = None
    likes: int | None = None
    audited_at: Text = None
    problem: Text = None
    problem_message: Text = None
    class_: Text = field(name="class", default=None)
    terms: Terms | None = None
    extent: Extent | None = None
    sentence: Text = None
    gated: bool | None = None
    osaid: Literal["yes", "no", "undetermined"] | None = None
    score: int | None = None
    score_low: int | None = None
    score_high: int | None = None
    coverage: float | None = None
    data: Status | None = None
    weights: Status | None = None
    evaluation_code: Status | None = None
    finetuning_code: Status | None = None
    metrics: Status | None = None
    components: dict[str, Availability] = field(default_factory=dict)
    license_declared: Text = None
    license_declared_family: Text = None
    license: Text = None
    license_family: Text = None
    license_effective: Text = None
    license_effective_family: Text = None
    bases: tuple[BaseRow, ...] = ()
    ancestors: tuple[AncestorRow, ...] = ()
    unresolved: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    not_checked: int = 0
    causes: tuple[str, ...] = ()
    policy: Literal["met", "violated", "no-verdict"] | None = None
    policy_violated: tuple[str, ...] = ()
    policy_unknown: tuple[str, ...] = ()
    policy_waived: tuple[str, ...] = ()
    exit_code: int = 0
