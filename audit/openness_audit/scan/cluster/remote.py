"""The part of a run that a worker of the cluster does: check that it may, read its piece, audit it."""

from __future__ import annotations

import os
import platform
import threading
import traceback
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from openness_audit.errors import AuditError, UsageError
from openness_audit.ruleset import load_rules
from openness_audit.scan.cluster.orders import Broken, Finished, Order, Refused, encode
from openness_audit.scan.dump_read import digest_of
from openness_audit.scan.opening import read_manifest
from openness_audit.scan.outcome import Job
from openness_audit.scan.pieces import filled, is_cut
from openness_audit.scan.worker import Worker, open_worker
from openness_audit.stages import tool

if TYPE_CHECKING:
    from openness_audit.model.audit import Tool

_MOST = 2  # runs whose rules are kept; workers outlive runs
_SHARED = "the path must be the same, and visible, on every worker: see docs/distributed.md"

_open: OrderedDict[str, Worker] = OrderedDict()
_turn = threading.Lock()


def carry(order: Order, data: bytes) -> bytes:
    """Do a job of a run.

    Args:
        order: what the run is.
        data: the job.

    Returns:
        The answer, whatever happens: an exception would be taken for a fault of the cluster.
    """
    try:
        worker = _worker_of(order)
        job = filled(msgspec.msgpack.decode(data, type=Job), order.source)
        if order.spec.kind == "bundles":
            _check_bundles(job)
        return encode(Finished(tuple(worker.do(job))))
    except AuditError as problem:
        return encode(Refused(f"{_here()}: {problem.message}", problem.hint, problem.exit_code))
    except Exception as problem:  # noqa: BLE001 - told by the process that can tell it
        frames = traceback.extract_tb(problem.__traceback__)
        where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        return encode(Broken(f"{type(problem).__name__}{where}"))


def _here() -> str:
    """Say which worker this is, as its cluster and its people know it."""
    from distributed import get_worker  # noqa: PLC0415 - an extra

    try:
        address = f"worker {get_worker().address}"
    except ValueError:  # not within a task
        address = "worker"
    return f"{address} on {platform.node()}"


def _worker_of(order: Order) -> Worker:
    """Give the worker for a run; it is opened once in each process, after this process was found fit."""
    with _turn:
        worker = _open.get(order.run)
        if worker is None:
            _check(order)
            worker = _open[order.run] = open_worker(order.spec, lambda _: None)
            if len(_open) > _MOST:
                _open.popitem(last=False)[1].close()
        return worker


def _check(order: Order) -> None:
    """Raise UsageError unless this process would find what the run's own would."""
    rules = Path(order.spec.rules_dir) if order.spec.rules_dir else None
    if rules is not None and not rules.is_dir():
        raise UsageError(f"there are no rules at {rules}", hint=_SHARED)
    _check_same(order.tool, tool(load_rules(rules)))
    path = Path(order.source.path or "")
    if order.spec.kind == "bundles" and not path.is_dir():
        raise UsageError(f"there is no folder {path}", hint=_SHARED)
    if order.spec.kind == "dump" and is_cut(path.name):
        if not path.is_file():
            raise UsageError(f"there is no file {path}", hint=_SHARED)
        if digest_of(path) != order.source.digest:
            raise UsageError(f"{path} is another file than the one the run was begun with", hint=_SHARED)
    if order.spec.folder is not None:
        _check_folder(Path(order.spec.folder), order.begun_at)


def _check_same(wanted: Tool, mine: Tool) -> None:
    differences = (
        ("version of modelaudit", wanted.version, mine.version),
        ("rules", wanted.ruleset.digest, mine.ruleset.digest),
        ("vocabularies", wanted.vocabulary_digest, mine.vocabulary_digest),
    )
    for what, theirs, ours in differences:
        if theirs != ours:
            raise UsageError(
                f"it has other {what} than the run: {ours[:80]}, not {theirs[:80]}",
                hint="install the same openness-audit everywhere, and start the workers anew",
            )


def _check_folder(path: Path, begun_at: str) -> None:
    """Raise UsageError unless the folder of the run, where whole audits are put, is what this machine sees there."""
    try:
        seen = read_manifest(path).started_at
    except UsageError:
        seen = None
    if seen != begun_at or not os.access(path, os.W_OK):
        raise UsageError(
            f"the folder of the run is not at {path}, where it would put whole audits",
            hint="put --out where all workers can write, or leave --audits away",
        )


def _check_bundles(job: Job) -> None:
    for item in job.items:
        if not os.path.isfile(item):  # noqa: PTH113 - never raises
            raise UsageError(f"there is no file {os.fsdecode(item)}", hint=_SHARED)
