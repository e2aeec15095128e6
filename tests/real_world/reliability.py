"""Audit recorded models while the stand-in Hub misbehaves, and say whether every gap was marked.

    python tests/real_world/reliability.py SHARED [--models N] [--seed N] [--write]

Every model is audited without faults first, then under each setting with an empty cache. An audit under faults must
give every component the state it has without, or say that it could not see: the state without faults lies within
`at_least` and `at_most`, with the cause. And it must name exactly what stayed unseen: the server's own log says which
addresses never answered. `--write` puts the table into docs/reliability.md. Exit code 1 when an audit was wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
import time
import traceback
import urllib.request
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pages import write_between
from run import labelled, sampled, stand_in

from openness_audit.errors import AuditError
from openness_audit.pipeline import audit_model
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_components import ComponentDoc

AS_OF = date(2026, 11, 21)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- faults:begin -->", "<!-- faults:end -->"
ORDER = {"closed": 0, "partial": 1, "open": 2}


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to misbehave: its name in the table, the server's options, and the time an audit may take."""

    name: str
    options: tuple[str, ...]
    timeout_s: float = 60.0


SETTINGS = (
    Setting("300 ms for every answer", ("--latency-ms", "300")),
    Setting("10 API requests per 5 s", ("--rate-limit", "10", "--rate-window", "5")),
    Setting("6 API requests per 300 s", ("--rate-limit", "6", "--rate-window", "300"), 20.0),
    Setting("503 for 20 %", ("--fail", "503:0.2")),
    Setting("503 for 60 %", ("--fail", "503:0.6")),
    Setting("500 for 30 % of the API", ("--fail", "500:0.3", "--fail-only", "/api/*")),
    Setting("403 for 20 %", ("--fail", "403:0.2")),
    Setting("404 for every file that is listed", ("--fail", "404:1", "--fail-only", "*/resolve/*")),
    Setting("connection dropped for 10 %", ("--fail", "drop:0.1")),
    Setting("connection dropped for 40 %", ("--fail", "drop:0.4")),
    Setting("GitHub gone", ("--fail", "drop:1", "--fail-only", "/github/*")),
    Setting("data sets answer 503", ("--fail", "503:1", "--fail-only", "/api/datasets/*")),
    Setting("no file listing", ("--fail", "503:1", "--fail-only", "*/tree/*")),
    Setting("no branches", ("--fail", "503:1", "--fail-only", "*/refs")),
    Setting("no card", ("--fail", "503:1", "--fail-only", "*/README.md")),
    Setting("gone after 3 requests", ("--down-after", "3")),
    Setting("gone after 8 requests", ("--down-after", "8")),
    Setting("gone after 15 requests", ("--down-after", "15")),
    Setting(
        "all at once: 200 ms, 503 for 20 %, dropped 10 %",
        ("--latency-ms", "200", "--fail", "503:0.2", "--fail", "drop:0.1"),
    ),
)


@dataclass(frozen=True, slots=True)
class Run:
    """One audit under a setting: the document or the sentence said instead, and what the server never answered."""

    model: str
    audit: Audit | None
    said: str
    crashed: bool
    unseen: frozenset[str]
    requests: int
    seconds: float


def unseen_paths(log: Path) -> tuple[frozenset[str], int]:
    """Read the server's log: the addresses whose last answer was a fault, and how many requests came."""
    last: dict[str, int] = {}
    rows = log.read_text("utf-8").splitlines()
    for row in map(json.loads, rows):
        last[unquote(urlsplit(row["path"]).path)] = row["status"]
    return frozenset(p for p, status in last.items() if status in (0, 403, 408, 429) or status >= 500), len(rows)


