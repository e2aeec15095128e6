"""Promise what the pipeline may ask of the outside world, and open it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from openness_audit.sources.settings import SourceSettings

if TYPE_CHECKING:
    from collections.abc import Callable

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
    from openness_audit.settings import Settings, Target

TEXT_CAP = 2 * 1024 * 1024


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


def open_sources(
    settings: Settings | SourceSettings,
    *,
    target: Target | None = None,
    on_wait: Callable[[str], None] | None = None,
    on_network: Callable[[], None] | None = None,
) -> Sources:
    """The Hub, GitHub and (on request) other hosts behind one cache; `close()` it when done.

    A `target` that is a directory becomes the subject. `on_wait` is told in one sentence, from any thread, what is
    being waited for and how long, and once at the start if the cache cannot be used. `on_network` is called
    when the Hub is about to be asked something that the cache does not answer. The time limit of `settings` runs from
    now.
    """
    from openness_audit.sources.live import LiveSources  # noqa: PLC0415  # loads the network stack

    plain = settings if isinstance(settings, SourceSettings) else SourceSettings.of(settings)
    live = LiveSources(plain, on_wait=on_wait, on_network=on_network)
    if target is None or target.kind != "directory":
        return live
    from openness_audit.sources.local import LocalSources  # noqa: PLC0415  # rarely needed

    return LocalSources(Path(target.id), live)
