"""Carry out `modelaudit approve`: each model audited and judged, then one lock written, whole."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from openness_audit import exits
from openness_audit.cli.base import crash, output
from openness_audit.cli.base.target import parse_target
from openness_audit.cli.common.auditing import asked_anew, audit_one
from openness_audit.cli.common.showing import terminal_width
from openness_audit.cli.compare import locks
from openness_audit.drift.lockfile import replaced, sealed
from openness_audit.drift.snapshot import snapshot
from openness_audit.drift.told import model_changes
from openness_audit.errors import AuditError, NoVerdictError, UsageError
from openness_audit.model.lock import Approval, Entry
from openness_audit.render.escape import clean
from openness_audit.wording import plural

if TYPE_CHECKING:
    from pathlib import Path

    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How
    from openness_audit.drift.lockfile import Row
    from openness_audit.model.audit import Audit
    from openness_audit.model.changes import ModelChangesDoc
    from openness_audit.settings import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of `modelaudit approve`, its words understood."""

    how: How
    models: tuple[str, ...]
    approver: str
    note: str | None
    ticket: str | None
    lock: Path


def approve_all(call: Call, services: Services) -> int:
    """Approve every model of a call that its policy allows.

    Args:
        call: what was asked for.
        services: what to call.

    Returns:
        The exit code of all (DESIGN 5.1). Raises UsageError, RuleError and OutputError before anything is audited, and
        OutputError where the lock could not be written: it is as it was then.
    """
    call = replace(call, how=asked_anew(call.how, services))
    targets = _targets(call)
    approval = _approval(call, services)
    locks.check_lock_place(call.lock)
    rows = locks.read_lock_if_there(call.lock)
    rules = services.load_rules(call.how.rules_dir)
    codes: list[int] = []
    approved: list[tuple[Audit, Entry]] = []
    for number, target in enumerate(targets, 1):
        try:
            label = f"auditing {target.id} ({number} of {len(targets)})"
            audit = audit_one(target, call.how, services, rules, label)
            at_commit(audit)
            codes.append(exits.of_audit(audit)[0])
            if codes[-1] == exits.AUDITED:
                approved.append((audit, sealed(snapshot(audit), approval)))
            else:
                _refuse(audit)
        except AuditError as problem:
            output.tell_error(problem.message, problem.hint)
            codes.append(problem.exit_code)
        except Exception as problem:  # noqa: BLE001 - one model nobody foresaw must not lose the others
            codes.append(crash.tell(problem, call.models, services))
    if approved:
        rows = locks.read_lock_if_there(call.lock)  # again: another approval may have been written meanwhile
        before = rows
        for _, entry in approved:
            rows = replaced(rows, entry)
        locks.write_lock(call.lock, rows)
        _tell(call, services, before, approved)
    if not call.how.quiet:
        wrote = f"wrote {call.lock}, which holds {plural(len(rows), 'model')}" if approved else "no lock was written"
        output.tell(f"{len(approved)} of {plural(len(targets), 'model')} approved: {wrote}")
    return exits.of_many(codes)


def at_commit(audit: Audit) -> None:
    """Refuse evidence that is of no commit: nobody could say later what was approved. Raises NoVerdictError."""
    if audit.subject.sha is None:
        raise NoVerdictError(
            f"what is at hand of {audit.subject.id} is of no commit: a record that comes with the program",
            hint="run without --offline",
        )


def _targets(call: Call) -> tuple[Target, ...]:
    """Understand the models: each once, and none that has no commit to hold on to."""
    found: dict[str, Target] = {}
    for text in call.models:
        target = parse_target(text, is_directory=os.path.isdir, endpoint=call.how.settings.endpoint)
        if target.kind == "directory":
            raise UsageError(
                f"{clean(text)} is a directory: a lock holds models of the Hub",
                hint=f"hf://{clean(text)} is the model on the Hub, if that is meant",
            )
        held = found.setdefault(target.id.lower(), target)
        if held != target:
            raise UsageError(f"{target.id} is named at two revisions", hint="a lock holds one of each model")
    return tuple(found.values())


def _approval(call: Call, services: Services) -> Approval:
    """Put the approval together. Raises UsageError for words that are empty or too long."""
    at = services.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    words = {"approver": call.approver, "note": call.note, "ticket": call.ticket}
    said = {name: clean(text) for name, text in words.items() if text is not None}
    try:
        return msgspec.convert({**said, "at": at}, Approval)
    except msgspec.ValidationError as problem:
        name = next((n for n, text in said.items() if not 0 < len(text) <= 500), "approver")
        raise UsageError(f"--{name} is empty or longer than 500 characters", hint=f"write --{name} WORDS") from problem


def _refuse(audit: Audit) -> None:
    """Say why a model is not approved."""
    policy = audit.verdict.policy
    if policy is None:
        return
    open_, forbidden = (
        [c for c in policy.clauses if c.met == met and not c.accepted] for met in ("unknown", "violated")
    )
    which = forbidden or open_
    what = "is violated" if forbidden else "cannot be decided"
    output.tell_error(
        f"{audit.subject.id} is not approved: policy {policy.name} {what} ({', '.join(c.id for c in which)})",
        f"modelaudit {audit.subject.id} shows each clause; a waiver can accept one of them",
    )


def _tell(call: Call, services: Services, before: tuple[Row, ...], approved: list[tuple[Audit, Entry]]) -> None:
    """Say what was approved, and what changed since an earlier approval."""
    if call.how.quiet:
        return
    from openness_audit.render.changes import text as changes_text  # noqa: PLC0415 - only here

    held = {row.model.lower(): row for row in before}
    told: list[tuple[Entry, ModelChangesDoc | None, str]] = []
    for audit, entry in approved:
        row = held.get(entry.model.lower())
        was = row.entry if row else None
        since = model_changes(entry.model, was.snapshot, audit, approval=was.approval) if was else None
        told.append((entry, since, row.why if row else ""))
    color, encoding = output.colored(sys.stdout, services.environ), sys.stdout.encoding or "utf-8"
    try:
        output.emit(
            changes_text.approvals(
                told, width=terminal_width(), color=color, verbose=call.how.verbose, encoding=encoding
            )
        )
    except BrokenPipeError:
        output.reader_gone()
