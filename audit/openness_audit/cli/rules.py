"""`modelaudit rules`: list the rules, or explain one, in the words of its file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from openness_audit.cli.services import Services


@click.command("rules", short_help="List the rules, or explain one.")
@click.argument("rule_id", required=False, metavar="[ID]")
@click.option(
    "--rules", "rules_dir", metavar="DIR", type=click.Path(path_type=Path), help="Add an organisation's own rules."
)
@click.pass_obj
def command(services: Services, rule_id: str | None, rules_dir: Path | None) -> None:
    """List the rules, or explain the rule ID (a criterion's id explains all its rules)."""
    from openness_audit.cli.output import colored, emit  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.cli.running import terminal_width  # noqa: PLC0415 - only here
    from openness_audit.render.reference import explain_rule, list_rules  # noqa: PLC0415 - only here

    rules = services.load_rules(rules_dir).rules
    width, color = terminal_width(), colored(sys.stdout, services.environ)
    emit(explain_rule(rules, rule_id, width, color=color) if rule_id else list_rules(rules, width, color=color))
