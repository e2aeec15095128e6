"""Word what is disclosed of the model; for each topic say whether it is stated, absent, or could not be looked at."""

from __future__ import annotations

from typing import Final, Literal, get_args

from openness_audit.collect.disclosures.find import QUANTITY_TOPICS, TRAIT_TOPICS
from openness_audit.document.causes import Cite, unknown_docs
from openness_audit.model.disclosures import (
    DisclosuresDoc,
    HyperparameterDoc,
    MetricDoc,
    QuantityDoc,
    StatementDoc,
    Topic,
    TopicDoc,
    TraitDoc,
)
from openness_audit.model.evidence import Cause
from openness_audit.model.facts import Facts
from openness_audit.model.facts_disclosures import Disclosed, MetricFact, QuantityFact, StatementFact

CARD: Final = "README.md"
_CONFIGS: Final[dict[Topic, str]] = {"architecture": "config.json", "hyperparameters": "adapter_config.json"}
_RECORDED: Final[frozenset[Topic]] = frozenset({"task", "parameters", "languages", "modalities"})
NOT_RECORDED: Final = Cause(
    code="not-recorded",
    source=CARD,
    retryable=False,
    detail="what the card discloses is not in the record that was read",
)


def disclosures_doc(facts: Facts, cite: Cite) -> DisclosuresDoc:
    """Word the disclosures of a model, and cite the place of each."""
    found = facts.disclosed
    if found is None:
        causes = unknown_docs((NOT_RECORDED,))
        return DisclosuresDoc(topics=tuple(TopicDoc(topic=t, state="unknown", unknown=causes) for t in get_args(Topic)))
    return DisclosuresDoc(
        topics=_topics(facts, found),
        hyperparameters=tuple(
            HyperparameterDoc(
                name=h.name,
                value=h.value,
                id=h.id,
                phase=h.phase,
                source=h.source,
                evidence=cite((h.place,), "declared"),
            )
            for h in found.hyperparameters
        ),
        metrics=tuple(_metric(m, cite) for m in found.metrics),
        statements=tuple(
            StatementDoc(
                topic=s.topic,
                text=s.place.excerpt,
                line=s.place.line,
                heading=s.heading,
                data_set=s.data_set,
                said=s.said,
                level=s.level,
                evidence=cite((s.place,), "declared"),
            )
            for s in found.statements
        ),
        quantities=tuple(_quantity(q, cite) for q in found.quantities),
        traits=tuple(
            TraitDoc(
                name=t.name, value=t.value, number=t.number, source=t.source, evidence=cite((t.place,), "declared")
            )
            for t in found.traits
        ),
        personal_information=_personal(found.statements),
    )


def _metric(m: MetricFact, cite: Cite) -> MetricDoc:
    return MetricDoc(
        metric=m.metric,
        value=m.value,
        number=m.number,
        dataset=m.dataset,
        dataset_id=m.dataset_id,
        config=m.config,
        split=m.split,
        task=m.task,
        verified=m.verified,
        reported_by=m.reported_by,
        reported_url=m.reported_url,
        source=m.source,
        evidence=cite((m.place,), "declared"),
    )


def _quantity(q: QuantityFact, cite: Cite) -> QuantityDoc:
    return QuantityDoc(
        quantity=q.quantity,
        value=q.value,
        number=q.number,
        unit=q.unit,
        hardware=q.hardware,
        phase=q.phase,
        source=q.source,
        evidence=cite((q.place,), "declared"),
    )


def _personal(statements: tuple[StatementFact, ...]) -> Literal["yes", "no", "no-assertion"]:
    """Sum up what is said of personal data; removing it leaves open whether all of it was found."""
    said = {s.said for s in statements if s.topic == "personal-data"}
    if said & {"used", "may-contain"}:
        return "yes"
    return "no" if "not-used" in said and None not in said else "no-assertion"


def _stated(found: Disclosed) -> frozenset[Topic]:
    """Name the topics on which something is stated."""
    topics: set[Topic] = {s.topic for s in found.statements}
    topics |= {QUANTITY_TOPICS[q.quantity] for q in found.quantities} | {TRAIT_TOPICS[t.name] for t in found.traits}
    if found.hyperparameters:
        topics.add("hyperparameters")
    if found.metrics:
        topics.add("metrics")
    return frozenset(topics)


def _topics(facts: Facts, found: Disclosed) -> tuple[TopicDoc, ...]:
    left, stated = dict(found.left_out), _stated(found)
    rows = []
    for topic in get_args(Topic):
        if topic in stated:
            rows.append(TopicDoc(topic=topic, state="stated", left_out=left.get(topic, 0)))
            continue
        config = _CONFIGS.get(topic)
        causes = [u.cause for u in facts.unread if u.scope == "card" or (u.scope == "config" and u.what == config)]
        if causes:
            rows.append(TopicDoc(topic=topic, state="unknown", unknown=unknown_docs(causes)))
        else:
            searched = (CARD, *((config,) if config else ()), *(("the Hub's record",) if topic in _RECORDED else ()))
            rows.append(TopicDoc(topic=topic, state="absent", searched=searched))
    return tuple(rows)
