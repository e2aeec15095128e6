"""`modelaudit check`: what changed of the approved models since they were approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from openness_audit.cli.commands.approve import lock_option
from openness_audit.cli.common.options import audit_options, changes_options

if TYPE_CHECKING:
    from pathlib import Path

    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How


@click.command("check", short_help="Say what changed of the approved models since they were approved.")
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@lock_option
@changes_options
@click.pass_obj
@audit_options(verbose="Show every change by itself, with its reason.")
def command(
    services: Services,
    *,
    how: How,
    models: tuple[str, ...],
    lock: Path,
    format_: str | None,
    outputs: tuple[str, ...],
) -> int:
    """Audit each approved model anew, at the revision it was approved at, and say what changed, and which way.

    Without MODEL every model of the lock is checked. Ends in 1 where something changed for the worse or the policy is
    violated now, in 3 where that cannot be determined, else in 0.
    """
    from openness_audit.cli.compare.checking import Call, check_all  # noqa: PLC0415 - `--help` must stay fast

    without = bool(click.get_current_context().params.get("no_policy"))  # not to be told from "there is none" in `how`
    call = Call(how=how, models=models, lock=lock, format=format_, outputs=outputs, without_policy=without)
    return check_all(call, services)
