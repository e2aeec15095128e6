"""Facts about what the card, its metadata and the configuration disclose of the model itself."""

from __future__ import annotations

from msgspec import Struct

from openness_audit.model.disclosures import (
    PersonalData,
    Phase,
    Quantity,
    RiskLevel,
    Source,
    StatementTopic,
    Topic,
    TraitName,
)
from openness_audit.model.evidence import Place


class HyperparameterFact(Struct, frozen=True, kw_only=True):
    """One setting of training, as written, with its usual name where that is known."""

    name: str
    value: str
    id: str | None
    phase: Phase
    source: Source
    place: Place


class MetricFact(Struct, frozen=True, kw_only=True):
    """One result of evaluation of this model."""

    metric: str
    value: str
    number: float | None
    dataset: str | None
    dataset_id: str | None
    config: str | None = None
    split: str | None = None
    task: str | None = None
    verified: bool = False
    reported_by: str
    reported_url: str | None = None
    source: Source
    place: Place


class StatementFact(Struct, frozen=True, kw_only=True):
    """One sentence, list entry or paragraph on a topic."""

    topic: StatementTopic
    heading: str | None
    place: Place
    data_set: str | None = None
    said: PersonalData | None = None
    level: RiskLevel | None = None


class QuantityFact(Struct, frozen=True, kw_only=True):
    """Energy, emissions, hardware, time or place of computing."""

    quantity: Quantity
    value: str
    number: float | None = None
    unit: str | None = None
    hardware: str | None = None
    phase: Phase = "unknown"
    source: Source
    place: Place


class TraitFact(Struct, frozen=True, kw_only=True):
    """One thing that tells what kind of model it is."""

    name: TraitName
    value: str
    number: float | None = None
    source: Source
    place: Place


class Disclosed(Struct, frozen=True, kw_only=True):
    """All of them, in the order of the texts; `left_out` counts by topic what is beyond the caps."""

    hyperparameters: tuple[HyperparameterFact, ...] = ()
    metrics: tuple[MetricFact, ...] = ()
    statements: tuple[StatementFact, ...] = ()
    quantities: tuple[QuantityFact, ...] = ()
    traits: tuple[TraitFact, ...] = ()
    left_out: tuple[tuple[Topic, int], ...] = ()
