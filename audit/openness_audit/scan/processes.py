"""Worker processes: one that dies takes no other model with it, and what it was about is tried again."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from multiprocessing import connection
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.errors import AuditError
from openness_audit.scan.finisher import failed
from openness_audit.scan.pool import TICK_S, Event
from openness_audit.scan.worker import open_worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from openness_audit.scan.outcome import Job, Outcome, Spec

ATTEMPTS = 3  # at a model whose process dies; its neighbours may be to blame
STARTS = 3  # processes in a row that die before they did anything
HUNG_S = 300.0  # for one job of a dump, which waits for nobody
CRASHED = "crashed"
GARBAGE = (50_000, 20, 20)  # of collections: audits make much and few circles; Python's own took 5 ms of each


class WorkerError(RuntimeError):
    """A worker process could not begin; its own traceback says why."""


class _Child:
    """A worker process and the jobs it was given."""

    def __init__(self, spec: Spec, threads: int) -> None:
        context = multiprocessing.get_context("spawn")  # a copy of a process with threads may hang
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, spec, threads), daemon=True)
        with unbothered():
            self.process.start()
        theirs.close()
        self.jobs: dict[int, Job] = {}
        self.since = time.monotonic()
        self.ready = False  # whether it said that it can work

    def end(self) -> None:
        """End the process at once."""
        self.line.close()
        self.process.kill()
        self.process.join()


class Processes:
    """Several processes, each with several threads."""

    def __init__(self, spec: Spec, workers: int, threads: int) -> None:
        """Start them."""
        self._spec = spec
        self._threads = threads
        self._again: deque[Job] = deque()
        self._number = 0
        self._deaths = 0
        self._children = [_Child(spec, threads) for _ in range(workers)]

    def run(self, jobs: Iterator[Job]) -> Iterator[Event]:
        """Give what comes of the jobs as they finish."""
        while True:
            for child in self._children:
                self._feed(child, jobs)
            busy = [child for child in self._children if child.jobs]
            if not busy:
                return
            ready = connection.wait([child.line for child in busy], TICK_S)
            for child in busy:
                if child.line in ready:
                    yield from self._receive(child)
                elif self._spec.kind != "hub" and time.monotonic() - child.since > HUNG_S:
                    yield from self._died(child, "it took too long")
            if not ready:
                yield Event()

    def _feed(self, child: _Child, jobs: Iterator[Job]) -> None:
        while len(child.jobs) <= self._threads:
            alone = bool(self._again)
            if alone and child.jobs and any(job.attempts for job in child.jobs.values()):
                return  # what may have killed a process runs beside nothing else of that kind
            job = self._again.popleft() if alone else next(jobs, None)
            if job is None:
                return
            if not child.jobs:
                child.since = time.monotonic()
            self._number += 1
            child.jobs[self._number] = job
            with contextlib.suppress(OSError):  # it died: its line says so when it is read
                child.line.send((self._number, job))

    def _receive(self, child: _Child) -> Iterator[Event]:
        try:
            kind, number, content = child.line.recv()
        except (EOFError, OSError):
            yield from self._died(child, "its process died")
            return
        child.since = time.monotonic()
        if kind == "wait":
            yield Event(waiting=content)
        elif kind == "fatal":
            raise _error(content)
        elif kind == "ready":
            child.ready, self._deaths = True, 0
        elif kind == "crash":
            raise WorkerError(content)
        else:
            del child.jobs[number]
            yield Event(outcomes=tuple(content))

    def _died(self, child: _Child, why: str) -> Iterator[Event]:
        """Replace a process, and try its jobs again, each model by itself."""
        child.end()
        self._deaths += not child.ready
        if self._deaths >= STARTS:
            raise AuditError("the worker processes die as they start", hint="try --workers 1, which tells why")
        self._children[self._children.index(child)] = _Child(self._spec, self._threads)
        for job in child.jobs.values():
            if len(job.items) == 1 and job.attempts + 1 >= ATTEMPTS:
                yield Event(outcomes=(crashed(job, why),))
                continue
            for seq, item in zip(job.seqs, job.items, strict=True):
                again = msgspec.structs.replace(job, seqs=(seq,), items=(item,), attempts=job.attempts + 1)
                self._again.append(again)

    def close(self) -> None:
        """End the processes; they notice that nobody listens, and those that do not are ended."""
        for child in self._children:
            child.line.close()
        for child in self._children:
            child.process.join(2.0)
            child.end()


def crashed(job: Job, why: str) -> Outcome:
    """Give the outcome of a model whose audit kills the process it is in."""
    name = ""
    with contextlib.suppress(msgspec.MsgspecError, AttributeError):
        fields: Any = msgspec.json.decode(job.items[0])
        name = str(fields.get("id") or fields.get("modelId") or "")[:200]
    return failed(job.seqs[0], name, CRASHED, f"the audit was given up after {job.attempts + 1} attempts: {why}")


def _error(content: tuple[str, str, int]) -> AuditError:
    message, hint, code = content
    error = AuditError(message, hint=hint)
    error.exit_code = code
    return error


@contextlib.contextmanager
def unbothered() -> Iterator[None]:
    """Have a process begin without Ctrl-C reaching it: the terminal sends it to all, and this one decides."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(line: Connection, spec: Spec, threads: int) -> None:
    """Be a worker process: audit what comes by the line until nobody is at its other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    turn = threading.Lock()

    def send(kind: str, number: int, content: object) -> None:
        with turn, contextlib.suppress(OSError):
            line.send((kind, number, content))

    try:
        worker = open_worker(spec, lambda said: send("wait", 0, said))
    except AuditError as problem:
        send("fatal", 0, (problem.message, problem.hint, problem.exit_code))
        return
    except Exception:  # noqa: BLE001 - told by the process that can tell it
        send("crash", 0, traceback.format_exc())
        return
    gc.freeze()  # what is loaded by now stays
    gc.set_threshold(*GARBAGE)
    send("ready", 0, None)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="models")

    def done(number: int, found: Future[list[Outcome]]) -> None:
        problem = found.exception()
        if isinstance(problem, AuditError):
            send("fatal", number, (problem.message, problem.hint, problem.exit_code))
        elif problem is not None:
            os._exit(1)  # the other end tries its jobs again, one by one
        else:
            send("done", number, found.result())

    with contextlib.suppress(EOFError, OSError):
        while True:
            number, job = line.recv()
            pool.submit(worker.do, job).add_done_callback(partial(done, number))
    with contextlib.suppress(Exception):
        worker.close()
    os._exit(0)