def audit_once(model: str, endpoint: str, github: str, log: Path, timeout_s: float, *, afresh: bool = True) -> Run:
    """Audit one model with an empty cache, `afresh` against a server set back to its first request."""
    if afresh:
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/__reset", method="POST")).close()  # noqa: S310 - loopback
    log.write_text("", "utf-8")
    audit, said, crashed = None, "", False
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as cache:
        settings = Settings(endpoint=endpoint, github_api_url=github, cache_dir=Path(cache), timeout_s=timeout_s)
        target = Target(kind="hub", id=model)
        try:
            audit = audit_model(target, settings, rules=load_rules(), now=datetime.now(UTC), as_of=AS_OF)
        except AuditError as problem:
            said = f"{problem.message} ({problem.exit_code})"
        except Exception:  # noqa: BLE001 - a crash is what this looks for
            said, crashed = traceback.format_exc(), True
        seconds = time.monotonic() - started
    unseen, requests = unseen_paths(log)
    return Run(model, audit, said, crashed, unseen, requests, seconds)


def within(bound: ComponentDoc, true: ComponentDoc) -> bool:
    """Say whether a component under faults is honest about its state without: the same, or unknown around it."""
    if bound.availability == true.availability:
        return True
    if bound.availability != "unknown" or not bound.unknown:
        return False
    low, high = bound.at_least or "closed", bound.at_most or "open"
    if true.availability in ORDER:
        return ORDER[low] <= ORDER[true.availability] <= ORDER[high]
    if true.availability == "unknown":
        return ORDER[low] <= ORDER[true.at_least or "closed"] and ORDER[true.at_most or "open"] <= ORDER[high]
    return low == "closed"  # not applicable without faults: nothing may be promised


def marks(audit: Audit) -> str:
    """Give everything the document says it did not see, as one text to search in."""
    rows = [f"{n.what} {n.why}" for n in audit.not_checked]
    rows += [f"{u.code} {u.source} {u.detail}" for c in audit.components for u in c.unknown]
    return "\n".join(rows).lower()


def named(path: str, subject: str, said: str) -> bool:
    """Say whether an address that never answered is among what the document says it did not see."""
    words = path.lower().removeprefix("/github").strip("/")
    if "/commits/" in words:  # only pins the citations, which then name the branch
        return True
    if "ancestor-not-evaluated" in said and subject.lower() not in words:  # and with it all that it names
        return True
    if words.endswith("/refs"):
        about = words.removeprefix("api/models/").removesuffix("/refs")
        return "branches and tags" in said if about == subject.lower() else about in said
    if "/tree/" in words or "/git/trees/" in words:
        about = re.sub(r"^api/(?:models/)?|^repos/|/(?:git/)?trees?/.*$", "", words)
        return "file listing" in said if about == subject.lower() else about in said
    if "/resolve/" in words or "/raw/" in words:
        about, _, tail = re.sub(r"/(?:resolve|raw)/", "\n", words).partition("\n")
        return tail.partition("/")[2] in said if about == subject.lower() else about in said
    about = re.sub(r"^api/(?:models/)?|^repos/|/(?:license|readme|commits/.*|contents/.*|revision/.*)$", "", words)
    return about in said


@dataclass(frozen=True, slots=True)
class Row:
    """What a setting did to all models."""

    setting: str
    same: int
    marked: int
    refused: int
    wrong: tuple[str, ...]
    unmarked: tuple[str, ...]
    extra: int
    median_s: float
    slowest_s: float


def judge_run(run: Run, true: Audit) -> tuple[str, list[str], list[str]]:
    """Sort one audit: `same`, `marked`, `refused` or `wrong`; with what was wrong and what gap was not named."""
    if run.crashed:
        return "wrong", [f"{run.model}: {run.said.splitlines()[-1]}"], []
    if run.audit is None:
        return "refused", [], []
    truth = {c.id: c for c in true.components}
    wrong = [
        f"{run.model} {c.id}: {c.availability} ({c.at_least}..{c.at_most}) for {truth[c.id].availability}: {c.why}"
        for c in run.audit.components
        if not within(c, truth[c.id])
    ]
    low, high = run.audit.score.low, run.audit.score.high
    if low > true.score.high or high < true.score.low:
        wrong.append(f"{run.model}: score {low}-{high} for {true.score.low}-{true.score.high}")
    if run.audit.verdict.terms not in (true.verdict.terms, "undetermined"):
        wrong.append(f"{run.model}: terms {run.audit.verdict.terms} for {true.verdict.terms}")
    said = marks(run.audit)
    gaps = [f"{run.model}: {path}" for path in sorted(run.unseen) if not named(path, run.model, said)]
    same = [c.availability for c in run.audit.components] == [truth[c.id].availability for c in run.audit.components]
    return "wrong" if wrong else ("same" if same else "marked"), wrong, gaps


