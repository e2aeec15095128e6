"""Read the base models out of blocks of code: merge and training configurations, snippets that load an adapter."""

from __future__ import annotations

import re
from typing import Final

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.card.markdown import cite_at
from openness_audit.collect.lineage.refs import Ref, Statement, is_id
from openness_audit.model.card import Block, Card
from openness_audit.model.facts_origins import Relation

MAX_CODE: Final = 20_000  # characters of a block of code
MERGED = re.compile(r"^\s*['\"]?merge_method['\"]?\s*:|^\s*slices\s*:|experts\s*:", re.MULTILINE)
LOADED = re.compile(
    r"""(?P<call>Peft\w*|\w+)\.from_pretrained\(\s*(?:model\w*\s*,\s*)?["'](?P<id>[\w.-]+/[\w.-]+)["']"""
)
_YAML_MODEL = re.compile(
    r"^[ \t-]*['\"]?(?P<key>model|base_model|model_name_or_path|source_model)['\"]?[ \t]*:[ \t]*['\"]?"
    r"(?P<id>[\w.-]+/[\w.-]+)",
    re.MULTILINE,
)
_YAML_PART = re.compile(
    r"^[ \t]*-[ \t]+(?:model|source_model)[ \t]*:[ \t]*['\"]?(?P<path>[\w./~-]{2,200})['\"]?[ \t]*$", re.MULTILINE
)
_BASE_ARG = re.compile(
    r"""(?:base_model\w*|model_name_or_path|pretrained_model_name_or_path)["']?\s{0,3}[=: ]\s{0,3}["']?"""
    r"(?P<id>[\w.-]+/[\w.-]+)"
)


def is_own(ref: Ref, identity: Identity) -> bool:
    """Say whether a name is this model's own."""
    return (ref.id or "").lower() == identity.id.lower() or (ref.id is None and ref.name.lower() in identity.aliases)


def _of_merge(card: Card, block: Block, text: str) -> list[Statement]:
    """Keep the parts of a merge that are local paths or bare names: parents that cannot be looked up."""
    found: list[Statement] = []
    for match in _YAML_PART.finditer(text):
        path = match["path"].rstrip("/")
        ref = Ref(match.start("path"), match.end("path"), path.rpartition("/")[2], None, "card-name")
        if ref.name and not (path.count("/") == 1 and is_id(path)):
            place = cite_at(card, block, match.start(), match.end())
            found.append(Statement(ref, "merge", strong=True, place=place))
    return found


def of_code(card: Card, block: Block, identity: Identity) -> list[Statement]:
    """Read the base models out of a merge or training configuration, or a snippet that loads an adapter."""
    text = block.text[:MAX_CODE]
    found: list[Statement] = []

    def add(match: re.Match[str], relation: Relation) -> None:
        name = match["id"].rstrip(".")
        ref = Ref(match.start("id"), match.end("id"), name, name, "card-id")
        if is_id(name) and not is_own(ref, identity):
            found.append(Statement(ref, relation, strong=True, place=cite_at(card, block, match.start(), match.end())))

    if MERGED.search(text):
        for match in _YAML_MODEL.finditer(text):
            add(match, "merge")
        found += _of_merge(card, block, text) if found else []
    elif re.search(r"^\s*(?:base_model|datasets|micro_batch_size|lora_r|learning_rate)\s*:", text, re.MULTILINE):
        for match in _YAML_MODEL.finditer(text):
            if match["key"] != "model":
                add(match, "finetune")
                break
    elif "Peft" in text:
        own = [m for m in LOADED.finditer(text) if m["id"].lower() == identity.id.lower()]
        other = [
            m for m in (*LOADED.finditer(text), *_BASE_ARG.finditer(text)) if m["id"].lower() != identity.id.lower()
        ]
        if own and other:
            add(other[0], "adapter")
    return found
