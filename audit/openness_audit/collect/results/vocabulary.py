"""Load the words for results, histories and training compute from `rules/vocabulary/`, compiled once."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct

from openness_audit.collect.patterns import lazy
from openness_audit.collect.results.phrases import Phrases
from openness_audit.packaged import read

_SEPARATORS = re.compile(r"[\s_\-/.:|]+")
_DROPPED = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]|[*`~\"'↑↓⬆⬇%:†‡§]|\d{1,2}[ -]?shots?|few[ -]shot")


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """Read `rules/vocabulary/<name>.yaml`."""
    loaded: dict[str, Any] = read(f"vocabulary/{name}.yaml")
    return loaded


@lru_cache(maxsize=4096)
def plain(label: str) -> str:
    """Give a cell, label or heading in lower case without brackets, marks, arrows, shots and emphasis."""
    bare = _DROPPED.sub(" ", label[:300].lower())
    return " ".join(piece for piece in _SEPARATORS.split(bare) if piece)


class Benchmark(Struct, frozen=True):
    """A public benchmark's id."""

    id: str
    public: bool = True


class ResultWords(Struct, frozen=True, kw_only=True):
    """The vocabulary of results, ready to ask."""

    benchmarks: dict[str, Benchmark]  # by plain name
    benchmark_text: Phrases  # names that are no ordinary words, anywhere in running text
    metrics: frozenset[str]
    metric_text: Phrases  # names of metrics that are no ordinary words, in running text
    metric_words: frozenset[str]
    losses: frozenset[str]
    sets: dict[str, frozenset[str]]
    texts: dict[str, Phrases]
    format_pattern: re.Pattern[str]
    synonyms: dict[str, str]
    variants: tuple[str, ...]

    def benchmark(self, label: str) -> Benchmark | None:
        """Give the benchmark a cell or list label names: as a whole, or by an unmistakable name inside it."""
        return _benchmark(label)

    def metric(self, label: str) -> str | None:
        """Give the metric a cell or list label names; None for a loss and for what is no metric."""
        return _metric(label)

    def loss(self, label: str) -> bool:
        """Tell a loss or a quantity of preference training from an evaluation metric."""
        bare = plain(label)
        return bare in self.losses or bare.endswith((" loss", " losses")) or bare.startswith("loss ")

    def among(self, name: str, label: str) -> bool:
        """Tell whether a label is one of the words listed under `name`."""
        return plain(label) in self.sets[name]


@lru_cache(maxsize=4096)
def _benchmark(label: str) -> Benchmark | None:
    words, bare = result_words(), plain(label)
    found = words.benchmarks.get(bare)
    if found:
        return found
    inside = words.benchmark_text.search(bare)
    return words.benchmarks.get(plain(inside.text)) if inside else None


@lru_cache(maxsize=4096)
def _metric(label: str) -> str | None:
    words, bare = result_words(), plain(label)
    if not bare or len(bare) > 60 or words.loss(label):
        return None
    if bare in words.metrics:
        return bare
    pieces = bare.replace("@", " ").split()
    return bare if len(pieces) <= 5 and set(pieces) & words.metric_words else None


_SETS = (
    "not_scores",
    "not_score_sections",
    "score_words",
    "result_sections",
    "model_columns",
    "own_words",
    "size_columns",
    "benchmark_columns",
    "metric_columns",
    "ignorable_words",
    "format_words",
    "model_words",
    "vendor_words",
    "printed_languages",
    "settings",
)


@cache
def result_words() -> ResultWords:
    """Compile `rules/vocabulary/results.yaml`."""
    raw = vocabulary("results")
    benchmarks: dict[str, Benchmark] = {}
    certain: list[str] = []
    for entry in raw["benchmarks"]:
        item = Benchmark(entry["id"], entry.get("public", True))
        for name in (*entry["names"], *entry.get("whole", ())):
            benchmarks.setdefault(plain(name), item)
        certain += entry["names"]
    history = raw["history"]
    sets = {name: frozenset(plain(word) or word for word in raw[name]) for name in _SETS}
    sets |= {f"history_{name}": frozenset(plain(word) for word in words) for name, words in history.items()}
    return ResultWords(
        benchmarks=benchmarks,
        benchmark_text=Phrases(tuple(plain(name) for name in certain)),
        metrics=frozenset(plain(word) for word in raw["metrics"]),
        metric_text=Phrases(tuple(raw["metrics_in_prose"])),
        metric_words=frozenset(raw["metric_words"]),
        losses=frozenset(plain(word) for word in raw["losses"]),
        sets=sets,
        format_pattern=lazy("|".join(raw["format_patterns"])),
        synonyms=raw["synonyms"],
        variants=tuple(raw["variants"]),
        texts={
            "promised": Phrases(tuple(raw["promised"])),
            "lead_in": Phrases(tuple(raw["results_sentence"])),
            "other_sections": Phrases(tuple(raw["other_sections"])),
            "own_words": Phrases(tuple(raw["own_words"])),
            "curves": Phrases(tuple(history["curves"])),
            "not_curves": Phrases(tuple(history["not_curves"])),
            "curve_sections": Phrases(tuple(history["curve_sections"])),
        },
    )


class Tracker(Struct, frozen=True, kw_only=True):
    """An experiment tracker: its hosts and the path parts that make a link a run, report or project."""

    id: str
    hosts: tuple[str, ...]
    paths: tuple[str, ...] = ()
    projects: bool = False
    last: bool = False


@cache
def trackers() -> tuple[tuple[Tracker, ...], frozenset[str]]:
    """Give the known trackers and the first path parts that are no user's."""
    raw = vocabulary("results")
    found = tuple(
        Tracker(
            id=entry["id"],
            hosts=tuple(entry["hosts"]),
            paths=tuple(entry.get("paths", ())),
            projects=entry.get("projects", False),
            last=entry.get("last", False),
        )
        for entry in raw["trackers"]
    )
    return found, frozenset(raw["tracker_not"])


@cache
def tracker_vendors() -> frozenset[str]:
    """Give the trackers' own accounts, whose reports are tutorials."""
    return frozenset(vocabulary("results")["tracker_vendors"])


@cache
def tracker_pages_not() -> tuple[frozenset[str], tuple[str, ...]]:
    """Give the pages and projects that show no training run, and the endings of files kept in a tracker."""
    raw = vocabulary("results")
    return frozenset(raw["tracker_pages_not"]), tuple(f".{end}" for end in raw["history"]["file_endings"])


@cache
def prose_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile what may stand between a metric and its number, and the words that make a number no score."""
    raw = vocabulary("results")["prose"]
    joins = "|".join(re.escape(w) for w in sorted(raw["joins"], key=len, reverse=True))
    link = lazy(rf"[\s:=(]*(?:(?:{joins})[\s:=]+){{0,4}}[~≈(*]{{0,3}}", re.IGNORECASE)
    return link, lazy(r"(?<![^\W_])(?:" + "|".join(re.escape(w) for w in raw["not_scores"]) + ")", re.IGNORECASE)


@cache
def code_languages() -> frozenset[str]:
    """Give the languages of code blocks that hold no output."""
    return frozenset(vocabulary("results")["code_languages"])


@cache
def result_files() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Compile how a path in a code repository tells a result file."""
    raw = vocabulary("results")["result_files"]
    parts = "|".join(sorted(raw["parts"], key=len, reverse=True))
    return lazy(rf"(?:^|[/_.-])(?:{parts})(?=[/_.-]|$)", re.IGNORECASE), tuple(f".{e}" for e in raw["endings"])
