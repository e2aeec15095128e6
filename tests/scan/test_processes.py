"""Worker processes: what becomes of the models of one that dies, and how one that cannot begin is told."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from datetime import date
from multiprocessing import connection
from pathlib import Path
from typing import Any

import pytest

from openness_audit.errors import AuditError, OutputError
from openness_audit.scan import processes
from openness_audit.scan.outcome import Job, Spec
from openness_audit.scan.processes import ATTEMPTS, CRASHED, Processes, WorkerError
from openness_audit.settings import Settings
from registry_kit import outcome

SPEC = Spec(kind="dump", settings=Settings(cache_dir=Path()), as_of=date(2026, 11, 21))


class Line:
    """One end of a pipe to a worker that answers at once; it dies of the places in `deadly`."""

    def __init__(self, deadly: set[int], opening: tuple[str, Any] | None) -> None:
        self.deadly = deadly
        self.said: deque[tuple[str, int, Any]] = deque([(opening[0], 0, opening[1])] if opening else [])
        self.dead = False

    def send(self, message: tuple[int, Job]) -> None:
        number, job = message
        self.dead = self.dead or bool(self.deadly & set(job.seqs))
        self.said.append(("done", number, [outcome(seq) for seq in job.seqs]))

    def recv(self) -> tuple[str, int, Any]:
        if self.dead and self.said[0][0] == "done":
            raise EOFError
        return self.said.popleft()

    def close(self) -> None:
        """Nothing is open."""


def pool(
    monkeypatch: pytest.MonkeyPatch,
    deadly: set[int],
    *,
    workers: int = 2,
    opening: tuple[str, Any] | None = ("ready", None),
) -> Processes:
    class Child(processes._Child):  # noqa: SLF001 - a process that is none
        def __init__(self, _spec: Spec, _threads: int) -> None:
            self.line: Any = Line(deadly, opening)
            self.jobs: dict[int, Job] = {}
            self.since = 0.0
            self.ready = False

        def end(self) -> None:
            """Nothing runs."""

    def wait(lines: list[Line], _seconds: float) -> list[Line]:
        return [line for line in lines if line.said or line.dead]

    monkeypatch.setattr(processes, "_Child", Child)
    monkeypatch.setattr(connection, "wait", wait)
    monkeypatch.setattr(processes, "HUNG_S", 10**9)
    return Processes(SPEC, workers, 1)


def jobs(count: int, together: int) -> Iterator[Job]:
    for first in range(0, count, together):
        seqs = tuple(range(first, min(first + together, count)))
        items = tuple(json.dumps({"modelId": f"acme/m{seq}"}).encode() for seq in seqs)
        yield Job(seqs=seqs, items=items)


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("deadly", [set(), {0}, {7}, {3, 4, 5}, {0, 39}, set(range(40))])
def test_a_model_that_kills_its_process_is_listed_and_the_others_are_done(
    workers: int, deadly: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = pool(monkeypatch, deadly, workers=workers)
    told = [one for event in many.run(jobs(40, 8)) for one in event.outcomes]
    assert sorted(one.seq for one in told) == list(range(40))
    assert {one.seq for one in told if one.cause == CRASHED} == deadly
    for one in told:
        if one.seq in deadly:
            row = json.loads(one.row)
            assert (row["model"], row["exit_code"]) == (f"acme/m{one.seq}", 3)
            assert f"after {ATTEMPTS} attempts" in row["problem_message"]


def test_processes_that_die_as_they_start_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AuditError, match="die as they start"):
        list(pool(monkeypatch, set(range(40)), opening=None).run(jobs(40, 8)))


def test_what_a_worker_cannot_write_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    full = ("fatal", ("out: No space left on device", "free space", 4))
    with pytest.raises(AuditError, match="No space left") as told:
        list(pool(monkeypatch, set(), opening=full).run(jobs(4, 1)))
    assert (told.value.exit_code, told.value.hint) == (OutputError.exit_code, "free space")


def test_a_worker_that_cannot_begin_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkerError, match="NameError"):
        list(pool(monkeypatch, set(), opening=("crash", "Traceback ...\nNameError: x")).run(jobs(4, 1)))


def test_what_a_server_makes_a_worker_wait_for_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list(pool(monkeypatch, set(), workers=1, opening=("wait", "waiting 55 s")).run(jobs(2, 1)))
    assert [event.waiting for event in told if event.waiting] == ["waiting 55 s"]
