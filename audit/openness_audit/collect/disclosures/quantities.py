"""Give energy, emissions, hardware, time and place of computing with numbers, from what `collect/compute` found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from openness_audit.collect.compute.find import Unit, units
from openness_audit.collect.disclosures.vocabulary import NUMBER, as_number, says_nothing, words
from openness_audit.collect.results.owner import Owner
from openness_audit.collect.results.vocabulary import plain
from openness_audit.model.card import Card
from openness_audit.model.disclosures import Phase, Quantity, Source
from openness_audit.model.evidence import Place
from openness_audit.model.facts import Mention
from openness_audit.model.facts_disclosures import QuantityFact

LONGEST: Final = 120
_AMOUNT = re.compile(rf"(?P<n>{NUMBER})\s?(?P<k>[kKM]\b)?\s?(?P<rest>[^\d]{{0,60}})")
_MANY: Final = {"k": 1e3, "K": 1e3, "M": 1e6}  # "3.3M GPU hours"
_PLACES: Final[tuple[Quantity, ...]] = ("provider", "region")
_ACCELERATOR = re.compile(r"\b(?:gpu|tpu|npu|a100|h100|h800|v100|a800|accelerator|chip|core|node)s?\b", re.IGNORECASE)
_CO2 = re.compile(r"co2|co₂|co_2|carbon|emission", re.IGNORECASE)
_GAS = re.compile(r"co[_ ]?[2₂]\s?-?(?:eq|e|equivalents?)?(?![a-z])", re.IGNORECASE)
_FLOPS = re.compile(r"flop", re.IGNORECASE)
_KINDS: Final[dict[str, Source]] = {"yaml": "metadata", "table": "table", "list": "list", "code": "code"}


def quantities(card: Card, mentions: Iterable[Mention], owner: Owner) -> Iterator[QuantityFact]:
    """Give the quantities of the card and its metadata.

    Args:
        card: the subject's card.
        mentions: the subject's own of the topics `compute-hardware` and `compute-amount` that are tied to it.
        owner: attribution in the card.
    """
    told = list(mentions)
    others = _of_siblings(card, owner) if any(m.place.text_kind == "table" for m in told) else {}
    values = set(others.values())
    sums = _of_families(card) if told else []
    for mention in told:
        place = mention.place
        if place.line in others or any(first <= (place.line or 0) <= last for first, last in sums):
            continue
        if mention.topic == "compute-amount" and as_number(mention.object) in values:
            continue  # the sum in a sentence, again
        source = _KINDS.get(place.text_kind, "prose")
        if mention.topic == "compute-hardware":
            value = _cut(place.excerpt or mention.object)
            if place.kind != "metadata":
                yield QuantityFact(
                    quantity="hardware",
                    value=value,
                    hardware=mention.object,
                    phase=_phase(value),
                    source=source,
                    place=place,
                )
        elif place.kind != "metadata":
            yield _amount(mention.object, place, source)
    yield from _metadata(card)
    yield from _places(card, owner)


def _of_siblings(card: Card, owner: Owner) -> dict[int, float | None]:
    """Give the lines of table rows on models of another size, and on all models together, with their last numbers."""
    found: dict[int, float | None] = {}
    for block in card.blocks:
        rows = list(zip(block.rows, block.row_lines, strict=False))[1:]
        heads = [row[0] for row, _ in rows if row]
        if not any(not owner.names.fits(head) for head in heads):
            continue
        for row, line in rows:
            if row and (not owner.names.fits(row[0]) or plain(row[0]) in words().totals):
                found[line] = next((n for n in map(as_number, reversed(row[1:])) if n is not None), None)
    return found


def _of_families(card: Card) -> list[tuple[int, int]]:
    """Give the lines of paragraphs that sum up several models: "in aggregate, training all sizes took ..."."""
    family = words().family
    return [(b.line, b.line_end) for b in card.blocks if not b.rows and b.kind != "code" and family.search(b.text)]


def _cut(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def _phase(text: str) -> Phase:
    return next((phase for phase, pattern in words().phases.items() if pattern.search(text)), "unknown")


def _unit(text: str, known: dict[str, float]) -> tuple[str, float] | None:
    """Give the first of the units that stand in a text, with its factor."""
    for word in re.findall(r"[^\W\d_]+", _GAS.sub(" ", text.lower())):
        for name in (word, word.removesuffix("s"), word.removesuffix("en"), word.removesuffix("e")):
            if name in known:
                return name, known[name]
    return None


def _amount(text: str, place: Place, source: Source) -> QuantityFact:
    """Take an amount apart: which quantity, how much, in which unit."""
    excerpt = place.excerpt or ""
    phase = _phase(excerpt)
    raw = words().raw.quantities
    match = _AMOUNT.search(_GAS.sub("CO", text))  # its 2 is no amount
    bare = as_number(match["n"]) if match else None
    number = bare * _MANY.get(match["k"] or "", 1.0) if bare is not None and match else None
    rest = match["rest"] if match else ""
    made = {"value": _cut(text), "phase": phase, "source": source, "place": place}

    def give(quantity: Quantity, scale: float | None, unit: str) -> QuantityFact:
        known = number is not None and scale is not None
        amount = round((number or 0) * (scale or 0), 6) if known else None
        return msgspec.convert(
            {**made, "quantity": quantity, "number": amount, "unit": unit if known else None}, QuantityFact
        )

    if _FLOPS.search(text) or re.search(r"\bflo?ps?\b", excerpt, re.IGNORECASE):
        return give("compute", None, "")
    energy = _unit(rest, raw.energy_units)
    if energy:
        return give("energy", energy[1], "kWh")
    if _CO2.search(text) or (_CO2.search(excerpt) and not _unit(rest, raw.time_units)):
        unit = _unit(rest, raw.co2_units) or _unit(excerpt, raw.co2_units)
        return give("emissions", unit[1] if unit else None, "kgCO2e")
    per = _ACCELERATOR.search(text) is not None or "gpu hours" in plain(excerpt)
    time = _unit(_ACCELERATOR.sub(" ", rest), raw.time_units) or ((("h", 1.0)) if "hour" in excerpt.lower() else None)
    return give("training-time", time[1] if time else None, "accelerator-h" if per else "h")


def _metadata(card: Card) -> Iterator[QuantityFact]:
    """Read `co2_eq_emissions`: grams, or a mapping (huggingface.co/docs/hub/model-cards-co2)."""
    value: Any = card.front_matter.values.get("co2_eq_emissions")
    if value is None or isinstance(value, bool):
        return
    fields: dict[str, Any] = value if isinstance(value, dict) else {"emissions": value}
    lines = card.front_matter.lines
    phase = _phase(str(fields.get("training_type", "")))
    names: dict[str, Quantity] = {
        "emissions": "emissions",
        "hardware_used": "hardware",
        "geographical_location": "region",
    }
    for key, quantity in names.items():
        said = _cut(str(fields.get(key) if fields.get(key) is not None else ""))
        if says_nothing(said):
            continue
        number = as_number(said) if quantity == "emissions" else None
        if quantity == "emissions" and number is None:
            continue
        line = lines.get(f"co2_eq_emissions.{key}", lines.get("co2_eq_emissions", 1))
        place = msgspec.structs.replace(
            card.document.at(line, f"co2_eq_emissions {key}: {said}", text_kind="yaml"), kind="metadata"
        )
        yield QuantityFact(
            quantity=quantity,
            value=f"{said} g" if quantity == "emissions" and said.replace(".", "", 1).isdigit() else said,
            number=None if number is None else round(number / 1000, 9),
            unit=None if number is None else "kgCO2e",
            phase=phase,
            source="metadata",
            place=place,
        )


def _places(card: Card, owner: Owner) -> Iterator[QuantityFact]:
    """Read labels of provider and region below headings on the environment and on hardware."""
    found = words()
    seen: set[tuple[Quantity, str]] = set()
    for block in card.blocks:
        if block.citation or block.kind in ("heading", "code") or not (path := card.path_of(block)):
            continue
        if not any(found.quantity_sections.search(t) for t in path[-2:]):
            continue
        for unit in units(block):
            quantity = found.quantity_labels.get(plain(unit.label)) if unit.label else None
            value = unit.value.strip(" *_|")
            if quantity not in _PLACES or says_nothing(value) or (quantity, value) in seen:
                continue
            if owner.said(block, unit.text) == "self":
                seen.add((quantity, value))
                yield _place(card, quantity, unit, value)


def _place(card: Card, quantity: Quantity, unit: Unit, value: str) -> QuantityFact:
    source = _KINDS.get(unit.kind, "prose")
    return QuantityFact(
        quantity=quantity,
        value=_cut(value),
        source=source,
        place=card.document.at(unit.line, unit.text, text_kind=unit.kind),
    )
