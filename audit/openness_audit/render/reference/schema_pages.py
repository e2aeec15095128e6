"""Make docs/schemas/: an index, and a page for each document with every field, from the schemas themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from openness_audit import packaged
from openness_audit.errors import RuleError
from openness_audit.render.reference import schemas
from openness_audit.ruleset import RULESET_VERSION

FILE = "documents.yaml"
LONGEST_CHOICE = 8  # words that a cell of a table lists; more stand below it
LONGEST_TEXT = 120  # characters of a value in an example
_SIMPLE = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}
_MADE = "OPENNESS_AUDIT_REGENERATE=1 pytest tests/core/test_schema_pages.py"

Node: TypeAlias = Mapping[str, Any]


class About(Struct, frozen=True, forbid_unknown_fields=True):
    """What `schemas/documents.yaml` says of one document."""

    purpose: str
    written: str
    read: str
    shows: tuple[str, ...]
    versions: dict[int, str]


class Example(Struct, frozen=True):
    """A real document, or a file that people write, as the page of its kind shows it."""

    text: str
    language: str
    made: str


def about() -> dict[str, About]:
    """Read what is said of each document. Raises RuleError where the file does not fit."""
    text = (resources.files("openness_audit.schemas") / FILE).read_text("utf-8")
    try:
        return msgspec.convert(packaged.parse(text, f"schemas/{FILE}"), dict[str, About], strict=False)
    except msgspec.ValidationError as problem:
        raise RuleError(f"schemas/{FILE}: {problem}") from problem


def pages(examples: Mapping[str, Example]) -> dict[str, str]:
    """Give the pages by file name.

    Args:
        examples: by the name of the document; one without an example has none on its page.

    Returns:
        Markdown. Raises KeyError for a document that `schemas/documents.yaml` does not tell of.
    """
    said = about()
    made = {f"{name}.md": _page(name, said[name], examples.get(name)) for name in schemas.NAMES}
    return {"README.md": _index(said), **made}


def abridged(document: Any, shows: tuple[str, ...]) -> str:
    """Cut a document down to what a page can show: the named keys, of lists the first entry, of texts the beginning."""
    kept = {key: document[key] for key in ("schema", *shows) if key in document}
    return json.dumps(_cut(kept), indent=2, ensure_ascii=False)


def _cut(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _cut(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_cut(item) for item in node[:1]]
    if isinstance(node, str) and len(node) > LONGEST_TEXT:
        return f"{node[:LONGEST_TEXT]}..."
    return node


def _index(said: Mapping[str, About]) -> str:
    lines = [
        "# Documents",
        "",
        "What modelaudit writes and reads, each with a JSON Schema (2020-12): `modelaudit schema NAME` prints it,",
        "`modelaudit schema` lists them. Reading is strict: a field that the schema does not know is refused, and a",
        "document of a later version is refused as such. How versions change: [versions.md](../versions.md).",
        "",
        f"These pages are made from the program (`{_MADE}`). Rule set: version {RULESET_VERSION}.",
        "",
        "| document | version | for |",
        "|---|---|---|",
    ]
    rows = [
        f"| [{name}]({name}.md) | {schemas.version(name)} | {_cell(said[name].purpose)} |" for name in schemas.NAMES
    ]
    return "\n".join([*lines, *rows, ""])


def _page(name: str, said: About, example: Example | None) -> str:
    schema = json.loads(schemas.schema(name))
    root = schema["$ref"].rpartition("/")[2]
    lines = [
        f"# {name}",
        "",
        f"**{schema['title']}.** Version {schemas.version(name)}, `{schema['$id']}`. [All documents](README.md).",
        "",
        said.purpose,
        "",
        f"- **Written:** {said.written}",
        f"- **Read:** {said.read}",
        f"- **Schema:** `modelaudit schema {name}`, or `schemas/{schemas.file_name(name)}`.",
        "",
    ]
    if example:
        lines += ["## Example", "", example.made, "", f"```{example.language}", example.text.rstrip("\n"), "```", ""]
    lines += ["## Fields", ""]
    for kind in _order(root, schema["$defs"]):
        lines += _table(kind, schema["$defs"][kind])
    lines += ["## Versions", ""]
    lines += [f"- **{number}:** {what}" for number, what in sorted(said.versions.items(), reverse=True)]
    return "\n".join([*lines, ""])


def _order(root: str, kinds: Node) -> list[str]:
    """Give the types from the whole to its parts, each once, as a reader meets them."""
    found, waiting = [root], [root]
    while waiting:
        for name in _references(kinds[waiting.pop(0)]):
            if name not in found:
                found.append(name)
                waiting.append(name)
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rpartition("/")[2]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for item in node:
            yield from _references(item)


def _table(kind: str, definition: Node) -> list[str]:
    lines = [f"### {kind}", ""]
    if words := definition.get("description", ""):
        lines += [" ".join(words.split()), ""]
    lines += ["| field | type | meaning |", "|---|---|---|"]
    below = []
    required = definition.get("required", ())
    for field, schema in definition.get("properties", {}).items():
        shown = _type(schema)
        choices = _choices(schema)
        if len(choices) > LONGEST_CHOICE:
            null = " or null" if {"type": "null"} in schema.get("anyOf", ()) else ""
            shown = f"one of {len(choices)} words{null}"
            below.append(f"`{field}`: {', '.join(f'`{choice}`' for choice in choices)}.")
        if field not in required and "default" in schema and schema["default"] not in (None, "", [], {}, ()):
            shown += f"; without it `{json.dumps(schema['default'])}`"
        elif field not in required:
            shown += "; may be absent"
        lines.append(f"| `{field}` | {_cell(shown)} | {_cell(schema.get('description', ''))} |")
    lines.append("")
    for words in below:
        lines += [words, ""]
    return lines


def _choices(schema: Node) -> list[Any]:
    """Give all words that a field may hold, of every alternative."""
    found = list(schema.get("enum", ()))
    for part in schema.get("anyOf", ()):
        found += part.get("enum", ())
    return found


def _type(schema: Node) -> str:
    """Say in words what a value is."""
    if "const" in schema:
        return f"always `{schema['const']}`"
    if "enum" in schema:
        return _either(
            [f"`{json.dumps(value)}`" if not isinstance(value, str) else f"`{value}`" for value in schema["enum"]]
        )
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return _either([_type(part) for part in schema["anyOf"]])
    kind = schema.get("type")
    if kind == "array":
        return _list(schema)
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"map to {_type(inner)}" if isinstance(inner, dict) else "map"
    if not isinstance(kind, str):
        return "anything"
    return " ".join(filter(None, (_SIMPLE[kind], _bounds(schema))))


def _list(schema: Node) -> str:
    if "prefixItems" in schema:
        return f"list of {', then '.join(_type(part) for part in schema['prefixItems'])}"
    inner = schema.get("items")
    return f"list of {_type(inner)}" if isinstance(inner, dict) and inner else "list"


def _bounds(schema: Node) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"from {low} to {high}"
    if schema.get("format"):
        return f"({schema['format']})"
    return f"like `{schema['pattern']}`" if "pattern" in schema else ""


def _either(words: list[str]) -> str:
    return " or ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} or {words[-1]}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
