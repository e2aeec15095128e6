"""`modelaudit schema`: list the documents that the program writes and reads, or print the JSON Schema of one."""

from __future__ import annotations

import sys

import click


@click.command("schema", short_help="List the documents and their versions, or print a JSON Schema.")
@click.argument("name", metavar="[NAME]", required=False)
def command(name: str | None) -> None:
    """Print the JSON Schema (2020-12) called NAME; without a name list all documents, their versions and purposes."""
    from openness_audit.cli.base import output  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.errors import UsageError  # noqa: PLC0415 - only here
    from openness_audit.render.reference.schemas import NAMES, listing, schema  # noqa: PLC0415 - only here

    if name is None:
        from openness_audit.cli.common.showing import terminal_width  # noqa: PLC0415 - only here

        color = output.colored(sys.stdout, click.get_current_context().obj.environ)
        output.emit(listing(terminal_width(), color=color))
        return
    if name not in NAMES:
        raise UsageError(f"no schema is called {name!r}", hint=f"one of: {', '.join(NAMES)}")
    output.emit(schema(name), machine=True)
