"""`modelaudit scan`: audit the models that a code base uses, or those of a registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from openness_audit.cli.common.options import audit_options
from openness_audit.cli.registry.options import registry_options, wish_of

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How


@click.command("scan", short_help="Audit the models that code uses, or those of a registry.")
@click.argument("paths", nargs=-1, metavar="[PATH...]")
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
@click.option(
    "-f",
    "--format",
    "format_",
    metavar="NAME",
    help="Format: text, json, markdown, sarif, junit, csv, spdx3, cyclonedx ...",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write to FILE (.json .md .txt .sarif .xml .csv), or the audit of each model to DIR/. Repeatable.",
)
@registry_options
@click.option("--plan", is_flag=True, help="Say what a scan of a registry asks and how long it takes; audit nothing.")
@click.option("--wait-for-code", is_flag=True, help="Wait for GitHub's quota, however many hours it takes.")
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
    plan: bool,
    wait_for_code: bool,
    **registry: Any,
) -> int:
    """Audit many models: those that code names, or those of a registry.

    With a PATH of code: find the models that code, notebooks, configurations, Dockerfiles and scripts name, and audit
    each once. Data sets are listed, not audited. A model that is not pinned to a commit is a finding.

    With --out: scan a registry. The models are an organisation's (--org), those of a list (--list), those that fit a
    search (--search, --tag, --sort, --top), or the rows of a dump (PATH ending in .jsonl, .jsonl.gz or .parquet).
    """
    code_only = list_only or include_low or no_ignore or ((format_ or outputs) and not plan)
    if plan and registry["out"] is None:
        registry["out"] = "."  # nothing is written
    wish = wish_of(paths, registry, code_only=bool(code_only))
    if wish is not None:
        how = _waiting(how, wait_for_code=wait_for_code)
        if plan:
            from openness_audit.cli.registry.plan import plan_registry  # noqa: PLC0415 - `--help` must stay fast

            return plan_registry(wish, how, services, format_, outputs)
        from openness_audit.cli.registry.run import scan_registry  # noqa: PLC0415 - `--help` must stay fast

        return scan_registry(wish, how, services)
    from openness_audit.cli.gathered.scanning import Call, scan_paths  # noqa: PLC0415 - `--help` must stay fast

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


def _waiting(how: How, *, wait_for_code: bool) -> How:
    from dataclasses import replace  # noqa: PLC0415 - `--help` must stay fast

    from msgspec import structs  # noqa: PLC0415 - likewise

    return replace(how, settings=structs.replace(how.settings, wait_for_code=wait_for_code))
