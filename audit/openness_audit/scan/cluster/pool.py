"""Have the workers of a Dask cluster do the jobs: a few for each, so that memory stays flat here and there."""

from __future__ import annotations

import contextlib
import queue
import time
from collections import deque
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.errors import AuditError, UsageError
from openness_audit.scan.breaker import StoppedError
from openness_audit.scan.cluster.orders import Broken, Order, Refused, answer_of, encode
from openness_audit.scan.cluster.remote import carry
from openness_audit.scan.pieces import single
from openness_audit.scan.pool import TICK_S, Event
from openness_audit.scan.processes import HUNG_S, crashed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.scan.outcome import Job

LOOK_S = 2.0  # between two looks at how many workers there are
WITHOUT_S = 300.0  # without any worker
PER_THREAD = 2  # jobs: one that is done, and one that waits
_RESUME = "what was finished is kept: go on with --resume, with this engine or the other one"


class ClusterPool:
    """The workers of a cluster. What one of them does twice counts once: the folder takes each place once."""

    def __init__(self, client: Any, order: Order) -> None:
        """Use the cluster of `client`, which stays open."""
        self._client = client
        self._order = order
        self._ready: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._under_way: dict[str, tuple[Any, Job]] = {}
        self._suspects: deque[Job] = deque()
        self._number = 0
        self._threads = 1
        self._there = True
        self._looked = 0.0
        self._heard = time.monotonic()

    def run(self, jobs: Iterator[Job]) -> Iterator[Event]:
        """Give what comes of the jobs as they finish."""
        while True:
            self._feed(jobs)
            if not self._under_way:
                return
            try:
                future = self._ready.get(timeout=TICK_S)
            except queue.Empty:
                yield self._look()
                continue
            self._heard = time.monotonic()
            yield from self._take(future)

    def _feed(self, jobs: Iterator[Job]) -> None:
        """Keep the workers busy; what may have killed one runs while nothing else does."""
        if self._suspects:
            if not self._under_way:
                self._submit(self._suspects.popleft())
            return
        if time.monotonic() - self._looked >= LOOK_S:
            self._count()
        while len(self._under_way) < self._threads * PER_THREAD:
            job = next(jobs, None)
            if job is None:
                return
            self._submit(job)

    def _submit(self, job: Job) -> None:
        self._number += 1
        key = f"modelaudit-{self._order.run}-{self._number}"
        with _told():
            future = self._client.submit(carry, self._order, encode(job), key=key, pure=False)
        self._under_way[key] = future, job
        future.add_done_callback(self._ready.put)

    def _count(self) -> None:
        """See how many models the cluster can audit at a time."""
        self._looked = time.monotonic()
        with _told():
            threads = sum(self._client.nthreads().values())
        self._threads, self._there = max(1, threads), threads > 0

    def _look(self) -> Event:
        """See why nothing comes. Raises StoppedError where nothing will."""
        silent = time.monotonic() - self._heard
        if self._client.status != "running":
            raise _lost()
        if time.monotonic() - self._looked >= LOOK_S:
            self._count()
        if self._there:
            if silent > HUNG_S:
                raise StoppedError(f"stopped: no worker has finished anything for {HUNG_S:.0f} s", hint=_RESUME)
            return Event()
        if silent > WITHOUT_S:
            raise StoppedError(f"stopped: the cluster has had no worker for {WITHOUT_S:.0f} s", hint=_RESUME)
        return Event(waiting="waiting for a worker to join the cluster")

    def _take(self, future: Any) -> Iterator[Event]:
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        _, job = self._under_way.pop(future.key)
        try:
            with _told():
                answer = answer_of(future.result())
        except KilledWorker as problem:
            yield from self._suspect(job, problem.allowed_failures + 1, "its process died")
            return
        finally:
            future.release()
        if isinstance(answer, Refused):
            error = AuditError(answer.message, hint=answer.hint)
            error.exit_code = answer.exit_code
            raise error
        if isinstance(answer, Broken):
            yield from self._suspect(job, job.attempts + 1, answer.why)
            return
        yield Event(outcomes=answer.outcomes)

    def _suspect(self, job: Job, attempts: int, why: str) -> Iterator[Event]:
        """Try the models of a job one by one, each alone; one that was alone already is to blame."""
        if job.attempts:
            yield Event(outcomes=(crashed(msgspec.structs.replace(job, attempts=attempts - 1), why),))
        else:
            self._suspects += single(job, self._order.source)

    def close(self) -> None:
        """Give up what is under way."""
        futures = [future for future, _ in self._under_way.values()]
        self._under_way.clear()
        with contextlib.suppress(Exception):  # the cluster may be gone
            self._client.cancel(futures, force=True)


def _lost() -> StoppedError:
    return StoppedError("stopped: the scheduler of the cluster is gone", hint=_RESUME)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Word what goes wrong with a cluster."""
    from distributed import KilledWorker  # noqa: PLC0415 - an extra

    try:
        yield
    except (KilledWorker, AuditError):
        raise
    except (CancelledError, OSError, TimeoutError) as problem:
        raise _lost() from problem
    except Exception as problem:
        raise UsageError(
            f"the workers of the cluster cannot do this: {type(problem).__name__}: {str(problem)[:200]}",
            hint="install the same openness-audit, dask and Python on all of them",
        ) from problem
