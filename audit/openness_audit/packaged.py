"""Read the YAML files that ship with the program; what they say is kept in a form that loads thirty times as fast."""

from __future__ import annotations

import contextlib
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from openness_audit import kept
from openness_audit.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

T = TypeVar("T")

KNOWLEDGE = ("components", "findings", "profiles", "vocabulary", "licenses")  # what a report's digests are made of


class _Root:
    """Where the knowledge is read from: the installed one, unless a process begins with another."""

    folder: Traversable | Path | None = None
    version: str | None = None
    begun = False


def use(folder: Traversable | Path, version: str) -> None:
    """Judge by the rules and vocabularies in `folder` instead of the installed ones, for the life of this process.

    What was read is remembered in many places, so this comes before anything is read. Nothing that is made of these
    rules is kept beside the program's bytecode.

    Raises:
        RuntimeError: something was read already.
    """
    if _Root.begun:
        raise RuntimeError("rules were read already: others need a process of their own")
    _Root.folder, _Root.version = folder, version
    kept.switch_off()


def version_in_use() -> str | None:
    """Give the version of the rules that were put in place of the installed ones; None where they are those."""
    return _Root.version


def place(name: str) -> Traversable | Path:
    """Give a file or folder below `rules/`, such as `vocabulary/data.yaml`."""
    _Root.begun = True
    if _Root.folder is not None and name.partition("/")[0] in KNOWLEDGE:
        return _Root.folder.joinpath(*name.split("/"))
    return files("openness_audit.rules").joinpath(*name.split("/"))


def read(name: str) -> Any:
    """Give what a YAML file below `rules/` says, such as `vocabulary/data.yaml`; RuleError for what is no YAML."""
    path = f"rules/{name}"
    return parsed(name.removesuffix(".yaml"), {path: place(name).read_bytes()})[path]


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
    key = name.replace("/", ".")
    packed = kept.load(key, texts.values())
    if packed is not None:
        return dict(zip(texts, msgspec.msgpack.decode(packed, type=list), strict=True))
    values = {path: parse(text, path) for path, text in texts.items()}
    if kept.can_save():
        with contextlib.suppress(TypeError, ValueError, OverflowError):  # values that MessagePack has no word for
            packed = msgspec.msgpack.encode(list(values.values()))
            if msgspec.msgpack.decode(packed) == list(values.values()):  # a date would come back as a string
                kept.save(key, texts.values(), packed)
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
