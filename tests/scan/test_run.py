"""A run of many models, with workers made of functions: what is kept when it stops, and why it stops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openness_audit.errors import OutputError
from openness_audit.scan import run as runs
from openness_audit.scan.breaker import LIKE, Breaker, StoppedError
from openness_audit.scan.folder import Folder
from openness_audit.scan.opening import create_folder, read_manifest, resume_folder
from openness_audit.scan.outcome import Job, Known, Outcome
from openness_audit.scan.pool import Inline, Pool, Threads
from openness_audit.scan.run import Progress, carry_out
from openness_audit.scan.targets import keep_targets
from registry_kit import MANIFEST, outcome, rows

COUNT = 60


class Made:
    """A worker made of a function from a place to an outcome."""

    def __init__(self, make: Callable[[int], Outcome]) -> None:
        self.make = make
        self.asked: list[int] = []
        self.closed = False

    def do(self, job: Job) -> list[Outcome]:
        self.asked += job.seqs
        return [self.make(seq) for seq in job.seqs]

    def close(self) -> None:
        self.closed = True


def begin(path: Path) -> Folder:
    folder = create_folder(path, MANIFEST())
    keep_targets(path, (Known(id=f"acme/m{n}") for n in range(COUNT)), lambda _: None)
    return folder


def go(folder: Folder, pool: Pool, *, alive: bool = False, at_a_time: int = 1) -> list[Progress]:
    told: list[Progress] = []
    try:
        carry_out(folder, pool, Breaker(at_a_time, lambda: alive), told.append)
    finally:
        folder.close()
    return told


def models(path: Path) -> list[str]:
    return sorted(row["model"] for row in rows(path))


ALL = sorted(f"acme/m{n}" for n in range(COUNT))


@pytest.mark.parametrize("threads", [1, 4])
def test_every_model_once(threads: int, tmp_path: Path) -> None:
    worker = Made(outcome)
    pool: Pool = Inline(worker) if threads == 1 else Threads(lambda _: worker, threads)
    told = go(begin(tmp_path / "out"), pool)
    assert models(tmp_path / "out") == ALL
    manifest = read_manifest(tmp_path / "out")
    assert (manifest.state, manifest.counts.done, manifest.counts.targets) == ("finished", COUNT, COUNT)
    assert (told[-1].now, worker.closed) == (COUNT, True)


def test_one_bad_model_stops_nothing(tmp_path: Path) -> None:
    go(
        begin(tmp_path / "out"),
        Inline(Made(lambda seq: outcome(seq, "not-found-or-private" if seq % 7 == 0 else None))),
    )
    told = rows(tmp_path / "out")
    assert sorted(row["model"] for row in told) == ALL
    assert sum(row["problem"] == "not-found-or-private" for row in told) == 9
    assert read_manifest(tmp_path / "out").counts.no_verdict == 9


def test_ctrl_c_leaves_a_folder_to_go_on_with(tmp_path: Path) -> None:
    def interrupted(seq: int) -> Outcome:
        if seq == 33:
            raise KeyboardInterrupt
        return outcome(seq)

    first = Made(interrupted)
    with pytest.raises(KeyboardInterrupt):
        go(begin(tmp_path / "out"), Inline(first))
    manifest = read_manifest(tmp_path / "out")
    assert (manifest.state, manifest.why, manifest.counts.done) == ("stopped", "interrupted", 33)
    second = Made(outcome)
    go(resume_folder(tmp_path / "out"), Inline(second))
    assert second.asked == list(range(33, COUNT))
    assert models(tmp_path / "out") == ALL


def test_a_dead_hub_stops_the_run_and_its_failures_are_done_again(tmp_path: Path) -> None:
    dead = Made(lambda seq: outcome(seq, "network" if seq >= 10 else None, retryable=True))
    with pytest.raises(StoppedError, match="the Hub cannot be reached") as told:
        go(begin(tmp_path / "out"), Inline(dead))
    assert told.value.exit_code == 3
    assert len(dead.asked) == 10 + LIKE
    assert models(tmp_path / "out") == sorted(f"acme/m{n}" for n in range(10))
    go(resume_folder(tmp_path / "out"), Inline(Made(outcome)))
    assert models(tmp_path / "out") == ALL
    assert not any(row["problem"] for row in rows(tmp_path / "out"))


def test_a_hub_that_answers_is_not_dead(tmp_path: Path) -> None:
    go(begin(tmp_path / "out"), Inline(Made(lambda seq: outcome(seq, "server-error", retryable=True))), alive=True)
    assert [row["problem"] for row in rows(tmp_path / "out")] == ["server-error"] * COUNT


def test_failures_that_pass_are_facts_once_something_succeeds(tmp_path: Path) -> None:
    def now_and_then(seq: int) -> Outcome:
        return outcome(seq, None if seq % LIKE == 0 else "timeout", retryable=True)

    go(begin(tmp_path / "out"), Inline(Made(now_and_then)))
    assert models(tmp_path / "out") == ALL


def test_unlike_failures_do_not_stop_a_run(tmp_path: Path) -> None:
    causes = ("timeout", "network", "server-error")
    go(begin(tmp_path / "out"), Inline(Made(lambda seq: outcome(seq, causes[seq % 3], retryable=True))))
    assert models(tmp_path / "out") == ALL


def test_a_full_disk_ends_in_4_with_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(seq: int) -> Outcome:
        if seq == 40:
            raise OutputError("the disk is full")
        return outcome(seq)

    monkeypatch.setattr(runs, "COMMIT_ROWS", 5)
    with pytest.raises(OutputError) as told:
        go(begin(tmp_path / "out"), Inline(Made(full)))
    assert (told.value.exit_code, read_manifest(tmp_path / "out").why) == (4, "the disk is full")
    go(resume_folder(tmp_path / "out"), Inline(Made(outcome)))
    assert models(tmp_path / "out") == ALL


def test_at_most_a_few_jobs_are_taken_before_their_turn() -> None:
    taken = 0

    def jobs() -> Iterator[Job]:
        nonlocal taken
        for seq in range(1000):
            taken += 1
            yield Job(seqs=(seq,), items=(b"{}",))

    pool = Threads(lambda _: Made(outcome), 3)
    for done, _ in enumerate(event for event in pool.run(jobs()) if event.outcomes):
        assert taken <= done + 5
    pool.close()
