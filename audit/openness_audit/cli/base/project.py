"""How reports name the user's own files."""

from __future__ import annotations

import os
from pathlib import Path


def project_path(name: str) -> str:
    """Give a file's path as reports name it: from the root of the checkout that holds the working directory.

    Outside of any checkout it is from the working directory; a file elsewhere keeps its whole path.
    """
    try:
        here = Path.cwd()
    except OSError:  # it was removed
        return Path(name).as_posix()
    root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    whole = Path(os.path.abspath(name))  # noqa: PTH100 - a link keeps its own name
    try:
        return whole.relative_to(root).as_posix()
    except ValueError:
        return whole.as_posix()
