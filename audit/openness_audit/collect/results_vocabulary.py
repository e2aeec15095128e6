"""Load the words for results, histories and training compute from `rules/vocabulary/`, compiled once."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml
from msgspec import Struct

_GAP: Final = r"[\s_./\-]{0,3}"
_WIDE = re.compile(r"[\u3000-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_SEPARATORS = re.compile(r"[\s_\-/.:|]+")
_DROPPED = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]|[*`~\"'↑↓⬆⬇%:†‡§]|\d{1,2}[ -]?shots?|few[ -]shot")


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """Read `rules/vocabulary/<name>.yaml`."""
    source = files("openness_audit.rules") / "vocabulary" / f"{name}.yaml"
    loaded: dict[str, Any] = yaml.load(source.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def phrases(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compile literal phrases to one pattern, bounded by non-letters except in scripts without blanks.

    A blank in a phrase stands for up to three blanks, hyphens, underscores, slashes or dots.
    """
    parts = []
    for word in sorted(set(words), key=lambda w: (-len(w), w)):
        body = _GAP.join(re.escape(piece) for piece in word.split())
        parts.append(body if _WIDE.search(word) else rf"(?<![^\W_]){body}(?![^\W_])")
    return re.compile("|".join(parts) if parts else r"(?!)", re.IGNORECASE)


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
    benchmark_text: re.Pattern[str]  # names that are no ordinary words, anywhere in running text
    metrics: frozenset[str]
    metric_text: re.Pattern[str]  # names of metrics that are no ordinary words, in running text
    metric_words: frozenset[str]
    losses: frozenset[str]
    sets: dict[str, frozenset[str]]
    texts: dict[str, re.Pattern[str]]

    def benchmark(self, label: str) -> Benchmark | None:
        """Give the benchmark a cell or list label names: as a whole, or by an unmistakable name inside it."""
        bare = plain(label)
        found = self.benchmarks.get(bare)
        if found:
            return found
        inside = self.benchmark_text.search(bare)
        return self.benchmarks.get(plain(inside.group())) if inside else None

    def metric(self, label: str) -> str | None:
        """Give the metric a cell or list label names; None for a loss and for what is no metric."""
        bare = plain(label)
        if not bare or len(bare) > 60 or self.loss(label):
            return None
        if bare in self.metrics:
            return bare
        pieces = bare.replace("@", " ").split()
        ends = {pieces[0], pieces[-1], *(p for p in pieces if not p.isdigit())} if len(pieces) <= 5 else set()
        return bare if ends & self.metric_words else None

    def loss(self, label: str) -> bool:
        """Tell a loss or a quantity of preference training from an evaluation metric."""
        bare = plain(label)
        return bare in self.losses or bare.endswith((" loss", " losses")) or bare.startswith("loss ")

    def among(self, name: str, label: str) -> bool:
        """Tell whether a label is one of the words listed under `name`."""
        return plain(label) in self.sets[name]


_SETS = (
    "not_scores",
    "not_score_sections",
    "score_words",
    "result_sections",
    "model_columns",
    "own_words",
    "size_columns",
    "benchmark_columns",
    "ignorable_words",
    "format_words",
    "model_words",
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
        benchmark_text=phrases(tuple(plain(name) for name in certain)),
        metrics=frozenset(plain(word) for word in raw["metrics"]),
        metric_text=phrases(tuple(raw["metrics_in_prose"])),
        metric_words=frozenset(raw["metric_words"]),
        losses=frozenset(plain(word) for word in raw["losses"]),
        sets=sets,
        texts={
            "promised": phrases(tuple(raw["promised"])),
            "lead_in": phrases(tuple(raw["results_sentence"])),
            "other_sections": phrases(tuple(raw["other_sections"])),
            "own_words": phrases(tuple(raw["own_words"])),
            "curves": phrases(tuple(history["curves"])),
            "not_curves": phrases(tuple(history["not_curves"])),
            "curve_sections": phrases(tuple(history["curve_sections"])),
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
