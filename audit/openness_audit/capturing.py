"""Fetch all that one audit needs, in as few rounds as its dependencies allow, by threads that audits may share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import Struct

from openness_audit.collect.assemble import Reading, read
from openness_audit.collect.files.kinds import wanted_texts
from openness_audit.model.capture import Listing, ModelCapture, RepoInfo

if TYPE_CHECKING:
    from openness_audit.sources.api import Sources

WORKERS = 12  # requests in flight; more gain nothing (dependencies.md section 8)
A = TypeVar("A")
B = TypeVar("B")


class Pools(Struct, frozen=True):
    """Threads that audits share, so that none has to start its own.

    Work in `reading` waits for nobody else's; `climbing` and `aside` wait for `reading`, and audits wait for all three.
    """

    reading: Executor
    climbing: Executor
    aside: Executor


@contextmanager
def threads(given: Executor | None, workers: int, name: str) -> Iterator[Executor]:
    """Give the threads that are shared, else some for this block."""
    if given is not None:
        yield given
        return
    with ThreadPoolExecutor(workers, thread_name_prefix=name) as own:
        yield own


def quiet(_: str) -> None:
    """Tell nobody."""


def _each(pool: Executor, ask: Callable[[A], B], keys: Iterable[A]) -> dict[A, B]:
    """Ask for every key in parallel, keeping the order of the keys."""
    wanted = list(dict.fromkeys(keys))
    return dict(zip(wanted, pool.map(ask, wanted), strict=True))


def capture_model(
    sources: Sources,
    info: RepoInfo,
    progress: Callable[[str], None] = quiet,
    *,
    check_links: bool = False,
    pools: Pools | None = None,
) -> tuple[ModelCapture, Reading]:
    """Fetch everything one audit needs, in as few rounds as its dependencies allow.

    Args:
        sources: where to ask.
        info: the subject's record; its `sha` pins everything else.
        progress: told what is being read.
        check_links: whether links to other hosts are followed as well.
        pools: threads to use; without them, some are started.

    Returns:
        The raw answers, and what the repository's own texts say.
    """
    with threads(pools.reading if pools else None, WORKERS, "audit") as pool:
        progress(f"reading {info.id}")
        refs_later = pool.submit(sources.refs, info.id)
        listing = sources.listing("model", info.id, info.sha or "main")
        wanted = wanted_texts(listing) if isinstance(listing, Listing) else ("README.md",)
        texts = _each(pool, lambda path: sources.text("model", info.id, info.sha or "main", path), wanted)
        first = ModelCapture(info=info, listing=listing, refs=refs_later.result(), texts=texts)
        reading = read(first)
        progress(f"following the links of {info.id}")
        datasets = [pool.submit(sources.dataset, name) for name in reading.wanted_datasets()]
        parents = [pool.submit(sources.info, "model", name) for name in reading.wanted_parents()]
        code = [pool.submit(sources.code, *key.split("/")[1:3]) for key in reading.wanted_code()]
        pages = {url: pool.submit(sources.page, url) for url in (reading.wanted_pages() if check_links else ())}
        capture = msgspec.structs.replace(
            first,
            datasets={n: f.result() for n, f in zip(reading.wanted_datasets(), datasets, strict=True)},
            parents={n: f.result() for n, f in zip(reading.wanted_parents(), parents, strict=True)},
            code={k: f.result() for k, f in zip(reading.wanted_code(), code, strict=True)},
            pages={url: later.result() for url, later in pages.items()},
        )
    return capture, reading
