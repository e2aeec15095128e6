"""Follow a registry over several scans: what each found, and what had changed since the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.errors import UsageError
from openness_audit.model.registry_report import NightDoc
from openness_audit.registry.compared import scan_changes
from openness_audit.registry.opened import is_scan, opened
from openness_audit.registry.parts import keep_undecided
from openness_audit.scan.opening import read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from openness_audit.model.registry_changes import MoveDoc, ScanChanges
    from openness_audit.registry.opened import Opened
    from openness_audit.ruleset import RuleSet

NAMED = 5  # models of one night in the document


def scans_among(places: Iterable[Path], but: Path) -> list[Path]:
    """Find the folders of scans, the earliest first.

    Args:
        places: folders of scans, and folders that hold such folders.
        but: the scan that is reported on, which is not among them.

    Returns:
        The folders, each once. Raises UsageError for a place that is neither.
    """
    found: dict[Path, Path] = {}
    for place in places:
        inside = [place] if is_scan(place) else sorted(filter(is_scan, place.iterdir())) if place.is_dir() else []
        if not inside:
            raise UsageError(
                f"{place} is no folder of a scan, and holds none",
                hint="name folders that `modelaudit scan --out DIR` wrote, or one that has them in it",
            )
        found |= {one.resolve(): one for one in inside}
    found.pop(but.resolve(), None)
    if not found:
        raise UsageError(f"there is no scan but {but} itself", hint="name an earlier one with --since")
    return sorted(found.values(), key=_when)


def _when(folder: Path) -> tuple[str, str, str]:
    run = read_manifest(folder)
    return run.as_of, run.started_at, str(folder)


def nights(folders: Iterable[Path], rules: RuleSet) -> tuple[NightDoc, ...]:
    """Say what each scan found, and what had changed since the one before.

    Args:
        folders: of the scans, the earliest first.
        rules: say which findings are about the level of a component.

    Returns:
        A line for each scan.
    """
    return tuple(_nights(list(folders), rules))


def _nights(folders: list[Path], rules: RuleSet) -> Iterator[NightDoc]:
    for place, folder in enumerate(folders):
        with opened(folder) as scan:
            if not place:
                yield _night(scan, None)
                continue
            keep_undecided(scan)
            with opened(folders[place - 1]) as before:
                yield _night(scan, scan_changes(before, scan, rules))


def _night(scan: Opened, changes: ScanChanges | None) -> NightDoc:
    ways = {"worse": 0, "better": 0, "unknown": 0}
    for one in changes.moves if changes else ():
        if one.direction in ways:
            ways[one.direction] += one.models
    grave: tuple[MoveDoc, ...] = tuple(m for m in changes.models if m.direction == "worse") if changes else ()
    audited = "SELECT count(*) FROM models WHERE problem IS NULL"
    return NightDoc(
        folder=str(scan.path),
        as_of=scan.manifest.as_of,
        state=scan.manifest.state,
        models=scan.one("SELECT count(*) FROM models"),
        audited=scan.one(audited),
        open_terms=scan.one(f"{audited} AND terms = 'open'"),
        violated=scan.one(f"{audited} AND policy = 'violated'") if scan.manifest.policy else None,
        worse=ways["worse"] if changes else None,
        better=ways["better"] if changes else None,
        unknown=ways["unknown"] if changes else None,
        named=grave[:NAMED],
    )
