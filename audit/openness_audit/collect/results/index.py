"""Read evaluation results from metadata: `model-index` in all the shapes cards give it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final

from msgspec import Struct, structs

from openness_audit.collect.results.names import Names
from openness_audit.model.card import Card, FrontMatter
from openness_audit.model.evidence import Place

KEYS: Final = ("model-index", "model_index")
MAX_ENTRIES: Final = 2000


class IndexResult(Struct, frozen=True, kw_only=True):
    """One value of a model-index: what was measured on which data set, and whether the Hub verified it.

    `source` and `source_url` name who reports it, where that is not the publisher (a leaderboard).
    """

    metric: str
    dataset_type: str
    dataset_name: str
    value: str
    verified: bool
    place: Place
    config: str = ""
    split: str = ""
    task: str = ""
    source: str = ""
    source_url: str = ""


def _list(value: Any) -> list[tuple[Any, str]]:
    """Give items with their path suffix; a lone mapping stands for a list of one."""
    if isinstance(value, list):
        return [(item, f"[{i}]") for i, item in enumerate(value)]
    return [(value, "")] if isinstance(value, Mapping) else []


def is_value(value: Any) -> bool:
    """Tell whether a value holds a number: a number, text with one, or a mapping with one."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return value == value  # noqa: PLR0124 - NaN is no result
    if isinstance(value, str):
        return len(value) <= 200 and any(c.isdigit() for c in value)
    if isinstance(value, Mapping):
        return any(is_value(v) for v in list(value.values())[:20])
    return isinstance(value, list) and any(is_value(v) for v in value[:20])


def _line(front: FrontMatter, *paths: str) -> int:
    return next((front.lines[p] for p in paths if p in front.lines), 1)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value[:200]
    return str(value)[:200] if isinstance(value, int | float) and not isinstance(value, bool) else ""


def index_results(card: Card, names: Names) -> Iterator[IndexResult]:
    """Give every value with a number that is no loss; entries that name another model are left out.

    Shape: huggingface.co/docs/hub/model-cards#evaluation-results; older cards give one mapping instead of a list, or
    metrics as a mapping from name to value.
    """
    front = card.front_matter
    key = next((k for k in KEYS if front.values.get(k)), None)
    if key is None:
        return iter(())
    entries = _list(front.values[key])
    own = [
        e for e in entries if isinstance(e[0], Mapping) and names.naming(_text(e[0].get("name"))) in ("exact", "near")
    ]
    some = own if own and len(entries) > 1 else entries
    found = (_entry(card, names, entry, f"{key}{at}") for entry, at in some if isinstance(entry, Mapping))
    return islice(chain.from_iterable(found), MAX_ENTRIES)


def _entry(card: Card, names: Names, entry: Mapping[str, Any], path: str) -> Iterator[IndexResult]:
    for result, at in _list(entry.get("results")):
        if not isinstance(result, Mapping):
            continue
        where = f"{path}.results{at}"
        dataset = result.get("dataset")
        dataset = dataset if isinstance(dataset, Mapping) else {"name": dataset}
        kind, name = _text(dataset.get("type")), _text(dataset.get("name"))
        task, source = (x if isinstance(x, Mapping) else {} for x in (result.get("task"), result.get("source")))
        metrics = result.get("metrics", result.get("metric"))
        if isinstance(metrics, Mapping) and not {"value", "type", "name"} & set(metrics):
            metrics = [{"name": k, "value": v} for k, v in metrics.items()]
        for metric, index in _list(metrics):
            if not isinstance(metric, Mapping) or not is_value(metric.get("value")):
                continue
            label = _text(metric.get("type")) or _text(metric.get("name"))
            if names.words.loss(label) or names.words.loss(_text(metric.get("name"))):
                continue
            yield IndexResult(
                metric=_text(metric.get("name")) or label,
                dataset_type=kind,
                dataset_name=name,
                value=_text(metric.get("value")),
                verified=metric.get("verified") is True,
                place=_place(card, f"{where}.metrics{index}", metric, f"{name or kind} {label}: {metric.get('value')}"),
                config=_text(dataset.get("config")),
                split=_text(dataset.get("split")),
                task=_text(task.get("type")) or _text(task.get("name")),
                source=_text(source.get("name")),
                source_url=_text(source.get("url")),
            )


def _place(card: Card, path: str, metric: Mapping[str, Any], excerpt: str) -> Place:
    steps = [f"{path}.value", path]
    while "." in path:
        path = path.rpartition(".")[0]
        steps += [path, path.partition("[")[0] if "." not in path else path]
    del metric
    line = _line(card.front_matter, *steps)
    return structs.replace(card.document.at(line, excerpt, text_kind="yaml"), kind="metadata")
