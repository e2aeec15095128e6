"""`scan --plan`: say what a scan of a registry asks, of whom, and how long its quotas make it; audit nothing."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from openness_audit import exits
from openness_audit.cli.base import output
from openness_audit.cli.registry.ids import planning
from openness_audit.cli.registry.wish import manifest_of
from openness_audit.errors import SourceUnreachableError, UsageError
from openness_audit.scan.opening import read_manifest
from openness_audit.scan.outcome import Known
from openness_audit.scan.places import TARGETS
from openness_audit.scan.planning import Census, finished_in, plan_of
from openness_audit.scan.targets import items_of
from openness_audit.sources.hub_list import ListFailedError, Query, list_models
from openness_audit.sources.pacing import open_pacer
from openness_audit.sources.settings import SourceSettings
from openness_audit.sources.shared import SharedSources
from openness_audit.stages import tool

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How
    from openness_audit.cli.registry.wish import Wish
    from openness_audit.model.registry import SourceDoc
    from openness_audit.model.scan_plan import HostPlan, Range, ScanPlan
    from openness_audit.sources.pacing import QuotaPacer

_FORMATS = ("text", "json")
_ENDINGS = {".json": "json", ".txt": "text"}
_ANY = Query(top=1)  # the shortest question whose answer tells the limit


def plan_registry(wish: Wish, how: How, services: Services, format_: str | None, outputs: tuple[str, ...] = ()) -> int:
    """Print the plan of a scan, or write it to files.

    Args:
        wish: which models.
        how: the options that every audit has.
        services: what to call.
        format_: `text` or `json`; None shows the text where no file is written.
        outputs: files to write, ending in .json or .txt.

    Returns:
        0. Raises UsageError where nothing says which models, NoVerdictError where the Hub cannot list them.
    """
    if format_ not in {None, *_FORMATS}:
        raise UsageError(f"a plan has no format {format_!r}", hint="one of: text, json")
    files = [(Path(name), _ENDINGS.get(Path(name).suffix.lower())) for name in outputs]
    odd = next((path for path, form in files if form is None), None)
    if odd is not None:
        raise UsageError(f"a plan cannot be written to {odd}", hint="name a file that ends in .json or .txt")
    begun = read_manifest(Path(wish.out)) if wish.resume else None
    source = manifest_of(wish, how, tool(services.load_rules(how.rules_dir)), services.now(), begun).source
    if source.kind not in {"hub", "list"}:
        raise UsageError("a scan of files asks nothing: there is nothing to plan", hint="leave --plan away")
    now = services.now()
    settings = SourceSettings.of(msgspec.structs.replace(how.settings, fresh_since=now))  # a kept answer tells no limit
    pacer = open_pacer(settings, output.tell if how.progress else None)
    census, finished = Census(by_tags=source.kind == "hub"), 0
    try:
        if begun is not None and (Path(wish.out) / TARGETS).exists():
            finished = _left_of(Path(wish.out), source, census)
            _ask_one(settings, pacer)
        elif source.kind == "hub":
            _list(settings, pacer, source, census)
        else:
            with planning(how, services, source) as (models, _, _found):
                for model in models:
                    census.take(model.id, model.revision)
            if not census.models:
                raise UsageError("no model is left to scan", hint="a list is one id[@revision] a line")
            _ask_one(settings, pacer)
        limits = pacer.limit(settings.endpoint, "hub_api"), pacer.limit(settings.github_api, "github")
    finally:
        pacer.close()
    known = census.known(settings, now.timestamp())
    stamp = now.astimezone(UTC).isoformat(timespec="seconds")
    plan = plan_of(known, finished, settings, limits, stamp)
    told = {"json": msgspec.json.format(msgspec.json.encode(plan)).decode() + "\n", "text": words(plan)}
    output.write_files((path, told[form or "text"]) for path, form in files)
    if files and not how.quiet:
        output.tell(f"wrote {', '.join(str(path) for path, _ in files)}")
    if format_ is not None or not files:
        output.emit(told[format_ or "text"], machine=format_ == "json")
    return exits.AUDITED


def _left_of(folder: Path, source: SourceDoc, census: Census) -> int:
    done = finished_in(folder)
    for seq, item in enumerate(items_of(folder, source)):
        if seq not in done and item.strip():
            model = msgspec.json.decode(item, type=Known)
            census.take(model.id, model.revision)
    return len(done)


def _list(settings: SourceSettings, pacer: QuotaPacer, source: SourceDoc, census: Census) -> None:
    """List the models; the answers tell the limit as well."""
    query = Query(author=source.author, search=source.search, tags=source.tags, sort=source.sort, top=source.top)
    shared = SharedSources(settings, pacer=pacer)
    try:
        for one in list_models(shared.hub(), query):
            census.take(one.id, None, one.tags)
    except ListFailedError as problem:
        raise SourceUnreachableError(
            f"the models of the Hub could not be listed: {problem.cause.detail}",
            hint="check HF_TOKEN, HF_ENDPOINT and the network",
        ) from problem
    finally:
        shared.close()


def _ask_one(settings: SourceSettings, pacer: QuotaPacer) -> None:
    """Ask the Hub one short question, whose answer tells the limit; without one the published limits hold."""
    shared = SharedSources(settings, pacer=pacer)
    try:
        next(iter(list_models(shared.hub(), _ANY)), None)
    except ListFailedError:
        return
    finally:
        shared.close()


def words(plan: ScanPlan) -> str:
    """Word a plan for a terminal of 80 columns."""
    known = plan.known
    left = f" ({plan.finished:,} more are finished)" if plan.finished else ""
    models = f"{plan.models:,} model{'' if plan.models == 1 else 's'}{left}"
    lines = [f"plan: {models}; nothing is audited. Estimates, with ranges.", ""]
    lines.append(
        f"  in the cache: {known.fresh:,} fresh, {known.stale:,} to be asked whether they changed; {known.absent:,} new"
    )
    if known.bases is not None and known.datasets is not None:
        lines.append(f"  the list names {known.bases:,} further base models and {known.datasets:,} data sets")
    who = plan.tier or "no limit is told, and none is known"
    lines += [f"  caller: {who} ({'with' if plan.signed_in else 'without'} a token)", ""]
    lines.append(f"  {'':<11} {'requests':<24} {'quota':<22} minutes")
    lines += [_row(host) for host in plan.hosts]
    lines += ["", *(f"  {host.what}: {host.host}" for host in plan.hosts[::2])]
    again = sum(host.conditional for host in plan.hosts)
    if again:
        lines.append(f"  some {again:,} of the requests bring no body where nothing changed")
    lines += _told(plan)
    return "\n".join(lines) + "\n"


def _row(host: HostPlan) -> str:
    minutes = "no limit known" if host.minutes is None else _range(host.minutes)
    return f"  {host.what:<11} {_range(host.requests):<24} {_quota(host):<22} {minutes}"


def _quota(host: HostPlan) -> str:
    if host.quota is None or host.window_s is None:
        return "none told"
    window = f"{host.window_s // 60} min" if host.window_s >= 60 else f"{host.window_s} s"
    return f"{host.quota:,} in {window}"


def _range(said: Range) -> str:
    if said.low == said.high:
        return f"{said.mean:,}"
    return f"{said.mean:,} ({said.low:,} to {said.high:,})"


def _told(plan: ScanPlan) -> list[str]:
    from textwrap import wrap  # noqa: PLC0415 - only here

    lines = [""]
    if plan.minutes is not None:
        lines.append(f"its quotas alone make the scan last {_range(plan.minutes)} minutes")
    now = [f"{host.what} {host.left:,}" for host in plan.hosts if host.left is not None]
    if now:
        lines.append(f"left of the windows that are open: {', '.join(now)}")
    for basis, told in (("published", "published, not told by the server"), ("assumed", "assumed")):
        names = [host.what for host in plan.hosts if host.basis == basis]
        if names:
            lines.append(f"{told}: the quota of {', '.join(names)}")
    for note in plan.notes:
        lines += wrap(f"note: {note}", 78, subsequent_indent="  ")
    return lines
