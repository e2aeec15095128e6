"""Measure the identification of licence texts: time per file, and the memory of a process that does nothing else.

    python tests/benchmarks/texts.py [--texts FILE.jsonl[.gz]] [--files N]

`--texts` has lines of `{"text": ...}`, of which the first N are read, one after the other. Without it N texts are
made of the bundled references: whole ones, ones with a name filled in, with a sentence more, and cut in half.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from openness_audit.licenses.identify import identify
from openness_audit.licenses.references import references

COMMON = ("MIT", "Apache-2.0", "BSD-3-Clause", "CC-BY-4.0", "CC-BY-NC-4.0", "GPL-3.0-only", "MPL-2.0", "ISC")


def made() -> Iterator[str]:
    """Give texts as repositories have them, common licences more often, without end."""
    rare = itertools.cycle(sorted(references().block_of))
    for number in itertools.count():
        expression = COMMON[number % len(COMMON)] if number % 4 else next(rare)
        text = " ".join(references().words(expression) or [])
        head = f"Copyright (c) {1980 + number % 40} Owl Works {number}\n\n"
        yield (
            head + text,
            head + text.replace("copyright holder", f"owl works {number}"),
            f"{text}\n\nOwls of kind {number} may not use this.",
            text[: len(text) // 2] + head,
        )[number % 4]


def read(path: Path) -> Iterator[str]:
    """Give the texts of JSON lines, one at a time."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def peak() -> float:
    """Give the most memory that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; returns 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--files", type=int, default=350)
    options = parser.parse_args(arguments)
    before = peak()
    started = time.process_time()
    identify("the tables are read at the first text of at least eight words")
    ready = 1000 * (time.process_time() - started)
    spent: list[float] = []
    for text in itertools.islice(read(options.texts) if options.texts else made(), options.files):
        started = time.process_time()
        identify(text)
        spent.append(1000 * (time.process_time() - started))
    spent.sort()
    print(f"{len(spent)} files; processor time, ms: median {statistics.median(spent):.1f}, "
          f"p95 {spent[int(len(spent) * 0.95)]:.0f}, p99 {spent[int(len(spent) * 0.99)]:.0f}, most {spent[-1]:.0f}; "
          f"tables ready after {ready:.0f}; memory {peak():.0f} MB, of which {before:.0f} before")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
