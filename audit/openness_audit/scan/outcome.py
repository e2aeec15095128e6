"""What goes to a worker and what comes back: pieces of a source in, rows of models out."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct, field

from openness_audit.model.policy import Policy
from openness_audit.settings import Settings

Kind: TypeAlias = Literal["hub", "dump", "bundles"]


class Known(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One model to audit on the Hub, and what a list of the Hub said of it, with its `state` as of then."""

    id: str
    revision: str | None = None
    downloads: int | None = None
    likes: int | None = None
    created_at: str | None = None
    state: str | None = None
    listed_at: str | None = None


class Piece(Struct, frozen=True, kw_only=True):
    """Rows of a dump that stand together, to be read where they are audited: the first one's place, and how many.

    `at` is the byte where they begin, or the row group they are in; `past` are the rows of the group before them.
    """

    first: int
    count: int
    at: int
    past: int = 0


class Job(Struct, frozen=True, kw_only=True):
    """A piece of work: some models, by their places in the source.

    `items` holds one entry a model: a `Known` as JSON, a row of a dump as JSON, or the path of a bundle; nothing where
    `piece` says where to read them.
    """

    seqs: tuple[int, ...]
    items: tuple[bytes, ...]
    attempts: int = 0
    piece: Piece | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of one model: its place in the source, and its row as one line of JSON.

    `cause` is the code of why there is no audit, `retryable` that it may be another time; `audit` where the whole
    document was put, below the folder of the run.
    """

    seq: int
    row: bytes
    cause: str | None = None
    retryable: bool = False
    audit: str | None = None


class Spec(Struct, frozen=True, kw_only=True):
    """How a worker audits; it can be sent to another process.

    `folder` is where whole audits are put (None: nowhere); `columns` are those of a dump that bear other names, and
    `taken` the day the dump was made.
    """

    kind: Kind
    settings: Settings
    as_of: date
    rules_dir: str | None = None
    policy: Policy | None = None
    use: str | None = None
    folder: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    taken: str = ""
