"""The options of a scan of a registry, and what tells it from a scan of code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.cli.registry.wish import Wish

_OPTIONS = (  # in the order of the help
    click.option("--out", metavar="DIR", help="Scan a registry: put the rows into this folder."),
    click.option("--resume", is_flag=True, help="Go on with the run in --out that was stopped."),
    click.option("--org", "--author", "author", metavar="NAME", help="Every model of an organisation or a user."),
    click.option(
        "--list", "list_file", metavar="FILE", help="The models of a list, one id[@revision] a line; - reads."
    ),
    click.option("--search", metavar="TEXT", help="Models whose id has this text in it."),
    click.option("--tag", "tags", multiple=True, metavar="TAG", help="Models with this tag. Repeatable."),
    click.option(
        "--sort", type=click.Choice(("downloads", "likes", "modified")), help="The greatest, or latest, first."
    ),
    click.option("--top", metavar="N", type=click.IntRange(1, 100_000_000), help="The first N of them only."),
    click.option(
        "--column", "columns", multiple=True, metavar="NAME=COLUMN", help="Name a column of a dump: card=README."
    ),
    click.option("--audits/--no-audits", default=None, help="Keep the whole audit of each model (not of a dump)."),
    click.option("--write", type=click.Choice(("jsonl", "parquet")), help="Form of the rows (jsonl)."),
    click.option("--workers", metavar="N", type=click.IntRange(1, 256), help="Processes (one a core)."),
    click.option("--threads", metavar="N", type=click.IntRange(1, 256), help="Models at a time in each process (8)."),
    click.option(
        "--engine", type=click.Choice(("local", "dask")), help="Dumps and evidence: by a Dask cluster (local)."
    ),
    click.option("--scheduler", metavar="URL", help="Of that cluster: tcp://HOST:PORT (one of this machine's)."),
)


def registry_options(body: Callable[..., int]) -> Callable[..., int]:
    """Add the options of a scan of a registry."""
    command = body
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def wish_of(paths: tuple[str, ...], said: dict[str, Any], *, code_only: bool) -> Wish | None:
    """Tell a scan of a registry from one of code.

    Args:
        paths: the words that are no options.
        said: the options of a registry, by name.
        code_only: whether options were given that only a scan of code has.

    Returns:
        What is asked for of a registry; None for a scan of code. Raises click.UsageError for words that fit neither.
    """
    _check_blank(said)
    given = {name for name, value in said.items() if value not in (None, (), False)}
    if not given:
        if not paths:
            raise click.UsageError(
                "name a PATH of code, or a registry: --org, --list, --search, --top ... with --out DIR"
            )
        from openness_audit.scan.dump_read import is_dump  # noqa: PLC0415 - `--help` must stay fast

        if any(is_dump(path) for path in paths):
            raise click.UsageError(f"{paths[0]} is a dump: say with --out DIR where the rows are to go")
        return None
    if said["out"] is None:
        raise click.UsageError("a scan of a registry needs a folder for its rows: --out DIR")
    if code_only:
        raise click.UsageError("--list-only, --include-low, --no-ignore, -f and -o are for scans of code")
    if len(paths) > 1:
        raise click.UsageError("a scan of a registry is of one file or folder")
    if said["top"] is not None and said["sort"] is None and said["list_file"] is None and not paths:
        said["sort"] = "downloads"
    from openness_audit.cli.registry.wish import Wish, columns_of  # noqa: PLC0415 - `--help` must stay fast

    day = click.get_current_context().params.get("as_of")
    columns = columns_of(said.pop("columns"))
    return Wish(path=paths[0] if paths else None, columns=columns, as_of=day.date() if day else None, **said)


def _check_blank(said: dict[str, Any]) -> None:
    """Refuse words that say nothing, such as a variable that is not set: they would choose the whole Hub."""
    names = {"out": "--out", "author": "--org", "list_file": "--list", "search": "--search", "tags": "--tag"}
    for name, option in names.items():
        words = said[name] if isinstance(said[name], tuple) else (said[name],)
        if any(word is not None and not word.strip() for word in words):
            raise click.UsageError(f"{option} is empty")
