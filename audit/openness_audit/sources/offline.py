"""The facts shipped with the program: which models there are, and one of them by its id (DESIGN section 6)."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from openness_audit.errors import AuditError
from openness_audit.model.bundle import Bundle

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

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
