"""Find what a card says of the compute that trained this model: type of accelerator, and hours, energy or CO2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct, structs

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.compute.vocabulary import ComputeWords, compute_words
from openness_audit.collect.results.owner import Owner, once, owners
from openness_audit.collect.results.text import sentences
from openness_audit.collect.results.vocabulary import plain
from openness_audit.model.capture import RepoInfo
from openness_audit.model.card import Block, Card
from openness_audit.model.evidence import TextKind, Whose
from openness_audit.model.facts import Mention, Topic
from openness_audit.model.facts_files import FileFacts

MAX_UNIT: Final = 1500  # characters of one statement
MAX_MENTIONS: Final = 100

_LABEL = re.compile(r"^\s*(?P<label>[^:：=|\n]{1,50})\s*[:：=|]\s*(?P<value>\S[^\n]{0,400})")
_DIGIT = re.compile(r"\d")
_BARE_NUMBER = re.compile(r"[~≈<>]?\s?\d[\d.,' ]{0,14}\+?$")
_PER = re.compile(r"(?:e|eq|eq\.)?\s?(?:/|per\s)")  # "89 g CO2eq/kWh" is an intensity
_OF = re.compile(r"\s(?:of\s)?(?:[\w-]{1,14}\s){0,2}[\w-]{1,14}")


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
    words = compute_words()
    found: list[Mention] = []
    for owner in owners(cards, identity):
        card = owner.card
        if card.role == "card":
            found += _from_metadata(card, words)
        blocks = [b for b in card.blocks if not b.citation and b.kind not in {"heading", "code"}]
        for index in sorted(words.hinted([_text(block) for block in blocks])):
            found += _from_block(card, blocks[index], owner, words)
    return once(found, lambda m: (m.topic, m.object, m.whose, m.place.line))[:MAX_MENTIONS]


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
            pairs = [
                (h.strip(), c.strip()) for h, c in zip(block.rows[0], row, strict=False) if h.strip() and c.strip()
            ]
            if row is block.rows[0] or not pairs:
                continue
            joined = "; ".join(f"{h}: {c}" for h, c in pairs)
            yield Unit(text=f"{label} {joined}"[:MAX_UNIT], line=line, kind="table", row=label)
            for head, cell in pairs:
                yield Unit(
                    text=f"{head}: {cell}"[:MAX_UNIT], line=line, kind="table", label=head, value=cell, row=label
                )
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


def _text(block: Block) -> str:
    """Give what the statements of a block are made of."""
    return " ".join(cell for row in block.rows for cell in row) if block.rows else block.text


def _from_block(card: Card, block: Block, owner: Owner, words: ComputeWords) -> Iterator[Mention]:
    path = card.path_of(block)
    if _section_of_use(path, words):
        return
    if block.rows and words.texts["use"].search(" | ".join(block.rows[0])):
        return
    titled = card.sections[1:2] and card.sections[1].level == 1 and path[:1] == (card.sections[1].title,)
    in_training = bool(words.texts["training_sections"].search(" / ".join(path[1:] if titled else path)))
    before: Unit | None = None
    for unit in units(block):
        topics = list(_topics(unit, words, in_training=in_training))
        if topics:
            whose = _whose(block, unit, owner, before)
            place = card.document.at(unit.line, unit.text, text_kind=unit.kind)
            for topic, name in topics:
                yield Mention(topic=topic, object=name, whose=whose, place=place, strength="declared")
        before = unit


def _section_of_use(path: tuple[str, ...], words: ComputeWords) -> bool:
    """Tell whether the headings say that running or testing the model is the matter."""
    if path and plain(path[-1]) in words.sets["use_sections"]:
        return True
    if not path or words.texts["training_sections"].search(path[-1]):
        return False
    return any(plain(t) in words.sets["use_sections"] for t in path[-2:-1])


def _whose(block: Block, unit: Unit, owner: Owner, before: Unit | None) -> Whose:
    """Say whose a statement is; one that names no model may belong to the one before it in the same paragraph."""
    texts = compute_words().texts
    named = owner.names.about(unit.text) == "self"
    if unit.row and owner.names.naming(unit.row) == "other":
        return "other"
    if unit.kind == "prose" and before is not None and not named and not texts["done"].search(unit.text):
        earlier = owner.said(block, before.text)
        if earlier != "self":
            return earlier
    found = owner.said(block, unit.text)
    if found != "self" or named or owner.identity.derivation == "base":
        return found
    of_base = texts["pretraining"].search(unit.text) and not texts["continued"].search(unit.text)
    return "base" if of_base else found


def _topics(unit: Unit, words: ComputeWords, *, in_training: bool) -> Iterator[tuple[Topic, str]]:
    low, value = unit.text.lower(), unit.value.strip().lower()
    label = plain(unit.label)
    if not (words.says_something(low) or words.says_something(value) or label in words.sets["amount_labels"]):
        return
    trained = words.texts["training"].search(low) is not None
    if _in_use(low, words) and not (label in words.sets["hardware_labels"] and in_training):
        return
    done = words.texts["done"].search(low) is not None
    if words.texts["lent"].search(low) and not (trained or done):
        return
    labelled = label in words.sets["own_hardware_labels"] or (in_training and label in words.sets["hardware_labels"])
    if done or labelled or (in_training and words.counted.search(low)):
        for kind in words.types((unit.value if labelled else unit.text).lower()):
            yield "compute-hardware", kind
    amount = _amount(unit, low, words, done=done)
    if amount:
        yield "compute-amount", amount


def _in_use(low: str, words: ComputeWords) -> bool:
    """Tell whether a sentence is about running or renting something, not about how this model was trained."""
    if words.texts["use"].search(low):
        return True
    return not words.texts["surely"].search(low) and words.texts["use_unless_trained"].search(low) is not None


def _amount(unit: Unit, low: str, words: ComputeWords, *, done: bool) -> str | None:
    """Give the words of an amount: CO2, energy, FLOPs, GPU hours, or a duration that training took."""
    for pattern in words.amounts:
        match = pattern.search(low)
        if match and not _PER.match(low, match.end()):
            as_written = unit.text if len(unit.text) == len(low) else low  # units keep their case: MWh is not mwh
            return as_written[match.start() : match.end()].strip()
    label, value = plain(unit.label), unit.value.strip().lower()
    duration = words.duration.search(value)
    if label in words.sets["amount_labels"]:
        bare = label in words.sets["unit_free_labels"] and _BARE_NUMBER.match(value)
        return value[:60] if duration or bare else None
    if duration and duration.start() <= 2 and words.texts["training"].search(unit.label):
        return duration.group().strip()
    if not done:
        return None
    for match in words.duration.finditer(low):
        around = low[max(0, match.start() - 60) : match.end() + 60]
        after = _OF.match(low, match.end())
        if words.texts["not_time"].search(around) or (after and words.texts["not_time_of"].search(after.group())):
            continue
        if words.texts["took"].search(low[max(0, match.start() - 25) : match.start()]):
            return match.group().strip()
    return None
