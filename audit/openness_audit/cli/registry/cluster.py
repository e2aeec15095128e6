"""A scan of a registry on a Dask cluster: what may be done there, and with whom."""

from __future__ import annotations

import os
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.cli.registry.wish import Wish
    from openness_audit.scan.folder import Folder
    from openness_audit.scan.outcome import Job, Spec
    from openness_audit.scan.pool import Pool


@contextmanager
def cluster_of(wish: Wish, kind: str, workers: int) -> Iterator[Any]:
    """Join the cluster that a call asks for, while the block runs.

    Args:
        wish: the options.
        kind: of the source.
        workers: how many processes a cluster of this machine's has.

    Yields:
        A client of it; None for a run without one. Raises UsageError for what cannot be meant, and what `joined` does.
    """
    if wish.engine != "dask":
        if wish.scheduler is not None:
            raise UsageError("--scheduler is for --engine dask", hint="add --engine dask")
        yield None
        return
    if kind not in {"dump", "bundles"}:
        raise UsageError(
            "a scan of the Hub is bound by the Hub's quota, not by processors: more machines do not make it faster",
            hint="leave --engine dask away, or scan a dump or a folder of evidence",
        )
    from openness_audit.scan.cluster.joining import check_scheduler, joined  # noqa: PLC0415 - an extra

    if wish.scheduler is not None:
        check_scheduler(wish.scheduler)
        if wish.workers is not None:
            raise UsageError("--workers is for a cluster of this machine's", hint="leave --workers or --scheduler away")
    with joined(wish.scheduler, workers) as client:
        yield client


def pool_of(client: Any, spec: Spec, folder: Folder) -> tuple[Pool, Iterator[Job]]:
    """Give the workers of a cluster, and what they are to do. No token goes there: nothing is asked of anybody."""
    from openness_audit.scan.cluster.orders import Order  # noqa: PLC0415 - only here
    from openness_audit.scan.cluster.pool import ClusterPool  # noqa: PLC0415 - an extra
    from openness_audit.scan.pieces import jobs_in_pieces  # noqa: PLC0415 - only here

    manifest = folder.manifest
    order = Order(
        run=uuid.uuid4().hex,
        spec=msgspec.structs.replace(
            spec,
            settings=msgspec.structs.replace(spec.settings, token=None, github_token=None),
            rules_dir=_absolute(spec.rules_dir),
            folder=_absolute(spec.folder),
        ),
        source=manifest.source,
        tool=manifest.tool,
        begun_at=manifest.started_at,
    )
    return ClusterPool(client, order), jobs_in_pieces(folder.path, manifest.source, folder.done)


def _absolute(path: str | None) -> str | None:
    return None if path is None else os.path.abspath(path)  # noqa: PTH100 - a link stays a link
