"""Ask the pattern engine which SPDX licences a text holds: the only module that knows licenseclassifier."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["ENGINE", "Region", "regions"]

ENGINE = "licenseclassifier 2026.10.0"  # pinned exactly in pyproject.toml: licenses.md 1.3
_CURRENT = {  # ids the engine gives that the SPDX list has deprecated; text cannot tell -only from -or-later
    "AGPL-1.0": "AGPL-1.0-only",
    "AGPL-3.0": "AGPL-3.0-only",
    "GFDL-1.1": "GFDL-1.1-only",
    "GFDL-1.2": "GFDL-1.2-only",
    "GFDL-1.3": "GFDL-1.3-only",
    "GPL-1.0": "GPL-1.0-only",
    "GPL-2.0": "GPL-2.0-only",
    "GPL-3.0": "GPL-3.0-only",
    "LGPL-2.0": "LGPL-2.0-only",
    "LGPL-2.1": "LGPL-2.1-only",
    "LGPL-3.0": "LGPL-3.0-only",
    "bzip2-1.0.5": "bzip2-1.0.6",
}


_MOST = 32_000  # characters: 50 ms; what is longer and no known text as a whole is a collection, and stays unnamed


class Region(Struct, frozen=True):
    """Characters [start, end) of a text that the engine reads as one SPDX licence."""

    expression: str
    start: int
    end: int


def regions(text: str) -> tuple[Region, ...]:
    """List the regions the engine recognises, however small a part of the text they are (threshold 0).

    Its default threshold lets a standard text with added terms pass as the standard licence (licenses.md 1.3).
    """
    from licenseclassifier import identify_license  # noqa: PLC0415 - lazy: 90 ms until ready

    return tuple(Region(_CURRENT.get(m.id, m.id), m.start, m.end) for m in identify_license(text[:_MOST], 0))
