"""Carry out an audit call: each model audited, told, written; what holds several at the end; one exit code for all."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.cli.audit.evidence import Keeper, keeper_of
from openness_audit.cli.audit.jobs import Job, jobs_of
from openness_audit.cli.audit.plan import Plan, make_plan, places_for
from openness_audit.cli.audit.refusals import check_explain, check_fix_card
from openness_audit.cli.base import crash, output
from openness_audit.cli.base.project import project_path
from openness_audit.cli.common.auditing import audit_one
from openness_audit.cli.common.showing import show, show_patch
from openness_audit.errors import AuditError, OutputError
from openness_audit.model.batch import Batch, Item, Problem, Wanted
from openness_audit.render import batch_renderer, renderer, tells_problems
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How
    from openness_audit.model.audit import Audit
    from openness_audit.render.records.dsse import Sign
    from openness_audit.ruleset import RuleSet
    from openness_audit.settings import Target

_READER_GONE = Problem(
    message="not audited: standard output was closed before its turn",
    hint="read it to its end, or write to a file with -o",
    code=exits.FAILED,
)
_INTERNAL = Problem(
    message="an internal error, told in a file of its own",
    hint="send that file to the developers",
    code=exits.FAILED,
)
_NOTHING = Problem(message="no model is named", hint="name one", code=exits.NO_VERDICT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that audits, its words understood; `notice`, `explain` and `fix_card` are for one model.

    `save_evidence` is the file, or the folder of several models, for what was answered.
    """

    how: How
    models: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    format: str | None = None
    outputs: tuple[str, ...] = ()
    notice: str | None = None
    explain: str | None = None
    sign_key: str | None = None
    fix_card: bool = False
    save_evidence: str | None = None


@dataclass(slots=True, kw_only=True)
class _Run:
    """A call under way: `first` until something is shown, `gone` when nobody reads on, `hints` that were given.

    `codes` holds one of each model, and one of each output of all models that failed.
    """

    call: Call
    services: Services
    plan: Plan
    rules: RuleSet
    keeper: Keeper | None
    many: bool
    models: int
    sign: Sign | None = None
    number: int = 0
    first: bool = True
    gone: bool = False
    codes: list[int] = field(default_factory=list)
    hints: set[str] = field(default_factory=set)
    named: dict[str, Target] = field(default_factory=dict)  # files in the plan's folders, and whose each is


def audit_all(call: Call, services: Services) -> int:
    """Audit every model of a call: those it names, and those of its lists.

    Args:
        call: what was asked for.
        services: what to call.

    Returns:
        The exit code of all (DESIGN 5.1). Raises UsageError, RuleError and OutputError before anything is audited.
    """
    wanted = [Wanted(text) for text in call.models]
    if call.lists:
        from openness_audit.cli.audit.lists import read_list  # noqa: PLC0415 - only for --list

        wanted += [entry for name in call.lists for entry in read_list(name)]
    jobs = jobs_of(wanted, endpoint=call.how.settings.endpoint, quiet=call.how.quiet)
    return exits.of_many(_carry_out(call, services, jobs, keep=False)[0])


def audit_job(call: Call, services: Services, job: Job) -> int:
    """Audit what a job names, as `audit_all` does; give the exit code."""
    return exits.of_many(_carry_out(call, services, (job,), keep=False)[0])


def audit_each(call: Call, services: Services, wanted: Sequence[Wanted]) -> tuple[list[int], Batch]:
    """Audit what is wanted, each model once, and write and show what the call asks for.

    Args:
        call: how, and which outputs; its `models` are not looked at, its `lists` are not read.
        services: what to call.
        wanted: the models, with where they are named. One without an origin that names no model is a UsageError; one
            with an origin becomes a problem of the batch, so that the others are audited.

    Returns:
        The exit codes, and every model with its audit or its problem, in the order asked for. Raises UsageError,
        RuleError and OutputError before anything is audited.
    """
    jobs = jobs_of(wanted, endpoint=call.how.settings.endpoint, quiet=call.how.quiet)
    codes, items, rules = _carry_out(call, services, jobs, keep=True)
    return codes, Batch(items=tuple(items), rules=rules.rules)


def _carry_out(
    call: Call, services: Services, jobs: Sequence[Job], *, keep: bool
) -> tuple[list[int], list[Item], RuleSet]:
    """Do it; audits are kept only where somebody looks at them later, since each takes a fifth of a megabyte."""
    many = len(jobs) > 1 or bool(call.lists)  # what a list is written to does not depend on how long it is
    signs = call.sign_key is not None
    plan = make_plan(call.outputs, call.format, many=many, notice=call.notice, quiet=call.how.quiet, signs=signs)
    sign = _signer(call.sign_key, services)
    keeper = keeper_of(call.save_evidence, call.how, services, many=many) if call.save_evidence is not None else None
    rules = services.load_rules(call.how.rules_dir)
    if call.explain is not None:
        check_explain(call.explain, call.format, rules)
    if call.fix_card:
        check_fix_card(call.format, call.explain, many=many)
    run = _Run(
        call=call, services=services, plan=plan, rules=rules, keeper=keeper, many=many, models=len(jobs), sign=sign
    )
    items: list[Item] = []
    for run.number, job in enumerate(jobs, 1):
        item = _one(run, job)
        if keep or plan.gathers:
            items.append(item)
    if plan.gathers:
        _together(run, Batch(items=tuple(items), rules=rules.rules))
    if many and not call.how.quiet:
        _summary(run.codes, len(jobs))
    return run.codes, items, rules


