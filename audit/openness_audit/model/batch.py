"""Several models of one call: what was asked for, where it was named, and what came of it."""

from __future__ import annotations

from msgspec import Struct

from openness_audit.model.audit import Audit
from openness_audit.model.rules import Rule

STDIN = "-"  # the path of a list that was read from standard input: it is no file to point at


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


class Wanted(Struct, frozen=True):
    """One model to audit as it is written somewhere; `problem` where what is written can name none."""

    text: str
    origins: tuple[Origin, ...] = ()
    problem: Problem | None = None


class Item(Struct, frozen=True, kw_only=True):
    """One model asked for: an audit or a problem, never both, never neither.

    `folder` is the path of a directory that holds the model, as reports name the user's own files; empty for the Hub's.
    """

    asked: str
    audit: Audit | None = None
    problem: Problem | None = None
    origins: tuple[Origin, ...] = ()
    folder: str = ""


class Batch(Struct, frozen=True, kw_only=True):
    """All models of a call, in the order they were asked for; a format that holds several is made from it.

    `rules` are those that judged, for formats that explain them; a finding whose rule is not among them speaks for
    itself.
    """

    items: tuple[Item, ...]
    rules: tuple[Rule, ...] = ()
