"""Measure the time and the peak memory of whole audits of the worst repositories, and print them as one table.

    python tests/benchmarks/memory.py [--timeout SECONDS]

Needs nothing but the project: the Hub is a stand-in on loopback. Memory is the largest resident set of the process.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from outside_kit import MODEL, small_hub, start
from standin import StandIn
from standin_http import Answer


def card(hub: StandIn, text: str | bytes) -> None:
    """Give the model another card."""
    hub.repos["models"][MODEL]["files"]["README.md"] = text


def record(hub: StandIn, **fields: object) -> None:
    """Lay fields over the model's record."""
    hub.repos["models"][MODEL]["info"] = fields


BOMB = gzip.compress(bytes(1_000_000_000), 1)
PACKED = {"Content-Encoding": "gzip"}
LINKS = "".join(f"- trained on https://huggingface.co/datasets/a/d{n}\n" for n in range(20_000))
CASES: dict[str, Callable[[StandIn], None]] = {
    "an ordinary model": lambda _: None,
    "a card of 5 MB of prose": lambda hub: card(hub, "# One\n\n" + "We trained it on text of many kinds. " * 140_000),
    "a card of 20,000 links to data sets": lambda hub: card(hub, f"# One\n\n## Training data\n\n{LINKS}"),
    "a record of 30 MB": lambda hub: record(hub, tags=["x" * 1000] * 30_000),
    "a record of 500 MB, packed": lambda hub: hub.script(f"/api/models/{MODEL}", Answer(200, BOMB, PACKED)),
    "a card of 1 GB, packed": lambda hub: hub.script("*README.md", Answer(200, BOMB, PACKED)),
    "every answer 1 GB, packed": lambda hub: hub.script("*", Answer(200, BOMB, PACKED), forever=True),
    "100,000 files": lambda hub: hub.repos["models"][MODEL]["files"].update({f"d/{n}.bin": 9 for n in range(100_000)}),
    "a code repository of 100,000 files": lambda hub: hub.github_repos["acme/lantern"]["files"].update(
        {f"src/f{n}.py": "" for n in range(100_000)}
    ),
    "every answer drips": lambda hub: hub.script("*", Answer(200, b" " * 100_000, drip=0.05), forever=True),
    "GitHub says nothing": lambda hub: hub.script("/github/*", Answer(wait=600), forever=True),
}


def measured(change: Callable[[StandIn], None], limit: int) -> tuple[int, float, float]:
    """Exit code, seconds and peak megabytes of one audit."""
    with small_hub() as hub, tempfile.TemporaryDirectory() as scratch:
        change(hub)
        with (Path(scratch) / "out").open("w") as out:
            began = time.monotonic()
            words = (MODEL, "-q", "-f", "json", "--timeout", str(limit))
            process = start(Path(scratch), *words, env=hub.environ, stdout=out, stderr=out)
            _, status, usage = os.wait4(process.pid, 0)
            took = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        unit = 1e6 if sys.platform == "darwin" else 1e3
        return process.returncode, took, usage.ru_maxrss / unit


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--timeout", type=int, default=20)
    limit = parser.parse_args().timeout
    print(f"| what, with `--timeout {limit}` | exit | seconds | peak memory |\n|---|---|---|---|")
    for name, change in CASES.items():
        code, took, peak = measured(change, limit)
        print(f"| {name} | {code} | {took:.1f} | {peak:.0f} MB |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
