"""Addresses as bills of materials hold them: links that every reader takes, and where evidence stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openness_audit.render.escape import safe_url

if TYPE_CHECKING:
    from openness_audit.model.audit import EvidenceDoc

MOST_PLACES = 5  # that are told of one part; the audit itself holds them all
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")  # a percent sign that escapes nothing: no reader takes it


def web(url: str | None) -> str:
    """Give an address that is fit for a link, or nothing."""
    safe = safe_url(url)
    return safe if safe and safe.isascii() and not _STRAY.search(safe) else ""


def places(known: dict[str, EvidenceDoc], cited: tuple[str, ...]) -> tuple[tuple[str, int | None], ...]:
    """Give the addresses and lines of citations, each once, in the order cited, without those that are no links."""
    rows = (known[key] for key in cited if key in known)
    return tuple(dict.fromkeys((web(row.url).partition("#")[0], row.line) for row in rows if web(row.url)))


def at(url: str, line: int | None) -> str:
    """Give the address of a line."""
    return f"{url}#L{line}" if url and line else url
