"""The model card of a CycloneDX component, and what is said of data: only what publishers disclose, with its place.

What has no field of its own is a property. Energy is an `energyConsumption` only where kWh are said; who provided it is
not said by any card, so the list of providers, which the schema demands, is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.render.bom.bill import Card, Measure, Part

    Json = dict[str, Any]

PREFIX = "openness-audit"  # of our properties
_ACTIVITIES = {"pretraining": "training", "finetuning": "fine-tuning", "inference": "inference", "unknown": "other"}
_TONNE = 1000.0  # kilograms
_SENSITIVE = frozenset({"used", "may-contain"})


def own(name: str, value: str) -> Json:
    """Make a property of ours."""
    return {"name": f"{PREFIX}:{name}", "value": value}


def model_card(part: Part, data: list[str], said: Iterable[Json]) -> Json:
    """Give the model card: parameters, results, considerations, and the properties that have no field.

    Args:
        part: the model.
        data: references of its data sets.
        said: properties that others tell of it.
    """
    card = part.card
    told: Json = {"modelParameters": _parameters(part, data)}
    if card.results:
        told["quantitativeAnalysis"] = {
            "performanceMetrics": [
                {"type": row.name, "value": row.value} | ({"slice": row.where()} if row.where() else {})
                for row in card.results
            ]
        }
    if considered := _considerations(card):
        told["considerations"] = considered
    properties = [own("training", words) for words in part.training]
    properties += [own(name, value) for name, value in part.facts]
    properties += [own(f"hyperparameter:{name}", value) for name, value in card.settings]
    properties += [own(f"trait:{name}", value) for name, value in card.traits]
    for topic in ("data-collection", "data-preprocessing", "personal-data"):
        properties += [own(topic, words) for words in card.about(topic)]
    properties += [own("personal-data-used", card.personal)] if card.personal else []
    properties += [own("safety-risk", card.risk)] if card.risk else []
    properties += said
    return told | ({"properties": properties} if properties else {})


def _parameters(part: Part, data: list[str]) -> Json:
    card = part.card
    fields: Json = {
        "task": part.task,
        "architectureFamily": card.trait("model-type"),
        "modelArchitecture": card.trait("architecture"),
        "datasets": [{"ref": ref} for ref in data],
        "inputs": [{"format": name} for name in card.trait("input").split("; ") if name],
        "outputs": [{"format": name} for name in card.trait("output").split("; ") if name],
    }
    return {name: value for name, value in fields.items() if value}


def _considerations(card: Card) -> Json:
    fields: Json = {
        "users": card.about("users"),
        "useCases": card.about("intended-use"),
        "technicalLimitations": [
            *card.about("limitations"),
            *(f"out of scope: {words}" for words in card.about("out-of-scope-use")),
        ],
        "ethicalConsiderations": [{"name": words} for words in card.about("ethics", "safety")],
        "fairnessAssessments": [{"harms": words} for words in card.about("bias")],
        "environmentalConsiderations": _environment(card.measures),
    }
    return {name: value for name, value in fields.items() if value}


def _environment(measures: tuple[Measure, ...]) -> Json:
    """Give energy with the emissions of the same phase; all else about computing as properties."""
    energy = [m for m in measures if m.kind == "energy" and m.unit == "kWh" and m.number is not None]
    used = []
    for measure in energy:
        row: Json = {
            "activity": _ACTIVITIES[measure.phase],
            "energyProviders": [],
            "activityEnergyCost": {"value": measure.number, "unit": "kWh"},
        }
        if (carbon := _carbon(measures, measure.phase)) is not None:
            row["co2CostEquivalent"] = {"value": carbon / _TONNE, "unit": "tCO2eq"}
        used.append(row)
    told: Json = {"energyConsumptions": used} if used else {}
    return told | ({"properties": [own(m.kind, m.told()) for m in measures]} if measures else {})


def _carbon(measures: tuple[Measure, ...], phase: str) -> float | None:
    """Give the kilograms of a phase, where one figure alone is said."""
    found = {m.number for m in measures if m.kind == "emissions" and m.unit == "kgCO2e" and m.phase == phase}
    return next(iter(found)) if len(found) == 1 else None


def data_said(card: Card) -> Json:
    """Give what is said of a data set: what of it is sensitive."""
    rows = [saying for saying in card.sayings if saying.topic == "personal-data" and saying.what in _SENSITIVE]
    return {"sensitiveData": list(dict.fromkeys(saying.told() for saying in rows))} if rows else {}


def data_properties(card: Card) -> list[Json]:
    """Give what is said of a data set and has no field: how it came about, its bias, what it is for."""
    topics = ("data-collection", "data-preprocessing", "bias", "intended-use", "limitations")
    return [own(topic, words) for topic in topics for words in card.about(topic)]
