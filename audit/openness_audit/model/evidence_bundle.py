"""An evidence bundle: its manifest, and the list of everything that was asked and answered."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from openness_audit.model.document import Document
from openness_audit.model.evidence import CauseCode

SCHEMA_ID = "https://openness-audit.dev/schemas/evidence-1.json"


class MemberDoc(Document, frozen=True):
    """One file of the bundle: its size in bytes and the digest of its content, in hex."""

    path: str
    size: int
    sha256: str


class BundleSubjectDoc(Document, frozen=True):
    """What was audited: `asked` is the id that was asked for; of a directory it is its name, never its path."""

    kind: Literal["hub", "directory"]
    asked: str
    revision: str | None
    id: str
    sha: str | None


class BundleSettingsDoc(Document, frozen=True):
    """How it was looked at, as far as that changes what is found.

    `signed_in` and `github_signed_in` say whether a token was used, never which. `github_hosts` says whether pages and
    raw files of GitHub could be asked beside its API. `cache` is false where an audit without a network had no cache.
    """

    endpoint: str
    github_api: str
    github_hosts: bool
    signed_in: bool
    github_signed_in: bool
    offline: bool
    cache: bool
    check_links: bool
    timeout_s: float


class RulesDoc(Document, frozen=True):
    """By which rules it was judged, and where they are.

    `path` is the member that holds them; null: they are in a file of the name `file` beside the bundle. `own` is the
    number of rules of the organisation's own among them (`--rules DIR`).
    """

    version: str
    digest: str
    vocabulary_digest: str
    own: int
    path: str | None
    file: str | None
    sha256: str


class JudgedDoc(Document, frozen=True):
    """The policy that judged the audit after it was made; its result is not in the recorded audit."""

    name: str
    digest: str


class Manifest(Document, frozen=True):
    """The bundle's table of contents, in `manifest.json`.

    `audit` is the digest of the recorded audit without `run`, `retrieved_at` and `from_cache`: a replay by the same
    program and rules has the same.
    """

    schema: str
    tool: str
    recorded_at: str
    as_of: str
    subject: BundleSubjectDoc
    settings: BundleSettingsDoc
    rules: RulesDoc
    policy: JudgedDoc | None
    audit: str
    members: tuple[MemberDoc, ...]


class Failed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why there was no answer."""

    code: CauseCode
    detail: str
    retryable: bool


class Hop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A redirect on the way to an answer."""

    url: str
    status: int
    headers: dict[str, str]


class Answered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer as it was used; `body` is the digest that names its bytes in the bundle.

    `stale`: an old answer of the cache stood in for a server that failed. `redacted`: a token was taken out of it.
    """

    url: str
    status: int
    headers: dict[str, str]
    body: str
    retrieved_at: str
    truncated: bool = False
    from_cache: bool = False
    stale: bool = False
    redacted: bool = False
    hops: tuple[Hop, ...] = ()


class Request(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question and what came of it; its URL is canonical, whatever endpoint was asked."""

    method: Literal["GET"] = "GET"
    kind: Literal["hub_api", "hub_files", "github", "other"]
    url: str
    accept: str
    max_bytes: int
    answer: Answered | None = None
    failure: Failed | None = None


class LocalRead(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of the directory: the bytes that were read, at most `max_bytes`, or why there were none."""

    path: str
    max_bytes: int
    body: str | None
    problem: str | None
    retrieved_at: str


class LocalFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the directory's listing."""

    path: str
    size: int | None


class LocalRef(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A branch or tag of the checkout."""

    kind: Literal["branch", "tag"]
    name: str
    sha: str


class Directory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A directory that was the subject: its name, its commit, its files and what was read of them."""

    id: str
    sha: str | None
    complete: bool
    listed_at: str
    files: tuple[LocalFile, ...]
    refs: tuple[LocalRef, ...]
    reads: tuple[LocalRead, ...]


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record that ships with the program and stood in where no network was asked; `body` names its bytes."""

    id: str
    body: str


class Contents(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that was asked and answered, in `contents.json`."""

    requests: tuple[Request, ...] = ()
    directory: Directory | None = None
    records: tuple[Record, ...] = field(default=())
