"""Gather what the card, its metadata and the configuration disclose of the model: only its own, and within caps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from msgspec import Struct

from openness_audit.collect.attribution.identity import Identity
from openness_audit.collect.attribution.ties import UNTIED, Ties
from openness_audit.collect.card.markdown import document_of
from openness_audit.collect.code.owner import COPIES
from openness_audit.collect.disclosures.hyperparameters import adapter_settings, hyperparameters
from openness_audit.collect.disclosures.metrics import card_metrics, index_metrics
from openness_audit.collect.disclosures.quantities import quantities
from openness_audit.collect.disclosures.statements import Finder
from openness_audit.collect.disclosures.traits import config_traits, metadata_traits, parameter_traits
from openness_audit.collect.results.find import Reports
from openness_audit.model.capture import ModelCapture, Text
from openness_audit.model.card import Card
from openness_audit.model.disclosures import Topic
from openness_audit.model.facts import Mention
from openness_audit.model.facts_disclosures import (
    Disclosed,
    HyperparameterFact,
    MetricFact,
    QuantityFact,
    StatementFact,
    TraitFact,
)
from openness_audit.model.facts_origins import DataSet, Lineage

MOST_SETTINGS: Final = 80
MOST_METRICS: Final = 200
MOST_STATEMENTS: Final = 10  # on one topic
MOST_QUANTITIES: Final = 40
MOST_TRAITS: Final = 120  # of one name: a card may list a thousand languages
TRAIT_TOPICS: Final[dict[str, Topic]] = {
    "architecture": "architecture",
    "model-type": "architecture",
    "context-length": "architecture",
    "parameters": "parameters",
    "task": "task",
    "language": "languages",
    "input": "modalities",
    "output": "modalities",
}
QUANTITY_TOPICS: Final[dict[str, Topic]] = {
    "energy": "energy",
    "emissions": "emissions",
    "hardware": "hardware",
    "training-time": "training-time",
    "compute": "training-time",
    "provider": "region",
    "region": "region",
}
T = TypeVar("T")


class Basis(Struct, frozen=True, kw_only=True):
    """What has been read of the subject already."""

    card: Card | None
    identity: Identity
    lineage: Lineage
    ties: Ties
    mentions: tuple[Mention, ...]
    reports: Reports
    data: tuple[DataSet, ...]


def find_disclosures(capture: ModelCapture, basis: Basis) -> Disclosed:
    """Give what is disclosed of the subject itself.

    Args:
        capture: its record and texts.
        basis: what was found in them for the rules; nothing of it is looked for twice.

    Returns:
        The facts in the order of the card, at most so many of each kind, and how many were left out.
    """
    left: Counter[Topic] = Counter()
    settings, metrics = list(_settings(capture, basis)), _metrics(basis)
    amounts, statements = _quantities(basis), _statements(basis)
    left["hyperparameters"] += max(0, len(settings) - MOST_SETTINGS)
    left["metrics"] += max(0, len(metrics) - MOST_METRICS)
    return Disclosed(
        hyperparameters=tuple(settings[:MOST_SETTINGS]),
        metrics=tuple(metrics[:MOST_METRICS]),
        statements=_capped(statements, [s.topic for s in statements], MOST_STATEMENTS, left),
        quantities=_capped(amounts, [QUANTITY_TOPICS[q.quantity] for q in amounts], MOST_QUANTITIES, left),
        traits=_traits(capture, basis, left),
        left_out=tuple(sorted((topic, count) for topic, count in left.items() if count)),
    )


def _capped(every: list[T], topics: list[Topic], most: int, left: Counter[Topic]) -> tuple[T, ...]:
    """Keep the first ones of each topic, and count the others."""
    kept: Counter[Topic] = Counter()
    found = []
    for one, topic in zip(every, topics, strict=True):
        kept[topic] += 1
        if kept[topic] <= most:
            found.append(one)
        else:
            left[topic] += 1
    return tuple(found)


def _once(every: Iterable[T], key: Callable[[T], object]) -> Iterator[T]:
    """Give the first of those that are the same by `key`."""
    seen: set[object] = set()
    for one in every:
        said = key(one)
        if said not in seen:
            seen.add(said)
            yield one


def _copied(basis: Basis) -> bool:
    """Say whether the model is another publisher's model copied: its card may be, too."""
    return basis.identity.derivation in COPIES and not basis.lineage.same_publisher


def _own(basis: Basis, *topics: str) -> list[Mention]:
    """Give the subject's own statements in its card on some topics, which are tied to it."""
    repo = basis.card.document.repo if basis.card else ""
    return [
        m
        for m in basis.mentions
        if m.topic in topics and m.whose == "self" and UNTIED not in m.attrs and m.place.repo == repo
    ]


def _settings(capture: ModelCapture, basis: Basis) -> Iterator[HyperparameterFact]:
    """Give the hyper-parameters; nothing was trained for a copy."""
    if basis.identity.derivation in COPIES:
        return
    if basis.card is not None:
        yield from hyperparameters(basis.card, _own(basis, "hyperparameters"), basis.identity)
    text = capture.texts.get("adapter_config.json")
    if isinstance(text, Text):
        yield from adapter_settings(text, document_of(text, "file", capture.info.id).at(1, "", text_kind="json"))


def _metrics(basis: Basis) -> list[MetricFact]:
    """Give the results; a copy's card repeats those of the original, so only what names the copy is its own."""
    owner = basis.reports.owner
    if owner is None:
        return []
    copied = _copied(basis)
    indexed = [] if copied else list(index_metrics(basis.reports.indexed))
    reported = [r for r in basis.reports.rows if r.named] if copied else basis.reports.rows
    return [*indexed, *card_metrics(reported, owner.names, basis.ties, indexed)]


def _quantities(basis: Basis) -> list[QuantityFact]:
    owner = basis.reports.owner
    if basis.card is None or owner is None or basis.identity.derivation in COPIES:
        return []
    found = quantities(basis.card, _own(basis, "compute-hardware", "compute-amount"), owner)
    return list(_once(found, lambda q: (q.quantity, q.number, q.unit, q.hardware, q.hardware or q.value)))


def _statements(basis: Basis) -> list[StatementFact]:
    owner = basis.reports.owner
    if owner is None:
        return []
    copied = _copied(basis)
    found = Finder(owner, basis.ties, basis.data, copied=copied).read()
    return list(_once(found, lambda s: (s.topic, s.place.excerpt)))


def _traits(capture: ModelCapture, basis: Basis, left: Counter[Topic]) -> tuple[TraitFact, ...]:
    found: list[TraitFact] = []
    text = capture.texts.get("config.json")
    if isinstance(text, Text):
        found += config_traits(text, document_of(text, "file", capture.info.id))
    found += metadata_traits(basis.card, capture.info)
    if basis.card is not None and basis.reports.owner is not None and not _copied(basis):
        found += parameter_traits(basis.card, basis.reports.owner, basis.ties)
    once = list(_once(found, lambda t: (t.name, t.number if t.name == "parameters" else t.value)))
    return _capped(once, [TRAIT_TOPICS[t.name] for t in once], MOST_TRAITS, left)
