"""A scan of many models: what was asked for, by which rules, and how far it is (`scan.json` of its folder)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import field

from openness_audit.model.audit import Tool
from openness_audit.model.document import Document

SCHEMA_ID = "https://openness-audit.dev/schemas/registry-1.json"
ROW_SCHEMA_ID = "https://openness-audit.dev/schemas/row-1.json"

SourceKind: TypeAlias = Literal["hub", "list", "dump", "bundles"]
State: TypeAlias = Literal["planning", "running", "stopped", "finished"]
Sort: TypeAlias = Literal["downloads", "likes", "modified"]


class SourceDoc(Document, frozen=True):
    """Where the models come from.

    Of the Hub's lists: `author`, `search`, `tags`, `sort`, `top`. Of files: `path` (`-`: standard input), and `digest`,
    by which a file that was changed is told. `columns` are the columns of a dump that bear other names than usual.
    """

    kind: SourceKind
    author: str | None = None
    search: str | None = None
    tags: tuple[str, ...] = ()
    sort: Sort | None = None
    top: int | None = None
    path: str | None = None
    digest: str | None = None
    columns: dict[str, str] = field(default_factory=dict)


class OptionsDoc(Document, frozen=True):
    """The options that rows depend on; a run that is resumed has the same."""

    endpoint: str | None = None
    check_links: bool = False
    offline: bool = False
    use: str | None = None
    audits: bool = False
    write: Literal["jsonl", "parquet"] = "jsonl"


class PolicyNameDoc(Document, frozen=True):
    """The policy that judged."""

    name: str
    digest: str
    path: str


class CountsDoc(Document, frozen=True):
    """How many models: `targets` is None while that is not known. `done` are those in the rows.

    `audited` have a verdict, and the policy, if there is one, is met; `violated` are against it; `no_verdict` could
    not be audited or decided; `failed` met an internal error. `skipped` are lines of a list that name no model, and
    repeats.
    """

    targets: int | None = None
    done: int = 0
    audited: int = 0
    violated: int = 0
    no_verdict: int = 0
    failed: int = 0
    skipped: int = 0


class ScanRun(Document, frozen=True):
    """The document `scan.json`."""

    schema: str
    tool: Tool
    as_of: str
    policy: PolicyNameDoc | None
    source: SourceDoc
    options: OptionsDoc
    state: State
    counts: CountsDoc
    started_at: str
    updated_at: str
    why: str = ""  # why a run was stopped
