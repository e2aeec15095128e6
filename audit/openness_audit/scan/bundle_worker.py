"""Audit evidence bundles once more: a folder of them, each by itself, without a network."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.bundles.read import read
from openness_audit.errors import BundleError, NoVerdictError, OutputError, TamperedError, UsageError
from openness_audit.replay import replay, target_of
from openness_audit.scan.finisher import Finisher, code_of, failed, unforeseen
from openness_audit.scan.outcome import Job, Outcome, Spec

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDING = ".bundle"


def bundles_of(folder: Path) -> Iterator[bytes]:
    """List the bundles of a folder and of those below it, by name. Raises UsageError where it cannot be read."""
    yield from map(os.fsencode, sorted(_files(folder)))


def digest_of(folder: Path) -> str:
    """Give what tells a folder of bundles from one that was changed: of their names and lengths.

    Raises UsageError where it cannot be read, or holds none.
    """
    whole, paths = hashlib.sha256(), sorted(_files(folder))
    if not paths:
        raise UsageError(f"{folder} holds no evidence bundle (*{ENDING})", hint="make them with --save-evidence DIR/")
    for path in paths:
        whole.update(os.fsencode(os.path.relpath(path, folder)) + b"\0%d\0" % os.stat(path).st_size)  # noqa: PTH116 - as above
    return f"sha256:{whole.hexdigest()}"


def _files(folder: Path) -> list[str]:
    def refuse(problem: OSError) -> None:
        raise UsageError(f"{folder} cannot be read: {problem.strerror}", hint="name a folder of bundles") from problem

    walked = os.walk(folder, onerror=refuse)
    return [os.path.join(above, name) for above, _, names in walked for name in names if name.endswith(ENDING)]  # noqa: PTH118 - there may be a million


class BundleWorker:
    """Audits bundles; nothing is asked of anybody."""

    def __init__(self, spec: Spec) -> None:
        """Load the rules."""
        self._spec = spec
        self._finisher = Finisher(spec)

    def do(self, job: Job) -> list[Outcome]:
        """Audit the bundles of a job."""
        return [self._one(seq, item) for seq, item in zip(job.seqs, job.items, strict=True)]

    def _one(self, seq: int, item: bytes) -> Outcome:
        path = Path(os.fsdecode(item))
        name = path.name
        try:
            bundle = read(path)
            name = target_of(bundle).id
            audit = replay(bundle, rules=self._finisher.rules, now=datetime.now(UTC), as_of=self._spec.as_of)
            recorded = bundle.audit.run.started_at if bundle.audit is not None else None
            return self._finisher.finished(seq, audit, name, audited_at=recorded)
        except TamperedError as problem:
            return failed(seq, name, "tampered", problem.message)
        except BundleError as problem:
            return failed(seq, name, "malformed", problem.message)
        except NoVerdictError as problem:
            return failed(seq, name, code_of(problem), problem.message)
        except OutputError:
            raise
        except Exception as problem:  # noqa: BLE001 - one bundle nobody foresaw must not lose the others
            return unforeseen(seq, name, problem)

    def close(self) -> None:
        """Nothing is open."""
