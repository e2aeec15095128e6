"""Join a Dask cluster, or start one of this machine's processes. Dask is an extra."""

from __future__ import annotations

import contextlib
import logging
import re
import sys
import warnings
from typing import TYPE_CHECKING, Any

from openness_audit.errors import SourceUnreachableError, UsageError
from openness_audit.scan.processes import ATTEMPTS, unbothered

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECT_S = 15.0
WORKERS_S = 60.0  # for the first worker to join
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
_TIDY = "ignore::UserWarning:multiprocessing.resource_tracker"  # says that it tidied up when this process is ended
_CONFIG = {
    "distributed.scheduler.allowed-failures": ATTEMPTS - 1,
    "distributed.deploy.lost-worker-timeout": "1 day",  # one that is being started again is not lost
    "distributed.admin.large-graph-warning-threshold": "1GB",  # a row may have 32 MiB
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


def check_scheduler(address: str) -> None:
    """Raise UsageError for what is no address of a scheduler."""
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"--scheduler {address[:100]!r} is no address of a scheduler", hint="such as tcp://10.0.0.5:8786, or tls://"
        )


@contextlib.contextmanager
def joined(scheduler: str | None, workers: int) -> Iterator[Any]:
    """Be a client of a cluster while the block runs.

    Args:
        scheduler: the address of its scheduler; None: a cluster of this machine's, reached by nobody else.
        workers: how many processes that one has.

    Yields:
        The client. Raises UsageError where Dask is not installed, SourceUnreachableError where the scheduler does not
        answer, or has no worker.
    """
    try:
        import dask  # noqa: PLC0415 - an extra, and slow to load
        import distributed  # noqa: PLC0415 - as above
    except ImportError as problem:
        raise UsageError(
            "--engine dask needs Dask, which is not installed", hint="pip install 'openness-audit[dask]'"
        ) from problem
    for name in ("distributed", *logging.root.manager.loggerDict):  # what matters is told by what is raised
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(_CONFIG))
        address = scheduler or stack.enter_context(_local(distributed, workers))
        client = stack.enter_context(_client(distributed, address))
        try:
            client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError as problem:
            raise SourceUnreachableError(
                f"no worker has joined the scheduler at {address}",
                hint=f"start some: dask worker {address}; docs/distributed.md tells how",
            ) from problem
        yield client


@contextlib.contextmanager
def _local(distributed: Any, workers: int) -> Iterator[str]:
    if _TIDY not in sys.warnoptions:
        sys.warnoptions.append(_TIDY)
    with unbothered():  # Ctrl-C reaches this process alone, which ends the others
        cluster = distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # not a port that others know
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        )
    try:
        yield cluster.scheduler_address
    finally:
        cluster.close(timeout=10)


@contextlib.contextmanager
def _client(distributed: Any, address: str) -> Iterator[Any]:
    try:
        with warnings.catch_warnings(), unbothered():
            warnings.simplefilter("ignore")  # of other versions of libraries; those that do not get on raise
            client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, TimeoutError) as problem:
        raise SourceUnreachableError(
            f"the scheduler at {address} does not answer",
            hint="look whether `dask scheduler` runs there, and whether this machine may reach it",
        ) from problem
    except (ImportError, ValueError, TypeError) as problem:
        raise UsageError(
            f"the scheduler at {address} cannot be used: {str(problem)[:200]}",
            hint="install the same versions of dask and distributed everywhere",
        ) from problem
    try:
        yield client
    finally:
        with contextlib.suppress(OSError, TimeoutError):
            client.close(timeout=5)
