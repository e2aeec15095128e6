"""`modelaudit schema`: print a JSON Schema of what the program writes and reads."""

from __future__ import annotations

import click


@click.command("schema", short_help="Print a JSON Schema: audit, changes, compare, facts, lock, policy or rule.")
@click.argument("name", metavar="NAME")
def command(name: str) -> None:
    """Print the JSON Schema (2020-12) called NAME: audit, changes, compare, facts, lock, policy or rule."""
    from openness_audit.cli.output import emit  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.errors import UsageError  # noqa: PLC0415 - only here
    from openness_audit.render.schemas import NAMES, schema  # noqa: PLC0415 - only here

    if name not in NAMES:
        raise UsageError(f"no schema is called {name!r}", hint=f"one of: {', '.join(NAMES)}")
    emit(schema(name), machine=True)
