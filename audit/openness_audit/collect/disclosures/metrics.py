"""Give the results of evaluation with their values: of the metadata's model index, and what `collect/results` found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from openness_audit.collect.attribution.ties import Ties
from openness_audit.collect.disclosures.vocabulary import as_number, says_nothing
from openness_audit.collect.results.find import Reported
from openness_audit.collect.results.index import IndexResult
from openness_audit.collect.results.names import Names
from openness_audit.collect.results.vocabulary import plain, result_words
from openness_audit.model.disclosures import Source
from openness_audit.model.facts_disclosures import MetricFact

PUBLISHER = "publisher"
_SOURCES: dict[str, Source] = {"table": "table", "list": "list", "code": "code"}
_SPACES = re.compile(r"\s+")


def index_metrics(results: Iterable[IndexResult]) -> Iterator[MetricFact]:
    """Give the results of the model index as they stand there."""
    for r in results:
        yield MetricFact(
            metric=r.metric or "not named",
            value=r.value,
            number=as_number(r.value),
            dataset=next((d for d in (r.dataset_name, r.dataset_type) if d and not says_nothing(d)), None),
            dataset_id=None if says_nothing(r.dataset_type) else r.dataset_type,
            config=r.config or None,
            split=r.split or None,
            task=r.task or None,
            verified=r.verified,
            reported_by=r.source or PUBLISHER,
            reported_url=r.source_url or None,
            source="model-index",
            place=r.place,
        )


def card_metrics(
    reported: Iterable[Reported], names: Names, ties: Ties, known: Iterable[MetricFact]
) -> Iterator[MetricFact]:
    """Give the scores in the card's text, but for those that the model index gives too.

    Args:
        reported: the subject's own scores, as `result_mentions` collects them.
        names: the subject's names; a row or column headed with another size is left out.
        ties: which paragraphs are tied to the subject; others are left out.
        known: the results of the model index.
    """
    words = result_words()
    indexed = {(_core(m.metric), m.number) for m in known}
    seen: set[tuple[str, str, str]] = set()
    for row in reported:
        if not ties.tied(row.place.line, "evaluation-results") or not names.fits(row.label):
            continue
        for one in row.values:
            metric, dataset = _turned(_clean(one.metric), _clean(one.dataset))
            number = as_number(one.value)
            if not metric or number is None or words.loss(metric) or (metric, dataset, one.value) in seen:
                continue
            if any(core == _core(metric) and _same(number, other) for core, other in indexed):
                continue
            seen.add((metric, dataset, one.value))
            benchmark = words.benchmark(dataset or metric)
            yield MetricFact(
                metric=metric,
                value=one.value,
                number=number,
                dataset=dataset or (metric if benchmark else None),
                dataset_id=benchmark.id if benchmark else None,
                reported_by=PUBLISHER,
                source=_SOURCES.get(row.place.text_kind, "prose"),
                place=row.place,
            )


def _turned(metric: str, dataset: str) -> tuple[str, str]:
    """Put metric and data set where they belong: tables may have metrics in their rows, or head a column "Score"."""
    words = result_words()
    if dataset and plain(metric) in words.sets["score_words"]:
        return dataset, ""
    if dataset and words.metric(dataset) and not words.metric(metric):
        return dataset, metric
    return metric, dataset


def _clean(label: str) -> str:
    return _SPACES.sub(" ", label).strip(" *_`:|-–•")[:120]


def _core(metric: str) -> str:
    return plain(metric).removeprefix("eval ").removeprefix("test ")


def _same(one: float, other: float | None) -> bool:
    """Tell whether two numbers are the same but for rounding and percent."""
    return other is not None and any(abs(one * f - other) <= 0.0051 * max(1.0, abs(other)) for f in (1.0, 100.0, 0.01))
