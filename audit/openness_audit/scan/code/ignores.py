"""Which files version control ignores: every `.gitignore` on the way, the nearest last, as git does it."""

from __future__ import annotations

import os
from pathlib import Path

from pathspec import GitIgnoreSpec

MOST_BYTES = 200_000  # of one ignore file
MOST_LINES = 3000
LONGEST_LINE = 400
MOST_STARS = 12  # of one line: each is a step of a search backwards


class Ignores:
    """The patterns in force in one folder, the nearest last."""

    def __init__(self, above: Ignores | None = None, folder: str = "", lines: list[str] | None = None) -> None:
        """Add the lines of one folder's ignore file to those above; `folder` is its path, ending in a slash."""
        self._above = above
        self._folder = folder
        self._spec = GitIgnoreSpec.from_lines(lines) if lines else None

    def below(self, folder: str, lines: list[str]) -> Ignores:
        """Give the patterns in force in a folder below."""
        return Ignores(self, folder, lines) if lines else self

    def ignored(self, path: str, *, folder: bool) -> bool:
        """Say whether a path is ignored; the nearest ignore file that speaks of it decides."""
        here: Ignores | None = self
        while here is not None:
            if here._spec is not None and path.startswith(here._folder):  # noqa: SLF001 - another of this class
                told = here._spec.check_file(path[len(here._folder) :] + ("/" if folder else "")).include  # noqa: SLF001 - as above
                if told is not None:
                    return told
            here = here._above  # noqa: SLF001 - as above
        return False


def ignore_lines(folder: str, name: str = ".gitignore") -> list[str]:
    """Read an ignore file; what is no plain file, too long, or made to take long is left out."""
    path = os.path.join(folder, name)  # noqa: PTH118 - called once a folder
    try:
        if not os.path.isfile(path):  # noqa: PTH113 - never raises
            return []
        with open(path, "rb") as stream:  # noqa: PTH123 - as above
            text = stream.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return []
    lines = [line for line in text.splitlines()[:MOST_LINES] if len(line) <= LONGEST_LINE and "\0" not in line]
    return [line for line in lines if line.count("*") <= MOST_STARS and _valid(line)]


def _valid(line: str) -> bool:
    """Say whether the library takes a line; git passes over those it does not understand."""
    try:
        pattern: object = GitIgnoreSpec.from_lines([line])
    except (ValueError, TypeError):
        return False
    return isinstance(pattern, GitIgnoreSpec)


def from_above(root: Path) -> Ignores:
    """Give the patterns in force at a folder from the folders above it, up to the root of its repository."""
    found = Ignores()
    way = [root, *root.parents]
    top = next((n for n, folder in enumerate(way[:60]) if (folder / ".git").exists()), 0)
    if (way[top] / ".git").is_dir():
        found = found.below(f"{way[top]}/", ignore_lines(str(way[top] / ".git" / "info"), "exclude"))
    for folder in reversed(way[1 : top + 1]):
        found = found.below(f"{folder}/".replace("//", "/"), ignore_lines(str(folder)))
    return found
