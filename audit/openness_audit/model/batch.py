"""Several models of one call: what was asked for, where it was named, and what came of it."""

from __future__ import annotations

from msgspec import Struct

from openness_audit.model.audit import Audit


class Origin(Struct, frozen=True):
    """Where a model is named in the user's own files: a list, a lock, or code. Lines and columns count from 1."""

    path: str
    line: int
    column: int = 1


class Problem(Struct, frozen=True, kw_only=True):
    """Why there is no audit; `code` is the exit code it earns."""

    message: str
    hint: str
    code: int


class Item(Struct, frozen=True, kw_only=True):
    """One model asked for: an audit or a problem, never both, never neither."""

    asked: str
    audit: Audit | None = None
    problem: Problem | None = None
    origins: tuple[Origin, ...] = ()


class Batch(Struct, frozen=True, kw_only=True):
    """All models of a call, in the order they were asked for; a format that holds several is made from it."""

    items: tuple[Item, ...]
