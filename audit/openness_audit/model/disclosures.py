"""What the model's publisher discloses of it, as the audit document tells it: only the model's own, each with evidence.

The words follow the AI and Dataset profiles of SPDX 3.0.1 and the model card of CycloneDX 1.6, which are written from
this. Nothing here is judged: it is what the card, its metadata and the configuration say.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from openness_audit.model.audit_components import UnknownDoc
from openness_audit.model.document import Document

Topic: TypeAlias = Literal[
    "hyperparameters",
    "metrics",
    "limitations",
    "bias",
    "safety",
    "ethics",
    "personal-data",
    "intended-use",
    "out-of-scope-use",
    "users",
    "data-collection",
    "data-preprocessing",
    "energy",
    "emissions",
    "hardware",
    "training-time",
    "region",
    "architecture",
    "parameters",
    "task",
    "languages",
    "modalities",
]
StatementTopic: TypeAlias = Literal[
    "limitations",  # what it cannot do, or does badly
    "bias",  # bias and fairness
    "safety",  # risks, harms, red teaming, safety assessments
    "ethics",
    "personal-data",  # `said` tells what of it
    "intended-use",
    "out-of-scope-use",
    "users",  # whom it is for
    "data-collection",  # how training data came about
    "data-preprocessing",  # filtering, deduplication, cleaning, tokenizing of training data
]
Quantity: TypeAlias = Literal["energy", "emissions", "hardware", "training-time", "compute", "provider", "region"]
Phase: TypeAlias = Literal["pretraining", "finetuning", "inference", "unknown"]
TraitName: TypeAlias = Literal[
    "architecture",  # a class of code ("LlamaForCausalLM")
    "model-type",  # a family of architectures ("llama")
    "parameters",  # `number` is how many
    "context-length",  # tokens
    "task",  # the Hub's pipeline tag
    "language",
    "input",  # a modality: text, image, audio, video, tabular ...
    "output",
]
PersonalData: TypeAlias = Literal["used", "may-contain", "removed", "not-used"]
RiskLevel: TypeAlias = Literal["serious", "high", "medium", "low"]
Source: TypeAlias = Literal["metadata", "model-index", "config", "table", "list", "code", "prose", "record"]


class TopicDoc(Document, frozen=True):
    """Whether something is disclosed: `stated`; `absent` (all of `searched` was read); `unknown` (see `unknown`).

    `left_out` counts statements beyond those that the document keeps.
    """

    topic: Topic
    state: Literal["stated", "absent", "unknown"]
    searched: tuple[str, ...] = ()
    unknown: tuple[UnknownDoc, ...] = ()
    left_out: int = 0


class HyperparameterDoc(Document, frozen=True):
    """One setting of training: `name` and `value` as written, `id` the usual name ("learning-rate") where known."""

    name: str
    value: str
    id: str | None
    phase: Phase
    source: Source
    evidence: tuple[str, ...]


class MetricDoc(Document, frozen=True):
    """One result of evaluation: `value` as written, `number` where it is one.

    `dataset_id` is an id on the Hub or of a known benchmark. `verified`: the Hub's own evaluation service says so.
    `reported_by` is the publisher, or the name of whoever the metadata names as source (a leaderboard).
    """

    metric: str
    value: str
    number: float | None
    dataset: str | None
    dataset_id: str | None
    config: str | None
    split: str | None
    task: str | None
    verified: bool
    reported_by: str
    reported_url: str | None
    source: Source
    evidence: tuple[str, ...]


class StatementDoc(Document, frozen=True):
    """One sentence or list entry on a topic: `text` is at most its first 200 characters (null for bundled records).

    `data_set`: the id or name of the data set it is about, null where it is about the model or all its data. `said`:
    what of personal data. `level`: the level of risk, only where the card states one.
    """

    topic: StatementTopic
    text: str | None
    line: int | None
    heading: str | None
    data_set: str | None
    said: PersonalData | None
    level: RiskLevel | None
    evidence: tuple[str, ...]


class QuantityDoc(Document, frozen=True):
    """Energy, emissions, hardware, time or place of computing: `value` as written.

    `number` in `unit`: energy in kWh, emissions in kgCO2e, training time in h or accelerator-h; null where the text
    gives no single number. `hardware` is an id of the rules ("A100") where the type is known.
    """

    quantity: Quantity
    value: str
    number: float | None
    unit: str | None
    hardware: str | None
    phase: Phase
    source: Source
    evidence: tuple[str, ...]


class TraitDoc(Document, frozen=True):
    """One thing that tells what kind of model it is."""

    name: TraitName
    value: str
    number: float | None
    source: Source
    evidence: tuple[str, ...]


class DisclosuresDoc(Document, frozen=True):
    """All that is disclosed, each list in the order of the card.

    `topics` has one entry per topic. `personal_information`: yes where personal data is said to be used or maybe
    contained, no where it is said not to be used and nothing else contradicts it, otherwise no-assertion.
    """

    topics: tuple[TopicDoc, ...]
    hyperparameters: tuple[HyperparameterDoc, ...] = ()
    metrics: tuple[MetricDoc, ...] = ()
    statements: tuple[StatementDoc, ...] = ()
    quantities: tuple[QuantityDoc, ...] = ()
    traits: tuple[TraitDoc, ...] = ()
    personal_information: Literal["yes", "no", "no-assertion"] = "no-assertion"

    def about(self, topic: StatementTopic) -> tuple[StatementDoc, ...]:
        """Give the statements on one topic."""
        return tuple(s for s in self.statements if s.topic == topic)
