"""`modelaudit cache`: say what the cache holds, or empty it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from openness_audit.cli.base.services import Services

_folder = click.option(
    "--cache-dir", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="The folder of the cache."
)


@click.group("cache", short_help="Say what the cache holds (info), or empty it (clear).")
def command() -> None:
    """Answers of the Hub and of code hosts are kept here. No token ever is."""


@command.command("info", short_help="Say where the cache is and what it holds.")
@_folder
@click.pass_obj
def info(services: Services, cache_dir: Path | None) -> None:
    """Say where the cache is, how large, how many answers it holds, and which models --offline knows without it."""
    path = _path(services, cache_dir)
    files = _files(path)
    answers = _answers(path) if path.exists() else 0
    from openness_audit.cli.base.output import emit  # noqa: PLC0415 - `--help` must stay fast

    size = sum(file.stat().st_size for file in files)
    held = "cannot be read now" if answers is None else f"{answers} answers"
    emit(f"{path}\n{size / 1e6:.1f} MB, {held}\n" if files else f"{path}\nempty: nothing was kept yet\n")
    emit(_bundled())


@command.command("clear")
@_folder
@click.pass_obj
def clear(services: Services, cache_dir: Path | None) -> None:
    """Delete every answer that is kept."""
    from openness_audit.cli.base.output import emit  # noqa: PLC0415 - `--help` must stay fast
    from openness_audit.errors import OutputError  # noqa: PLC0415 - only here

    files = _files(_path(services, cache_dir))
    size = sum(file.stat().st_size for file in files)
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as problem:
            raise OutputError(f"{file}: {problem.strerror}", hint="end other runs of modelaudit first") from problem
    emit(f"deleted {size / 1e6:.1f} MB\n" if files else "the cache was empty\n")


def _bundled() -> str:
    from openness_audit.sources.offline import bundled_ids, find  # noqa: PLC0415 - `--help` must stay fast

    lines = ["", "bundled with the program, for --offline:"]
    for name in bundled_ids():
        kept = find(name)
        dates = sorted({part.recorded for part in kept.parts if part.recorded}) if kept else []
        ends = dict.fromkeys((dates[0], dates[-1])) if dates else ()
        lines.append(f"  {name}, recorded {' and '.join(ends)}" if ends else f"  {name}")
    return "\n".join((*lines, ""))


def _path(services: Services, cache_dir: Path | None) -> Path:
    from openness_audit.sources.settings import CACHE_FILE, run_settings  # noqa: PLC0415 - `--help` must stay fast

    return run_settings(services.environ, cache_dir=cache_dir).cache_dir / CACHE_FILE


def _files(path: Path) -> list[Path]:
    """Give the cache's own files only: the database, its companions, and damaged ones that were set aside."""
    own = [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]
    return [file for file in (*own, *sorted(path.parent.glob(f"{path.name}.damaged-*"))) if file.is_file()]


def _answers(path: Path) -> int | None:
    import sqlite3  # noqa: PLC0415 - only here

    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)
        try:
            return int(connection.execute("SELECT count(*) FROM responses").fetchone()[0])
        finally:
            connection.close()
    except (sqlite3.Error, ValueError):
        return None
