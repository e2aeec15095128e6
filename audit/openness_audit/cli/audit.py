"""`modelaudit audit`: audit one or more models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

    from openness_audit.cli.services import Services


LONGEST_S = 86400  # a day


def _seconds(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    if value is not None and not 0 < value <= LONGEST_S:  # not so for a NaN either
        raise click.BadParameter(f"{value} is not a number of seconds between 0 and {LONGEST_S}")
    return value


@click.command("audit", short_help="Audit one or more models (the default command).")
@click.argument("models", nargs=-1, required=True, metavar="MODEL[@REV]...")
@click.option("-f", "--format", "format_", metavar="NAME", help="Format: text, json, html, markdown, badge or notice.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write to FILE (.json .html .md .txt .svg), or one file per model to DIR/. Repeatable.",
)
@click.option(
    "--explain",
    metavar="COMPONENT",
    help="Show everything looked at for one component, and why not more; or for `licenses`.",
)
@click.option(
    "--notice", metavar="FILE", help="Write the notices that whoever adopts the model must ship, as Markdown."
)
@click.option(
    "--fix-card", is_flag=True, help="Print what the publisher can add to the card, as a patch, and nothing else."
)
@click.option(
    "--rules", "rules_dir", metavar="DIR", type=click.Path(path_type=Path), help="Add an organisation's own rules."
)
@click.option("--as-of", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Judge as of this day (today).")
@click.option(
    "--offline",
    is_flag=True,
    help="Ask no network: use the cache, else facts of some models that come with the program.",
)
@click.option("--check-links", is_flag=True, help="Follow links to hosts other than the Hub and GitHub.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=float,
    callback=_seconds,
    help="Most time for one model (180).",
)
@click.option(
    "--cache-dir",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the cache in this folder.",
)
@click.option("--endpoint", metavar="URL", help="Address of the Hub (HF_ENDPOINT).")
@click.option("--no-progress", is_flag=True, help="Show no progress on the terminal.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors, and what -f asks for, and nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Show every finding with its quoted lines, and every component.")
@click.pass_obj
def command(
    services: Services,
    *,
    models: tuple[str, ...],
    format_: str | None,
    outputs: tuple[str, ...],
    explain: str | None,
    notice: str | None,
    fix_card: bool,
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
    """Audit models: how open each component is, what the licence is, and where that was read.

    MODEL is org/name, name, hf://org/name, an address on the Hub, or a directory such as ./my-model.

    HF_TOKEN and GITHUB_TOKEN are used for their hosts; without the latter GitHub answers 60 requests an hour.
    """
    from openness_audit.cli.notes import listen  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.cli.running import Call, audit_all  # noqa: PLC0415 - only here
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
        notice=notice,
        explain=explain,
        rules_dir=rules_dir,
        as_of=as_of.date() if as_of else services.now().date(),
        settings=settings,
        progress=not (no_progress or quiet),
        quiet=quiet,
        verbose=verbose,
        fix_card=fix_card,
    )
    return audit_all(call, services)
