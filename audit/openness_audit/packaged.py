"""Read the YAML files that ship with the program; what they say is kept beside them in a form that loads at once.

Reading the YAML takes thirty times as long as reading the same values from MessagePack. They are kept where Python
keeps the bytecode of `rules/__init__.py`, and under its conditions: nothing is written where bytecode is not. Whoever
can write there can change the program itself, which is not true of a user's cache; a report names the digest of the
YAML, so nobody else may have a say in what was read from it.
"""

from __future__ import annotations

import sys
import threading
from hashlib import sha256
from importlib.resources import files
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from openness_audit.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")
_DIGEST = 32  # bytes of SHA-256 before the values


def read(name: str) -> Any:
    """Give what a YAML file below `rules/` says, such as `vocabulary/data.yaml`; RuleError for what is no YAML."""
    path = f"rules/{name}"
    return parsed(name.removesuffix(".yaml"), {path: files("openness_audit.rules").joinpath(name).read_bytes()})[path]


def read_as(name: str, kind: type[T]) -> T:
    """Give what a YAML file below `rules/` says as a value of this type. Raises RuleError where it does not fit."""
    try:
        return msgspec.convert(read(name), kind)
    except msgspec.ValidationError as problem:
        raise RuleError(f"rules/{name}: {problem}") from problem


def parsed(name: str, texts: Mapping[str, bytes]) -> dict[str, Any]:
    """Give the values of YAML texts that ship with the program.

    Args:
        name: what to keep them under; other texts under the same name replace them.
        texts: the YAML, by the path to name in an error.

    Returns:
        The values by path. Raises RuleError for what is not YAML.
    """
    kept = _kept(name)
    found = _load(kept, texts) if kept is not None else None
    if found is not None:
        return dict(zip(texts, found, strict=True))
    values = {path: parse(text, path) for path, text in texts.items()}
    if kept is not None and not sys.dont_write_bytecode:
        _save(kept, texts, list(values.values()))
    return values


def parse(text: str | bytes, path: str) -> Any:
    """Give the value of one YAML text. Raises RuleError that names its path and line."""
    import yaml  # noqa: PLC0415 - `--help` must not load it

    try:
        return yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        said = getattr(problem, "problem", None) or problem
        raise RuleError(f"{path}:{mark.line + 1 if mark else 1}: not YAML: {said}") from problem


def _kept(name: str) -> Path | None:
    """Give the file that keeps the values; None where the program is not in a folder, or Python keeps no bytecode."""
    source = files("openness_audit.rules").joinpath("__init__.py")
    if not isinstance(source, Path):
        return None
    try:
        return Path(cache_from_source(str(source))).with_name(f"{name.replace('/', '.')}.msgpack")
    except NotImplementedError:
        return None


def _digest(texts: Mapping[str, bytes], values: bytes) -> bytes:
    """Make one digest of the texts and of what was read in them: it fits neither other texts nor damaged values."""
    whole = sha256(values)
    for text in texts.values():
        whole.update(b"%d\0" % len(text) + text)
    return whole.digest()


def _load(kept: Path, texts: Mapping[str, bytes]) -> list[Any] | None:
    try:
        whole = kept.read_bytes()
    except OSError:
        return None
    if whole[:_DIGEST] != _digest(texts, whole[_DIGEST:]):
        return None
    found: list[Any] = msgspec.msgpack.decode(whole[_DIGEST:], type=list)
    return found


def _save(kept: Path, texts: Mapping[str, bytes], values: list[Any]) -> None:
    """Keep the values, where the folder can be written and they read again as they are (a date would be a string)."""
    draft = kept.with_name(f"{kept.name}.{threading.get_native_id()}")
    try:
        kept.parent.mkdir(exist_ok=True)
        with draft.open("xb") as file:
            packed = msgspec.msgpack.encode(values)
            file.write(_digest(texts, packed) + packed)
        if msgspec.msgpack.decode(packed) == values:
            draft.replace(kept)
    except (OSError, TypeError, ValueError, OverflowError, msgspec.MsgspecError):
        pass
    finally:
        try:
            draft.unlink(missing_ok=True)
        except OSError:
            return
