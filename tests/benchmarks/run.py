"""Measure the figures of the design's speed section, and print them as one table.

    python tests/benchmarks/run.py [--repeat N] [--texts FILE.jsonl.gz] [--world DIR [--most N]]

Needs nothing but the project: the Hub is a stand-in on loopback with 100 ms added to every answer. `--texts` times the
identification of licence texts on a file of `{"text": ...}` lines; without it the project's own LICENSE is used.
`--world` audits the recorded models of a stand-in Hub (`DIR/data/models.jsonl.gz`) as well, all or N of them, in one
process with no network. Seconds of the processor are said beside those on the clock, which other work lengthens.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bills import bills
from benchmarks.world import whole_world
from openness_audit.capturing import capture_model
from openness_audit.collect.assemble import complete, read
from openness_audit.evaluate import evaluate
from openness_audit.judge import judge
from openness_audit.licenses.identify import identify
from openness_audit.pipeline import audit_model
from openness_audit.profiles.profile import read_profiles, seed
from openness_audit.profiles.read import basis_of
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target
from openness_audit.sources.opening import open_sources
from openness_audit.sources.settings import SourceSettings
from standin import StandIn

ROOT = Path(__file__).resolve().parent.parent.parent
CARD = (ROOT / "docs" / "example-model" / "README.md").read_text("utf-8")
LICENSE = (ROOT / "LICENSE").read_text("utf-8")
LINKED = CARD.replace("`train.py` in this repository", "[The code](https://github.com/acme/lantern)") + (
    "\nThe data set card of [C4](https://huggingface.co/datasets/allenai/c4) describes the corpus.\n"
)
DERIVED = (
    "---\nbase_model: acme/lantern\nlicense: apache-2.0\ndatasets: [acme/chat]\n---\n# Lantern chat\n"
    + CARD.split("---", 2)[2].replace("Lantern 120M", "Lantern Chat")
)
HUB = {
    "models": {
        "acme/lantern": {
            "files": {"README.md": LINKED, "LICENSE": LICENSE, "config.json": "{}", "model.safetensors": 9}
        },
        "acme/lantern-chat": {
            "files": {"README.md": DERIVED, "LICENSE": LICENSE, "config.json": "{}", "model.safetensors": 9}
        },
    },
    "datasets": {
        "allenai/c4": {"files": {"README.md": "# C4\n\nA cleaned part of Common Crawl, in English.\n"}},
        "acme/chat": {"files": {"README.md": "# Chat\n\nTen thousand dialogues.\n"}},
    },
    "github": {"acme/lantern": {"files": {"README.md": "# Lantern\n", "train.py": "", "LICENSE": LICENSE}}},
}
LATENCY_S = 0.1


def best(run: Callable[[], object], repeat: int) -> float:
    """Give the least seconds of processor time of `repeat` runs."""
    times = []
    for _ in range(repeat):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def processes(repeat: int, *words: str, env: dict[str, str]) -> str:
    """Run the command as a whole process: the least seconds on the clock, and the least of the processor."""
    clock, processor = [], []
    for _ in range(repeat):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([sys.executable, "-m", "openness_audit", *words], env=env, check=True, capture_output=True)
        clock.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return f"{min(clock):.2f} s ({min(processor):.2f} s of the processor)"


def whole_process(repeat: int) -> list[tuple[str, str, str]]:
    """Time start-up, a cold audit at 100 ms a request, and the same from the cache."""
    rows = []
    with StandIn(**HUB) as hub, tempfile.TemporaryDirectory() as scratch:  # type: ignore[arg-type]  # keyword names
        hub.latency_s = LATENCY_S
        # bytecode as an installed package has it
        outside = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        env = {**outside, **hub.environ, "OPENNESS_AUDIT_CACHE": f"{scratch}/warm", "HF_HUB_DISABLE_TELEMETRY": "1"}
        rows.append(("`--help`", "< 0.2 s", processes(repeat, "--help", env=env)))
        for name in ("acme/lantern", "acme/lantern-chat"):
            kind = "derived model, base included" if "chat" in name else "base model"
            audit = (name, "-q", "-f", "json")
            colds = []
            for i in range(max(2, repeat // 2)):
                before = len(hub.seen)
                cold = {**env, "OPENNESS_AUDIT_CACHE": f"{scratch}/{name.replace('/', '-')}{i}"}
                colds.append(processes(1, *audit, env=cold))
                requests = len(hub.seen) - before
            rows.append((f"cold audit, {kind}, {requests} requests at 100 ms", "< 1.5 s", min(colds)))
            processes(1, *audit, env=env)
            rows.append((f"audit from the cache, {kind}", "< 0.5 s", processes(repeat, *audit, env=env)))
    return rows


def in_process(repeat: int) -> list[tuple[str, str, str]]:
    """Time collecting, evaluating and judging one captured model, and building its document."""
    rules = load_rules()
    with StandIn(**HUB) as hub, tempfile.TemporaryDirectory() as scratch:  # type: ignore[arg-type]  # keyword names
        settings = SourceSettings(endpoint=hub.endpoint, github_api=hub.github_api, cache_dir=Path(scratch))
        sources = open_sources(settings)
        capture, reading = capture_model(sources, sources.subject("acme/lantern", None))
        sources.close()
        facts = complete(capture, reading)
        table = evaluate(rules.rules, facts).assessments
        read_all = best(lambda: read_profiles(basis_of(facts, table), seed({}, None, 0, 100)), repeat * 20)
        judged = best(lambda: judge(facts, evaluate(rules.rules, facts).assessments, "osi"), repeat * 20)
        collected = best(lambda: complete(capture, read(capture)), repeat * 5)
        whole = Settings(endpoint=hub.endpoint, github_api_url=hub.github_api, cache_dir=Path(scratch))
        now, as_of = datetime.now(UTC), date(2026, 1, 1)
        target = Target(kind="hub", id="acme/lantern")
        again = best(lambda: audit_model(target, whole, rules=rules, now=now, as_of=as_of), repeat)
    assert table
    return [
        ("evaluate and judge one collected model, all profiles", "< 3 ms", f"{judged * 1000:.1f} ms"),
        ("every profile of one judged model", "< 1 ms", f"{read_all * 1000:.1f} ms"),
        ("collect the facts of one captured model", "-", f"{collected * 1000:.1f} ms"),
        ("one cached audit in a running process", "-", f"{again * 1000:.0f} ms"),
    ]


def licence_texts(texts: Path | None) -> list[tuple[str, str, str]]:
    """Time the identification of licence texts, each seen for the first time."""
    found = [LICENSE]
    if texts is not None:
        with gzip.open(texts, "rt", encoding="utf-8") as lines:
            found = [json.loads(line)["text"] for line in lines]
    identify("warm up")
    times = [best(partial(identify, text + "\n"), 1) for text in found]
    median, worst = statistics.median(times) * 1000, max(times) * 1000
    return [(f"licence text, median of {len(times)} (worst {worst:.0f} ms)", "< 5 ms", f"{median:.1f} ms")]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--world", type=Path)
    parser.add_argument("--most", type=int)
    options = parser.parse_args()
    parts: list[Callable[[], list[tuple[str, str, str]]]] = [
        lambda: whole_process(options.repeat),
        lambda: in_process(options.repeat),
        lambda: licence_texts(options.texts),
        lambda: bills(best, options.repeat),
    ]
    failed: list[str] = []
    if options.world is not None:

        def world() -> list[tuple[str, str, str]]:
            run = whole_world(options.world, options.most, lambda said: print(said, file=sys.stderr, flush=True))
            failed.extend(run.failed)
            return run.rows()

        parts.append(world)
    print("| what | target | measured |\n|---|---|---|")
    for part in parts:
        for row in part():
            print("| " + " | ".join(row) + " |", flush=True)
    print("".join(f"\n{said}" for said in failed), end="")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
