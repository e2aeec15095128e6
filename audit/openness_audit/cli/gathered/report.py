"""What reports about gathered models have in common: those that code uses, those that bills of materials name."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.cli.base import output
from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Unpack

    from openness_audit.cli.base.services import Run, Services
    from openness_audit.model.audit import Audit
    from openness_audit.settings import Settings, Target


@dataclass(frozen=True, slots=True)
class Plan:
    """Where reports go: `shown` on standard output (None: nothing), files by format, folders for single audits."""

    shown: str | None
    files: tuple[tuple[Path, str], ...]
    folders: tuple[str, ...]


def planned(outputs: tuple[str, ...], wanted: str | None, format_of: Callable[[str], str], *, quiet: bool) -> Plan:
    """Work out what is shown and written, before anything is read.

    Args:
        outputs: the values of `-o`.
        wanted: the value of `-f`.
        format_of: gives the format that a file's ending names.
        quiet: nothing is shown but what `-f` asks for.

    Returns:
        The plan. Raises UsageError for what cannot be meant, OutputError for a file that cannot be written.
    """
    if not all(outputs):
        raise UsageError("-o names no file", hint="write -o FILE, or -o DIR/")
    folders = tuple(o for o in outputs if o.endswith(("/", "\\")) or os.path.isdir(o))  # noqa: PTH112 - never raises
    files = tuple((Path(o), format_of(o)) for o in outputs if o not in folders)
    for place, _ in files:
        output.check_place(place)
    if len({place.resolve() for place, _ in files}) < len(files):
        raise UsageError("the same file is given twice with -o", hint="give each file once")
    return Plan(shown=None if quiet and wanted is None else wanted or "text", files=files, folders=folders)


def written(plan: Plan, told: Callable[[str], str], *, quiet: bool) -> None:
    """Write the files of a plan, all or none, and say so; `told` gives the report in a format."""
    files = [(path, told(name)) for path, name in plan.files]
    output.write_files(files)
    if files and not quiet:
        output.tell(f"wrote {', '.join(str(path) for path, _ in files)}")


def adding(services: Services, more: Callable[[Target, Settings, Audit], Audit]) -> Services:
    """Give services whose audits hold what `more` adds, so that a policy judges it with the rest."""

    def audit_model(target: Target, settings: Settings, **run: Unpack[Run]) -> Audit:
        return more(target, settings, services.audit_model(target, settings, **run))

    return replace(services, audit_model=audit_model)
