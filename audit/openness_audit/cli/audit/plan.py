"""Work out, before anything is asked of a network, where each report goes and in which format."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.cli.base.output import check_place
from openness_audit.errors import OutputError, UsageError
from openness_audit.render import SIGNED, ending_of, format_of, holds_several, known_format, tells_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openness_audit.settings import Target

_FOLDER_FORMAT = "json"
_NOT_NAME = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST_NAME = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where reports go: `shown` is the format on standard output (None: nothing is shown).

    `together` are files that hold all models of the call, written at its end.
    """

    shown: str | None
    files: tuple[tuple[Path, str], ...] = ()
    together: tuple[tuple[Path, str], ...] = ()
    folders: tuple[Path, ...] = ()
    folder_format: str = _FOLDER_FORMAT
    shown_together: bool = False

    @property
    def gathers(self) -> bool:
        """Whether something is told of all models together."""
        return bool(self.together) or self.shown_together


def make_plan(
    outputs: Sequence[str],
    chosen: str | None,
    *,
    many: bool,
    notice: str | None = None,
    quiet: bool,
    signs: bool = False,
) -> Plan:
    """Plan the outputs of one call.

    Args:
        outputs: the values of `-o`: files, whose ending names the format, and folders (existing, or ending in `/`).
        chosen: the value of `-f`.
        many: more than one model is asked for.
        notice: the value of `--notice`: the file for the notices to ship.
        quiet: show nothing on standard output but what `-f` asks for.
        signs: a key is given to sign with.

    Returns:
        The plan. Raises UsageError for what cannot be meant, OutputError for a place that cannot be written.
    """
    if chosen is not None:
        known_format(chosen)
    if not all(outputs):
        raise UsageError("-o names no file", hint="write -o FILE, or -o DIR/")
    folders = tuple(Path(o) for o in outputs if o.endswith(("/", "\\")) or os.path.isdir(o))  # noqa: PTH112 - never raises
    files = tuple((Path(o), format_of(o)) for o in outputs if Path(o) not in folders)
    if notice is not None:
        files = (*files, (_notice_place(notice), "notice"))
    together = tuple((path, name) for path, name in files if _joint(name, many=many))
    alone = tuple(file for file in files if file not in together)
    if many and alone:
        raise UsageError(f"{alone[0][0]} cannot hold several models", hint="write to a folder: -o DIR/")
    # with a folder `-f` says what goes into it, and the terminal still gets the text
    shown = None if quiet and (chosen is None or folders) else "text" if folders else chosen or "text"
    _check_signed({shown, *(name for _, name in files), *([chosen] if folders else [])}, signs=signs)
    if many and shown == "html":
        raise UsageError("an HTML page holds one model", hint="write a page for each with -f html -o DIR/")
    for path, _ in files:
        check_place(path)
    places = [path.resolve() for path, _ in files]
    if len(set(places)) < len(places):
        raise UsageError("the same file is given twice with -o", hint="give each file once")
    for folder in folders:
        _check_folder(folder)
    return Plan(
        shown=shown,
        files=alone,
        together=together,
        folders=folders,
        folder_format=chosen or _FOLDER_FORMAT,
        shown_together=shown is not None and _joint(shown, many=many),
    )


def _check_signed(names: set[str | None], *, signs: bool) -> None:
    """Refuse a signed format without a key, and a key without anything to sign."""
    signed = [name for name in SIGNED if name in names]
    if signed and not signs:
        raise UsageError(
            f"format {signed[0]!r} is signed, and no key is given",
            hint="give it with --sign-key FILE, or write the Statement unsigned: -f in-toto",
        )
    if signs and not signed:
        offered = ", ".join(ending_of(name) for name in SIGNED)
        raise UsageError("--sign-key is given, and nothing is to be signed", hint=f"write with -o to one of: {offered}")


def _joint(name: str, *, many: bool) -> bool:
    """Say whether a format is made of all models together: Markdown of one model is its whole report."""
    return tells_problems(name) or (many and holds_several(name))


def _notice_place(notice: str) -> Path:
    """Give the file for the notices: `--notice` names one file, not a folder."""
    if not notice or notice.endswith(("/", "\\")) or os.path.isdir(notice):  # noqa: PTH112 - never raises
        raise UsageError("--notice names no file", hint="write --notice NOTICE.md")
    return Path(notice)


def _check_folder(folder: Path) -> None:
    """Refuse a folder that could not be written or made. It is made only when there is something to put in."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file", hint="choose another folder with -o")
    above = next((p for p in (folder, *folder.absolute().parents) if p.exists()), folder)
    check_place(above / "report")


def name_for(target: Target, format_name: str) -> str:
    """Name the file of one model in a folder: `org--name@rev.json`; ids hold no `--` of their own."""
    return stem_of(target) + ending_of(format_name)


def stem_of(target: Target) -> str:
    """Name one model as files in a folder are named, without an ending."""
    base = Path(target.id).resolve().name or "root" if target.kind == "directory" else target.id.replace("/", "--")
    revision = f"@{target.revision}" if target.revision else ""
    safe = "@".join(_NOT_NAME.sub("_", part) for part in f"{base}{revision}".split("@"))
    return safe[:LONGEST_NAME].lstrip(".")


def places_for(plan: Plan, target: Target, taken: dict[str, Target]) -> list[Path]:
    """Give the files of one model in the folders of the plan; their format is the plan's `folder_format`.

    `taken` holds whose each name is, and gets this one's: a second model of the same name gets a number behind it.
    """
    name, ending = name_for(target, plan.folder_format), ending_of(plan.folder_format)
    free, number = name, 1
    while taken.setdefault(free, target) != target:
        number += 1
        free = f"{name.removesuffix(ending)}-{number}{ending}"
    return [folder / free for folder in plan.folders]