def under(setting: Setting, shared: Path, truths: dict[str, tuple[Audit, int]]) -> Row:
    """Audit every model under one setting."""
    runs = []
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log.jsonl"
        log.touch()
        with stand_in(shared, *setting.options, "--log", str(log)) as (endpoint, github):
            counted = any(
                o in setting.options for o in ("--down-after", "--rate-limit")
            )  # from each model's first request
            runs = [audit_once(m, endpoint, github, log, setting.timeout_s, afresh=counted) for m in truths]
    judged = [judge_run(run, truths[run.model][0]) for run in runs]
    kinds = [kind for kind, _, _ in judged]
    return Row(
        setting=setting.name,
        same=kinds.count("same"),
        marked=kinds.count("marked"),
        refused=kinds.count("refused"),
        wrong=tuple(w for _, wrong, _ in judged for w in wrong),
        unmarked=tuple(g for _, _, gaps in judged for g in gaps),
        extra=sum(r.requests for r in runs) - sum(truths[r.model][1] for r in runs),
        median_s=statistics.median(r.seconds for r in runs),
        slowest_s=max(r.seconds for r in runs),
    )


def baseline(shared: Path, models: Sequence[str]) -> dict[str, tuple[Audit, int]]:
    """Audit every model without faults: the document and the number of requests."""
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log.jsonl"
        log.touch()
        with stand_in(shared, "--log", str(log)) as (endpoint, github):
            runs = [audit_once(model, endpoint, github, log, 60.0) for model in models]
    return {run.model: (run.audit, run.requests) for run in runs if run.audit is not None}


def table(rows: Sequence[Row], count: int, requests: int) -> str:
    """Word the table for the page."""
    head = (
        f"{count} models, {requests} requests without faults; every audit with an empty cache.\n\n"
        "| the server | same states | gaps marked | no verdict | wrong | not named | requests | median | slowest |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(
        f"| {r.setting} | {r.same} | {r.marked} | {r.refused} | {len(r.wrong)} | {len(r.unmarked)} | {r.extra:+d} "
        f"| {r.median_s:.1f} s | {r.slowest_s:.1f} s |\n"
        for r in rows
    )


def main() -> int:
    """Run every setting, print what was wrong, and the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--models", type=int, default=30)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--only", help="settings whose name holds this")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    half = options.models // 2
    chosen = random.Random(options.seed).sample(labelled(options.shared), min(half, 48))  # noqa: S311 - a sample
    chosen += [m for m in sampled(options.shared, options.models, options.seed) if m not in chosen]
    truths = baseline(options.shared, chosen[: options.models])
    rows = []
    for setting in SETTINGS:
        if options.only and options.only not in setting.name:
            continue
        row = under(setting, options.shared, truths)
        rows.append(row)
        for line in (*row.wrong, *(f"not named: {gap}" for gap in row.unmarked)):
            print(f"[{setting.name}] {line}", file=sys.stderr)
        print(
            f"{setting.name}: {row.same} same, {row.marked} marked, {row.refused} refused, {len(row.wrong)} wrong",
            flush=True,
        )
    text = table(rows, len(truths), sum(n for _, n in truths.values()))
    print(text)
    if options.write:
        write_between(PAGE, BEGIN, END, text)
    return 1 if any(row.wrong for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
