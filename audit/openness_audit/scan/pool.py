"""Workers: threads of this process, or processes with threads of their own. Jobs go in, what came of them comes out.

At most as many jobs are under way as there are workers, and a few more, so that memory stays flat whatever the source.
"""

from __future__ import annotations

import queue
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from openness_audit.scan.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openness_audit.scan.outcome import Job
    from openness_audit.scan.worker import Worker

TICK_S = 0.5  # the longest that nothing is told


class Event(Struct, frozen=True, kw_only=True):
    """What the pool tells: outcomes of a job, a server that makes it wait, or (neither) that time went by."""

    outcomes: tuple[Outcome, ...] = ()
    waiting: str = ""


class Pool(Protocol):
    """Carries out jobs."""

    def run(self, jobs: Iterator[Job]) -> Iterator[Event]:
        """Give what comes of the jobs, in any order, and now and then an empty event. Raises what no row can hold."""
        ...

    def close(self) -> None:
        """End the workers; jobs under way are given up."""
        ...


class Inline:
    """One worker, in the caller's thread: nothing runs when nobody asks."""

    def __init__(self, worker: Worker) -> None:
        """Use `worker`."""
        self._worker = worker

    def run(self, jobs: Iterator[Job]) -> Iterator[Event]:
        """Give what comes of each job, in order."""
        for job in jobs:
            yield Event(outcomes=tuple(self._worker.do(job)))

    def close(self) -> None:
        """End the worker."""
        self._worker.close()


class Threads:
    """Several threads that share one worker."""

    def __init__(self, open_worker: Callable[[Callable[[str], None]], Worker], threads: int) -> None:
        """Open the worker; it is told whom to tell about waiting."""
        self._events: queue.SimpleQueue[Event | BaseException] = queue.SimpleQueue()
        self._worker = open_worker(lambda said: self._events.put(Event(waiting=said)))
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="models")

    def run(self, jobs: Iterator[Job]) -> Iterator[Event]:
        """Give what comes of the jobs as they finish."""
        under_way, more = 0, True
        while more or under_way:
            while more and under_way <= self._threads:
                job = next(jobs, None)
                if job is None:
                    more = False
                    break
                self._pool.submit(self._worker.do, job).add_done_callback(self._done)
                under_way += 1
            if not under_way:
                return
            try:
                event = self._events.get(timeout=TICK_S)
            except queue.Empty:
                event = Event()
            if isinstance(event, BaseException):
                raise event
            under_way -= bool(event.outcomes)
            yield event

    def _done(self, found: Future[list[Outcome]]) -> None:
        if not found.cancelled():
            problem = found.exception()
            self._events.put(problem or Event(outcomes=tuple(found.result())))

    def close(self) -> None:
        """End the worker: requests under way fail."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._worker.close()
        self._pool.shutdown(wait=True)
