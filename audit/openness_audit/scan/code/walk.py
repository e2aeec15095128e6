"""List the files of a code base that are worth reading, and count what is passed over, by reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from openness_audit.scan.code.ignores import Ignores, from_above, ignore_lines
from openness_audit.scan.code.vocabulary import reading_of, words

REASONS = {  # in the order in which they are told
    "ignored": "named in .gitignore",
    "vcs": "history of version control",
    "packages": "installed packages and virtual environments",
    "caches": "caches of other programs",
    "links": "symbolic links",
    "special": "devices, pipes and sockets",
    "other-kinds": "kinds of file that name no models",
    "made-by-tools": "lock files and the like, of this program too",
    "binary": "not text",
    "too-large": "larger than the limit",
    "too-many": "beyond the limit of files",
}
MOST_FILES = 200_000  # read in one scan
MOST_ENTRIES = 2_000_000  # looked at in one scan


@dataclass(frozen=True, slots=True)
class File:
    """One file to read: `shown` is its path as the user would write it, `kind` how it is read."""

    path: str
    shown: str
    kind: str
    size: int


@dataclass(slots=True)
class Tally:
    """What was passed over: a count for each reason, and what could not be looked into."""

    counts: dict[str, int] = field(default_factory=dict)
    unread: list[tuple[str, str]] = field(default_factory=list)

    def skip(self, reason: str) -> None:
        """Count one file or folder."""
        self.counts[reason] = self.counts.get(reason, 0) + 1


def walk(root: str, tally: Tally, *, shown: str = "", ignores: bool = True) -> Iterator[File]:
    """List the files below a folder, or the one file named, in the order of their paths.

    Args:
        root: a folder or a file; a link is followed here, and nowhere below, so that no loop can form.
        tally: where to count what is passed over.
        shown: the path of `root` as reports name it; by default as it is given.
        ignores: respect `.gitignore`.

    Yields:
        Each file once.
    """
    shown = shown or root
    if not os.path.isdir(root):  # noqa: PTH112 - never raises
        name = os.path.basename(root)  # noqa: PTH119 - as above
        yield File(root, shown, reading_of(name) or "lines", _size(root))
        return
    shown = "" if shown in (".", "./") else shown.rstrip("/") + "/"
    top = Path(root).resolve()
    start = from_above(top) if ignores else Ignores()
    stack = [(str(top), shown, start)]
    looked = 0
    while stack:
        folder, shown, rules = stack.pop()
        if ignores:
            rules = rules.below(f"{folder}/".replace("//", "/"), ignore_lines(folder))
        entries = _entries(folder, shown, tally)
        below = []
        for entry in entries:
            looked += 1
            if looked > MOST_ENTRIES:
                tally.skip("too-many")
                return
            kind = _look(entry, rules, tally)
            if kind == "folder":
                below.append((entry.path, f"{shown}{entry.name}/", rules))
            elif kind:
                yield File(entry.path, f"{shown}{entry.name}", kind, _size(entry.path))
        stack += reversed(below)


def _entries(folder: str, shown: str, tally: Tally) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError as problem:
        tally.unread.append((shown or ".", f"folder: {problem.strerror}"))
        return []


def _look(entry: os.DirEntry[str], rules: Ignores, tally: Tally) -> str | None:
    """Say what an entry is: `folder`, a kind of reading, or None where it is passed over and counted."""
    try:
        if entry.is_symlink():
            tally.skip("links")
            return None
        folder = entry.is_dir(follow_symlinks=False)
        plain = folder or stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode)
    except OSError as problem:
        tally.unread.append((entry.path, str(problem.strerror)))
        return None
    if not plain:
        tally.skip("special")
        return None
    if folder and (reason := _of_tools(entry)) is not None:
        tally.skip(reason)
        return None
    kind = "folder" if folder else reading_of(entry.name)
    if kind is None:
        tally.skip("other-kinds")
    elif rules.ignored(entry.path, folder=folder):
        tally.skip("ignored")
        return None
    elif not folder and entry.name.lower() in words().skipped_files:
        tally.skip("made-by-tools")
        return None
    return kind


def _of_tools(entry: os.DirEntry[str]) -> str | None:
    """Say why a folder is never looked into, or None."""
    reason = next((why for why, names in words().skipped_folders.items() if entry.name in names), None)
    if reason is None and os.path.isfile(os.path.join(entry.path, "pyvenv.cfg")):  # noqa: PTH113,PTH118 - once a folder
        return "packages"
    return reason


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)  # noqa: PTH202 - once a file
    except OSError:
        return 0
