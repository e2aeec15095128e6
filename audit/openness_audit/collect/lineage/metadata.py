"""Read the base models that structured sources name: metadata, Hub tags, adapter and merge configurations."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from msgspec import Struct

from openness_audit.collect.lineage.refs import hub_id, is_id
from openness_audit.collect.places import info_place
from openness_audit.model.capture import Failure, RepoInfo, Text
from openness_audit.model.card import Card
from openness_audit.model.evidence import Place
from openness_audit.model.facts_origins import Parent, Relation

MAX_PARENTS: Final = 32
_RELATIONS: Final[dict[str, Relation]] = {
    "finetune": "finetune",
    "finetuned": "finetune",
    "fine-tune": "finetune",
    "adapter": "adapter",
    "lora": "adapter",
    "quantized": "quantized",
    "quantised": "quantized",
    "merge": "merge",
}
_EMPTY: Final = frozenset({"", "none", "null", "n/a", "na", "unknown", "-", "false", "other", "tbd"})
_MERGE_MODEL = re.compile(
    r"^[ \t-]*(?:model|base_model|source_model)[ \t]*:[ \t]*['\"]?(?P<id>[\w.-]+/[\w.-]+)", re.MULTILINE
)


_DRIVE = re.compile(r"^[A-Za-z]:[\\/]")


class Metadata(Struct, frozen=True):
    """What structured sources say; `relation` is None where only parents are named.

    `guessed`: nobody stated the relation, the Hub derived it from the files. `elsewhere` are base models by an address
    that is not the Hub's, or a path on somebody's disk: nobody can look them up, and they count only where nothing else
    names a base model.
    """

    parents: tuple[Parent, ...] = ()
    relation: Relation | None = None
    places: tuple[Place, ...] = ()
    elsewhere: tuple[Parent, ...] = ()
    guessed: bool = False


def text_place(info: RepoInfo, text: Text, excerpt: str, line: int | None = None) -> Place:
    """Cite a text file of the model repository."""
    local = not text.origin.url.startswith("http")
    return Place(
        kind="file",
        repo=info.id,
        url=text.origin.url
        if local
        else f"https://huggingface.co/{info.id}/blob/{text.sha or info.sha or 'main'}/{text.path}",
        sha=text.sha or info.sha,
        path=text.path,
        line=line,
        excerpt=" ".join(excerpt.split())[:200],
        sha256=text.origin.sha256,
        text_kind="json" if text.path.endswith(".json") else "yaml",
        retrieved_at=text.origin.retrieved_at,
        from_cache=text.origin.from_cache,
    )


def named_values(value: Any) -> list[tuple[str, str]]:
    """Give the model names in a `base_model` value of any shape, each with its path suffix."""
    if isinstance(value, str):
        pieces = (
            [p.strip() for p in re.split(r"[,;\n]", value)] if value.count("/") > 1 and "://" not in value else [value]
        )
        return [(p.strip(), "") for p in pieces if p.strip().lower() not in _EMPTY][:MAX_PARENTS]
    if isinstance(value, list):
        return [
            (name, f"[{index}]") for index, item in enumerate(value[:MAX_PARENTS]) for name, _ in named_values(item)
        ]
    if isinstance(value, dict):
        inner = value.get("name") or value.get("id") or value.get("model")
        return named_values(inner) if isinstance(inner, (str, list)) else []
    return []


def is_elsewhere(name: str) -> bool:
    """Say whether a value is an address or a path on a disk, not a name."""
    return "://" in name or name.startswith((".", "/", "~", "\\")) or _DRIVE.match(name) is not None


def _elsewhere(name: str, relation: Relation, source: Any, place: Place) -> Parent | None:
    """Make a parent of an address or a path, None where the value is neither, or leads to the Hub."""
    bare = " ".join(name.split())
    if not is_elsewhere(bare) or hub_id(bare) or not any(c.isalnum() for c in bare):
        return None
    return Parent(id=None, name=bare[:120], relation=relation, source=source, places=(place,))


def parent_of(name: str, relation: Relation, source: Any, place: Place, own: str) -> Parent | None:
    """Make a parent of a value that names a model, by id or URL; None where it names the subject itself."""
    if name.strip().startswith(("/", "\\")):
        return None  # a path on somebody's disk
    name = name.strip().strip("/")
    found = hub_id(name) if "://" in name else (name if is_id(name) else None)
    if found is not None and found.lower() == own.lower():
        return None
    if found is None and (is_elsewhere(name) or len(name) > 120):
        return None
    return Parent(id=found, name=found or name, relation=relation, source=source, places=(place,))


def metadata(card: Card | None, info: RepoInfo) -> Metadata:
    """Read `base_model` and `base_model_relation` of the front matter, or of the Hub's reading of it, then the tags."""
    front = card.front_matter.values if card is not None else {}
    values = front if "base_model" in front else (info.card_data or {})
    raw = values.get("base_model_relation")
    relation = _RELATIONS.get(str(raw).strip().lower()) if isinstance(raw, str) else None
    places: list[Place] = []
    parents: list[Parent] = []
    elsewhere: list[Parent] = []
    for name, suffix in named_values(values.get("base_model")):
        if card is not None and values is front:
            lines = card.front_matter.lines
            line = lines.get(f"base_model{suffix}") or lines.get("base_model") or 1
            place = card.document.at(line, f"base_model: {name}", text_kind="yaml")
        else:
            place = info_place(info, f"base_model: {name}")
        parent = parent_of(name, relation or "unknown", "metadata", place, info.id)
        if parent is not None:
            parents.append(parent)
            places.append(place)
        elif (other := _elsewhere(name, relation or "unknown", "metadata", place)) is not None:
            elsewhere.append(other)
    tagged = _tags(info)
    return Metadata(
        parents=tuple({(p.id or p.name).lower(): p for p in reversed(parents)}.values())[::-1] or tagged.parents,
        relation=relation or tagged.relation,
        places=tuple(places) or tagged.places,
        elsewhere=tuple(elsewhere),
        guessed=relation is None and not values.get("quantized_by"),
    )


