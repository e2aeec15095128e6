"""`modelaudit approve`: audit models and write down that they were approved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from openness_audit.cli.common.options import audit_options

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How

lock_option = click.option(
    "--lock",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default=Path("modelaudit.lock.json"),
    help="The lock file (modelaudit.lock.json).",
)


@click.command("approve", short_help="Approve models: write the lock file that `check` compares with.")
@click.argument("models", nargs=-1, required=True, metavar="MODEL[@REV]...")
@click.option("--approver", required=True, metavar="NAME", help="Who approves.")
@click.option("--note", metavar="TEXT", help="Why, or on what terms.")
@click.option("--ticket", metavar="ID", help="Where that was decided.")
@lock_option
@click.pass_obj
@audit_options(verbose="Show every change since an earlier approval by itself.")
def command(
    services: Services,
    *,
    how: How,
    models: tuple[str, ...],
    approver: str,
    note: str | None,
    ticket: str | None,
    lock: Path,
) -> int:
    """Audit models and, where the policy is met, keep in the lock file what was approved, by whom and when.

    A model that the policy forbids, or cannot decide on, is not approved. Approving again replaces the entry and says
    what changed since.
    """
    from openness_audit.cli.compare.approving import Call, approve_all  # noqa: PLC0415 - `--help` must stay fast

    return approve_all(Call(how=how, models=models, approver=approver, note=note, ticket=ticket, lock=lock), services)
