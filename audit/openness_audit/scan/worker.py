"""What audits the models of a job; whatever happens to a model ends in its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.scan.outcome import Job, Outcome, Spec


class Worker(Protocol):
    """What audits the models of a job; `do` may be called from several threads."""

    def do(self, job: Job) -> list[Outcome]:
        """Audit them. Raises OutputError where nothing can be written any more."""
        ...

    def close(self) -> None:
        """End connections."""
        ...


def open_worker(spec: Spec, on_wait: Callable[[str], None]) -> Worker:
    """Open the worker for a kind of source.

    Args:
        spec: how to audit.
        on_wait: told, from any thread, what a server makes it wait for.

    Returns:
        The worker. Raises UsageError or RuleError for settings that cannot be used.
    """
    if spec.kind == "hub":
        from openness_audit.scan.hub_worker import HubWorker  # noqa: PLC0415 - the network stack is slow to load

        return HubWorker(spec, on_wait)
    if spec.kind == "bundles":
        from openness_audit.scan.bundle_worker import BundleWorker  # noqa: PLC0415 - only here

        return BundleWorker(spec)
    from openness_audit.scan.dump_worker import DumpWorker  # noqa: PLC0415 - only here

    return DumpWorker(spec)
