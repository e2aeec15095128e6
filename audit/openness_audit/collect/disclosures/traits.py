"""Tell what kind of model it is: architecture, parameters, task, languages, what goes in and comes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from openness_audit.collect.attribution.ties import Ties
from openness_audit.collect.code.sentences import metadata_place
from openness_audit.collect.compute.find import Unit, units
from openness_audit.collect.disclosures.vocabulary import words
from openness_audit.collect.places import info_place
from openness_audit.collect.results.owner import Owner
from openness_audit.collect.results.text import sentences
from openness_audit.collect.results.vocabulary import plain
from openness_audit.model.capture import RepoInfo, Text
from openness_audit.model.card import Block, Card, Document
from openness_audit.model.disclosures import Source, TraitName
from openness_audit.model.facts_disclosures import TraitFact

MOST_LANGUAGES: Final = 400
LEAST_PARAMETERS: Final = 1000.0  # fewer are settings or a count of something else
_LENGTHS: Final = ("max_position_embeddings", "n_positions", "max_sequence_length", "seq_length", "n_ctx")


def config_traits(text: Text, document: Document) -> Iterator[TraitFact]:
    """Give what `config.json` says: classes, type and context length."""
    try:
        values = msgspec.json.decode(text.text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return
    if not isinstance(values, dict):
        return

    def trait(name: TraitName, key: str, value: str, number: float | None = None) -> TraitFact:
        line = 1 + text.text.count("\n", 0, max(0, text.text.find(f'"{key}"')))
        place = document.at(line, f"{key}: {value}", text_kind="json")
        return TraitFact(name=name, value=value[:120], number=number, source="config", place=place)

    classes = values.get("architectures")
    for one in classes if isinstance(classes, list) else ():
        if isinstance(one, str) and one:
            yield trait("architecture", "architectures", one)
    kind = values.get("model_type")
    if isinstance(kind, str) and kind:
        yield trait("model-type", "model_type", kind)
    for key in _LENGTHS:
        length = values.get(key)
        if isinstance(length, int) and not isinstance(length, bool) and 0 < length < 10**9:
            yield trait("context-length", key, str(length), float(length))
            break


def metadata_traits(card: Card | None, info: RepoInfo) -> Iterator[TraitFact]:
    """Give what the metadata and the Hub's record say: parameters of the weights, task with modalities, languages."""
    if info.parameters:
        place = info_place(info, f"safetensors total: {info.parameters}")
        yield TraitFact(
            name="parameters", value=str(info.parameters), number=float(info.parameters), source="record", place=place
        )
    values: dict[str, Any] = card.front_matter.values if card else {}
    values = values or info.card_data or {}
    task = values.get("pipeline_tag")
    task = task if isinstance(task, str) and task else info.pipeline_tag
    if task:
        place = metadata_place(card, info, "pipeline_tag", f"pipeline_tag: {task}")
        source: Source = "metadata" if place.kind == "card" else "record"
        where = replace(place, kind="metadata") if place.kind == "card" else place
        yield TraitFact(name="task", value=task[:80], source=source, place=where)
        known = words().raw.tasks.get(task)
        for modality in known.in_ if known else ():
            yield TraitFact(name="input", value=modality, source=source, place=where)
        for modality in known.out if known else ():
            yield TraitFact(name="output", value=modality, source=source, place=where)
    said = values.get("language", values.get("languages"))
    for index, language in enumerate(said if isinstance(said, list) else [said]):
        if isinstance(language, str) and 1 < len(language.strip()) <= 40:
            key = f"language[{index}]" if card and f"language[{index}]" in card.front_matter.lines else "language"
            place = metadata_place(card, info, key, f"language: {language.strip()}")
            where = replace(place, kind="metadata") if place.kind == "card" else place
            yield TraitFact(
                name="language",
                value=language.strip(),
                source="metadata" if place.kind == "card" else "record",
                place=where,
            )


def parameter_traits(card: Card, owner: Owner, ties: Ties) -> Iterator[TraitFact]:
    """Give how many parameters the card says the model has: behind a label, or in a sentence about it."""
    found = words()
    low = "\n".join(b.text for b in card.blocks if b.kind != "code").lower()
    if not any(word in low for word in (*found.raw.parameters.said, "size", "大小", "サイズ")):
        return
    for block in card.blocks:
        if block.citation or block.kind in ("heading", "code") or "config" in plain(" ".join(card.path_of(block)[-1:])):
            continue
        if block.rows:
            if len(block.rows[0]) > 2:
                continue  # a table of several models or settings
            for unit in units(block):
                yield from _labelled(card, owner, unit)
            continue
        if ":" in block.text or "：" in block.text:
            for unit in units(block):
                yield from _labelled(card, owner, unit)
        if found.parameter_said.search(block.text):
            yield from _said(card, owner, block, ties)


def _said(card: Card, owner: Owner, block: Block, ties: Ties) -> Iterator[TraitFact]:
    """Read the sentences of a block; one that gives several numbers is about a family."""
    found = words()
    for start, sentence in sentences(block.text):
        matches = list(found.parameter_said.finditer(sentence))
        counts = {_count(m["number"], m["unit"]) for m in matches}
        number = counts.pop() if len(counts) == 1 else None
        if number is None or found.parameter_not.search(sentence):
            continue
        if found.parameter_before_not.search(sentence[: matches[0].start()]) or not owner.names.fits(
            matches[0].group()
        ):
            continue  # the last of an enumeration, another model's, or not the size in the subject's name
        tied = owner.names.about(sentence) == "self" or ties.tied(block.line, "section-architecture")
        if not tied or owner.said(block, sentence) != "self":
            continue
        line = block.line + block.text.count("\n", 0, start + matches[0].start())
        yield TraitFact(
            name="parameters",
            value=" ".join(matches[0].group().split())[:60],
            number=number,
            source="prose",
            place=card.document.at(line, sentence, text_kind="prose"),
        )


def _labelled(card: Card, owner: Owner, unit: Unit) -> Iterator[TraitFact]:
    found = words()
    match = (
        found.parameter_number.match(unit.value.strip()[:60]) if plain(unit.label) in found.parameter_labels else None
    )
    number = _count(match["number"], match["unit"]) if match else None
    if number is not None and owner.names.about(unit.text) != "other":
        yield TraitFact(
            name="parameters",
            value=unit.value.strip()[:60],
            number=number,
            source="list",
            place=card.document.at(unit.line, unit.text, text_kind="list"),
        )


def _count(number: str, unit: str | None) -> float | None:
    count = float(number.replace(",", "")) * (words().raw.parameters.units.get(unit.lower(), 1) if unit else 1)
    return count if count >= LEAST_PARAMETERS else None
