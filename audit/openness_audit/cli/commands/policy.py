"""`modelaudit policy`: write a policy to begin with, check one, show what is in force, make a waiver."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openness_audit.cli.common.options import audit_options, rules_option

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How

REASONS = (  # model/policy.py: Reason; a test holds them equal
    "accepted-risk",
    "false-positive",
    "separate-agreement",
    "compensating-control",
    "fix-scheduled",
    "legal-opinion",
)


@click.group("policy", short_help="Write a policy to begin with, check it, show it, make a waiver.")
def command() -> None:
    """A policy says what a model must be like to be adopted; every audit is judged by the one in force."""


@command.command("init", short_help="Write a commented policy to begin with.")
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
@click.option("--template", metavar="NAME", help="Which one: see below (commercial-product).")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors and nothing else.")
@click.pass_obj
def init(services: Services, *, file: Path | None, template: str | None, force: bool, quiet: bool) -> None:
    """Write a commented policy to FILE (.modelaudit.yaml), never over a file that is there.

    \b
    commercial-product   the model goes into a product or service, for money
    internal-use         it is run inside the organisation only
    research             results about it are published
    public-sector-open   open terms, and a model that can be rebuilt
    redistribute         the weights are given to others
    """  # noqa: D301 - \b is Click's own mark
    from openness_audit.cli.policy.policing import write_template  # noqa: PLC0415 - `--help` must stay fast

    write_template(services, file, template, force=force, quiet=quiet)


@command.command("validate", short_help="Tell all that is wrong with a policy, with file and line.")
@click.argument("file", required=False, metavar="[FILE]")
@rules_option
@click.option("-q", "--quiet", is_flag=True, help="Print what is wrong and nothing else.")
@click.pass_obj
def validate(services: Services, *, file: str | None, rules_dir: Path | None, quiet: bool) -> int:
    """Tell everything that is wrong with a policy, with file and line: FILE, else the one found upward from here."""
    from openness_audit.cli.policy.policing import check_policy  # noqa: PLC0415 - `--help` must stay fast

    return check_policy(services, file, rules_dir, quiet=quiet)


@command.command("show", short_help="Show the policy in force and where each clause comes from.")
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--model", metavar="MODEL", help="Show what holds for this model, exceptions and waivers included.")
@click.option("-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="text or json.")
@rules_option
@click.pass_obj
def show(services: Services, *, file: str | None, model: str | None, format_: str, rules_dir: Path | None) -> None:
    """Show the policy in force, all that it extends joined, and where each clause comes from."""
    from openness_audit.cli.policy.policing import show_policy  # noqa: PLC0415 - `--help` must stay fast

    show_policy(services, file, rules_dir, model=model, as_json=format_ == "json")


@command.command("waiver", short_help="Print a waiver for a model as it is now.")
@click.argument("model", metavar="MODEL[@REV]")
@click.option("--clause", metavar="ID", help="The clause of the policy that is waived.")
@click.option("--finding", metavar="ID", help="The finding that is waived: its id, rule or fingerprint.")
@click.option(
    "--reason", required=True, type=click.Choice(REASONS), metavar="REASON", help="One of those listed below."
)
@click.option("--approver", required=True, metavar="NAME", help="Who accepts it.")
@click.option("--text", metavar="WORDS", help="Why, in a sentence or two; else a blank to fill in.")
@click.option("--ticket", metavar="ID", help="Where that was decided.")
@click.option(
    "--expires",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day it holds (in 90 days; at most 365).",
)
@click.option(
    "--into",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Add it to this file of waivers instead of printing it.",
)
@click.pass_obj
@audit_options(verbose="Show what is read.")
def waiver(
    services: Services,
    *,
    how: How,
    model: str,
    clause: str | None,
    finding: str | None,
    reason: str,
    approver: str,
    text: str | None,
    ticket: str | None,
    expires: datetime | None,
    into: Path | None,
) -> int:
    """Audit MODEL and print a waiver for it, ready for a policy or a file of waivers.

    It holds for the commit and the licence as they are now, and is void when either changes or the day is past.

    Reasons: accepted-risk, false-positive, separate-agreement, compensating-control, fix-scheduled, legal-opinion.
    """
    from openness_audit.cli.audit.waiving import Wish, print_waiver  # noqa: PLC0415 - `--help` must stay fast

    wish = Wish(
        clause=clause,
        finding=finding,
        reason=reason,
        approver=approver,
        text=text,
        ticket=ticket,
        expires=expires.date() if expires else None,
        into=into,
    )
    return print_waiver(services, how, model, wish)
