"""Carry out a scan of code: find the models, audit each once, tell all in one report, one exit code."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from openness_audit.cli.audit import running
from openness_audit.cli.base import output
from openness_audit.cli.base.progress import progress
from openness_audit.cli.base.project import project_path
from openness_audit.cli.common.showing import terminal_width
from openness_audit.cli.gathered.report import Plan, adding, planned, written
from openness_audit.errors import UsageError
from openness_audit.model.batch import Batch
from openness_audit.render import BILLS, batch_renderer
from openness_audit.render.escape import clean
from openness_audit.render.gathered import scan_formats as scanned
from openness_audit.scan.code.document import make_scan
from openness_audit.scan.code.findings import scan_rules, with_findings
from openness_audit.scan.code.reading import scan_code
from openness_audit.scan.code.wanted import Key, chosen, wanted

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How
    from openness_audit.model.audit import Audit
    from openness_audit.model.scan import Scan
    from openness_audit.model.usages import Code, Usage
    from openness_audit.settings import Settings, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of `modelaudit scan`, its words understood."""

    how: How
    paths: tuple[str, ...]
    list_only: bool
    with_low: bool
    ignores: bool
    limit: int
    format: str | None
    outputs: tuple[str, ...]


def scan_paths(call: Call, services: Services) -> int:
    """Scan the paths of a call.

    Args:
        call: what was asked for.
        services: what to call.

    Returns:
        The exit code of all (DESIGN 5.1). Raises UsageError, RuleError and OutputError before anything is audited.
    """
    plan = _plan(call)
    code = _read(call, services)
    models = chosen(code, "model", with_low=call.with_low)
    codes: list[int] = []
    batch: Batch | None = None
    if not call.list_only:
        codes, batch = _audit(call, services, plan, models)
    policy = call.how.gate.policy
    scan = make_scan(
        code,
        batch,
        codes,
        as_of=call.how.as_of.isoformat(),
        with_low=call.with_low,
        policy=policy.path if policy else None,
    )
    written(plan, lambda name: _told(name, scan, batch), quiet=call.how.quiet)
    try:
        _show(scan, batch, plan.shown, call, services)
    except BrokenPipeError:
        output.reader_gone()
    return scan.exit_code


def _plan(call: Call) -> Plan:
    """Work out what is shown and written, before anything is read."""
    for path in call.paths:
        if not os.path.exists(path):  # noqa: PTH110 - never raises
            raise UsageError(f"there is no file or folder {clean(path)!r}", hint="name a folder of code, such as .")
    if call.format is not None:
        scanned.known_format(call.format, listed_only=call.list_only)
    format_of = partial(scanned.format_of, listed_only=call.list_only)
    plan = planned(call.outputs, call.format, format_of, quiet=call.how.quiet)
    if plan.folders and call.list_only:
        raise UsageError("--list-only makes no audits to write to a folder", hint="leave -o DIR/ away")
    return plan


def _read(call: Call, services: Services) -> Code:
    roots = {path: "." if (named := project_path(path)) == "." else named for path in dict.fromkeys(call.paths)}
    with progress("reading code", services.environ, wanted=call.how.progress) as show:
        return scan_code(roots, ignores=call.ignores, limit=call.limit, progress=show)


def _audit(call: Call, services: Services, plan: Plan, models: dict[Key, list[Usage]]) -> tuple[list[int], Batch]:
    """Audit each model once; the findings about how it is named are part of its audit when a policy judges it."""
    rules = scan_rules()
    if not models:
        return [], Batch(items=(), rules=(*services.load_rules(call.how.rules_dir).rules, *rules))
    quiet = replace(call.how, quiet=True)
    auditing = running.Call(how=quiet, outputs=plan.folders)

    def named(target: Target, _: Settings, audit: Audit) -> Audit:
        key = Key(target.id, target.revision)
        return with_findings(audit, key, models.get(key, ()))

    codes, batch = running.audit_each(auditing, adding(services, named), wanted(models))
    return codes, msgspec.structs.replace(batch, rules=tuple(sorted((*batch.rules, *rules), key=lambda r: r.id)))


def _told(name: str, scan: Scan, batch: Batch | None) -> str:
    if name in scanned.BATCHES:
        return batch_renderer(name)(batch or Batch(items=()))
    if name in BILLS:
        return scanned.bill(name, scan, batch or Batch(items=()))
    return scanned.renderer(name)(scan)


def _show(scan: Scan, batch: Batch | None, shown: str | None, call: Call, services: Services) -> None:
    if shown is None:
        return
    if shown != "text":
        output.emit(_told(shown, scan, batch), machine=True)
        return
    from openness_audit.render.gathered import scan_text  # noqa: PLC0415 - only here

    color, encoding = output.colored(sys.stdout, services.environ), sys.stdout.encoding or "utf-8"
    output.emit(
        scan_text.render(scan, width=terminal_width(), color=color, verbose=call.how.verbose, encoding=encoding)
    )
