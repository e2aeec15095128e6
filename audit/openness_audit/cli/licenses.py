"""`modelaudit licenses`: list the licences that are known, or explain one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from openness_audit.cli.services import Services


@click.command("licenses", short_help="List the licences known, or explain one.")
@click.argument("license_id", required=False, metavar="[ID]")
@click.pass_obj
def command(services: Services, license_id: str | None) -> None:
    """List the licences known, or explain the one that ID stands for (an id, SPDX id or usual spelling)."""
    from openness_audit.cli.output import colored, emit  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.cli.running import terminal_width  # noqa: PLC0415 - only here
    from openness_audit.errors import UsageError  # noqa: PLC0415 - only here
    from openness_audit.licenses.terms import all_terms, by_expression, by_name  # noqa: PLC0415 - only here
    from openness_audit.render.reference import explain_license, list_licenses  # noqa: PLC0415 - only here

    width, color = terminal_width(), colored(sys.stdout, services.environ)
    if license_id is None:
        emit(list_licenses(all_terms().values(), width, color=color))
        return
    entry = all_terms().get(license_id) or by_expression(license_id) or by_name(license_id)
    if entry is None:
        raise UsageError(
            f"no licence is called {license_id!r}", hint="`modelaudit licenses` lists those that are known"
        )
    emit(explain_license(entry, width, color=color))
