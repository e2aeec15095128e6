"""The facts shipped with the program: which models there are, and one of them by its id (DESIGN section 6)."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from openness_audit.errors import AuditError
from openness_audit.model.bundle import Bundle
from openness_audit.model.capture import RepoInfo
from openness_audit.sources.exchange import TEXT_CAP

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable

    from openness_audit.model.capture import (
        CodeAnswer,
        DatasetAnswer,
        Failure,
        Listing,
        PageAnswer,
        Refs,
        RepoKind,
        Text,
    )
    from openness_audit.sources.api import RequestCounts, Sources

_ENDING = ".json"


@cache
def _files() -> dict[str, Traversable]:
    """Give the records by id; the first `--` of a file's name stands for the slash."""
    folder = resources.files("openness_audit") / "bundled"
    names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    return {name.removesuffix(_ENDING).replace("--", "/", 1): folder / name for name in names if name.endswith(_ENDING)}


def bundled_ids() -> tuple[str, ...]:
    """List the models whose facts are shipped, without reading one of them."""
    return tuple(sorted(_files(), key=str.lower))


def find(repo_id: str) -> Bundle | None:
    """Give the record of a model, in any spelling of upper and lower case, as the Hub takes it.

    Args:
        repo_id: what the user or a card calls it; compared with the names that are there, never made a path of.

    Returns:
        The record, or None where none is shipped. Raises AuditError for a damaged installation.
    """
    known = next((name for name in _files() if name.lower() == repo_id.lower()), None)
    return _read(known) if known else None


@cache
def _read(repo_id: str) -> Bundle:
    try:
        return msgspec.json.decode(_files()[repo_id].read_bytes(), type=Bundle)
    except (OSError, msgspec.DecodeError) as problem:
        raise AuditError(
            f"the bundled record of {repo_id} cannot be read: {problem}", hint="install the program again"
        ) from problem


def raw(repo_id: str) -> bytes:
    """Give the bytes of a record by its exact id. Raises KeyError for an unknown one, OSError as reading does."""
    return _files()[repo_id].read_bytes()


class Backed:
    """Other sources, backed by the bundled records where a base model is in neither cache nor network."""

    def __init__(self, kept: Sources, bundled: Callable[[str], Bundle | None]) -> None:
        """Ask `kept` first, then `bundled`."""
        self._kept = kept
        self._bundled = bundled

    @property
    def endpoint(self) -> str:
        """The Hub that would be asked."""
        return self._kept.endpoint

    @property
    def offline(self) -> bool:
        """Whether only the cache is asked."""
        return self._kept.offline

    def info(self, kind: RepoKind, repo_id: str, revision: str | None = None) -> RepoInfo | Failure:
        """The Hub's record of a model or data set, of a model else what is bundled of it."""
        answer = self._kept.info(kind, repo_id, revision)
        if isinstance(answer, RepoInfo) or kind != "model" or revision not in (None, "main"):
            return answer
        found = self._bundled(repo_id)
        return found.info if found is not None else answer

    def subject(self, repo_id: str, revision: str | None) -> RepoInfo:
        """The record of the model to be audited, never a bundled one: its facts are taken as they are."""
        return self._kept.subject(repo_id, revision)

    def listing(self, kind: RepoKind, repo_id: str, sha: str | None) -> Listing | Failure:
        """All files at a commit."""
        return self._kept.listing(kind, repo_id, sha)

    def refs(self, repo_id: str) -> Refs | Failure:
        """Branches and tags of a model."""
        return self._kept.refs(repo_id)

    def text(
        self, kind: RepoKind, repo_id: str, sha: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Failure:
        """A text file at a commit."""
        return self._kept.text(kind, repo_id, sha, path, max_bytes)

    def dataset(self, repo_id: str) -> DatasetAnswer:
        """A data set's record and card."""
        return self._kept.dataset(repo_id)

    def code(self, owner: str, name: str) -> CodeAnswer:
        """A GitHub repository's record, files, README and licence text."""
        return self._kept.code(owner, name)

    def code_text(
        self, owner: str, name: str, commit: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Failure:
        """A text file of a GitHub repository."""
        return self._kept.code_text(owner, name, commit, path, max_bytes)

    def page(self, url: str) -> PageAnswer | Failure:
        """Whether a page on any other host answers."""
        return self._kept.page(url)

    def stats(self) -> RequestCounts:
        """What was asked so far."""
        return self._kept.stats()

    def close(self) -> None:
        """Close the other sources."""
        self._kept.close()
