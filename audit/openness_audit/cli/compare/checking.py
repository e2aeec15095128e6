"""Carry out `modelaudit check`: each approved model audited once more, one report of all, one exit code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.cli.base import crash
from openness_audit.cli.base.target import parse_target
from openness_audit.cli.common import telling
from openness_audit.cli.common.auditing import asked_anew, audit_one
from openness_audit.cli.compare import locks
from openness_audit.cli.compare.approving import at_commit
from openness_audit.drift.lockfile import AGAIN
from openness_audit.drift.told import document, model_changes
from openness_audit.errors import AuditError, SubjectNotFoundError, UsageError
from openness_audit.model.changes import ModelChangesDoc
from openness_audit.render.changes.formats import CHANGED
from openness_audit.render.escape import clean
from openness_audit.settings import Target
from openness_audit.wording import choices

if TYPE_CHECKING:
    from pathlib import Path

    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How
    from openness_audit.drift.lockfile import Row
    from openness_audit.ruleset import RuleSet

_GONE = "it was there when it was approved: it was deleted, renamed or made private since, or HF_TOKEN is not set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of `modelaudit check`, its words understood."""

    how: How
    models: tuple[str, ...]
    lock: Path
    format: str | None
    outputs: tuple[str, ...]
    without_policy: bool = False


@dataclass(slots=True, kw_only=True)
class _Run:
    """A call under way."""

    call: Call
    services: Services
    rules: RuleSet
    told: list[ModelChangesDoc] = field(default_factory=list)


def check_all(call: Call, services: Services) -> int:
    """Check the approved models.

    Args:
        call: what was asked for.
        services: what to call.

    Returns:
        The exit code of all (DESIGN 5.1). Raises UsageError, RuleError and OutputError before anything is audited.
    """
    planned = telling.plan(CHANGED, call.format, call.outputs, call.how, "changes.md")
    rows = _chosen(call, locks.read_lock(call.lock))
    call = replace(call, how=asked_anew(call.how, services))
    run = _Run(call=call, services=services, rules=services.load_rules(call.how.rules_dir))
    for number, row in enumerate(rows, 1):
        run.told.append(_one(run, row, f"auditing {row.model} ({number} of {len(rows)})"))
    found = document("check", run.told, as_of=call.how.as_of, lock=str(call.lock))
    telling.deliver(found, CHANGED, planned, call.how, services)
    return found.code


def _chosen(call: Call, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Give the rows that are asked about: all, or those of the models that are named."""
    if not rows:
        raise UsageError(f"{call.lock} holds no approved model", hint="modelaudit approve MODEL --approver NAME")
    if not call.models:
        return rows
    known = {row.model.lower() for row in rows}
    wanted = set()
    for text in call.models:
        target = parse_target(text, is_directory=lambda _: False, endpoint=call.how.settings.endpoint)
        if target.id.lower() not in known:
            names = sorted(row.model for row in rows)
            hint = choices(target.id, names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
            raise UsageError(f"{clean(target.id)} is not approved in {call.lock}", hint=hint)
        wanted.add(target.id.lower())
    return tuple(row for row in rows if row.model.lower() in wanted)


def _one(run: _Run, row: Row, label: str) -> ModelChangesDoc:
    """Check one model; whatever happens ends in its part of the document and in the exit code."""
    entry = row.entry
    if entry is None:
        hint = AGAIN.format(model=row.model)
        return ModelChangesDoc(
            asked=row.model, result="void", code=exits.VIOLATED, line=row.line, why=row.why, hint=hint
        )
    target = Target(kind="hub", id=entry.model, revision=entry.snapshot.asked)
    try:
        audit = audit_one(target, run.call.how, run.services, run.rules, label)
        at_commit(audit)
        return model_changes(
            entry.model,
            entry.snapshot,
            audit,
            approval=entry.approval,
            line=row.line,
            with_policy=not run.call.without_policy,
        )
    except AuditError as problem:
        gone = isinstance(problem, SubjectNotFoundError)
        why, hint, code = problem.message, _GONE if gone else problem.hint, problem.exit_code
    except Exception as problem:  # noqa: BLE001 - one model nobody foresaw must not lose the others
        code = crash.tell(problem, ("check", entry.model), run.services)
        why, hint = "an internal error, told in a file of its own", "send that file to the developers"
    return ModelChangesDoc(
        asked=entry.model, result="not-audited", code=code, approval=entry.approval, line=row.line, why=why, hint=hint
    )
