"""`modelaudit rules`: list the rules, or explain one, in the words of its file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from openness_audit.cli.common.options import rules_option

if TYPE_CHECKING:
    from pathlib import Path

    from openness_audit.cli.base.services import Services


@click.command("rules", short_help="List the rules, or explain one.")
@click.argument("rule_id", required=False, metavar="[ID]")
@rules_option
@click.pass_obj
def command(services: Services, rule_id: str | None, rules_dir: Path | None) -> None:
    """List rules and profiles, or explain the one called ID (a criterion's id explains all its rules)."""
    from openness_audit.cli.base.output import colored, emit  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.cli.common.showing import terminal_width  # noqa: PLC0415 - only here
    from openness_audit.ingest.findings import ingest_rules  # noqa: PLC0415 - only here
    from openness_audit.render.reference.profiles import explain_profile, list_profiles, profile_ids  # noqa: PLC0415 - only here
    from openness_audit.render.reference.rules import explain_rule, list_rules  # noqa: PLC0415 - only here
    from openness_audit.scan.code.findings import scan_rules  # noqa: PLC0415 - only here

    rules = (*services.load_rules(rules_dir).rules, *scan_rules(), *ingest_rules())
    width, color = terminal_width(), colored(sys.stdout, services.environ)
    if rule_id in profile_ids():
        emit(explain_profile(rule_id, width, color=color))
    elif rule_id:
        emit(explain_rule(rules, rule_id, width, color=color))
    else:
        emit(list_profiles(width, color=color) + list_rules(rules, width, color=color))