def _signer(name: str | None, services: Services) -> Sign | None:
    """Open the key of --sign-key, if there is one, before any request is made."""
    if name is None:
        return None
    from openness_audit.cli.audit.signing import open_signer  # noqa: PLC0415 - only for --sign-key

    return open_signer(name, services)


def _one(run: _Run, job: Job) -> Item:
    """Audit, write and show one model; whatever happens ends in its item and in the exit code."""
    if run.gone and not (run.plan.together or run.plan.folders):  # nobody is left to tell
        return _failed(run, job, _READER_GONE)
    if job.target is None:
        return _problem(run, job, job.problem or _NOTHING)
    try:
        place = f" ({run.number} of {run.models})" if run.models > 1 else ""
        label, record = f"auditing {job.target.id}{place}", run.keeper.audit if run.keeper else None
        audit = audit_one(job.target, run.call.how, run.services, run.rules, label, audit_model=record)
        run.codes.append(_tell(run, job.target, audit))
    except AuditError as error:
        problem = Problem(message=error.message, hint=error.hint, code=error.exit_code)
        return _problem(run, job, problem)
    except Exception as error:  # noqa: BLE001 - one model nobody foresaw must not lose the others
        crash.tell(error, run.call.models, run.services)
        return _failed(run, job, _INTERNAL)
    return Item(asked=job.asked, audit=audit, origins=job.origins, folder=_folder(job.target))


def _problem(run: _Run, job: Job, problem: Problem) -> Item:
    """Say why there is no audit."""
    output.tell_error(job.placed(problem.message), "" if problem.hint in run.hints else problem.hint)
    run.hints.add(problem.hint)  # said once: where the Hub is silent, every model fails alike
    return _failed(run, job, problem)


def _failed(run: _Run, job: Job, problem: Problem) -> Item:
    """Keep why there is no audit; a folder of a format that tells of such models gets its file all the same."""
    run.codes.append(problem.code)
    item = Item(asked=job.asked, problem=problem, origins=job.origins, folder=_folder(job.target))
    name = run.plan.folder_format
    if job.target is not None and run.plan.folders and tells_problems(name):
        batch = Batch(items=(item,), rules=run.rules.rules)
        files = [(path, batch_renderer(name)(batch)) for path in places_for(run.plan, job.target, run.named)]
        try:
            _write(files, run.plan.folders)
        except OutputError as error:
            output.tell_error(error.message, error.hint)
            run.codes.append(error.exit_code)
    return item


def _folder(target: Target | None) -> str:
    """Name the directory that holds a model, as reports do; nothing for a model on the Hub."""
    return project_path(target.id) if target and target.kind == "directory" else ""


def _tell(run: _Run, target: Target, audit: Audit) -> int:
    """Write and show one audit; give its exit code."""
    call, plan = run.call, run.plan
    files = [(path, renderer(name, run.sign)(audit)) for path, name in plan.files]
    files += [(path, renderer(plan.folder_format, run.sign)(audit)) for path in places_for(plan, target, run.named)]
    _write(files, plan.folders)
    if files and not call.how.quiet:
        output.tell(f"wrote {', '.join(str(path) for path, _ in files)}")
    code = exits.of_audit(audit)[0]
    try:
        if call.fix_card:
            return code if show_patch(audit, target, call.how, run.services) else exits.NO_VERDICT
        if not (run.gone or plan.shown_together):
            many, first = run.many, run.first
            show(audit, plan.shown, call.how, run.services, explain=call.explain, many=many, first=first, sign=run.sign)
            run.first = False
    except BrokenPipeError:  # who closed the pipe wants no more; models not audited yet earn no 0
        output.reader_gone()
        run.gone = True
    return code


def _together(run: _Run, batch: Batch) -> None:
    """Write and show what holds all models; one format that fails does not take the others with it."""
    plan, wrote = run.plan, []
    for path, name in plan.together:
        if _safely(run, partial(_told, name, batch, path, run.sign)):
            wrote.append(str(path))
    if wrote and not run.call.how.quiet:
        output.tell(f"wrote {', '.join(wrote)}")
    shown = plan.shown
    if shown is not None and plan.shown_together and not run.gone:
        _safely(run, partial(_told, shown, batch, None, run.sign))


def _told(name: str, batch: Batch, path: Path | None, sign: Sign | None) -> None:
    """Tell all models in one format: into a file, or on standard output."""
    said = batch_renderer(name, sign)(batch)
    if path is None:
        output.emit(said, machine=True)
    else:
        _write([(path, said)], ())


def _safely(run: _Run, do: Callable[[], None]) -> bool:
    """Do one thing at the end of a call; whatever happens is told, and in the exit code."""
    try:
        do()
    except BrokenPipeError:
        output.reader_gone()
    except AuditError as error:
        output.tell_error(error.message, error.hint)
        run.codes.append(error.exit_code)
        return False
    except Exception as error:  # noqa: BLE001 - the models' own outcome is told all the same
        run.codes.append(crash.tell(error, run.call.models, run.services))
        return False
    return True


def _write(files: Sequence[tuple[Path, str]], folders: Sequence[Path]) -> None:
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise OutputError(f"{folder}: {problem.strerror}", hint="choose another folder with -o") from problem
    output.write_files(files)


def _summary(codes: Sequence[int], models: int) -> None:
    words = {
        exits.AUDITED: "audited",
        exits.VIOLATED: "against the policy",
        exits.NO_VERDICT: "no verdict",
        exits.FAILED: "failed",
    }
    counts = [f"{codes.count(code)} {said}" for code, said in words.items() if code in codes]
    output.tell(f"{plural(models, 'model')}: {', '.join(counts)}: exit {exits.of_many(codes)}")
