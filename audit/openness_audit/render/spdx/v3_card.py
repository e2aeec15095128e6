"""What publishers disclose, as properties of the AI and Dataset profiles of SPDX 3.0.1: each with its place.

A property is left out where nothing is said. `ai_useSensitivePersonalInformation` and
`dataset_hasSensitivePersonalInformation` are the standard's own noAssertion then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openness_audit.render.bom import card as bom_card

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.render.bom.bill import Card, Part

    Json = dict[str, Any]

TOLD = {  # subjects that have properties; the others are annotations
    "model": (
        "hyperparameters",
        "metrics",
        "limitations",
        "bias",
        "out-of-scope-use",
        "intended-use",
        "users",
        "data-collection",
        "data-preprocessing",
        "computing",
    ),
    "data": ("bias", "data-collection", "data-preprocessing", "intended-use"),
}
_ENERGY = {  # phase -> property of EnergyConsumption; energy of a phase that is not said is only in words
    "pretraining": "ai_trainingEnergyConsumption",
    "finetuning": "ai_finetuningEnergyConsumption",
    "inference": "ai_inferenceEnergyConsumption",
}


def model(spdx: Any, part: Part) -> Json:
    """Give the properties of an AIPackage."""
    card = part.card
    task = f"task on the Hub: {part.task}" if part.task else ""
    told: Json = {
        "ai_informationAboutTraining": _text(
            (*part.training, *card.about("data-collection"), *(measure.told() for measure in card.measures))
        ),
        "ai_informationAboutApplication": _text((task, *card.about("intended-use"), *_named("for", card, "users"))),
        "ai_limitation": _text(
            (
                *card.about("limitations"),
                *_named("bias", card, "bias"),
                *_named("out of scope", card, "out-of-scope-use"),
            )
        ),
        "ai_hyperparameter": _dictionary(spdx, card.settings),
        "ai_metric": _dictionary(spdx, bom_card.results(card)),
        "ai_modelDataPreprocessing": card.about("data-preprocessing"),
        "ai_typeOfModel": list(filter(None, (card.trait("model-type"), card.trait("architecture")))),
        "ai_domain": list(filter(None, (card.trait("task"),))),
        "ai_energyConsumption": _energy(spdx, card),
    }
    if card.risk:
        told["ai_safetyRiskAssessment"] = getattr(spdx.ai_SafetyRiskAssessmentType, card.risk)
    if part.subject:
        told["ai_useSensitivePersonalInformation"] = _presence(spdx, card)
    return told


def data(spdx: Any, part: Part) -> Json:
    """Give the properties of a DatasetPackage."""
    card = part.card
    return {
        "dataset_knownBias": card.about("bias"),
        "dataset_dataCollectionProcess": _text(card.about("data-collection")),
        "dataset_dataPreprocessing": card.about("data-preprocessing"),
        "dataset_intendedUse": _text(card.about("intended-use")),
        "dataset_hasSensitivePersonalInformation": _presence(spdx, card),
    }


def _text(rows: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, rows)))


def _named(name: str, card: Card, topic: str) -> list[str]:
    return [f"{name}: {said}" for said in card.about(topic)]


def _presence(spdx: Any, card: Card) -> Any:
    return getattr(spdx.PresenceType, card.personal or "noAssertion")


def _dictionary(spdx: Any, rows: Iterable[tuple[str, str]]) -> list[Any]:
    """Make the entries of a dictionary, whose keys are unique."""
    made = []
    for key, value in rows:
        entry = spdx.DictionaryEntry()
        entry.key, entry.value = key, value
        made.append(entry)
    return made


def _energy(spdx: Any, card: Card) -> Any:
    """Make the energy that each phase is said to have used; nothing where no number of kWh is said for a phase."""
    made = spdx.ai_EnergyConsumption()
    known = [m for m in card.measures if m.kind == "energy" and m.unit == "kWh" and m.number is not None]
    known = [m for m in known if m.phase in _ENERGY]
    for measure in known:
        used = spdx.ai_EnergyConsumptionDescription()
        used.ai_energyQuantity = measure.number
        used.ai_energyUnit = spdx.ai_EnergyUnitType.kilowattHour
        getattr(made, _ENERGY[measure.phase]).append(used)
    return made if known else None
