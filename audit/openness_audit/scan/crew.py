"""Choose workers: this thread, several threads, or several processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.scan.pool import Inline, Threads
from openness_audit.scan.worker import open_worker

if TYPE_CHECKING:
    from openness_audit.scan.outcome import Spec
    from openness_audit.scan.pool import Pool


def open_pool(spec: Spec, *, workers: int, threads: int) -> Pool:
    """Open workers.

    Args:
        spec: how they audit.
        workers: how many processes; with one, everything stays in this process.
        threads: how many models each process audits at a time.

    Returns:
        The pool, to be closed. Raises UsageError or RuleError for settings that cannot be used.
    """
    if workers > 1:
        from openness_audit.scan.processes import Processes  # noqa: PLC0415 - only here

        return Processes(spec, workers, threads)
    if threads > 1:
        return Threads(lambda on_wait: open_worker(spec, on_wait), threads)
    return Inline(open_worker(spec, lambda _: None))
