"""`modelaudit report`: what the models of a scan are like together, and what changed since another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services


@click.command("report", short_help="Say what the models of a scan are like together.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--since",
    metavar="DIR",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Say what changed since this scan; repeated, or with a folder of scans, since each of them.",
)
@click.option("-f", "--format", "format_", metavar="NAME", help="Format: text, json, html or csv.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write to FILE (.html .json .csv .txt). Repeatable.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print errors, and what -f asks for, and nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Show longer lists.")
@click.pass_obj
def command(
    services: Services,
    *,
    folder: Path,
    since: tuple[Path, ...],
    format_: str | None,
    outputs: tuple[str, ...],
    quiet: bool,
    verbose: bool,
) -> int:
    """Report on a scan: DIR is the folder that `modelaudit scan ... --out DIR` wrote.

    How open its models are and under which licences, what was found most often, what the policy says, which base
    models hold others back, and every model in one table. With --since, what changed since an earlier scan, and from
    scan to scan where there are several. Ends in 0 when the report was written; `modelaudit diff OLD NEW` ends in 1
    where something changed for the worse.
    """
    from openness_audit.cli.common.options import refuse_contradictions  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.cli.registry.reporting import Call, report  # noqa: PLC0415 - `--help` must stay fast

    refuse_contradictions(None, no_policy=False, quiet=quiet, verbose=verbose)
    call = Call(folder=folder, since=since, format=format_, outputs=outputs, quiet=quiet, verbose=verbose)
    return report(call, services)
