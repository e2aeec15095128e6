"""Carry out a scan of a registry: which models, by which rules, into which folder; one exit code for all."""

from __future__ import annotations

import os
from datetime import date
from functools import partial
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import msgspec

from openness_audit import exits
from openness_audit.cli.base import ending, output
from openness_audit.cli.registry.cluster import cluster_of, pool_of
from openness_audit.cli.registry.ids import planning
from openness_audit.cli.registry.progress import registry_progress
from openness_audit.cli.registry.wish import check_same, manifest_of
from openness_audit.errors import AuditError, SourceUnreachableError, UsageError
from openness_audit.render.escape import clean
from openness_audit.scan.breaker import Breaker
from openness_audit.scan.crew import open_pool
from openness_audit.scan.opening import create_folder, discard, read_manifest, resume_folder
from openness_audit.scan.outcome import Spec
from openness_audit.scan.places import TARGETS
from openness_audit.scan.run import carry_out, leave_now
from openness_audit.scan.targets import keep_targets
from openness_audit.stages import tool
from openness_audit.wording import plural

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How
    from openness_audit.cli.registry.wish import Wish
    from openness_audit.model.registry import CountsDoc, ScanRun
    from openness_audit.scan.folder import Folder

THREADS = 8  # models at a time in one process, where a Hub is waited for
_SAID = 200  # characters of an example
MOST_WORKERS = 8  # processes, if nothing else is said


def scan_registry(wish: Wish, how: How, services: Services) -> int:
    """Scan a registry.

    Args:
        wish: which models, and where to.
        how: the options that every audit has.
        services: what to call.

    Returns:
        The exit code of all models in the folder (DESIGN 5.1). Raises UsageError before anything is done;
        NoVerdictError or OutputError where the run had to stop, with all that was finished kept.
    """
    rules = services.load_rules(how.rules_dir)
    begun = read_manifest(Path(wish.out)) if wish.resume else None
    manifest = manifest_of(wish, how, tool(rules), services.now(), begun)
    if manifest.options.write == "parquet":
        from openness_audit.scan.parquet import load  # noqa: PLC0415 - an extra

        load()
    if begun is not None:
        check_same(manifest, begun)
    with cluster_of(wish, manifest.source.kind, _crew(wish, manifest.source.kind)[0]) as cluster:
        return _in_folder(wish, how, services, manifest, cluster)


def _in_folder(wish: Wish, how: How, services: Services, manifest: ScanRun, cluster: Any) -> int:
    """Begin or open the folder, and do what is left; `cluster` is a client of the one that does the work, if any."""
    made = None if wish.resume else not Path(wish.out).exists()
    folder = resume_folder(Path(wish.out)) if wish.resume else create_folder(Path(wish.out), manifest)
    try:
        _plan_first(how, services, folder, made=made)
        if folder.manifest.state == "finished":
            _tell(how, f"{wish.out} is finished: nothing is left to do")
        else:
            if how.settings.offline and folder.manifest.source.kind in {"hub", "list"}:
                _tell(how, "offline: rows are of what the cache holds, else of what comes with the program, as of then")
            _run(wish, how, services, folder, cluster)
        if not how.quiet:
            output.emit(summary(folder.counts(), folder.problems(), wish.out, folder.examples()))
        return exits.of_many(folder.codes())
    except UsageError:
        if made is not None and not folder.done.count:  # the next try may have the same folder
            discard(folder, whole=made)
        raise
    finally:
        folder.close()


def _tell(how: How, message: str) -> None:
    if not how.quiet:
        output.tell(message)


def _run(wish: Wish, how: How, services: Services, folder: Folder, cluster: Any) -> None:
    """Carry out; from here on, being told to stop leaves a folder to go on with."""
    stop = partial(_leave, folder)
    ending.before.append(stop)
    try:
        folder.tell(msgspec.structs.replace(folder.manifest, state="running", why=""))
        workers, threads = _crew(wish, folder.manifest.source.kind)
        spec = _spec(how, folder)
        if cluster is None:
            pool, jobs = open_pool(spec, workers=workers, threads=threads), None
        else:
            pool, jobs = pool_of(cluster, spec, folder)
        breaker = Breaker(workers * threads, partial(_alive, how, folder.manifest.source.kind))
        with registry_progress(services.environ, wanted=how.progress) as show:
            carry_out(folder, pool, breaker, show, jobs)
    finally:
        ending.before.remove(stop)


def _leave(folder: Folder) -> str:
    """Stop, and say what is kept."""
    leave_now(folder)
    return f"{plural(folder.done.count, 'model')} finished and kept in {folder.path}; go on with --resume"


def _plan_first(how: How, services: Services, folder: Folder, *, made: bool | None) -> None:
    """Write down which models are meant, if nobody did; a folder of our own goes where no model is meant."""
    if folder.manifest.source.kind not in {"hub", "list"} or (folder.path / TARGETS).exists():
        return
    try:
        _plan(how, services, folder)
    except AuditError as problem:
        passing = isinstance(problem, SourceUnreachableError) and not how.settings.offline
        if made is not None and not passing:
            discard(folder, whole=made)
        raise


def _plan(how: How, services: Services, folder: Folder) -> None:
    """Write down which models are meant."""
    with planning(how, services, folder.manifest.source) as (models, show, found):
        count = keep_targets(folder.path, models, show)
    if not count:
        raise UsageError("no model is left to scan", hint="a list is one id[@revision] a line; # begins a comment")
    skipped = found.junk.count + found.repeated.count
    counts = msgspec.structs.replace(folder.manifest.counts, targets=count, skipped=skipped)
    folder.tell(msgspec.structs.replace(folder.manifest, counts=counts))


def _crew(wish: Wish, kind: str) -> tuple[int, int]:
    """Say how many processes, and how many models each audits at a time."""
    cores = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST_WORKERS)
    asks = kind in {"hub", "list"}
    return wish.workers or cores, (wish.threads or THREADS) if asks else 1


def _spec(how: How, folder: Folder) -> Spec:
    source, options = folder.manifest.source, folder.manifest.options
    return Spec(
        kind="hub" if source.kind in {"hub", "list"} else source.kind,  # type: ignore[arg-type]  # a list is of the Hub
        settings=how.settings,
        as_of=date.fromisoformat(folder.manifest.as_of),
        rules_dir=str(how.rules_dir) if how.rules_dir else None,
        policy=how.gate.policy,
        use=how.gate.use,
        folder=str(folder.path) if options.audits else None,
        columns=source.columns,
    )


def _alive(how: How, kind: str) -> bool:
    """Ask whether the Hub answers at all, past the cache."""
    from openness_audit.sources.hub_list import answers  # noqa: PLC0415 - loads the network stack

    return kind not in {"hub", "list"} or answers(how.settings)


def summary(counts: CountsDoc, problems: dict[str, int], out: str, examples: dict[str, str]) -> str:
    """Word what came of a run; `examples` words one model for each cause."""
    lines = [f"{plural(counts.done, 'model')} in {out}"]
    told = [
        (counts.audited, "audited"),
        (counts.violated, "against the policy"),
        (counts.no_verdict, "no verdict"),
        (counts.failed, "failed"),
    ]
    lines += [f"  {count:>9,}  {said}" for count, said in told if count]
    if problems:
        lines.append("not audited, by cause")
        for cause, count in problems.items():
            lines.append(f"  {count:>9,}  {cause}")
            if examples.get(cause):
                said = clean(examples[cause])[:_SAID]
                lines += wrap(f"such as: {said}", 78, initial_indent=" " * 13, subsequent_indent=" " * 15)
    return "\n".join(lines) + "\n"
