"""The models of a run, each at its place: from the Hub's lists or a file of ids, kept in its folder; or a dump."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from openness_audit.scan.disk import unwritable
from openness_audit.scan.dump_read import rows_of
from openness_audit.scan.outcome import Job, Known
from openness_audit.scan.places import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openness_audit.model.registry import SourceDoc
    from openness_audit.scan.folder import Done

CHUNK_ROWS = 32
CHUNK_BYTES = 1 << 20


def keep_targets(folder: Path, models: Iterable[Known], progress: Callable[[int], None]) -> int:
    """Write down which models a run is to audit, so that it can go on with the same ones.

    Args:
        folder: that of the run.
        models: the models; what their iterator raises is raised, and nothing is kept.
        progress: told now and then how many there are.

    Returns:
        How many. Raises OutputError where they cannot be written.
    """
    draft, count = folder / f".{TARGETS}.tmp", 0
    try:
        with draft.open("wb") as stream:
            for model in models:
                stream.write(msgspec.json.encode(model) + b"\n")
                count += 1
                if count % 1000 == 0:
                    progress(count)
        draft.replace(folder / TARGETS)
    except OSError as problem:
        raise unwritable(folder, problem) from problem
    finally:
        draft.unlink(missing_ok=True)
    return count


def items_of(folder: Path, source: SourceDoc) -> Iterator[bytes]:
    """Give the entries of a source, in an order that does not change: the place of each is its number in the run.

    Raises UsageError where a dump cannot be read.
    """
    if source.kind == "dump":
        yield from rows_of(Path(source.path or ""), source.columns)
    elif source.kind == "bundles":
        from openness_audit.scan.bundle_worker import bundles_of  # noqa: PLC0415 - only here

        yield from bundles_of(Path(source.path or ""))
    else:
        with (folder / TARGETS).open("rb") as stream:
            for line in stream:
                yield line.rstrip(b"\n")


def jobs_of(items: Iterator[bytes], done: Done, *, together: int = CHUNK_ROWS) -> Iterator[Job]:
    """Put entries that are not finished together to jobs.

    Args:
        items: the entries of the source.
        done: the places that are finished.
        together: the most entries of one job.

    Yields:
        The jobs; one of long entries has fewer.
    """
    seqs: list[int] = []
    held: list[bytes] = []
    size = 0
    for seq, item in enumerate(items):
        if seq in done or not item.strip():
            continue
        seqs.append(seq)
        held.append(item)
        size += len(item)
        if len(held) >= together or size >= CHUNK_BYTES:
            yield Job(seqs=tuple(seqs), items=tuple(held))
            seqs, held, size = [], [], 0
    if held:
        yield Job(seqs=tuple(seqs), items=tuple(held))
