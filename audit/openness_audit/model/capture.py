"""Raw answers of the sources, parsed field by field but not yet judged."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct, field

from openness_audit.model.evidence import Cause

RepoKind: TypeAlias = Literal["model", "dataset"]


class Origin(Struct, frozen=True, kw_only=True):
    """Where one answer came from.

    `url` is canonical; `sha256` is the hex digest of the body; `retrieved_at` is an ISO 8601 UTC time; `stale` is true
    when an expired cached answer stood in for a failing server.
    """

    url: str
    sha256: str
    retrieved_at: str
    from_cache: bool = False
    stale: bool = False


class Failure(Struct, frozen=True):
    """A request that gave no usable answer."""

    cause: Cause


class RepoInfo(Struct, frozen=True, kw_only=True):
    """The Hub's record of a model or data set, tolerant of odd fields.

    `gated` is False, "auto" or "manual" (None when the field could not be read; `gated_cause` may say why).
    `card_data` is the Hub's own reading of the front matter. `odd` names the fields that could not be read.
    `renamed_from` is the id asked for when the Hub redirected to another. `parameters` counts those in the weights, as
    the Hub read them in safetensors files. `downloads` (of 30 days), `likes` and `created_at` are what the Hub says.
    """

    kind: RepoKind
    id: str
    origin: Origin
    sha: str | None = None
    revision: str | None = None
    gated: Literal[False, "auto", "manual"] | None = None
    disabled: bool = False
    private: bool = False
    last_modified: str | None = None
    tags: tuple[str, ...] = ()
    library_name: str | None = None
    pipeline_tag: str | None = None
    card_data: dict[str, Any] | None = None
    config: dict[str, Any] = field(default_factory=dict)
    siblings: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    renamed_from: str | None = None
    gated_cause: Cause | None = None
    parameters: int | None = None
    downloads: int | None = None
    likes: int | None = None
    created_at: str | None = None


class FileEntry(Struct, frozen=True, kw_only=True):
    """One file of a listing: size in bytes (None when the host does not say), `sha256` of an LFS file's content."""

    path: str
    size: int | None = None
    sha256: str | None = None
    oid: str | None = None


class Listing(Struct, frozen=True, kw_only=True):
    """The files of a repository at a commit; `complete` is false when the host truncated it or a cap was met.

    `cut` says why a listing is not complete where that is neither. `strength` is "declared" where not the host but a
    copy of the repository, or somebody else, shows that the files are there.
    """

    files: tuple[FileEntry, ...]
    complete: bool
    origin: Origin
    sha: str | None = None
    cut: Cause | None = None
    strength: Literal["verified", "declared"] = "verified"


class Ref(Struct, frozen=True, kw_only=True):
    """A branch or tag."""

    name: str
    kind: Literal["branch", "tag", "convert"]
    sha: str | None = None


class Refs(Struct, frozen=True, kw_only=True):
    """All branches and tags of a repository."""

    refs: tuple[Ref, ...]
    origin: Origin


class Text(Struct, frozen=True, kw_only=True):
    """A text file as read: decoded with replacement, possibly cut at a byte cap (`truncated`)."""

    path: str
    text: str
    origin: Origin
    sha: str | None = None
    truncated: bool = False


class GitRepo(Struct, frozen=True, kw_only=True):
    """A code host's record of a repository; `license_spdx` is the host's own guess, often NOASSERTION."""

    host: str
    owner: str
    name: str
    origin: Origin
    default_branch: str | None = None
    description: str | None = None
    homepage: str | None = None
    license_spdx: str | None = None
    fork: bool = False
    archived: bool = False
    pushed_at: str | None = None
    renamed_from: str | None = None


class CodeAnswer(Struct, frozen=True, kw_only=True):
    """What was read of one linked code repository."""

    repo: GitRepo | Failure
    listing: Listing | Failure
    readme: Text | Failure | None = None  # None: there is none
    license_text: Text | Failure | None = None


class DatasetAnswer(Struct, frozen=True, kw_only=True):
    """What was read of one data set on the Hub; `card` is None when the data set has no README."""

    info: RepoInfo | Failure
    card: Text | Failure | None = None


class PageAnswer(Struct, frozen=True, kw_only=True):
    """Whether a page on another host could be followed (only asked with --check-links)."""

    url: str
    alive: bool
    origin: Origin


class ModelCapture(Struct, frozen=True, kw_only=True):
    """Everything read about one model repository."""

    info: RepoInfo
    listing: Listing | Failure
    refs: Refs | Failure
    texts: dict[str, Text | Failure]  # README.md, licence files, config.json, index files ... as far as listed
    datasets: dict[str, DatasetAnswer] = field(default_factory=dict)  # by id as written
    code: dict[str, CodeAnswer] = field(default_factory=dict)  # by "github.com/owner/name", lower case
    parents: dict[str, RepoInfo | Failure] = field(default_factory=dict)  # by id as written
    pages: dict[str, PageAnswer | Failure] = field(default_factory=dict)  # by URL
