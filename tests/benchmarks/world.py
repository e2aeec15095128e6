"""Audit the whole recorded world in one process with no network, and print speed, memory and failures.

    python tests/benchmarks/world.py WORLD [--most N]

WORLD is the folder of the stand-in Hub (`WORLD/data/models.jsonl.gz`). Every model is audited as `modelaudit` does it,
base models included, in an order that mixes all kinds, and its document is written as JSON. The steps of each audit are
timed on the way, in processor time. The exit code is 1 where an audit failed.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import statistics
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.recorded_world import RecordedWorld
from openness_audit import pipeline, stages
from openness_audit.errors import NoVerdictError
from openness_audit.render import json
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target

AS_OF = date(2026, 11, 21)
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
STEPS = {  # rows of the table, and the functions of `stages` that each is made of
    "evaluate, judge, all profiles": ("evaluate", "basis_of", "judge"),
    "claims": ("with_claims",),
    "fixes": ("fixes",),
    "terms of the chain": ("chain_of", "with_chain"),
    "document": ("build",),
}
TARGETS = {"evaluate, judge, all profiles": "< 3 ms"}
Row = tuple[str, str, str]


def resident_mb() -> float:
    """Give the memory of the process now; where the system does not say, the most it ever was."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return pages * resource.getpagesize() / 1e6


class Mark(NamedTuple):
    """Where a pass stood: what it had audited, taken and held."""

    models: int
    seconds: float  # of the processor
    megabytes: float
    objects: int  # that Python's collector knows; what the allocator keeps for later is not in it


class Run:
    """What one pass over the world showed."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.refused = 0  # neither card nor files: no verdict, as it should be
        self.marks: list[Mark] = []
        self.steps: dict[str, list[float]] = defaultdict(list)
        self._spent: dict[str, float] = {}

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Time the named functions wherever an audit calls them."""
        with ExitStack() as stack:
            for names in STEPS.values():
                for name in names:
                    stack.enter_context(patch.object(stages, name, self._timing(name, getattr(stages, name))))
            yield

    def _timing(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*words: Any, **named: Any) -> Any:
            started = time.thread_time()
            try:
                return call(*words, **named)
            finally:
                self._spent[name] = self._spent.get(name, 0.0) + time.thread_time() - started

        return run

    def audit(self, name: str, one: Callable[[], None]) -> None:
        """Carry out one audit and keep its times."""
        self._spent.clear()
        try:
            one()
        except NoVerdictError:
            self.refused += 1
            return
        except Exception as problem:  # noqa: BLE001 - every failure is a row
            where = traceback.extract_tb(problem.__traceback__)[-1]
            self.failed.append(
                f"{name}: {type(problem).__name__}: {problem} ({Path(where.filename).name}:{where.lineno})"
            )
            return
        for row, names in STEPS.items():
            self.steps[row].append(sum(self._spent[n] for n in names))

    def rows(self) -> list[Row]:
        """Word the pass as rows of the table."""
        end = self.marks[-1]
        quarter = next(mark for mark in self.marks if mark.models >= end.models // 4)
        rows = [
            (f"the whole world, {end.models} models in one process, base models included: failures", "none",
             f"{len(self.failed)}"),
            ("the same: models in a second of processor time", "-", f"{end.models / end.seconds:.0f}"),
            (f"the same: resident memory at {', '.join(f'{mark.models}' for mark in self.marks)} models", "flat",
             f"{', '.join(f'{mark.megabytes:.0f}' for mark in self.marks)} MB"),
            ("the same: growth of it from a quarter of them to the end", "flat",
             f"{end.megabytes - quarter.megabytes:+.0f} MB"),
            ("the same: objects alive then", "flat", ", ".join(f"{mark.objects}" for mark in self.marks)),
        ]  # fmt: skip
        for step, times in self.steps.items():
            middle, high = statistics.median(times) * 1000, statistics.quantiles(times, n=100)[-1] * 1000
            what = f"{step}, median of {len(times)} models (p99 {high:.1f} ms)"
            rows.append((what, TARGETS.get(step, "-"), f"{middle:.1f} ms"))
        return rows


def whole_world(world: Path, most: int | None = None, tell: Callable[[str], None] = print) -> Run:
    """Audit every recorded model (or `most` of them), telling progress at each mark."""
    gc.set_threshold(500_000, 20, 20)  # as the command line does
    rules, recorded, run = load_rules(), RecordedWorld(world), Run()
    names = list(recorded.models)
    random.Random(0).shuffle(names)  # noqa: S311 - the same mixture on every run
    names = names[:most]
    marks = {max(1, round(len(names) * share)) for share in SHARES}
    with tempfile.TemporaryDirectory() as scratch, run.timed():
        settings, now = Settings(cache_dir=Path(scratch)), datetime.now(UTC)

        def one(name: str) -> None:
            target = Target(kind="hub", id=name)
            json.line(pipeline.audit_model(target, settings, rules=rules, now=now, as_of=AS_OF))

        with patch("openness_audit.sources.opening.open_sources", lambda *_, **__: recorded):
            tell(f"{len(names)} models; {resident_mb():.0f} MB before the first")
            began, started = time.process_time(), time.monotonic()
            for number, name in enumerate(names, 1):
                run.audit(name, lambda name=name: one(name))  # type: ignore[misc]  # mypy cannot infer the default
                if number in marks:
                    spent, held = time.process_time() - began, resident_mb()
                    gc.collect()
                    run.marks.append(Mark(number, spent, held, len(gc.get_objects())))
                    tell(
                        f"{number} models: {time.monotonic() - started:.0f} s, of the processor {spent:.0f} s, "
                        f"{number / spent:.1f} models/s, {held:.0f} MB, {len(run.failed)} failed, "
                        f"{run.refused} without card and files"
                    )
    return run


def main() -> int:
    """Print progress, failures and the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("world", type=Path, metavar="WORLD")
    parser.add_argument("--most", type=int, metavar="N")
    options = parser.parse_args()
    run = whole_world(options.world, options.most, lambda said: print(said, flush=True))
    print("\n| what | target | measured |\n|---|---|---|")
    for row in run.rows():
        print("| " + " | ".join(row) + " |")
    for said in run.failed:
        print(said)
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
