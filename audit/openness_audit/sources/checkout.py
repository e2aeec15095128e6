"""Walk a folder and read what git keeps in it, without running git and without following links out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from openness_audit.sources.reading import is_sha

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 12
SKIPPED = {".git", ".cache", "__pycache__"}


def walk(folder: Path, depth: int = 0) -> Iterator[Path | None]:
    """All files below a folder, links not followed into folders; None where something could not be looked at."""
    if depth > MAX_DEPTH:
        yield None
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield None
        return
    for entry in entries:
        if entry.name in SKIPPED:
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from walk(path, depth + 1)
        elif entry.is_file(follow_symlinks=False) or (entry.is_symlink() and not path.is_dir()):
            yield path


def git_head(git: Path) -> str | None:
    """The commit checked out, without running git."""
    head = small_text(git / "HEAD").strip()
    if not head.startswith("ref: "):
        return head if is_sha(head) else None
    wanted = head.removeprefix("ref: ").strip()
    return next((sha for kind, name, sha in git_refs(git) if kind == "branch" and wanted == f"refs/heads/{name}"), None)


def git_refs(git: Path) -> list[tuple[Literal["branch", "tag"], str, str]]:
    """Branches and tags: loose ones win over packed ones, those of a remote stand in where there is no own branch."""
    found: dict[str, str] = {}
    for line in small_text(git / "packed-refs").splitlines():
        sha, _, name = line.partition(" ")
        if is_sha(sha):
            found[name] = sha
    for folder in ("heads", "tags", "remotes"):
        for path in (p for p in walk(git / "refs" / folder) if p is not None):
            sha = small_text(path).strip()
            if is_sha(sha):
                found[path.relative_to(git).as_posix()] = sha
    refs: dict[tuple[Literal["branch", "tag"], str], str] = {}
    for name, sha in sorted(
        found.items(), key=lambda item: item[0].startswith("refs/heads/")
    ):  # own branches last: they win
        if name.startswith("refs/tags/"):
            refs["tag", name.removeprefix("refs/tags/")] = sha
        elif name.startswith("refs/heads/"):
            refs["branch", name.removeprefix("refs/heads/")] = sha
        elif name.startswith("refs/remotes/") and not name.endswith("/HEAD"):
            refs["branch", name.removeprefix("refs/remotes/").partition("/")[2]] = sha
    return [(kind, name, sha) for (kind, name), sha in sorted(refs.items())]


def small_text(path: Path) -> str:
    """A small file of git's own, empty if there is none."""
    try:
        if path.is_symlink() or not path.is_file():
            return ""
        with path.open("rb") as file:
            return file.read(1_000_000).decode("utf-8", "replace")
    except OSError:
        return ""
