"""Parts of a scan of a registry: what is remembered, how far it is in words, and an error that nobody foresaw."""

from __future__ import annotations

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from openness_audit.cli.registry.progress import words
from openness_audit.model.row import DumpRow, Row
from openness_audit.ruleset import RuleSet
from openness_audit.scan import dump_worker
from openness_audit.scan.dump_worker import DumpWorker
from openness_audit.scan.memo import Memo
from openness_audit.scan.outcome import Job, Spec
from openness_audit.scan.run import Progress
from openness_audit.settings import Settings

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_what_several_threads_want_is_looked_up_once() -> None:
    memo: Memo[int] = Memo(10)
    asked, gate = [], threading.Barrier(4)

    def look(key: int) -> int:
        def find() -> int:
            asked.append(key)
            return key * 2

        gate.wait()
        return memo.get(key, find)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(look, [7, 7, 7, 7])) == [14] * 4
    assert asked == [7]


def test_a_failure_is_not_remembered_and_the_oldest_is_forgotten() -> None:
    memo: Memo[str] = Memo(2)
    with pytest.raises(ValueError, match="now"):
        memo.get("a", lambda: str(int("not now")))
    assert memo.get("a", lambda: "down", keep=lambda found: found != "down") == "down"
    assert memo.get("a", lambda: "up") == "up"
    assert memo.get("b", lambda: "b") == "b"
    assert memo.get("a", lambda: "again") == "up"
    assert memo.get("c", lambda: "c") == "c"
    assert memo.get("b", lambda: "looked up anew") == "looked up anew"


@pytest.mark.parametrize(
    ("how_far", "said"),
    [
        (Progress(), "0 models"),
        (Progress(done=1500, now=500, targets=5000, seconds=50.0), "1,500 of 5,000 models; 10.0/s; about 6 min left"),
        (
            Progress(done=9, now=9, seconds=3.0, failures=Counter({"gated": 2, "network": 9, "a": 1, "b": 1, "c": 1})),
            "9 models; 3.0/s; not audited: 9 network, 2 gated, 1 a, and 2 other causes",
        ),
        (
            Progress(done=9, now=9, seconds=3.0, waiting="the Hub limits requests; waiting 90 s"),
            "9 models; 3.0/s; waiting for quota until 09:01:30",
        ),
        (Progress(waiting="something else"), "0 models; something else"),
    ],
)
def test_how_far_a_run_is_in_words(how_far: Progress, said: str) -> None:
    assert words(how_far, NOW) == said


def test_an_error_that_nobody_foresaw_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    real = dump_worker.summary_of_row  # type: ignore[attr-defined]  # it is imported there

    def fails(row: DumpRow, rules: RuleSet) -> Row:
        if row.id == "acme/b":
            raise ZeroDivisionError
        found: Row = real(row, rules)
        return found

    monkeypatch.setattr(dump_worker, "summary_of_row", fails)
    worker = DumpWorker(Spec(kind="dump", settings=Settings(cache_dir=Path()), as_of=date(2026, 11, 21)))
    items = tuple(json.dumps({"modelId": f"acme/{name}", "card": "# A"}).encode() for name in "abc")
    told = [json.loads(one.row) for one in worker.do(Job(seqs=(0, 1, 2), items=items))]
    assert [(row["model"], row["problem"], row["exit_code"]) for row in told] == [
        ("acme/a", None, 0), ("acme/b", "internal", 4), ("acme/c", None, 0),
    ]  # fmt: skip
    assert told[1]["problem_message"].startswith("internal error: ZeroDivisionError at test_registry_parts.py:")
