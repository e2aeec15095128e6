"""Promise what the pipeline may ask of the outside world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from openness_audit.sources.exchange import TEXT_CAP

if TYPE_CHECKING:
    from openness_audit.model.capture import (
        CodeAnswer,
        DatasetAnswer,
        Failure,
        Listing,
        PageAnswer,
        Refs,
        RepoInfo,
        RepoKind,
        Text,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCounts:
    """Requests sent to networks by kind, and answers given by the cache."""

    hub_api: int = 0
    hub_files: int = 0
    github: int = 0
    other: int = 0
    cache_hits: int = 0


class Sources(Protocol):
    """All that is known of the world outside; every method may be called from any thread.

    A method that returns `X | Failure` raises nothing for what strangers or networks do.
    """

    @property
    def endpoint(self) -> str:
        """The Hub that is asked."""
        ...

    @property
    def offline(self) -> bool:
        """Whether only the cache is asked."""
        ...

    def info(self, kind: RepoKind, repo_id: str, revision: str | None = None) -> RepoInfo | Failure:
        """The Hub's record of a model or data set."""
        ...

    def subject(self, repo_id: str, revision: str | None) -> RepoInfo:
        """The record of the model to be audited.

        Raises:
            SubjectNotFoundError: there is no such model or revision, or this caller may not see it.
            SubjectDisabledError: the Hub withholds it.
            SourceUnreachableError: the Hub gave no usable answer in time.
        """
        ...

    def listing(self, kind: RepoKind, repo_id: str, sha: str | None) -> Listing | Failure:
        """All files at a commit."""
        ...

    def refs(self, repo_id: str) -> Refs | Failure:
        """Branches and tags of a model."""
        ...

    def text(
        self, kind: RepoKind, repo_id: str, sha: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Failure:
        """A text file at a commit, cut at `max_bytes`."""
        ...

    def dataset(self, repo_id: str) -> DatasetAnswer:
        """A data set's record and card."""
        ...

    def code(self, owner: str, name: str) -> CodeAnswer:
        """A GitHub repository's record, files, README and licence text."""
        ...

    def code_text(
        self, owner: str, name: str, commit: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Failure:
        """A text file of a GitHub repository (`commit` None: at HEAD)."""
        ...

    def page(self, url: str) -> PageAnswer | Failure:
        """Whether a page on any other host answers; a Failure "not-requested" without `check_links`."""
        ...

    def stats(self) -> RequestCounts:
        """What was asked so far."""
        ...

    def close(self) -> None:
        """Close connections and the cache; waiting requests fail."""
        ...
