"""Find what every field of a document means, in words: from its type's own text, else from `schemas/fields.yaml`."""

from __future__ import annotations

import inspect
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, get_origin

import msgspec
from msgspec import Struct

from openness_audit import packaged
from openness_audit.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "fields.yaml"
_COMMENT = re.compile(r"^    (\w+): .*?  # (?!type:|noqa)(.+)$", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.;:])\s+(?=[A-Z`])")
_NAME = re.compile(r"`([^`]+)`")


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """`schemas/fields.yaml`: what fields mean that their types do not explain; `common` holds for a name everywhere.

    The names are those of the written documents.
    """

    common: dict[str, str]
    types: dict[str, dict[str, str]]


@cache
def words() -> Words:
    """Read the file. Raises RuleError where it does not fit."""
    text = (resources.files("openness_audit.schemas") / FILE).read_text("utf-8")
    try:
        return msgspec.convert(packaged.parse(text, f"schemas/{FILE}"), Words)
    except msgspec.ValidationError as problem:
        raise RuleError(f"schemas/{FILE}: {problem}") from problem


def describe(document: dict[str, Any], kind: type[Struct]) -> None:
    """Give every field of a schema its description, where one is known.

    Args:
        document: the schema, whose `$defs` are changed in place.
        kind: the type that it was made from.
    """
    said, classes = words(), {cls.__name__: cls for cls in _classes(kind)}
    for name, definition in document["$defs"].items():
        cls = classes[name.partition("_")[0]]  # `Observed_bool_` is a kind of `Observed`
        known = dict(said.common)
        for base in reversed(_bases(cls)):
            known |= {**_by_text(base), **said.types.get(base.__name__, {})}
        for field, schema in definition.get("properties", {}).items():
            if field in known and "description" not in schema:
                schema["description"] = known[field]


def _bases(cls: type[Struct]) -> list[type[Struct]]:
    return [base for base in cls.__mro__ if base is not Struct and issubclass(base, Struct)]


def _by_text(cls: type[Struct]) -> dict[str, str]:
    """Give what a type's text says of its fields: sentences of the docstring that name one, and comments beside it."""
    encoded = {row.name: row.encode_name for row in msgspec.structs.fields(cls)}
    found: dict[str, str] = {}
    for sentence in _SENTENCE.split(" ".join((cls.__doc__ or "").split())):
        for name in _NAME.findall(sentence):
            if name in encoded:
                said = re.sub(rf"^`{name}`(?:: | is | are | (?!and |or ))", "", sentence)
                found.setdefault(encoded[name], _sentence(said))
    found |= {encoded.get(name, name): _sentence(comment) for name, comment in _COMMENT.findall(_source(cls))}
    return found


def _sentence(text: str) -> str:
    """Make a sentence: a capital first, unless it begins with a name, and one full stop."""
    first = text[:1].upper() + text[1:] if text[:1].islower() else text
    return f"{first.rstrip('.;:,')}."


def _source(cls: type[Struct]) -> str:
    try:
        return inspect.getsource(cls)
    except OSError:  # installed without sources
        return ""


def _classes(kind: type[Struct]) -> Iterator[type[Struct]]:
    """Give every type that a document is made of, once."""
    seen: set[type[Struct]] = set()
    waiting: list[Any] = [msgspec.inspect.type_info(kind)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, msgspec.inspect.StructType):
            if node.cls in seen:
                continue
            seen.add(node.cls)
            yield get_origin(node.cls) or node.cls
        if isinstance(node, msgspec.inspect.Type | msgspec.inspect.Field):
            waiting += [getattr(node, name) for name in node.__struct_fields__]
        elif isinstance(node, tuple | list):
            waiting += node
