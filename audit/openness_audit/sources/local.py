"""Read a directory as the model repository it is going to be; what it links to is asked of the network."""

from __future__ import annotations

import os
import re
import stat
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.errors import SubjectNotFoundError
from openness_audit.model.capture import Failure, FileEntry, Listing, Origin, Ref, Refs, RepoInfo, Text
from openness_audit.sources.checkout import SKIPPED, git_head, git_refs, small_text, walk
from openness_audit.sources.exchange import TEXT_CAP, failure
from openness_audit.sources.reading import decode_text, is_repo_id, is_sha

if TYPE_CHECKING:
    from openness_audit.model.capture import CodeAnswer, DatasetAnswer, PageAnswer, RepoKind
    from openness_audit.sources.api import RequestCounts, Sources

MAX_FILES = 20_000
_WEIGHTS = re.compile(
    r"\.(?:safetensors|bin|pth?|ckpt|gguf|ggml|h5|msgpack|onnx|np[yz]|pkl|pickle|joblib|tflite|nemo)", re.IGNORECASE
)

_REMOTE = re.compile(r"url\s*=\s*(?:https://|ssh://git@|git@)(?:[^/\s@]+@)?(?:huggingface\.co|hf\.co)[/:]([^\s]+)")
_SNAPSHOT = re.compile(r"models--([A-Za-z0-9_.-]+?)(?:--([A-Za-z0-9_.-]+))?")


class LocalSources:
    """A directory as the subject; everything else comes from `remote`."""

    def __init__(self, directory: Path, remote: Sources) -> None:
        """Take `directory` as it is; nothing is read yet."""
        self._root = Path(directory).expanduser().resolve()
        self._remote = remote
        self._id, self._sha = _named(self._root)
        # links inside a snapshot of huggingface_hub's cache lead to the blobs beside it
        snapshot = self._root.parent.name == "snapshots" and _SNAPSHOT.fullmatch(self._root.parent.parent.name)
        self._within = (self._root, self._root.parent.parent / "blobs") if snapshot else (self._root,)

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
        try:
            os.scandir(self._root).close()
        except OSError as error:
            raise SubjectNotFoundError(
                f"{repo_id} cannot be read: {error.strerror}", hint="name a directory that holds a README.md"
            ) from None
        listing = self._listing()
        return RepoInfo(
            kind="model",
            id=self._id,
            origin=self._origin("", b""),
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
        refs = tuple(Ref(name=name, kind=kind, sha=sha) for kind, name, sha in git_refs(self._root / ".git"))
        return Refs(refs=refs, origin=self._origin("", b""))

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
        body = self._body(self._root.joinpath(*parts), max_bytes + 1)
        if isinstance(body, str):
            return failure("not-found-or-private", source, body)
        cut = len(body) > max_bytes
        body = body[:max_bytes]
        return Text(path=path, text=decode_text(body), origin=self._origin(path, body), sha=self._sha, truncated=cut)

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

    def _origin(self, path: str, body: bytes) -> Origin:
        """Where a local answer came from: relative, so that no report tells the layout of a disk."""
        url = f"file:{self._id}/{path}" if path else f"file:{self._id}"
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return Origin(url=url, sha256=sha256(body).hexdigest(), retrieved_at=now)

    def _listing(self) -> Listing:
        files: list[FileEntry] = []
        complete = True
        for entry in walk(self._root):
            if entry is None or len(files) >= MAX_FILES:
                complete = False
                break
            files.append(self._entry(entry))
        files.sort(key=lambda entry: entry.path)
        names = "\n".join(f"{entry.path} {entry.size}" for entry in files)
        return Listing(files=tuple(files), complete=complete, origin=self._origin("", names.encode()), sha=self._sha)

    def _entry(self, path: Path) -> FileEntry:
        """A file with its size; of a link that leaves the directory only the name is told."""
        name = os.fsencode(path.relative_to(self._root).as_posix()).decode("utf-8", "replace")
        target = self._allowed(path)
        try:
            size = target.stat().st_size if target else None
        except OSError:
            size = None
        return FileEntry(path=name, size=size)

    def _allowed(self, path: Path) -> Path | None:
        """Where a path leads, if that is inside."""
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return None
        return target if any(target.is_relative_to(root) for root in self._within) else None

    def _body(self, path: Path, most: int) -> bytes | str:
        """The first bytes of a regular file, or why there are none."""
        target = self._allowed(path)
        if target is None:
            return "a link that leaves the directory, or no file" if path.is_symlink() else "no such file"
        try:
            with os.fdopen(os.open(target, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return "not a regular file"
                return file.read(most)
        except OSError as error:
            return f"cannot be read: {error.strerror}"


def _named(root: Path) -> tuple[str, str | None]:
    """Id and commit: of huggingface_hub's cache, of a git checkout, or the folder's name and nothing."""
    kept = _SNAPSHOT.fullmatch(root.parent.parent.name) if root.parent.name == "snapshots" else None
    if kept and is_sha(root.name):
        return "/".join(part for part in kept.groups() if part), root.name
    remote = _REMOTE.search(small_text(root / ".git" / "config"))
    named = remote[1].removesuffix("/").removesuffix(".git") if remote else ""
    return named if is_repo_id(named) else (root.name or "directory"), git_head(root / ".git")
