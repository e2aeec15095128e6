"""Audit cards of every hostile shape at growing sizes, and name those whose time grows faster than their size.

    python tests/benchmarks/ladder.py [--sizes 50000,100000,200000] [--limit SECONDS] [SHAPE ...]

One row a shape: seconds of processor time for each size (collecting, judging and every report), and the peak memory of
the process so far. A row is marked where the last step of sizes costs more than half again its share, or more than the
limit. The exit code is 1 where a row is marked or an audit failed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hostile_kit import audit_of, capture_of, held
from hostile_texts import SHAPES, card

WORTH_S = 0.5  # less is noise


def seconds(shape: str, size: int) -> float:
    """Time one audit and its reports."""
    started = time.process_time()
    held(audit_of(capture_of({"README.md": card(shape, size)})))
    return time.process_time() - started


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("shapes", nargs="*", metavar="SHAPE")
    parser.add_argument("--sizes", default="50000,100000,200000")
    parser.add_argument("--limit", type=float, default=5.0)
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    seconds("prose", 1_000)  # vocabularies are compiled once
    marked = 0
    for shape in given.shapes or SHAPES:
        times: list[float] = []
        failed = ""
        try:
            times += [seconds(shape, size) for size in sizes]
        except Exception as problem:  # noqa: BLE001 - every failure is a row
            failed = f"{type(problem).__name__}: {str(problem)[:80]}"
        steep = len(times) > 1 and times[-1] > WORTH_S and times[-1] / times[-2] > 1.5 * sizes[-1] / sizes[-2]
        bad = bool(failed) or steep or max(times, default=0) > given.limit
        marked += bad
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        row = " ".join(f"{each:7.2f}" for each in times)
        print(f"{shape:22} {row} {peak:5} MB {failed}{' <' if bad else ''}", flush=True)
    return 1 if marked else 0


if __name__ == "__main__":
    sys.exit(main())
