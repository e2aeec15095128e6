"""What the options of a scan of a registry come to: the models it is of, and the manifest of its run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from openness_audit.cli.base import output
from openness_audit.errors import UsageError
from openness_audit.model.batch import STDIN
from openness_audit.model.registry import SCHEMA_ID, CountsDoc, OptionsDoc, PolicyNameDoc, ScanRun, SourceDoc
from openness_audit.render.escape import clean
from openness_audit.scan.dump_check import check_dump
from openness_audit.scan.dump_read import digest_of, is_dump
from openness_audit.scan.dump_rows import COLUMNS
from openness_audit.wording import choices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from openness_audit.cli.common.options import How
    from openness_audit.model.audit import Tool
    from openness_audit.model.registry import Sort

_NOTHING = "name --org, --list, --search, --tag, --top, or a dump (.jsonl, .jsonl.gz, .parquet)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the options ask for; what was not said is None. `as_of` is set only where it was said."""

    out: str
    author: str | None = None
    search: str | None = None
    tags: tuple[str, ...] = ()
    sort: Sort | None = None
    top: int | None = None
    list_file: str | None = None
    path: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    resume: bool = False
    audits: bool | None = None
    write: Literal["jsonl", "parquet"] | None = None
    workers: int | None = None
    threads: int | None = None
    engine: Literal["local", "dask"] | None = None
    scheduler: str | None = None
    as_of: date | None = None


def columns_of(said: Sequence[str]) -> dict[str, str]:
    """Understand `--column NAME=COLUMN`. Raises UsageError."""
    found: dict[str, str] = {}
    for word in said:
        name, equals, column = word.partition("=")
        if not equals or not column:
            raise UsageError(f"--column {clean(word)!r} is not NAME=COLUMN", hint="such as --column card=README")
        usual = {known: key for key, names in COLUMNS.items() for known in (key, *names)}
        if name not in usual:
            raise UsageError(f"no column is meant by {clean(name)!r}", hint=choices(name, sorted(COLUMNS)))
        found[usual[name]] = column
    return found


def source_of(wish: Wish) -> SourceDoc | None:
    """Say which models are asked for; None where nothing says so. Raises UsageError where more than one thing does."""
    options = (
        ("--org", wish.author), ("--search", wish.search), ("--tag", wish.tags), ("--sort", wish.sort),
        ("--top", wish.top),
    )  # fmt: skip
    by_hub = [name for name, said in options if said]
    other = "--list" if wish.list_file else wish.path
    if other and by_hub:
        raise UsageError(
            f"{by_hub[0]} chooses from the Hub's own list of models, and does not go with {clean(other)}",
            hint="scan one after the other, each into a folder of its own",
        )
    if wish.list_file and wish.path:
        raise UsageError(
            f"a scan is of one thing, not of --list and {clean(wish.path)}", hint="scan one after the other"
        )
    if by_hub == ["--sort"]:
        raise UsageError("--sort alone would be every model of the Hub", hint="say how many, such as --top 100")
    if wish.columns and not wish.path:
        raise UsageError("--column is for dumps", hint="name a dump (.jsonl, .jsonl.gz, .parquet)")
    if wish.list_file:
        return SourceDoc(kind="list", path=wish.list_file if wish.list_file == STDIN else _absolute(wish.list_file))
    if wish.path:
        return _file(wish.path, wish.columns)
    if not by_hub:
        return None
    return SourceDoc(kind="hub", author=wish.author, search=wish.search, tags=wish.tags, sort=wish.sort, top=wish.top)


def _file(path: str, columns: dict[str, str]) -> SourceDoc:
    place = Path(path)
    if is_dump(path):
        for note in check_dump(place, columns):
            output.tell(f"note: {note}")
        return SourceDoc(kind="dump", path=_absolute(path), digest=digest_of(place), columns=columns)
    if place.is_dir():
        from openness_audit.scan.bundle_worker import digest_of as digest_of_folder  # noqa: PLC0415 - rarely needed

        return SourceDoc(kind="bundles", path=_absolute(path), digest=digest_of_folder(place))
    raise UsageError(f"{clean(path)!r} is neither a dump nor a folder of evidence", hint=_NOTHING)


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - a link stays a link


def manifest_of(wish: Wish, how: How, tool: Tool, now: datetime, begun: ScanRun | None) -> ScanRun:
    """Word what a run is.

    Args:
        wish: the options of the scan.
        how: the options that every audit has.
        tool: the program and its rules.
        now: when it begins.
        begun: the run to go on with; what is not said is as there.

    Returns:
        The manifest. Raises UsageError where nothing says which models are meant.
    """
    source = source_of(wish)
    if source is None:
        if begun is None:
            raise UsageError("nothing says which models to scan", hint=_NOTHING)
        source = begun.source
    policy, settings, stamp = how.gate.policy, how.settings, now.astimezone(UTC).isoformat(timespec="seconds")
    asks = source.kind in {"hub", "list"}
    before = begun.options if begun else OptionsDoc(audits=asks)
    options = OptionsDoc(
        endpoint=settings.endpoint if asks else None,
        check_links=settings.check_links,
        offline=settings.offline,
        use=how.gate.use,
        audits=before.audits if wish.audits is None else wish.audits,
        write=wish.write or before.write,
    )
    day = wish.as_of or (date.fromisoformat(begun.as_of) if begun else how.as_of)
    return ScanRun(
        schema=SCHEMA_ID,
        tool=tool,
        as_of=day.isoformat(),
        policy=PolicyNameDoc(name=policy.name, digest=policy.digest, path=policy.path) if policy else None,
        source=source,
        options=options,
        state="planning",
        counts=CountsDoc(),
        started_at=stamp,
        updated_at=stamp,
    )


def check_same(wanted: ScanRun, begun: ScanRun) -> None:
    """Refuse to go on with a run that is another one: its rows would not go together.

    Args:
        wanted: what is asked for now.
        begun: what the folder holds.

    Returns:
        If all is the same. Raises UsageError that names the first difference.
    """
    differences = (
        ("models", *_apart(begun.source, wanted.source)),
        ("version of modelaudit", begun.tool.version, wanted.tool.version),
        ("rules", begun.tool.ruleset.digest, wanted.tool.ruleset.digest),
        ("vocabularies", begun.tool.vocabulary_digest, wanted.tool.vocabulary_digest),
        ("policy", begun.policy and begun.policy.digest, wanted.policy and wanted.policy.digest),
        ("day (--as-of)", begun.as_of, wanted.as_of),
        ("options", *_apart(begun.options, wanted.options)),
    )
    for what, before, now in differences:
        if before != now:
            raise UsageError(
                f"the folder holds a run with other {what}: {_short(before)}; asked for is {_short(now)}",
                hint="give what the run was begun with, or begin anew in another folder",
            )


def _apart(before: msgspec.Struct, now: msgspec.Struct) -> tuple[str, str]:
    """Word what two documents do not have in common."""
    first, second = msgspec.to_builtins(before), msgspec.to_builtins(now)
    other = [key for key in first if first[key] != second[key]]
    return _said(first, other), _said(second, other)


def _said(told: dict[str, Any], keys: list[str]) -> str:
    values = {key: "none" if told[key] in (None, [], {}, "") else told[key] for key in keys}
    return ", ".join(f"{key} {value}" for key, value in values.items())


def _short(value: object) -> str:
    return clean(str(value if value is not None else "none"))[:120]
