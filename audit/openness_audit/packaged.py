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

T = TypeVar("T")


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
