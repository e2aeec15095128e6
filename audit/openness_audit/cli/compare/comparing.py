"""Carry out a comparison: each model audited once or read from a file, one report of all, one exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.cli.base import crash, output
from openness_audit.cli.common import telling
from openness_audit.cli.common.auditing import audit_one
from openness_audit.cli.compare.finished import subject_of
from openness_audit.comparison.table import FEWEST, MOST, Column, compare
from openness_audit.errors import AuditError, UsageError
from openness_audit.model.audit import Audit
from openness_audit.model.compare import MissingDoc
from openness_audit.render.compare.formats import COMPARED
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How
    from openness_audit.settings import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of `modelaudit compare`, its words understood."""

    how: How
    models: tuple[str, ...]
    format: str | None
    outputs: tuple[str, ...]


def compare_all(call: Call, services: Services) -> int:
    """Compare the models of a call.

    Args:
        call: what was asked for.
        services: what to call.

    Returns:
        The exit code of all (DESIGN 5.1). Raises UsageError, RuleError and OutputError before anything is audited.
    """
    if not FEWEST <= len(call.models) <= MOST:
        raise UsageError(
            f"{plural(len(call.models), 'model')} cannot be compared",
            hint=f"name {FEWEST} to {MOST} models or finished audits",
        )
    subjects = [subject_of(text, call.how.settings.endpoint) for text in call.models]
    planned = telling.plan(COMPARED, call.format, call.outputs, call.how, "compare.html")
    codes, columns, missing = _gather(call, services, subjects)
    if len(columns) < FEWEST:
        output.tell_error(
            f"{len(columns)} of {len(call.models)} models could be audited: nothing is compared",
            "name at least two models that can be audited",
        )
        return exits.of_many(codes)
    comparison = compare(columns, missing)
    telling.deliver(comparison, COMPARED, planned, call.how, services)
    return exits.of_many(codes)


def _gather(
    call: Call, services: Services, subjects: Sequence[Target | Audit]
) -> tuple[list[int], list[Column], list[MissingDoc]]:
    """Audit each model once. Base models that several share are asked for once: all audits have one cache."""
    rules = services.load_rules(call.how.rules_dir)
    codes: list[int] = []
    columns: list[Column] = []
    missing: list[MissingDoc] = []
    done: dict[Target, Column | MissingDoc] = {}
    for number, (text, subject) in enumerate(zip(call.models, subjects, strict=True), 1):
        if isinstance(subject, Audit):
            judged = call.how.gate.judge(subject)
            columns.append(Column(judged, from_file=True))
            codes.append(exits.of_audit(judged)[0])
            continue
        if subject not in done:
            label = f"auditing {subject.id} ({number} of {len(subjects)})"
            try:
                audit = audit_one(subject, call.how, services, rules, label)
                done[subject] = Column(audit)
                codes.append(exits.of_audit(audit)[0])
            except AuditError as problem:
                output.tell_error(problem.message, problem.hint)
                codes.append(problem.exit_code)
                done[subject] = MissingDoc(asked=text, why=problem.message)
            except Exception as problem:  # noqa: BLE001 - one model nobody foresaw must not lose the others
                codes.append(crash.tell(problem, call.models, services))
                done[subject] = MissingDoc(asked=text, why="an internal error, told in a file of its own")
        found = done[subject]
        if isinstance(found, Column):
            columns.append(found)
        else:
            missing.append(found)
    return codes, columns, missing
