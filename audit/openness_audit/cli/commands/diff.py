"""`modelaudit diff`: what changed between two audits, or two revisions of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from openness_audit.cli.common.options import audit_options, changes_options

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How


@click.command("diff", short_help="Say what changed between two audits, or two revisions of a model.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@changes_options
@click.pass_obj
@audit_options(verbose="Show every change by itself, with its reason.")
def command(services: Services, *, how: How, old: str, new: str, format_: str | None, outputs: tuple[str, ...]) -> int:
    """Say what changed from OLD to NEW, and which way.

    Each is MODEL[@REV], which is audited, or a finished audit: its JSON document, or its evidence bundle. Or both are
    folders that `modelaudit scan --out DIR` wrote. Ends in 1 where something changed for the worse, in 3 where that
    cannot be determined, else in 0.
    """
    from openness_audit.cli.compare.diffing import Call, diff  # noqa: PLC0415 - `--help` must stay fast

    return diff(Call(how=how, old=old, new=new, format=format_, outputs=outputs), services)
