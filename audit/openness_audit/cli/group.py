"""The command group: `audit` is what happens when no command is named."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = (  # in the order of the help
    "audit",
    "compare",
    "replay",
    "scan",
    "report",
    "diff",
    "approve",
    "check",
    "policy",
    "rules",
    "licenses",
    "schema",
    "cache",
)


class DefaultGroup(click.Group):
    """Loads a command's module when it is needed; words that name no command go to `audit`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        """Give the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - Click's signature
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"openness_audit.cli.commands.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `audit` before words that are neither a command nor an option of the group itself."""
        if args and args[0] not in (*COMMANDS, "--help", "-h", "--version"):
            args = ["audit", *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show both ways to call."""
        formatter.write_usage(ctx.command_path, "MODEL[@REV]... [OPTIONS]")
        formatter.write_usage(ctx.command_path, "COMMAND ...", prefix="       ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options of the default command as well: they are what is looked for most."""
        audit = self.get_command(ctx, "audit")
        if audit is not None:
            options = [p for p in audit.get_params(ctx) if isinstance(p, click.Option) and p.name != "help"]
            records = [record for option in options if (record := option.get_help_record(ctx))]
            with formatter.section("Options of an audit"):
                formatter.write_dl(records)
        super().format_options(ctx, formatter)


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import version  # noqa: PLC0415 - only for --version

    click.echo(f"modelaudit {version('openness-audit')}")
    ctx.exit()


_HELP = """Decide from cited evidence how open a model on the Hugging Face Hub is.

\b
modelaudit allenai/OLMo-7B                             the report, one screen
modelaudit allenai/OLMo-7B -v                          with all evidence
modelaudit allenai/OLMo-7B --explain evaluation-code   why it is not more
modelaudit allenai/OLMo-7B -o audit.json -o audit.html
modelaudit ./my-model                                  before it is uploaded
modelaudit compare allenai/OLMo-7B bigscience/bloom    side by side
"""


@click.group(
    cls=DefaultGroup,
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 audited; 1 a policy is violated; 2 usage; 3 no verdict (not found, private, or the Hub "
    "unreachable); 4 not written, or an internal error; 130 interrupted.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def command() -> None:
    """Decide from cited evidence how open a model on the Hugging Face Hub is."""
