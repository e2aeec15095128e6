"""Measure how long resolving a licence tag takes, warm, and print it against its target.

    python tests/benchmarks/tags.py [--rounds N]

`seen` resolves a tag that was resolved before, as most of a run's are: the Hub's ids, spellings of people, lists and
expressions. `new` resolves a spelling for the first time in a warm process (each name once, caches emptied before).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from openness_audit.licenses import ids, single, terms
from openness_audit.licenses.ids import resolve
from openness_audit.licenses.terms import all_terms

TARGET = 20.0  # microseconds to resolve a tag, warm
TAGS: dict[str, tuple[object, object, object]] = {
    "Hub id": ("apache-2.0", None, None),
    "Hub id of a vendor": ("llama3.1", None, None),
    "free spelling": ("Apache License, Version 2.0", None, None),
    "list": (["mit", "cc-by-nc-4.0"], None, None),
    "expression": ("MIT OR Apache-2.0", None, None),
    "other with a name": ("other", "tongyi-qianwen", "https://huggingface.co/acme/owl/blob/main/LICENSE"),
    "nobody's name": ("owl-license-2", None, None),
    "nothing": (None, None, None),
}


def each(tag: tuple[object, object, object], rounds: int) -> float:
    """Give the median microseconds of one call, over batches of a hundred."""
    resolve(*tag)
    batches = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(100):
            resolve(*tag)
        batches.append((time.perf_counter() - start) * 1e4)
    return statistics.median(batches)


def first() -> list[float]:
    """Give the microseconds of resolving each known name for the first time in a warm process."""
    names = sorted({name for entry in all_terms().values() for name in (entry.id, entry.name, *entry.aliases)})
    taken: list[float] = []
    for _ in range(2):  # the first pass loads the tables
        taken.clear()
        ids._cached.cache_clear()  # noqa: SLF001 - what is measured is the work behind the cache
        single.of_name.cache_clear()
        terms._key.cache_clear()  # noqa: SLF001 - likewise
        for name in names:
            start = time.perf_counter()
            resolve(name)
            taken.append((time.perf_counter() - start) * 1e6)
    return taken


def main() -> int:
    """Print one line per kind of tag."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    print(f"{'resolving a tag, microseconds':40} {'median':>8} {'target':>8}")
    seen = {title: each(tag, rounds) for title, tag in TAGS.items()}
    for title, value in seen.items():
        print(f"seen: {title:34} {value:8.1f} {TARGET:8.0f}")
    new = first()
    print(f"new: {f'{len(new)} known names':35} {statistics.median(new):8.1f} {TARGET:8.0f}")
    return 0 if max(*seen.values(), statistics.median(new)) < TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
