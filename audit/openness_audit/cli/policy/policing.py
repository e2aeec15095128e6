"""Carry out `modelaudit policy init`, `validate` and `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.cli.base.output import check_place, emit, reader_gone, tell, write_files
from openness_audit.cli.policy.policies import FILE, check_waivers, find, load_file, template
from openness_audit.errors import PolicyError, UsageError
from openness_audit.wording import plural

if TYPE_CHECKING:
    from pathlib import Path

    from openness_audit.cli.base.services import Services
    from openness_audit.model.policy import Policy

__all__ = ["check_policy", "show_policy", "write_template"]

DEFAULT = "commercial-product"


def write_template(services: Services, file: Path | None, name: str | None, *, force: bool, quiet: bool) -> None:
    """Write a packaged policy. Raises UsageError for an unknown one and for a file that is there, OutputError."""
    text = template(name or DEFAULT)
    goal = file if file is not None else services.folder() / FILE
    if goal.is_dir():
        raise UsageError(f"{goal} is a folder", hint=f"name a file, such as {goal / FILE}")
    if (goal.exists() or goal.is_symlink()) and not force:
        raise UsageError(f"{goal} is there already", hint="name another file, or replace it with --force")
    check_place(goal)
    write_files([(goal, text)])
    if not quiet:
        tell(f"wrote {goal} from the template {name or DEFAULT}; change it to what your organisation decided")


def _path(services: Services, file: str | None) -> tuple[str, bool]:
    """Give the policy that is meant, and whether it was found by itself."""
    if file is not None:
        return file, False
    found = find(services.folder())
    if found is None:
        raise UsageError(
            f"there is no {FILE} and no [tool.modelaudit] here or above",
            hint="name a policy, or begin one with `modelaudit policy init`",
        )
    return found, True


def check_policy(services: Services, file: str | None, rules_dir: Path | None, *, quiet: bool) -> int:
    """Print everything that is wrong with a policy, each with file and line; what has run out is only noted."""
    rules = services.load_rules(rules_dir)
    try:
        path, found = _path(services, file)
        waivers = None if found else check_waivers(path, rules)
        if waivers is not None:
            return _say_waivers(path, *waivers, quiet=quiet)
        policy = load_file(path, rules, found=found)
    except PolicyError as problem:
        try:
            emit("".join(f"{line}\n" for line in problem.problems))
        except BrokenPipeError:  # whoever reads no further is told all the same that it cannot be used
            reader_gone()
        if not quiet:
            tell(f"{plural(len(problem.problems), 'problem')}: this policy cannot be used")
        return exits.USAGE
    if not quiet:
        emit(f"{path}: valid: {_counted(policy)}\n")
        _note_expired(services, policy)
    return exits.AUDITED


def _say_waivers(path: str, problems: list[str], count: int, *, quiet: bool) -> int:
    """Say that a file of waivers is valid. Raises PolicyError with all that is wrong with it."""
    if problems:
        raise PolicyError(tuple(problems))
    if not quiet:
        emit(f"{path}: valid: {plural(count, 'waiver')}\n")
    return exits.AUDITED


def _counted(policy: Policy) -> str:
    parts = [plural(len(policy.clauses), "clause")]
    parts += [plural(len(policy.overrides), "exception")] if policy.overrides else []
    parts += [plural(len(policy.waivers), "waiver")] if policy.waivers else []
    parts += [f"from {plural(len(policy.chain), 'file')}"] if len(policy.chain) > 1 else []
    return ", ".join(parts)


def _note_expired(services: Services, policy: Policy) -> None:
    """Say which waivers hold for nothing any more."""
    today = services.now().date()
    for waiver in policy.waivers:
        if waiver.expires < today:
            tell(f"note: the waiver for {waiver.model} by {waiver.approver} expired on {waiver.expires}")


def show_policy(
    services: Services, file: str | None, rules_dir: Path | None, *, model: str | None, as_json: bool
) -> None:
    """Print the policy in force. Raises PolicyError and UsageError for one that cannot be used."""
    path, found = _path(services, file)
    policy = load_file(path, services.load_rules(rules_dir), found=found)
    if as_json:
        import msgspec  # noqa: PLC0415 - only here

        from openness_audit.render.json import dumps  # noqa: PLC0415 - loads the schema

        emit(dumps(msgspec.to_builtins(policy), indent=2), machine=True)
        return
    from openness_audit.policy.describe import describe  # noqa: PLC0415 - only here

    emit(describe(policy, model))
