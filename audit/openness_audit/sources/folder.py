"""What an audit needs of a directory: its name, its files, and the first bytes of some of them."""

from __future__ import annotations

import os
import re
import stat
import time
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from openness_audit.model.capture import FileEntry, Ref
from openness_audit.sources.checkout import git_head, git_refs, small_text, walk
from openness_audit.sources.reading import is_repo_id, is_sha

MAX_FILES = 20_000

_REMOTE = re.compile(r"url\s*=\s*(?:https://|ssh://git@|git@)(?:[^/\s@]+@)?(?:huggingface\.co|hf\.co)[/:]([^\s]+)")
_SNAPSHOT = re.compile(r"models--([A-Za-z0-9_.-]+?)(?:--([A-Za-z0-9_.-]+))?")


class Listed(Struct, frozen=True, kw_only=True):
    """The files of a directory, by path; `complete` is false where there are more, or some cannot be looked at."""

    files: tuple[FileEntry, ...]
    complete: bool
    at: str


class Body(Struct, frozen=True, kw_only=True):
    """The first bytes of a file; None, with the reason, where there are none to read.

    `held` is false where nobody can tell any more: the file was not read when the directory was recorded.
    """

    content: bytes | None
    problem: str
    at: str
    held: bool = True


class Folder(Protocol):
    """A directory, or what was kept of one."""

    @property
    def id(self) -> str:
        """Its name as a model: of huggingface_hub's cache, of a git checkout, else the folder's."""
        ...

    @property
    def sha(self) -> str | None:
        """The commit that is checked out."""
        ...

    def closed(self) -> str:
        """Why it cannot be read; nothing where it can."""
        ...

    def listing(self) -> Listed:
        """All its files."""
        ...

    def refs(self) -> tuple[Ref, ...]:
        """The checkout's branches and tags; a plain directory has none."""
        ...

    def body(self, path: str, most: int) -> Body:
        """At most so many bytes of a file; `path` has no part that leads out."""
        ...


class DiskFolder:
    """A directory on this machine; links that lead out of it are not followed."""

    def __init__(self, directory: Path) -> None:
        """Take `directory` as it is; of its files nothing is read yet."""
        self._root = Path(directory).expanduser().resolve()
        self.id, self.sha = _named(self._root)
        # links inside a snapshot of huggingface_hub's cache lead to the blobs beside it
        snapshot = self._root.parent.name == "snapshots" and _SNAPSHOT.fullmatch(self._root.parent.parent.name)
        self._within = (self._root, self._root.parent.parent / "blobs") if snapshot else (self._root,)

    def closed(self) -> str:
        """Why it cannot be read; nothing where it can."""
        try:
            os.scandir(self._root).close()
        except OSError as error:
            return error.strerror or "no directory"
        return ""

    def listing(self) -> Listed:
        """All its files, up to a cap."""
        files: list[FileEntry] = []
        complete = True
        for entry in walk(self._root):
            if entry is None or len(files) >= MAX_FILES:
                complete = False
                break
            files.append(self._entry(entry))
        files.sort(key=lambda entry: entry.path)
        return Listed(files=tuple(files), complete=complete, at=now())

    def refs(self) -> tuple[Ref, ...]:
        """The checkout's branches and tags; a plain directory has none."""
        return tuple(Ref(name=name, kind=kind, sha=sha) for kind, name, sha in git_refs(self._root / ".git"))

    def body(self, path: str, most: int) -> Body:
        """The first bytes of a regular file."""
        found = self._read(self._root.joinpath(*path.split("/")), most)
        if isinstance(found, str):
            return Body(content=None, problem=found, at=now())
        return Body(content=found, problem="", at=now())

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

    def _read(self, path: Path, most: int) -> bytes | str:
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


def now() -> str:
    """The time as answers are stamped with it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _named(root: Path) -> tuple[str, str | None]:
    """Id and commit: of huggingface_hub's cache, of a git checkout, or the folder's name and nothing."""
    kept = _SNAPSHOT.fullmatch(root.parent.parent.name) if root.parent.name == "snapshots" else None
    if kept and is_sha(root.name):
        return "/".join(part for part in kept.groups() if part), root.name
    remote = _REMOTE.search(small_text(root / ".git" / "config"))
    named = remote[1].removesuffix("/").removesuffix(".git") if remote else ""
    return named if is_repo_id(named) else (root.name or "directory"), git_head(root / ".git")
