"""Carry out an audit call: each model audited, told, written; one exit code for all."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.cli import crash, output
from openness_audit.cli.auditing import audit_one
from openness_audit.cli.plan import Plan, make_plan, places_for
from openness_audit.cli.target import parse_target
from openness_audit.errors import AuditError, OutputError, UsageError
from openness_audit.render import renderer
from openness_audit.wording import choices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openness_audit.cli.options import How
    from openness_audit.cli.services import Services
    from openness_audit.model.audit import Audit
    from openness_audit.ruleset import RuleSet
    from openness_audit.settings import Target

WIDEST = 120  # longer lines are hard to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of `modelaudit audit`, its words understood."""

    how: How
    models: tuple[str, ...]
    format: str | None
    outputs: tuple[str, ...]
    notice: str | None
    explain: str | None
    fix_card: bool = False


def terminal_width() -> int:
    """Give the columns to write in: the terminal's, at most `WIDEST`; 80 where there is none."""
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST) if sys.stdout.isatty() else 80


def audit_all(call: Call, services: Services) -> int:
    """Audit every model of a call.

    Args:
        call: what was asked for.
        services: what to call.

    Returns:
        The exit code of all (DESIGN 5.1). Raises UsageError, RuleError and OutputError before anything is audited.
    """
    targets = _targets(call)
    plan = make_plan(call.outputs, call.format, targets, notice=call.notice, quiet=call.how.quiet)
    rules = services.load_rules(call.how.rules_dir)
    _check_explain(call, rules)
    _check_fix_card(call, targets)
    codes: list[int] = []
    for number, target in enumerate(targets):
        try:
            codes.append(_one(call, services, rules, plan, target, many=len(targets) > 1, first=number == 0))
        except BrokenPipeError:
            output.reader_gone()  # who closed the pipe wants no more; models not audited yet earn no 0
            return exits.of_many([*codes, exits.FAILED if number + 1 < len(targets) else exits.AUDITED])
        except AuditError as problem:
            output.tell_error(problem.message, problem.hint)
            codes.append(problem.exit_code)
        except Exception as problem:  # noqa: BLE001 - one model nobody foresaw must not lose the others
            codes.append(crash.tell(problem, call.models, services))
    if len(targets) > 1 and not call.how.quiet:
        _summary(codes)
    return exits.of_many(codes)


def _targets(call: Call) -> tuple[Target, ...]:
    found = [parse_target(m, is_directory=os.path.isdir, endpoint=call.how.settings.endpoint) for m in call.models]
    for text, target in zip(call.models, found, strict=True):
        if target.kind == "directory" and not text.startswith((".", "/", "~", "\\")) and not call.how.quiet:
            output.tell(f"note: {text} is a directory here; hf://{text} is the model on the Hub")
    return tuple(dict.fromkeys(found))


def _check_explain(call: Call, rules: RuleSet) -> None:
    """Refuse --explain of something that is no component before any request is made."""
    if call.explain is None:
        return
    if call.format not in (None, "text"):
        raise UsageError("--explain is told as text only", hint="leave -f away, or write other formats with -o")
    from openness_audit.judge import PARTS  # noqa: PLC0415 - only for --explain
    from openness_audit.render.explain import LICENSE_NAMES  # noqa: PLC0415 - only for --explain

    parts = {r.component or r.id for r in rules.rules if r.kind == "component"}
    known = sorted(parts | PARTS.keys() | {LICENSE_NAMES[0]})
    if call.explain not in known and call.explain not in LICENSE_NAMES:
        raise UsageError(f"no component is named {call.explain!r}", hint=choices(call.explain, known))


def _check_fix_card(call: Call, targets: tuple[Target, ...]) -> None:
    """Refuse what a patch cannot be printed beside, before any request is made."""
    if not call.fix_card:
        return
    if call.format is not None or call.explain is not None:
        raise UsageError("--fix-card prints a patch", hint="leave -f and --explain away, or write reports with -o")
    if len(targets) > 1:
        raise UsageError("--fix-card patches one card at a time", hint="name one model")


def _one(call: Call, services: Services, rules: RuleSet, plan: Plan, target: Target, *, many: bool, first: bool) -> int:
    audit = audit_one(target, call.how, services, rules, f"auditing {target.id}")
    files = [(path, renderer(name)(audit)) for path, name in places_for(plan, target)]
    _write(files, plan.folders)
    if files and not call.how.quiet:
        output.tell(f"wrote {', '.join(str(path) for path, _ in files)}")
    code = exits.of_audit(audit)[0]
    try:
        if call.fix_card:
            return code if _fix_card(call, services, audit, target) else exits.NO_VERDICT
        _show(call, services, plan, audit, many=many, first=first)
    except BrokenPipeError:
        if many:
            raise
        output.reader_gone()
    return code


def _write(files: Sequence[tuple[Path, str]], folders: Sequence[Path]) -> None:
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise OutputError(f"{folder}: {problem.strerror}", hint="choose another folder with -o") from problem
    output.write_files(files)


def _fix_card(call: Call, services: Services, audit: Audit, target: Target) -> bool:
    """Print the patch of the card; False where the card could not be read."""
    from openness_audit.cli import fix_card  # noqa: PLC0415 - only for --fix-card
    from openness_audit.errors import NoVerdictError  # noqa: PLC0415 - only here
    from openness_audit.model.capture import Failure  # noqa: PLC0415 - only here
    from openness_audit.model.evidence import Cause  # noqa: PLC0415 - only here

    try:
        card = services.read_card(target, call.how.settings, audit.subject.sha)
    except NoVerdictError as problem:  # a bundled record holds facts, not the card
        card = Failure(Cause(code="offline", source="README.md", retryable=True, detail=problem.message))
    return fix_card.show(audit, card, quiet=call.how.quiet)


def _show(call: Call, services: Services, plan: Plan, audit: Audit, *, many: bool, first: bool) -> None:
    if plan.shown is None and call.explain is None:
        return
    if plan.shown == "json":
        from openness_audit.render import json  # noqa: PLC0415 - loads the schema

        output.emit(json.line(audit) if many else json.render(audit), machine=True)
        return
    if plan.shown in ("text", None):
        from openness_audit.render import text  # noqa: PLC0415 - only here

        width, color = terminal_width(), output.colored(sys.stdout, services.environ)
        encoding = sys.stdout.encoding or "utf-8"
        said = (
            text.explain(audit, call.explain, width, color=color, encoding=encoding)
            if call.explain
            else text.render(audit, width=width, color=color, verbose=call.how.verbose, encoding=encoding)
        )
        output.emit(said if first else "\n" + said)
        return
    output.emit(("" if first else "\n") + renderer(plan.shown)(audit), machine=True)


def _summary(codes: Sequence[int]) -> None:
    words = {
        exits.AUDITED: "audited",
        exits.VIOLATED: "against the policy",
        exits.NO_VERDICT: "no verdict",
        exits.FAILED: "failed",
    }
    counts = [f"{codes.count(code)} {said}" for code, said in words.items() if code in codes]
    output.tell(f"{len(codes)} models: {', '.join(counts)}: exit {exits.of_many(codes)}")
