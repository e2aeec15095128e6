"""Say under which terms a base model stands, one hop up."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from openness_audit.errors import RuleError
from openness_audit.licenses.ids import resolve
from openness_audit.licenses.terms import terms
from openness_audit.model.capture import Failure, RepoInfo
from openness_audit.model.evidence import Place

__all__ = ["Above", "info_place", "parent_license"]


class Above(Struct, frozen=True):
    """A base model's terms; `declared` is false where they are known by the publisher's id, not by its metadata."""

    expression: str
    family: str
    declared: bool
    places: tuple[Place, ...]


class _Known(Struct, frozen=True, forbid_unknown_fields=True):
    pattern: str
    id: str


@cache
def _known() -> tuple[tuple[re.Pattern[str], str], ...]:
    import yaml  # noqa: PLC0415 - lazy: --help must not load it

    source = files("openness_audit.rules").joinpath("vocabulary/license-parents.yaml")
    try:
        rows = msgspec.convert(yaml.load(source.read_bytes(), yaml.CSafeLoader), tuple[_Known, ...])
        return tuple((re.compile(row.pattern), row.id) for row in rows)
    except (msgspec.ValidationError, yaml.YAMLError, re.error) as problem:
        raise RuleError(f"vocabulary/license-parents.yaml: {problem}") from problem


def info_place(info: RepoInfo, excerpt: str = "") -> Place:
    """Cite the Hub's record of a repository."""
    return Place(
        kind="model-info",
        repo=info.id,
        url=info.origin.url,
        sha=info.sha,
        excerpt=excerpt or None,
        sha256=info.origin.sha256,
        text_kind="json",
        retrieved_at=info.origin.retrieved_at,
        from_cache=info.origin.from_cache,
    )


def parent_license(parent: str, info: RepoInfo | Failure | None) -> Above | None:
    """Give a base model's terms by its metadata, or by its publisher's id where the metadata names none."""
    if isinstance(info, RepoInfo) and info.card_data:
        values = info.card_data
        raw = values.get("license")
        found = resolve(raw, values.get("license_name"), values.get("license_link"))
        if found.expression not in (None, "NOASSERTION"):
            return Above(
                str(found.expression), found.family, declared=True, places=(info_place(info, f"license: {raw}"),)
            )
    known = next((name for pattern, name in _known() if pattern.search(parent.lower())), None)
    if known is None:
        return None
    places = (info_place(info),) if isinstance(info, RepoInfo) else ()
    return Above(terms(known).expression, terms(known).family, declared=False, places=places)
