"""Keep what is slow to work out beside the program's bytecode, and under the conditions of bytecode.

Nothing is written where Python writes no bytecode. Whoever can write there can change the program itself, which is not
true of a user's cache: a report names the digest of the rules it was made by, so nobody else may have a say in them.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from hashlib import sha256
from importlib.resources import files
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_switch = {"on": True}
_DIGEST = 32  # bytes of SHA-256 before the values


def load(name: str, made_of: Iterable[bytes]) -> bytes | None:
    """Give what was kept under a name; None where nothing was, or it is damaged or was made of something else."""
    path = _path(name)
    if path is None:
        return None
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    values = whole[_DIGEST:]
    return values if whole[:_DIGEST] == _digest(made_of, values) else None


def can_save() -> bool:
    """Say whether anything can be kept here, before work is done for it."""
    path = _path("any")
    if path is None or sys.dont_write_bytecode:
        return False
    return os.access(path.parent if path.parent.exists() else path.parent.parent, os.W_OK)


def save(name: str, made_of: Iterable[bytes], values: bytes) -> None:
    """Keep values in place of what is there; where that cannot be done, nothing happens."""
    path = _path(name)
    if path is None or sys.dont_write_bytecode:
        return
    draft = path.with_name(f"{path.name}.{threading.get_native_id()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        try:
            with draft.open("xb") as file:
                file.write(_digest(made_of, values) + values)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def switch_off() -> None:
    """Keep nothing, and load nothing, for the life of this process: it works with rules of others."""
    _switch["on"] = False


def _path(name: str) -> Path | None:
    """Give the file of a name; None where the program is not in a folder, or Python keeps no bytecode at all."""
    if not _switch["on"]:
        return None
    source = files("openness_audit.rules").joinpath("__init__.py")
    if not isinstance(source, Path):
        return None
    try:
        return Path(cache_from_source(str(source))).with_name(f"{name}.msgpack")
    except NotImplementedError:
        return None


def _digest(made_of: Iterable[bytes], values: bytes) -> bytes:
    """Make one digest of the values and of what they were made of: it fits neither damage nor anything else."""
    whole = sha256(values)
    for part in made_of:
        whole.update(b"%d\0" % len(part) + part)
    return whole.digest()
