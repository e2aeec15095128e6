"""Read the training data out of a training configuration that a card prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from openness_audit.collect.data.found import Found, Ground, of_hub
from openness_audit.collect.data.links import hub_dataset_id
from openness_audit.model.card import Block, Card

_TEXT: Final = 20_000  # characters of a configuration
_MOST: Final = 100  # data sets of one configuration
_BASE = re.compile(r"^base_model[ \t]*:[ \t]*['\"]?(?P<id>[\w.-]+/[\w.-]+)['\"]?[ \t]*$", re.MULTILINE)
_LIST = re.compile(r"^datasets[ \t]*:[ \t]*(?:#.*)?$", re.MULTILINE)
_PATH = re.compile(r"^[ \t]*-[ \t]+path[ \t]*:[ \t]*['\"]?(?P<path>[^\s'\"#]{1,200})")
_PART = re.compile(r"^[ \t]+shards[ \t]*:[ \t]*\d")  # one part of so many is used
_FILE = re.compile(r"\.(?:jsonl?|csv|tsv|txt|parquet|arrow|gz|zst)$", re.IGNORECASE)


def config_found(card: Card, ground: Ground) -> list[Found]:
    """List what configurations in the card say this model was tuned on.

    Args:
        card: the model card.
        ground: what the model was made from; a configuration that starts from another model is another model's.

    Returns:
        Data sets by their Hub id; a file on somebody's disk is data that is spoken of and not identified.
    """
    if ground.lineage.derivation not in {"finetune", "adapter"}:
        return []
    bases = {p.id.lower() for p in ground.lineage.parents if p.id}
    found: list[Found] = []
    for block in card.blocks:
        base = _BASE.search(block.text[:_TEXT]) if block.kind == "code" and not block.citation else None
        if base is not None and base["id"].lower() in bases:
            found += _of_block(card, block)
    return found


def _entries(text: str) -> Iterator[tuple[str, int, bool]]:
    """Give the paths under `datasets:`, with their lines and whether only a part of each is used."""
    start = _LIST.search(text)
    if start is None:
        return
    first = text.count("\n", 0, start.end())
    rows: list[tuple[str, int]] = []
    parts: set[int] = set()
    for number, line in enumerate(text[start.end() :].split("\n")[1:], first + 1):
        if line.strip() and not line.startswith((" ", "\t", "-", "#")):
            break
        match = _PATH.match(line)
        if match:
            rows.append((match["path"], number))
        elif rows and _PART.match(line):
            parts.add(rows[-1][1])
    for path, number in rows[:_MOST]:
        yield path, number, number in parts


def _of_block(card: Card, block: Block) -> list[Found]:
    found = []
    for path, line, part in _entries(block.text[:_TEXT]):
        hub = None if path.startswith((".", "/", "~")) or _FILE.search(path) else hub_dataset_id(path)
        known = hub is not None and "/" in hub
        found.append(
            Found(
                name=hub if known and hub else path,
                stage="finetuning",
                whose="self",
                how="link" if known else "undisclosed",
                place=card.document.at(block.line + line, f"path: {path}", text_kind="code"),
                source="list",
                extent="subset" if part else "whole",
                id=hub if known else None,
                corpus=of_hub(hub) if known and hub else None,
                verb="finetuning",
            )
        )
    return found
