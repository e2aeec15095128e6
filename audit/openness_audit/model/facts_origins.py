"""Facts about what the model was made from: data sets, code, papers, base models."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

from openness_audit.model.evidence import Cause, Fact, Place, Strength, Whose

Relation: TypeAlias = Literal["finetune", "adapter", "quantized", "merge", "conversion", "reupload", "unknown"]
Derivation: TypeAlias = Literal["base", "finetune", "adapter", "quantized", "merge", "conversion", "reupload"]
COPIES: Final[frozenset[str]] = frozenset({"quantized", "conversion", "reupload"})  # nothing was trained
Stage: TypeAlias = Literal["pretraining", "finetuning", "evaluation", "unknown"]
Role: TypeAlias = Literal[
    "training",
    "finetuning",
    "evaluation",
    "data-preparation",
    "inference",
    "architecture",
    "results",
    "training-history",
]


class DataSet(Struct, frozen=True, kw_only=True):
    """One training or evaluation data set named anywhere, resolved as far as it could be.

    `how`: metadata (front matter), link, well-known (name on the tool's list), named (a bare name), undisclosed (the
    card says there is data but not which). `extent`: whole, subset ("a filtered version of"), examples ("such as"),
    mixture (named corpus by corpus, not released as used). `access`: public, gated, missing (a dead reference),
    unresolved (not followed: another host or a bare name), unavailable (could not be looked up: see `cause`), unknown
    (it is there, but whether it is gated could not be read: see `cause`).
    `documented`: the data set's own card has content (observed / absent / unavailable). `tied`: the metadata, or a
    paragraph that is tied to the model by name, link or heading, names it.
    """

    name: str
    stage: Stage
    whose: Whose
    how: Literal["metadata", "link", "well-known", "named", "undisclosed"]
    extent: Literal["whole", "subset", "examples", "mixture"]
    access: Literal["public", "gated", "missing", "unresolved", "unavailable", "unknown"]
    places: tuple[Place, ...]
    id: str | None = None
    url: str | None = None
    license: str | None = None  # as the data set's metadata or the tool's list says
    licenses: tuple[str, ...] = ()
    cause: Cause | None = None
    documented: Fact[bool] | None = None
    tied: bool = True


class RoleFound(Struct, frozen=True, kw_only=True):
    """A role a code repository plays for the subject.

    `level`: full (scripts or configuration of this model or its family), parts, toolkit (a library to do it with, no
    configuration of this model). `strength` is verified when the listing was seen, declared when only the link was.
    """

    role: Role
    level: Literal["full", "parts", "toolkit"]
    strength: Strength
    places: tuple[Place, ...]
    paths: tuple[str, ...] = ()
    for_subject: bool = False  # a path or the README names this very model or its family


class CodeRepository(Struct, frozen=True, kw_only=True):
    """A code repository the card links, with whose it is, why we think so, and what it holds."""

    url: str
    key: str  # "github.com/owner/name", lower case
    whose: Whose
    why: str
    opened: Fact[bool]  # Observed: listing read; Absent: dead link; Unavailable: could not look
    roles: tuple[RoleFound, ...]
    places: tuple[Place, ...]  # where the card links it
    in_citation: bool = False
    license: str | None = None
    commit: str | None = None


class Paper(Struct, frozen=True, kw_only=True):
    """A paper, report or blog post, with what it covers."""

    id: str  # "arxiv:2402.00838", "doi:...", or a URL
    covers: Literal["self", "family", "base", "predecessor", "data", "method", "other", "unknown"]
    kind: Literal["paper", "report", "blog"]
    places: tuple[Place, ...]
    title: str | None = None
    peer_reviewed: bool = False


class Parent(Struct, frozen=True, kw_only=True):
    """A base model; `id` is None where only a bare name is known, and `candidates` the models it may mean.

    `tied`: metadata, files, or a paragraph that is tied to the model by name, link or heading, name it.
    """

    id: str | None
    name: str
    relation: Relation
    source: Literal["metadata", "card-link", "card-id", "card-name", "files"]
    places: tuple[Place, ...]
    resolved: Fact[str] | None = None  # Observed sha; Absent: id does not resolve; Unavailable
    gated: bool | None = None
    license: str | None = None
    candidates: tuple[str, ...] = ()
    tied: bool = True


class Lineage(Struct, frozen=True, kw_only=True):
    """What the model is made from. `tuned` says whether the model had a tuning stage of its own (None: not said).

    `sure`: metadata, files, names, or a paragraph that is tied to the model say so, not only one that nothing ties.
    """

    derivation: Derivation
    places: tuple[Place, ...]
    parents: tuple[Parent, ...] = ()
    same_publisher: bool = False
    tuned: bool | None = None
    self_id: str | None = None
    sure: bool = True

    @property
    def originals(self) -> tuple[Parent, ...]:
        """What a copy was copied from; its other parents went into that one. All parents of what is no copy."""
        copied = tuple(p for p in self.parents if p.relation in COPIES) if self.derivation in COPIES else ()
        return copied or self.parents
