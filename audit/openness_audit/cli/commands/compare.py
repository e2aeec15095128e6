"""`modelaudit compare`: audit several models, or read finished audits, and put them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from openness_audit.cli.common.options import audit_options

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How


@click.command("compare", short_help="Put two to eight models side by side.")
@click.argument("models", nargs=-1, required=True, metavar="MODEL[@REV]|AUDIT.json...")
@click.option("-f", "--format", "format_", metavar="NAME", help="Format: text, json, html or markdown.")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FILE", help="Write to FILE (.json .html .md .txt). Repeatable."
)
@click.pass_obj
@audit_options(verbose="Show every row, and the reasons of each model.")
def command(
    services: Services, *, how: How, models: tuple[str, ...], format_: str | None, outputs: tuple[str, ...]
) -> int:
    """Compare two to eight models: openness, licence, what may be done with them, what they ask, what is not known.

    MODEL is what `modelaudit MODEL` takes, or a finished audit: its JSON document, or its evidence bundle. A model is
    called ahead of the others only where that is certain.
    """
    from openness_audit.cli.compare.comparing import Call, compare_all  # noqa: PLC0415 - `--help` must stay fast

    return compare_all(Call(how=how, models=models, format=format_, outputs=outputs), services)
