"""Carry out `modelaudit report`, and `modelaudit diff` of two scans."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from openness_audit import exits
from openness_audit.cli.base import output
from openness_audit.cli.common import telling
from openness_audit.cli.policy.policies import load_file
from openness_audit.errors import AuditError
from openness_audit.registry.compared import levels_of, scan_changes
from openness_audit.registry.history import moves
from openness_audit.registry.nights import nights, scans_among
from openness_audit.registry.opened import opened
from openness_audit.registry.parts import keep_undecided
from openness_audit.registry.report import report_of
from openness_audit.registry.table import keep_since, table
from openness_audit.render.registry import csv as registry_csv
from openness_audit.render.registry import words as registry_words
from openness_audit.render.registry.formats import MOVED, REPORTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.cli.base.services import Services
    from openness_audit.model.policy import Policy
    from openness_audit.model.registry_report import Report
    from openness_audit.registry.opened import Opened
    from openness_audit.ruleset import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of `modelaudit report`, or of `diff` with two folders, its words understood."""

    folder: Path
    since: tuple[Path, ...]
    format: str | None
    outputs: tuple[str, ...]
    quiet: bool
    verbose: bool


def report(call: Call, services: Services) -> int:
    """Report on a scan.

    Args:
        call: what was asked for.
        services: what to call.

    Returns:
        The exit code. Raises UsageError for a folder that is no scan, OutputError where a file cannot be written.
    """
    planned = telling.plan(REPORTED, call.format, call.outputs, call, "report.html")
    rules = services.load_rules(None)
    earlier = scans_among(call.since, call.folder) if call.since else []
    with opened(call.folder) as scan, _maybe(earlier[-1] if earlier else None) as old:
        undecided = keep_undecided(scan)
        found = report_of(scan, undecided, rules, _policy(scan, rules))
        if old is not None:
            keep = keep_since(scan)
            changed = scan_changes(old, scan, rules, lambda one: keep(one, registry_words.short_move(one)))
            told = nights([*earlier, call.folder], rules) if len(earlier) > 1 else ()
            found = replace(found, changes=changed, nights=told)
        _deliver(call, planned, found, scan, services)
    return exits.AUDITED


@contextlib.contextmanager
def _maybe(folder: Path | None) -> Iterator[Opened | None]:
    if folder is None:
        yield None
        return
    with opened(folder) as scan:
        yield scan


def _policy(scan: Opened, rules: RuleSet) -> Policy | None:
    """Read the policy that judged, where its file still is what it was."""
    named = scan.manifest.policy
    if named is None:
        return None
    try:
        policy = load_file(named.path, rules)
    except (AuditError, OSError):
        return None
    return policy if policy.digest == named.digest else None


def _deliver(call: Call, planned: telling.Plan, found: Report, scan: Opened, services: Services) -> None:
    """Write the files, the long ones piece by piece, and show what is to be shown."""
    output.write_files(_files(planned, found, scan))
    if planned.files and not call.quiet:
        output.tell(f"wrote {', '.join(str(path) for path, _ in planned.files)}")
    if planned.shown in ("csv", "html"):
        _stream(planned.shown, found, scan)
    else:
        telling.deliver(found, REPORTED, planned._replace(files=()), call, services)


def _files(planned: telling.Plan, found: Report, scan: Opened) -> Iterator[tuple[Path, str | Iterator[str]]]:
    """Give the files one after the other, so that only one part of the rows is held at a time."""
    for path, name in planned.files:
        if name == "csv":
            yield path, registry_csv.table(table(scan))
        elif name == "html":
            from openness_audit.render.registry.html import Page  # noqa: PLC0415 - loads the template engine

            page = Page(found, base=_base(scan.path, path))
            for part, text in page.files(path.stem, table(scan)):
                (path.parent / part).parent.mkdir(exist_ok=True)
                yield path.parent / part, text
            yield path, page.text()
        else:
            yield path, REPORTED.render(name, found)


def _base(folder: Path, page: Path) -> str:
    """Give the way from a page to the folder of the scan."""
    return os.path.relpath(folder, page.parent)


def _stream(name: str, found: Report, scan: Opened) -> None:
    """Write a long form on standard output."""
    pieces = registry_csv.table(table(scan))
    if name == "html":
        from openness_audit.render.registry import html as registry_html  # noqa: PLC0415 - loads the template engine

        page = registry_html.Page(found, base=str(scan.path), whole=True)
        for _ in page.files("", table(scan)):
            pass
        pieces = page.text()
    try:
        for piece in pieces:
            output.emit(piece, machine=True)
    except BrokenPipeError:
        output.reader_gone()


def diff_scans(call: Call, services: Services) -> int:
    """Say what changed from one scan to another.

    Args:
        call: what was asked for; `since` is the earlier scan.
        services: what to call.

    Returns:
        The exit code: 1 where something changed for the worse, 3 where that cannot be told. Raises as `report` does.
    """
    planned = telling.plan(MOVED, call.format, call.outputs, call, "changes.json")
    rules = services.load_rules(None)
    (before,) = call.since
    with opened(before) as old, opened(call.folder) as scan:
        keep_undecided(scan)
        found = scan_changes(old, scan, rules)
        files: list[tuple[Path, str | Iterator[str]]] = [
            (path, _every_change(old, scan, rules) if name == "csv" else MOVED.render(name, found))
            for path, name in planned.files
        ]
        output.write_files(files)
        if files and not call.quiet:
            output.tell(f"wrote {', '.join(str(path) for path, _ in files)}")
        if planned.shown == "csv":
            for piece in _every_change(old, scan, rules):
                output.emit(piece, machine=True)
        else:
            telling.deliver(found, MOVED, planned._replace(files=()), call, services)
    return found.code


def _every_change(old: Opened, new: Opened, rules: RuleSet) -> Iterator[str]:
    found = moves(old, new, levels_of(rules), Counter())
    return registry_csv.changes(one for one in found if one is not None)
