"""Measure a dump that a Dask cluster of this machine's scans, against one process: rows a second, and the cost a row.

    python tests/benchmarks/dask_scan.py CARDS.jsonl.gz [--rows N] [--workers N]

The dump is that of `dump.py`, with N/2 and N rows. Wall time is what a user waits, and means little on a machine that
does other work. Time of the processor, of the process and all that it started, says what the cluster costs beside the
work: on as many free cores as there are workers, the run can be `workers * one / cluster` times as fast as one process.
Starting both (programs, rules, patterns) is taken out: it is what no rows would take, by the two sizes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.dump import dump, recorded


def timed(words: list[str]) -> tuple[float, float]:
    """Run a scan; give the wall time, and the processor's of it and all that it started."""
    before, began = os.times(), time.monotonic()
    code = subprocess.run([sys.executable, "-m", "openness_audit", "scan", *words, "-q"], check=False).returncode
    if code not in {0, 3}:
        raise SystemExit(f"scan {' '.join(words)} ended in {code}")
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - began, spent


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cards", type=Path, metavar="CARDS")
    parser.add_argument("--rows", type=int, default=2_000, metavar="N", help="rows of the greater dump")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes of the cluster")
    options = parser.parse_args()
    found, sizes = recorded(options.cards), (options.rows // 2, options.rows)
    engines = {"one process": ["--workers", "1"], "Dask": ["--engine", "dask", "--workers", str(options.workers)]}
    cost: dict[str, tuple[float, float]] = {}
    print("| engine | rows | wall s | processor s | processor ms a row |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for engine, words in engines.items():
            told = []
            for size in sizes:
                cards = Path(folder, f"{size}.jsonl")
                if not cards.exists():
                    cards.write_bytes(b"\n".join(dump(found, size)))
                wall, spent = timed([str(cards), "--out", f"{folder}/{engine}-{size}", *words])
                told.append((wall, spent))
                print(f"| {engine} | {size} | {wall:.1f} | {spent:.1f} | {spent * 1000 / size:.2f} |", flush=True)
            rows = sizes[1] - sizes[0]
            cost[engine] = (told[1][0] - told[0][0]) / rows, (told[1][1] - told[0][1]) / rows
    one, many = cost["one process"], cost["Dask"]
    for name, seconds in cost.items():
        print(
            f"{name}: each further row {seconds[1] * 1000:.2f} ms of the processor, {seconds[0] * 1000:.2f} ms of wall"
        )
    print(
        f"Dask with {options.workers} workers: {options.workers * one[1] / many[1]:.2f} times one process by processor,"
    )
    print(f"{one[0] / many[0]:.2f} times by wall, with a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 0


if __name__ == "__main__":
    sys.exit(main())
