"""Where code names models and data sets of the Hub, and what was not read while looking."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.model.rules import Confidence

Kind: TypeAlias = Literal["model", "dataset"]
Pinned: TypeAlias = Literal["commit", "branch-or-tag", "no", "not-resolvable"]
Reader: TypeAlias = Literal["python", "notebook", "config", "shell", "dockerfile", "markdown", "lines"]


class Usage(Struct, frozen=True, kw_only=True):
    """One place that names a model or a data set; lines and columns count from 1.

    `id` is None where the place names one that cannot be worked out from the file alone; `note` then says why.
    `how` is the call, key or command. `cell` and `cell_line` are a notebook's, `line` is the line of the file.
    `pinned` says what the revision is: only a full commit id cannot be moved.
    """

    kind: Kind
    id: str | None
    path: str
    line: int
    column: int
    how: str
    confidence: Confidence
    revision: str | None = None
    pinned: Pinned = "no"
    note: str = ""
    reader: Reader = "python"
    cell: int | None = None
    cell_line: int | None = None


class Skipped(Struct, frozen=True, kw_only=True):
    """Files or folders passed over for one reason, as was to be expected; `why` says it in words."""

    reason: str
    count: int
    why: str


class Unread(Struct, frozen=True, kw_only=True):
    """One file that should have been read and was not, or only in part; a model may hide there.

    `partly`: it was read by its lines, because it could not be parsed.
    """

    path: str
    why: str
    partly: bool = False


class Code(Struct, frozen=True, kw_only=True):
    """What was found in files of code, sorted by place."""

    roots: tuple[str, ...]
    files: int
    usages: tuple[Usage, ...]
    skipped: tuple[Skipped, ...] = ()
    unread: tuple[Unread, ...] = ()
