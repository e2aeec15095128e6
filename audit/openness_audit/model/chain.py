"""The chain of terms: the licence of a model and of everything it was made from, to the roots."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.model.evidence import Cause, Place
from openness_audit.model.facts_licenses import LicenseConflict
from openness_audit.model.facts_origins import Relation

How: TypeAlias = Literal["declared", "text", "prose", "publisher", "none", "unknown"]


class Step(Struct, frozen=True, kw_only=True):
    """One step up: the model a model was made from, how, and where that is said.

    `id` is None where only a bare name is known, and `candidates` the models it may mean. `said` is `declared` for
    metadata and configuration files, `linked` for an id or link in the card, `named` for a bare name.
    """

    id: str | None
    name: str
    relation: Relation
    said: Literal["declared", "linked", "named"]
    candidates: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


class Node(Struct, frozen=True, kw_only=True):
    """A model's own terms, and what it was made from, as read in whatever of it was read (see `Link`)."""

    id: str
    expression: str
    family: str
    how: How
    steps: tuple[Step, ...] = ()
    known: tuple[str, ...] = ()
    choice: bool = False
    gated: bool | None = None
    sha: str | None = None
    places: tuple[Place, ...] = ()
    cause: Cause | None = None
    why: str = ""


class Link(Struct, frozen=True, kw_only=True):
    """One model of the chain and its own terms.

    `path` leads from the audited model to this one, both included, by the shortest way, and `relations` says how each
    step was made (one fewer than `path`). `how` says where the terms were read: metadata, licence file, the card's
    words, known from the publisher; `none`: looked at, and none are declared; `unknown`: not read, with `cause`.
    `known` holds the ids under `rules/licenses` that `expression` stands for. `choice` is true where the licensee may
    choose one of several (OR).
    """

    id: str
    path: tuple[str, ...]
    relations: tuple[str, ...]
    expression: str  # SPDX expression, LicenseRef, NOASSERTION or NONE
    family: str
    how: How
    known: tuple[str, ...] = ()
    choice: bool = False
    gated: bool | None = None
    sha: str | None = None
    places: tuple[Place, ...] = ()
    cause: Cause | None = None


class Effective(Struct, frozen=True, kw_only=True):
    """What is left after upstream: the expression, its family, and the reasoning.

    `inherited_from` names the ancestor whose terms stand where the repository declares none.
    """

    expression: str
    family: str
    why: str
    inherited_from: str | None = None


class Chain(Struct, frozen=True, kw_only=True):
    """All terms that bind whoever adopts the model.

    `links` starts with the audited model; then its ancestors, nearest first, then by id. `binding` are the links whose
    terms bind (a subset, the model first). `complete` is false where an ancestor's terms could not be read, or a cap
    ended the walk. `cycle` names the models of a cycle that was met. `notes` are no contradictions, but worth knowing:
    share-alike terms of data or base models, and data that another provider's model wrote.
    """

    links: tuple[Link, ...]
    binding: tuple[Link, ...]
    effective: Effective
    conflicts: tuple[LicenseConflict, ...] = ()
    complete: bool = True
    cycle: tuple[str, ...] = ()
    notes: tuple[LicenseConflict, ...] = ()
