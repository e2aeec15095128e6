"""Audit recorded models against the stand-in Hub, and score the audits against people's labels.

    python tests/real_world/run.py SHARED [--out DIR] [--ids FILE] [--sample N] [--misses] [--jobs N]

SHARED is the folder that holds `world/` (the stand-in Hub) and `golden/` (labels and `evaluate.py`). Without --ids or
--sample the labelled models are audited and scored.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

AS_OF = date(2026, 11, 21)


@contextlib.contextmanager
def stand_in(shared: Path, *options: str) -> Iterator[tuple[str, str]]:
    """Serve the recorded world on loopback; gives the Hub endpoint and the GitHub API address."""
    command = [sys.executable, str(shared / "world" / "serve.py"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = next(text for text in server.stdout if "HF_ENDPOINT=" in text)
            found = dict(re.findall(r"(HF_ENDPOINT|GITHUB_API_URL)=(\S+)", line))
            yield found["HF_ENDPOINT"], found["GITHUB_API_URL"]
        finally:
            server.terminate()


def audit_one(model: str, endpoint: str, github: str, out: str, cache: str) -> tuple[str, str, float]:
    """Audit one model into `out`; gives its id, the problem (empty: none) and the seconds it took."""
    import msgspec  # noqa: PLC0415 - in the worker

    from openness_audit.errors import AuditError  # noqa: PLC0415 - only here
    from openness_audit.pipeline import audit_model  # noqa: PLC0415 - only here
    from openness_audit.ruleset import load_rules  # noqa: PLC0415 - only here
    from openness_audit.settings import Settings, Target  # noqa: PLC0415 - only here

    started = time.monotonic()
    settings = Settings(endpoint=endpoint, github_api_url=github, cache_dir=Path(cache) / str(os.getpid()))
    problem = ""
    try:
        audit = audit_model(
            Target(kind="hub", id=model), settings, rules=load_rules(), now=datetime.now(UTC), as_of=AS_OF
        )
        name = model.replace("/", "--") + ".json"
        (Path(out) / name).write_bytes(msgspec.json.format(msgspec.json.encode(audit), indent=1))
    except AuditError as error:
        problem = error.message
    except Exception:  # noqa: BLE001 - the table lists every crash
        problem = traceback.format_exc()
    return model, problem, time.monotonic() - started


def labelled(shared: Path) -> list[str]:
    """List the labelled models."""
    lines = (shared / "golden" / "dev.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["id"] for line in lines if line.strip()]


def sampled(shared: Path, count: int, seed: int) -> list[str]:
    """Draw recorded models, the same ones for the same seed."""
    with gzip.open(shared / "world" / "data" / "models.jsonl.gz", "rt", encoding="utf-8") as rows:
        ids = [row["id"] for row in map(json.loads, rows) if not row.get("stand-in")]
    return random.Random(seed).sample(ids, min(count, len(ids)))  # noqa: S311 - a sample, not a secret


def main() -> int:
    """Audit, print crashes and times, and score where labels exist."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--ids", type=Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    models = labelled(options.shared)
    if options.ids:
        models = options.ids.read_text("utf-8").split()
    elif options.sample:
        models = sampled(options.shared, options.sample, options.seed)
    with tempfile.TemporaryDirectory() as scratch, stand_in(options.shared) as (endpoint, github):
        out = options.out or Path(scratch) / "audits"
        out.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor(options.jobs) as pool:
            n = len(models)
            rows = list(pool.map(audit_one, models, [endpoint] * n, [github] * n, [str(out)] * n, [scratch] * n))
        for model, problem, _ in rows:
            if problem:
                print(f"{model}: {problem}", file=sys.stderr)
        seconds = sorted(s for _, _, s in rows)
        print(f"{n} models, {sum(bool(p) for _, p, _ in rows)} without an audit, median {seconds[n // 2]:.2f} s")
        if not (options.ids or options.sample):
            golden = options.shared / "golden"
            command = [sys.executable, str(golden / "evaluate.py"), str(golden / "dev.jsonl"), str(out)]
            return subprocess.call([*command, *(["--misses"] if options.misses else [])])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
