"""`modelaudit scan`: find the models that a code base uses, and audit each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from openness_audit.cli.options import audit_options

if TYPE_CHECKING:
    from openness_audit.cli.options import How
    from openness_audit.cli.services import Services


@click.command("scan", short_help="Find the models that a code base uses, and audit each.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--list-only", is_flag=True, help="List what is used, and audit nothing: no network is asked.")
@click.option("--include-low", is_flag=True, help="Audit models named in comments, documentation and the like, too.")
@click.option("--no-ignore", is_flag=True, help="Read files that .gitignore names, too.")
@click.option(
    "--max-file-size",
    metavar="KB",
    type=click.IntRange(1, 1_000_000),
    default=2000,
    help="Pass over longer configurations, scripts and pages (2000).",
)
@click.option("-f", "--format", "format_", metavar="NAME", help="Format: text, json, markdown, sarif, junit or csv.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write to FILE (.json .md .txt .sarif .xml .csv), or the audit of each model to DIR/. Repeatable.",
)
@click.pass_obj
@audit_options(verbose="Show every place with the call that names the model.")
def command(
    services: Services,
    *,
    how: How,
    paths: tuple[str, ...],
    list_only: bool,
    include_low: bool,
    no_ignore: bool,
    max_file_size: int,
    format_: str | None,
    outputs: tuple[str, ...],
) -> int:
    """Find the models that code, notebooks, configurations, Dockerfiles and scripts name, and audit each once.

    PATH is a folder or a file. Data sets are listed, not audited. A model that is not pinned to a commit is a finding.
    """
    from openness_audit.cli.scanning import Call, scan_paths  # noqa: PLC0415 - `--help` must stay fast

    call = Call(
        how=how,
        paths=paths,
        list_only=list_only,
        with_low=include_low,
        ignores=not no_ignore,
        limit=max_file_size * 1000,
        format=format_,
        outputs=outputs,
    )
    return scan_paths(call, services)
