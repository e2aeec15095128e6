"""Find what a card says of the compute that trained this model: type of accelerator, and hours, energy or CO2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct, structs

from openness_audit.collect.compute_vocabulary import ComputeWords, compute_words
from openness_audit.collect.identity import Identity
from openness_audit.collect.results_names import Names, names_of
from openness_audit.collect.results_owner import block_whose, is_shared
from openness_audit.collect.results_text import sentences
from openness_audit.collect.results_vocabulary import plain
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import TextKind, Whose
from openness_audit.model.facts import FileFacts, Mention, Topic

MAX_UNIT: Final = 1500  # characters of one statement
MAX_MENTIONS: Final = 100

_LABEL = re.compile(r"^\s*(?P<label>[^:：=|\n]{1,50})\s*[:：=|]\s*(?P<value>\S[^\n]{0,400})")
_DIGIT = re.compile(r"\d")


class Unit(Struct, frozen=True, kw_only=True):
    """One statement: a sentence, list item, line or table row, with its line and its label if it has one."""

    text: str
    line: int
    kind: TextKind
    label: str = ""
    value: str = ""
    row: str = ""  # the first cell of a table row


def compute_mentions(
    cards: tuple[Card, ...], info: RepoInfo, identity: Identity, files: FileFacts | None
) -> tuple[Mention, ...]:
    """Give the topics `compute-hardware` and `compute-amount`.

    Args:
        cards: the subject's card and own repositories' READMEs.
        info: the Hub's record (not needed beyond the card).
        identity: the subject's names.
        files: the listing (not needed).

    Returns:
        Mentions about the training of a model: serving, speed tests, lent hardware, device counts and clusters give
        none. The statement itself is what the component asks for, so it is `declared`, in prose too.
    """
    del info, files
    names, words = names_of(identity, cards), compute_words()
    found: list[Mention] = []
    for card in cards:
        if card.role == "dataset-card":
            continue
        if card.role == "card":
            found += _from_metadata(card, words)
        shared = is_shared(card, names)
        for block in card.blocks:
            if block.citation or block.kind in ("heading", "code"):
                continue
            found += _from_block(card, block, names, words, shared=shared)
    unique: dict[tuple[str, str, str, int | None], Mention] = {}
    for mention in found:
        unique.setdefault((mention.topic, mention.object, mention.whose, mention.place.line), mention)
    return tuple(list(unique.values())[:MAX_MENTIONS])


def _from_metadata(card: Card, words: ComputeWords) -> Iterator[Mention]:
    """Read `co2_eq_emissions`, a number of grams or a mapping (huggingface.co/docs/hub/model-cards-co2)."""
    value: Any = card.front_matter.values.get("co2_eq_emissions")
    if value is None:
        return
    fields = value if isinstance(value, dict) else {"emissions": value}

    def mention(topic: Topic, name: str, key: str) -> Mention:
        lines = card.front_matter.lines
        line = lines.get(f"co2_eq_emissions.{key}", lines.get("co2_eq_emissions", 1))
        excerpt = f"co2_eq_emissions {key}: {fields.get(key)}"
        place = structs.replace(card.document.at(line, excerpt, text_kind="yaml"), kind="metadata")
        return Mention(
            topic=topic, object=name, whose="self", place=place, strength="declared", attrs=frozenset({"metadata"})
        )

    emitted = fields.get("emissions")
    if not isinstance(emitted, bool) and _DIGIT.search(str(emitted)):
        yield mention("compute-amount", "CO2", "emissions")
    for kind in words.types(str(fields.get("hardware_used", ""))[:MAX_UNIT].lower()):
        yield mention("compute-hardware", kind, "hardware_used")


def units(block: Block) -> Iterator[Unit]:
    """Split a block into statements."""
    if block.rows:
        for row, line in zip(block.rows, block.row_lines, strict=False):
            text = " | ".join(c.strip() for c in row)[:MAX_UNIT]
            rest = " | ".join(c.strip() for c in row[1:])[:MAX_UNIT]
            label = row[0].strip() if row else ""
            yield Unit(text=text, line=line, kind="table", label=label, value=rest, row=label)
            if row is not block.rows[0] and _DIGIT.search(rest):
                pairs = "; ".join(f"{h}: {c}" for h, c in zip(block.rows[0], row, strict=False) if c.strip() and h.strip())
                yield Unit(text=f"{label} {pairs}"[:MAX_UNIT], line=line, kind="table", row=label)
        return
    kind: TextKind = "list" if block.kind == "list-item" else "prose"
    for start, sentence in sentences(block.text):
        line = block.line + block.text.count("\n", 0, start)
        lines = sentence.split("\n")
        labelled = [_LABEL.match(x) for x in lines]
        if any(labelled):
            for offset, (text, match) in enumerate(zip(lines, labelled, strict=True)):
                label, value = (match["label"], match["value"]) if match else ("", "")
                yield Unit(text=text[:MAX_UNIT], line=line + offset, kind=kind, label=label.strip(" *-_•"), value=value)
        yield Unit(text=" ".join(sentence.split())[:MAX_UNIT], line=line, kind=kind)


def _from_block(card: Card, block: Block, names: Names, words: ComputeWords, *, shared: bool) -> Iterator[Mention]:
    path = card.path_of(block)
    titles = [plain(t) for t in path]
    if any(t in words.sets["use_sections"] for t in titles[-1:]):
        return
    in_training = bool(words.texts["training_sections"].search(" / ".join(path[1:] if len(path) > 1 else path)))
    section = block_whose(card, block, names)
    about_path = names.about(" / ".join(path))
    for unit in units(block):
        topics = list(_topics(unit, words, in_training=in_training))
        if not topics:
            continue
        said = names.about(unit.text)
        whose: Whose = "other" if said == "other" or (unit.row and names.naming(unit.row) == "other") else section
        if whose == "self" and shared and "self" not in (said, about_path):
            whose = "other"
        place = card.document.at(unit.line, unit.text, text_kind=unit.kind)
        for topic, name in topics:
            yield Mention(topic=topic, object=name, whose=whose, place=place, strength="declared")


def _topics(unit: Unit, words: ComputeWords, *, in_training: bool) -> Iterator[tuple[Topic, str]]:
    low = unit.text.lower()
    label = plain(unit.label)
    trained = words.texts["training"].search(low) is not None
    if words.texts["use"].search(low) and not (label in words.sets["hardware_labels"] and in_training):
        return
    if words.texts["lent"].search(low) and not trained:
        return
    labelled = label in words.sets["hardware_labels"]
    done = words.texts["done"].search(low) is not None
    if done or labelled or (in_training and words.counted.search(low)):
        for kind in words.types((unit.value if labelled else unit.text).lower()):
            yield "compute-hardware", kind
    amount = _amount(unit, low, words, trained=trained, in_training=in_training)
    if amount:
        yield "compute-amount", amount


def _amount(unit: Unit, low: str, words: ComputeWords, *, trained: bool, in_training: bool) -> str | None:
    """Give the words of an amount: CO2, energy, FLOPs, GPU hours, or a duration that training took."""
    for pattern in words.amounts:
        match = pattern.search(low)
        if match and not words.texts["not_time"].match(low[match.end() :].lstrip(" ofthe")):
            return match.group().strip()
    if plain(unit.label) in words.sets["amount_labels"] and _DIGIT.search(unit.value):
        value = unit.value.strip()
        if words.duration.search(value.lower()) or re.match(r"[~≈<>]?\s?\d[\d.,' ]{0,14}\+?$", value):
            return value[:60]
        return None
    if not (trained or in_training):
        return None
    for match in words.duration.finditer(low):
        after = low[match.end() : match.end() + 40]
        before = low[max(0, match.start() - 40) : match.start()]
        of_data = re.match(r"\s?(?:of\s)?(?:[\w-]{1,14}\s){0,2}", after)
        if of_data and words.texts["not_time"].search(after[: of_data.end() + 14].split(".")[0]):
            continue
        if trained and words.texts["took"].search(before[-25:]):
            return match.group().strip()
    return None
