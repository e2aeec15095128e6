"""`modelaudit compare`: audit several models, or read finished audits, and put them side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from openness_audit.cli import audit

if TYPE_CHECKING:
    from datetime import datetime

    from openness_audit.cli.services import Services

# the same words and the same meaning as those of an audit
_SHARED = (
    "rules_dir", "as_of", "offline", "check_links", "timeout", "cache_dir", "endpoint", "no_progress", "quiet",
)  # fmt: skip


def _shared(command: click.Command) -> click.Command:
    """Add the options that an audit has as well."""
    found = {option.name: option for option in audit.command.params}
    command.params += [found[name] for name in _SHARED]
    return command


@_shared
@click.command("compare", short_help="Put two to eight models side by side.")
@click.argument("models", nargs=-1, required=True, metavar="MODEL[@REV]|AUDIT.json...")
@click.option("-f", "--format", "format_", metavar="NAME", help="Format: text, json, html or markdown.")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FILE", help="Write to FILE (.json .html .md .txt). Repeatable."
)
@click.option("-v", "--verbose", is_flag=True, help="Show every row, and the reasons of each model.")
@click.pass_obj
def command(
    services: Services,
    *,
    models: tuple[str, ...],
    format_: str | None,
    outputs: tuple[str, ...],
    rules_dir: Path | None,
    as_of: datetime | None,
    timeout: float | None,
    cache_dir: Path | None,
    endpoint: str | None,
    offline: bool,
    check_links: bool,
    no_progress: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Compare two to eight models: openness, licence, what may be done with them, what they ask, what is not known.

    MODEL is what `modelaudit MODEL` takes, or the JSON document of a finished audit. A model is called ahead of the
    others only where that is certain.
    """
    from openness_audit.cli.comparing import Call, compare_all  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.cli.notes import listen  # noqa: PLC0415 - only here
    from openness_audit.settings import TIMEOUT_S, from_environment  # noqa: PLC0415 - only here

    if quiet and verbose:
        raise click.UsageError("-q and -v contradict each other")
    listen(quiet=quiet)
    settings = from_environment(
        services.environ,
        endpoint=endpoint,
        cache_dir=cache_dir,
        offline=offline,
        check_links=check_links,
        timeout_s=TIMEOUT_S if timeout is None else timeout,
    )
    call = Call(
        models=models,
        format=format_,
        outputs=outputs,
        rules_dir=rules_dir,
        as_of=as_of.date() if as_of else services.now().date(),
        settings=settings,
        progress=not (no_progress or quiet),
        quiet=quiet,
        verbose=verbose,
    )
    return compare_all(call, services)
