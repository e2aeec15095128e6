"""Look at the beginning of a dump before anything is done: is it one, and has it the columns that are meant?"""

from __future__ import annotations

import gzip
from itertools import islice
from typing import IO, TYPE_CHECKING, cast

from openness_audit.errors import UsageError
from openness_audit.render.escape import clean
from openness_audit.scan.dump_read import lines_of, parquet_file, readable
from openness_audit.scan.dump_rows import COLUMNS, BadRowError, fields_of
from openness_audit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LOOKED_AT = 200  # rows; a column that only later ones have is not missed for long
_SHOWN = 12  # names of columns


def check_dump(path: Path, columns: Mapping[str, str]) -> list[str]:
    """Check a dump before it is scanned.

    Args:
        path: the file.
        columns: columns that bear other names than usual, by the name in `COLUMNS`.

    Returns:
        What is worth knowing of it. Raises UsageError where it cannot be read, holds no row, lacks a column that was
        named, or has none for the ids of models.
    """
    with readable(path):
        names = _table(path) if path.name.lower().endswith(".parquet") else _lines(path)
    if not names:
        return []  # no row can be read: each is listed with its cause
    has = f"it has: {clean(listed(sorted(names), _SHOWN))}"
    for name, column in columns.items():
        if column not in names:
            raise UsageError(f"{path.name} has no column {clean(column)!r} for --column {name}=", hint=has)
    if "id" not in columns and not names & {*COLUMNS["id"]}:
        raise UsageError(f"{path.name} has no column of model ids", hint=f"name it by --column id=COLUMN; {has}")
    if "card" not in columns and not names & {*COLUMNS["card"]}:
        return [f"{path.name} has no column of cards: name it by --column card=COLUMN, or nothing can be read; {has}"]
    return []


def _table(path: Path) -> set[str]:
    with parquet_file(path) as file:
        if not file.metadata.num_rows:
            raise _empty(path)
        return set(file.schema_arrow.names)


def _lines(path: Path) -> set[str]:
    """Give the names that the first rows have, as far as they can be read."""
    names: set[str] = set()
    some = False
    packed = path.name.lower().endswith(".gz")
    with gzip.open(path, "rb") if packed else path.open("rb") as stream:
        for line in _not_blank(cast("IO[bytes]", stream)):
            some = True
            try:
                names |= fields_of(line).keys()
            except BadRowError:
                continue
    if not some:
        raise _empty(path)
    return names


def _not_blank(stream: IO[bytes]) -> Iterator[bytes]:
    return islice((line for line in lines_of(stream) if line.strip()), LOOKED_AT)


def _empty(path: Path) -> UsageError:
    return UsageError(f"{path.name} holds no rows", hint="look at how the dump was made")