def _tags(info: RepoInfo) -> Metadata:
    """Read tags such as `base_model:org/name` and `base_model:finetune:org/name`."""
    parents: dict[str, Parent] = {}
    relation: Relation | None = None
    for tag in info.tags:
        head, _, rest = tag.partition(":")
        if head != "base_model":
            continue
        kind, _, name = rest.partition(":")
        said = _RELATIONS.get(kind) if name else None
        relation = relation or (said if said != "finetune" else None)  # the Hub's word where nobody said which
        place = info_place(info, tag)
        parent = parent_of(name if said else rest, said or "unknown", "metadata", place, info.id)
        if parent is not None and parent.id and (said or parent.id not in parents):
            parents[parent.id] = parent
    rows = tuple(parents.values())[:MAX_PARENTS]
    return Metadata(parents=rows, relation=relation, places=tuple(p.places[0] for p in rows))


def from_files(info: RepoInfo, texts: dict[str, Text | Failure]) -> Metadata:
    """Read the base model of an adapter's configuration, and the models of a merge's."""
    elsewhere: list[Parent] = []
    for path, text in sorted(texts.items()):
        name = path.rpartition("/")[2].lower()
        if not isinstance(text, Text):
            continue
        if name == "adapter_config.json":
            found = _adapter(info, text)
        elif name.startswith("mergekit") and name.endswith((".yml", ".yaml")):
            found = _merge(info, text)
        else:
            continue
        if found.parents:
            return found
        elsewhere += found.elsewhere
    return Metadata(elsewhere=tuple(elsewhere))


def _adapter(info: RepoInfo, text: Text) -> Metadata:
    try:
        value = json.loads(text.text)
    except (ValueError, RecursionError):
        return Metadata()
    name = value.get("base_model_name_or_path") if isinstance(value, dict) else None
    if not isinstance(name, str) or not name.strip():
        return Metadata()
    line = next((n for n, row in enumerate(text.text.split("\n"), 1) if "base_model_name_or_path" in row), 1)
    place = text_place(info, text, f"base_model_name_or_path: {name}", line)
    parent = parent_of(name, "adapter", "files", place, info.id)
    if parent is not None:
        return Metadata((parent,), "adapter", (place,))
    other = _elsewhere(name, "adapter", "files", place)
    return Metadata(elsewhere=(other,)) if other is not None else Metadata()


def from_config(info: RepoInfo, texts: dict[str, Text | Failure]) -> Parent | None:
    """Read the id that `config.json` was saved from: a habit of libraries, which alone says nothing of the weights."""
    text = texts.get("config.json")
    if not isinstance(text, Text):
        return None
    try:
        value = json.loads(text.text)
    except (ValueError, RecursionError):
        return None
    name = value.get("_name_or_path") if isinstance(value, dict) else None
    if not isinstance(name, str) or name.count("/") != 1 or not is_id(name.strip()):
        return None
    line = next((n for n, row in enumerate(text.text.split("\n"), 1) if "_name_or_path" in row), 1)
    return parent_of(name, "unknown", "files", text_place(info, text, f"_name_or_path: {name}", line), info.id)


def _merge(info: RepoInfo, text: Text) -> Metadata:
    parents: dict[str, Parent] = {}
    for match in _MERGE_MODEL.finditer(text.text[:50_000]):
        line = text.text.count("\n", 0, match.start()) + 1
        place = text_place(info, text, match.group(), line)
        parent = parent_of(match["id"].rstrip("."), "merge", "files", place, info.id)
        if parent is not None and parent.id:
            parents.setdefault(parent.id, parent)
    rows = tuple(parents.values())[:MAX_PARENTS]
    return Metadata(rows, "merge" if rows else None, tuple(p.places[0] for p in rows))
