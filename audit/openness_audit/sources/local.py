"""Read a directory as the model repository it is going to be; what it links to is asked of the network."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.errors import SubjectNotFoundError
from openness_audit.model.capture import Failure, Listing, Origin, Refs, RepoInfo, Text
from openness_audit.sources.checkout import SKIPPED
from openness_audit.sources.exchange import TEXT_CAP, failure
from openness_audit.sources.folder import DiskFolder, now
from openness_audit.sources.reading import decode_text

if TYPE_CHECKING:
    from openness_audit.model.capture import CodeAnswer, DatasetAnswer, PageAnswer, RepoKind
    from openness_audit.sources.api import RequestCounts, Sources
    from openness_audit.sources.folder import Folder

_WEIGHTS = re.compile(
    r"\.(?:safetensors|bin|pth?|ckpt|gguf|ggml|h5|msgpack|onnx|np[yz]|pkl|pickle|joblib|tflite|nemo)", re.IGNORECASE
)


class LocalSources:
    """A directory as the subject; everything else comes from `remote`."""

    def __init__(self, directory: Path | Folder, remote: Sources) -> None:
        """Take `directory` as it is; nothing is read yet."""
        self._folder = DiskFolder(directory) if isinstance(directory, Path) else directory
        self._remote = remote
        self._id, self._sha = self._folder.id, self._folder.sha

    @property
    def endpoint(self) -> str:
        """The Hub that linked repositories are asked of."""
        return self._remote.endpoint

    @property
    def offline(self) -> bool:
        """Whether only the cache is asked."""
        return self._remote.offline

    def subject(self, repo_id: str, revision: str | None) -> RepoInfo:
        """The directory as a record: its name or git remote as id, the commit checked out as sha if it is a checkout.

        Raises:
            SubjectNotFoundError: it is no directory that can be read.
        """
        if problem := self._folder.closed():
            raise SubjectNotFoundError(
                f"{repo_id} cannot be read: {problem}", hint="name a directory that holds a README.md"
            )
        listing = self._listing()
        return RepoInfo(
            kind="model",
            id=self._id,
            origin=self._origin("", b"", listing.origin.retrieved_at),
            sha=self._sha,
            revision=revision,
            gated=False,
            siblings=tuple(entry.path for entry in listing.files),
        )

    def info(self, kind: RepoKind, repo_id: str, revision: str | None = None) -> RepoInfo | Failure:
        """The Hub's record of another model or data set."""
        return self._remote.info(kind, repo_id, revision)

    def listing(self, kind: RepoKind, repo_id: str, sha: str | None) -> Listing | Failure:
        """The directory's files, or another repository's."""
        return self._listing() if self._mine(kind, repo_id, sha) else self._remote.listing(kind, repo_id, sha)

    def refs(self, repo_id: str) -> Refs | Failure:
        """The checkout's branches and tags; a plain directory has none."""
        if repo_id != self._id:
            return self._remote.refs(repo_id)
        return Refs(refs=self._folder.refs(), origin=self._origin("", b"", now()))

    def text(
        self, kind: RepoKind, repo_id: str, sha: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Failure:
        """A text file of the directory, or of another repository; weights are never opened."""
        if not self._mine(kind, repo_id, sha):
            return self._remote.text(kind, repo_id, sha, path, max_bytes)
        source = f"{self._id}/{path}"
        parts = path.split("/")
        if any(part in {"", ".", ".."} or "\x00" in part for part in parts) or SKIPPED & set(parts):
            return failure("malformed", source, "not a path inside the directory")
        if _WEIGHTS.fullmatch(Path(path).suffix):
            return failure("not-requested", source, "weights are never read")
        found = self._folder.body(path, max_bytes + 1)
        if found.content is None:
            return failure("not-found-or-private" if found.held else "not-recorded", source, found.problem)
        body, cut = found.content[:max_bytes], len(found.content) > max_bytes
        origin = self._origin(path, body, found.at)
        return Text(path=path, text=decode_text(body), origin=origin, sha=self._sha, truncated=cut)

    def dataset(self, repo_id: str) -> DatasetAnswer:
        """A data set's record and card."""
        return self._remote.dataset(repo_id)

    def code(self, owner: str, name: str) -> CodeAnswer:
        """A GitHub repository's record, files, README and licence text."""
        return self._remote.code(owner, name)

    def code_text(
        self, owner: str, name: str, commit: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Failure:
        """A text file of a GitHub repository."""
        return self._remote.code_text(owner, name, commit, path, max_bytes)

    def page(self, url: str) -> PageAnswer | Failure:
        """Whether a page on any other host answers."""
        return self._remote.page(url)

    def stats(self) -> RequestCounts:
        """What was asked of networks so far."""
        return self._remote.stats()

    def close(self) -> None:
        """Close the network side."""
        self._remote.close()

    def _mine(self, kind: RepoKind, repo_id: str, sha: str | None) -> bool:
        """Whether the directory is meant, and not a repository on the Hub that is called the same."""
        here = {self._sha} if self._sha else {None, "main"}
        return kind == "model" and repo_id == self._id and sha in here

    def _origin(self, path: str, body: bytes, at: str) -> Origin:
        """Where a local answer came from: relative, so that no report tells the layout of a disk."""
        url = f"file:{self._id}/{path}" if path else f"file:{self._id}"
        return Origin(url=url, sha256=sha256(body).hexdigest(), retrieved_at=at)

    def _listing(self) -> Listing:
        found = self._folder.listing()
        names = "\n".join(f"{entry.path} {entry.size}" for entry in found.files)
        origin = self._origin("", names.encode(), found.at)
        return Listing(files=found.files, complete=found.complete, origin=origin, sha=self._sha)
