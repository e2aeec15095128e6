"""Measure scans against a Hub on loopback: requests, a second scan, a slow network, a quota. One table.

    python tests/benchmarks/live.py [--world DIR] [--models N] [--only NAME]

`--world DIR` holds a stand-in Hub (`serve.py`) with recorded models; without it a small made-up one is served. Figures
of speed depend on the machine and on what else it does; those of requests do not.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
AGAIN = """
import sys
from dataclasses import replace
from datetime import UTC, datetime
from openness_audit.sources.settings import SourceSettings
of, now = SourceSettings.of.__func__, datetime.now(UTC)
SourceSettings.of = classmethod(lambda cls, *a, **k: replace(of(cls, *a, **k), fresh_since=now))
from openness_audit.cli import main
sys.exit(main())
"""  # everything that can change has become stale, as it has the next night


@dataclass
class Scan:
    """What one scan came to."""

    seconds: float
    cpu: float
    rows: list[dict[str, Any]]
    log: list[dict[str, Any]] = field(default_factory=list)

    @property
    def statuses(self) -> Counter[int]:
        return Counter(row["status"] for row in self.log)

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        return [row for row in self.log if bucket(row["kind"]) in kinds]


def bucket(kind: str) -> str:
    """Say which limit a request counts against."""
    if kind.startswith("github"):
        return "github"
    return "files" if kind.endswith(("resolve", "raw")) else "api"


@contextlib.contextmanager
def served(world: Path, folder: Path, *options: str) -> Iterator[tuple[dict[str, str], Path]]:
    """Serve the recorded world; gives the environment that leads there, and the log of requests."""
    log = folder / f"log-{time.monotonic_ns()}.jsonl"
    command = [sys.executable, str(world / "serve.py"), "--log", str(log), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            said = dict(word.split("=", 1) for word in server.stdout.readline().split())
            yield said, log
        finally:
            server.terminate()


def ids_of(world: Path, count: int) -> list[str]:
    """Choose models with recorded cards, always the same ones."""
    with gzip.open(world / "data" / "models.jsonl.gz", "rt", encoding="utf-8") as stream:
        known = [row["id"] for row in map(json.loads, stream) if not row.get("stand-in")]
    random.Random(7).shuffle(known)  # noqa: S311 - a sample, no secret
    return known[:count]


def scan(where: dict[str, str], log: Path, folder: Path, out: str, *words: str, script: str | None = None) -> Scan:
    """Scan the models of the list, and read what came of it."""
    log.write_bytes(b"")
    urllib.request.urlopen(urllib.request.Request(f"{where['HF_ENDPOINT']}/__reset", method="POST")).close()  # noqa: S310 - loopback
    command = ["-c", script] if script else ["-m", "openness_audit"]
    command += ["scan", "--list", str(folder / "ids.txt"), "--out", str(folder / out), "--no-audits", "-q", *words]
    env = {key: value for key, value in os.environ.items() if "TOKEN" not in key} | where
    cpu, began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, time.monotonic()
    subprocess.run([sys.executable, *command], env=env, check=False, cwd=folder)
    seconds, cpu = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - cpu
    rows = [json.loads(line) for part in sorted((folder / out).glob("rows-*")) for line in part.open("rb")]
    return Scan(seconds, cpu, rows, [json.loads(line) for line in log.open("rb")])


def requests(world: Path, folder: Path, count: int) -> Iterator[tuple[str, str]]:
    """A first scan, and one of the next night."""
    with served(world, folder) as (where, log):
        first = scan(where, log, folder, "first", "--cache-dir", "cache", "--workers", "1")
        again = scan(where, log, folder, "again", "--cache-dir", "cache", "--workers", "1", script=AGAIN)
    yield "first scan: models a second", f"{count / first.seconds:.1f} ({count / first.cpu:.1f} a second of CPU)"
    for name in ("api", "files", "github"):
        yield f"first scan: {name} requests a model", f"{len(first.of(name)) / count:.2f}"
    bodies = first.statuses[200]
    yield "first scan: answers with a body / refusals", f"{bodies} / {len(first.log) - bodies}"
    yield "again: answers with a body", f"{again.statuses[200]} ({again.statuses[200] / bodies:.1%} of the first)"
    yield "again: not modified (304) / refusals", f"{again.statuses[304]} / {refused(again)}"
    yield "again: requests in all", f"{len(again.log)} ({len(again.log) / len(first.log):.0%} of the first)"


def refused(one: Scan) -> int:
    """Count what was refused, or leads elsewhere."""
    return sum(count for status, count in one.statuses.items() if status not in {200, 304})


def latency(world: Path, folder: Path, count: int) -> Iterator[tuple[str, str]]:
    """Slow networks, with so few models at a time that they are what limits, not the processor."""
    threads = 2
    for delay in (100, 400):
        with served(world, folder, "--latency-ms", f"{delay}") as (where, log):
            words = ("--cache-dir", f"cache-{delay}", "--workers", "1", "--threads", f"{threads}")
            slow = scan(where, log, folder, f"slow-{delay}", *words)
        times = [row["time"] for row in slow.log]
        rate, bound = len(times) / (max(times) - min(times) + delay / 1000), threads * 1000 / delay
        yield f"{delay} ms, {threads} at a time: requests a second", f"{rate:.1f} ({rate / bound:.0%} of {bound:.0f})"
        yield f"{delay} ms: models a second", f"{count / slow.seconds:.2f} (CPU {slow.cpu:.0f} of {slow.seconds:.0f} s)"


def quota(world: Path, folder: Path, count: int) -> Iterator[tuple[str, str]]:
    """A quota that is less than what two processes would ask."""
    limit, window = 60, 10
    with served(world, folder, "--rate-limit", f"{limit}", "--rate-window", f"{window}") as (where, log):
        held = scan(where, log, folder, "held", "--cache-dir", "held-cache", "--workers", "2", "--wait-for-code")
    times = sorted(row["time"] for row in held.of("api"))
    starts = [times[0]]  # of windows, as the server counts them
    for at in times:
        if at - starts[-1] >= window:
            starts.append(at)
    full = [at for at in times if starts[min(1, len(starts) - 1)] <= at < starts[-1]]  # the first has the start in it
    used = len(full) / ((starts[-1] - starts[1]) / window * limit) if len(starts) > 2 else 1.0
    yield f"{limit} in {window} s, 2 processes: API quota used", f"{used:.0%} ({len(times)} requests)"
    limited = held.statuses[429] + sum(row["status"] == 403 for row in held.of("github"))
    yield "quota: answers 429, or 403 of GitHub's limit", f"{limited}"
    failed = sum(row.get("problem") == "rate-limited" for row in held.rows)
    yield "quota: models finished / failed by quota", f"{len(held.rows)} of {count} / {failed}"


PARTS = {"requests": requests, "latency": latency, "quota": quota}


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--world", type=Path, help="a folder with serve.py and its data (made up)")
    words.add_argument("--models", type=int, default=120)
    words.add_argument("--only", choices=sorted(PARTS))
    said = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = said.world.resolve() if said.world else made_up(folder, said.models)
        names = ids_of(world, said.models)
        (folder / "ids.txt").write_text("\n".join(names))
        print(f"{len(names)} models")
        for part, measure in PARTS.items():
            if said.only in {None, part}:
                for what, figure in measure(world, folder, len(names)):
                    print(f"{what:<48} {figure}", flush=True)


def made_up(folder: Path, count: int) -> Path:
    """Make a small world that is served by `live_world.py`."""
    world = folder / "world"
    (world / "data").mkdir(parents=True)
    with gzip.open(world / "data" / "models.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps({"id": f"org{n % 7}/model-{n}"}) + "\n" for n in range(count))
    (world / "serve.py").write_text((HERE / "live_world.py").read_text(encoding="utf-8"), encoding="utf-8")
    return world


if __name__ == "__main__":
    main()
