"""The options that every command that audits has, and what they come to: one meaning, wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from openness_audit.cli.policy.gate import Gate, open_gate
from openness_audit.model.uses import USES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from openness_audit.cli.base.services import Services
    from openness_audit.settings import Settings

    Body: TypeAlias = Callable[..., int]

LONGEST_S = 86400  # a day


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How the models of one call are audited and told about, its shared options understood."""

    settings: Settings
    rules_dir: Path | None
    as_of: date
    progress: bool
    quiet: bool
    verbose: bool
    gate: Gate = field(default_factory=Gate)


def _seconds(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    if value is not None and not 0 < value <= LONGEST_S:  # not so for a NaN either
        raise click.BadParameter(f"{value} is not a number of seconds between 0 and {LONGEST_S}")
    return value


rules_option = click.option(
    "--rules", "rules_dir", metavar="DIR", type=click.Path(path_type=Path), help="Add an organisation's own rules."
)
_POLICY = (  # in the order of the help
    click.option(
        "--policy",
        metavar="FILE",
        help="Judge by this policy: a file, or packaged:NAME; else the nearest .modelaudit.yaml upward from here.",
    ),
    click.option("--no-policy", is_flag=True, help="Judge by no policy, even if there is one here."),
    click.option(
        "--use",
        type=click.Choice(USES),
        help="What the models are wanted for: reports lead with whether the licence allows it.",
    ),
)
_SHARED = (
    *_POLICY,
    rules_option,
    click.option("--as-of", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Judge as of this day (today)."),
    click.option(
        "--offline",
        is_flag=True,
        help="Ask no network: use the cache, else facts of some models that come with the program.",
    ),
    click.option("--check-links", is_flag=True, help="Follow links to hosts other than the Hub and GitHub."),
    click.option("--timeout", metavar="SECONDS", type=float, callback=_seconds, help="Most time for one model (180)."),
    click.option(
        "--cache-dir",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="Keep the cache in this folder.",
    ),
    click.option("--endpoint", metavar="URL", help="Address of the Hub (HF_ENDPOINT)."),
    click.option("--no-progress", is_flag=True, help="Show no progress on the terminal."),
    click.option("-q", "--quiet", is_flag=True, help="Print errors, and what -f asks for, and nothing else."),
)


def policy_options(body: Body) -> Body:
    """Add the options that say by which policy, and for which use, an audit is judged."""
    command = body
    for option in reversed(_POLICY):
        command = option(command)
    return command


def changes_options(body: Body) -> Body:
    """Add the options of a command that tells changes: the format to show, and the files to write."""
    output = click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FILE",
        help="Write to FILE (.json .md .txt .sarif). Repeatable.",
    )
    shown = click.option("-f", "--format", "format_", metavar="NAME", help="Format: text, json, markdown or sarif.")
    command: Body = shown(output(body))
    return command


def audit_options(*, verbose: str) -> Callable[[Body], Body]:
    """Add the options of an audit to a command; it is given what they come to as one argument, `how`.

    Args:
        verbose: what `--verbose` shows more of, as its line of the help says it.

    Returns:
        A decorator for the body of a command, below `click.pass_obj`.
    """

    def add(body: Body) -> Body:
        @wraps(body)
        def understood(services: Services, **words: Any) -> int:
            said = {name: words.pop(name) for name in _NAMES}
            return body(services, how=understand(services, **said), **words)

        command: Body = understood
        for option in reversed((*_SHARED, click.option("-v", "--verbose", is_flag=True, help=verbose))):
            command = option(command)
        return command

    return add


def refuse_contradictions(policy: str | None, *, no_policy: bool, quiet: bool, verbose: bool) -> None:
    """Refuse options that cannot both be meant. Raises click.UsageError."""
    if quiet and verbose:
        raise click.UsageError("-q and -v contradict each other")
    if policy is not None and no_policy:
        raise click.UsageError("--policy and --no-policy contradict each other")


def understand(
    services: Services,
    *,
    policy: str | None,
    no_policy: bool,
    use: str | None,
    rules_dir: Path | None,
    as_of: datetime | None,
    offline: bool,
    check_links: bool,
    timeout: float | None,
    cache_dir: Path | None,
    endpoint: str | None,
    no_progress: bool,
    quiet: bool,
    verbose: bool,
) -> How:
    """Put the options and the environment together, and print notes from now on unless they are not wanted.

    Args:
        services: the environment, and today's date.
        policy: `--policy`.
        no_policy: `--no-policy`.
        use: `--use`.
        rules_dir: `--rules`.
        as_of: `--as-of`.
        offline: `--offline`.
        check_links: `--check-links`.
        timeout: `--timeout`.
        cache_dir: `--cache-dir`.
        endpoint: `--endpoint`.
        no_progress: `--no-progress`.
        quiet: `--quiet`.
        verbose: `--verbose`.

    Returns:
        How to audit. Raises click.UsageError for options that contradict each other, UsageError for an endpoint that is
        no address, PolicyError for a policy that cannot be used.
    """
    from openness_audit.cli.base.notes import listen  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.settings import TIMEOUT_S  # noqa: PLC0415 - only here
    from openness_audit.sources.settings import run_settings  # noqa: PLC0415 - only here

    refuse_contradictions(policy, no_policy=no_policy, quiet=quiet, verbose=verbose)
    listen(quiet=quiet)
    settings = run_settings(
        services.environ,
        endpoint=endpoint,
        cache_dir=cache_dir,
        offline=offline,
        check_links=check_links,
        timeout_s=TIMEOUT_S if timeout is None else timeout,
    )
    day = as_of.date() if as_of else services.now().date()
    return How(
        settings=settings,
        rules_dir=rules_dir,
        as_of=day,
        progress=not (no_progress or quiet),
        quiet=quiet,
        verbose=verbose,
        gate=open_gate(services, policy, rules_dir, day, use, wanted=not no_policy),
    )


_NAMES = [name for name in signature(understand).parameters if name != "services"]
