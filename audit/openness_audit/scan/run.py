"""Carry out a run: jobs to workers, what comes of them into the folder; whatever happens, the folder is left whole."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from openness_audit.errors import AuditError
from openness_audit.scan.targets import CHUNK_ROWS, items_of, jobs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openness_audit.model.registry import State
    from openness_audit.scan.breaker import Breaker
    from openness_audit.scan.folder import Folder
    from openness_audit.scan.outcome import Job, Outcome
    from openness_audit.scan.pool import Pool

COMMIT_ROWS = 500
COMMIT_S = 1.0


class Progress(msgspec.Struct):
    """How far a run is: `done` in all, `now` in this call; `failures` by cause; `waiting` is what a server asks for."""

    done: int = 0
    now: int = 0
    targets: int | None = None
    seconds: float = 0.0
    waiting: str = ""
    waiting_since: float = 0.0
    failures: Counter[str] = msgspec.field(default_factory=Counter)


def carry_out(
    folder: Folder,
    pool: Pool,
    breaker: Breaker,
    show: Callable[[Progress], None],
    jobs: Iterator[Job] | None = None,
) -> None:
    """Audit everything of the folder's source that is not finished.

    Args:
        folder: the folder of the run, open.
        pool: the workers; closed at the end.
        breaker: says when to stop because everything fails.
        show: told how far the run is, at least twice a second while results come.
        jobs: the source in other jobs than usual.

    Returns:
        When all is finished. Raises StoppedError, OutputError, UsageError (a dump that ends early) or KeyboardInterrupt
        with everything that was finished kept, and the folder fit to go on with.
    """
    state: State = "stopped"
    why = ""
    try:
        _all(folder, pool, breaker, show, jobs or _jobs(folder))
        folder.finish()
        state = "finished"
    except AuditError as problem:
        why = problem.message
        raise
    except BaseException as problem:
        why = "interrupted" if isinstance(problem, KeyboardInterrupt) else f"internal error ({type(problem).__name__})"
        raise
    finally:
        _leave(folder, state, why)
        pool.close()


def _jobs(folder: Folder) -> Iterator[Job]:
    together = CHUNK_ROWS if folder.manifest.source.kind == "dump" else 1
    return jobs_of(items_of(folder.path, folder.manifest.source), folder.done, together=together)


def _all(folder: Folder, pool: Pool, breaker: Breaker, show: Callable[[Progress], None], jobs: Iterator[Job]) -> None:
    began = last = time.monotonic()
    told = Progress(targets=folder.manifest.counts.targets, failures=Counter(folder.problems()))
    for event in pool.run(jobs):
        _enter(folder, breaker.take(event.outcomes), told)
        now = time.monotonic()
        if folder.waiting >= COMMIT_ROWS or now - last >= COMMIT_S:
            folder.commit()
            last = now
        if event.waiting:
            told.waiting, told.waiting_since = event.waiting, now
        elif event.outcomes:
            told.waiting = ""
        told.done, told.seconds = folder.done.count + folder.waiting, now - began
        show(told)
        if breaker.stopped is not None:
            raise breaker.stopped
    _enter(folder, breaker.release(), told)


def _enter(folder: Folder, outcomes: list[Outcome], told: Progress) -> None:
    folder.add(outcomes)
    told.now += len(outcomes)
    told.failures.update(one.cause for one in outcomes if one.cause is not None)


def _leave(folder: Folder, state: State, why: str) -> None:
    """Keep what was finished, and say in the manifest how the run ended, as far as the disk lets us."""
    try:
        folder.commit()
    except AuditError:
        if state == "finished":
            raise
    stamp = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = folder.manifest
    counts = folder.counts()
    if state == "finished":
        counts = msgspec.structs.replace(counts, targets=counts.done)
    try:
        folder.tell(msgspec.structs.replace(manifest, state=state, counts=counts, updated_at=stamp, why=why))
    except AuditError:
        if state == "finished":
            raise


def leave_now(folder: Folder) -> None:
    """Keep what was finished and stop writing for good: the process is about to end, whatever its threads do."""
    folder.seize()
    _leave(folder, "stopped", "interrupted")
