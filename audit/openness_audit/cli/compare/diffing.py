"""Carry out `modelaudit diff`: two audits, made now or read from files, and what changed between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.cli.common import telling
from openness_audit.cli.common.auditing import asked_anew, audit_one
from openness_audit.cli.compare.finished import subject_of
from openness_audit.drift.snapshot import snapshot
from openness_audit.drift.told import document, model_changes
from openness_audit.errors import UsageError
from openness_audit.model.audit import Audit
from openness_audit.registry.opened import is_scan
from openness_audit.render.changes.formats import CHANGED

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of `modelaudit diff`, its words understood."""

    how: How
    old: str
    new: str
    format: str | None
    outputs: tuple[str, ...]


def diff(call: Call, services: Services) -> int:
    """Say what changed from one audit to another.

    Args:
        call: what was asked for.
        services: what to call.

    Returns:
        The exit code: 1 where something changed for the worse, 3 where that cannot be determined. Raises AuditError
        where one of the two cannot be had: nothing is compared then.
    """
    if is_scan(Path(call.old)) or is_scan(Path(call.new)):
        return _scans(call, services)
    planned = telling.plan(CHANGED, call.format, call.outputs, call.how, "changes.md")
    subjects = [subject_of(text, call.how.settings.endpoint) for text in (call.old, call.new)]
    rules = services.load_rules(call.how.rules_dir)
    call = replace(call, how=asked_anew(call.how, services))
    old, new = (
        one
        if isinstance(one, Audit)
        else audit_one(one, call.how, services, rules, f"auditing {one.id}{f'@{one.revision}' if one.revision else ''}")
        for one in subjects
    )
    new = call.how.gate.judge(new)  # one from a file as well
    old = old if old.verdict.policy is not None else call.how.gate.judge(old)
    told = model_changes(call.new, snapshot(old), new, with_policy=new.verdict.policy is not None)
    found = document("diff", [told], as_of=call.how.as_of)
    telling.deliver(found, CHANGED, planned, call.how, services)
    return found.code


def _scans(call: Call, services: Services) -> int:
    """Compare two folders of scans; a scan cannot be compared with one model."""
    from openness_audit.cli.registry import reporting  # noqa: PLC0415 - only for scans

    old, new = Path(call.old), Path(call.new)
    if not (old.is_dir() and new.is_dir()):
        other = call.new if is_scan(old) else call.old
        raise UsageError(
            f"{other!r} is no folder of a scan, and the other is one",
            hint="give two folders that `modelaudit scan --out DIR` wrote, or two models",
        )
    how = call.how
    asked = reporting.Call(
        folder=new, since=(old,), format=call.format, outputs=call.outputs, quiet=how.quiet, verbose=how.verbose
    )
    return reporting.diff_scans(asked, services)
