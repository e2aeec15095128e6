"""Facts recorded earlier and shipped with the program, for where no network can be asked (DESIGN section 6)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from openness_audit.model.capture import Listing, RepoInfo
from openness_audit.model.facts import Facts

BUNDLE_SCHEMA: Literal["openness-audit-bundle-1"] = "openness-audit-bundle-1"


class Part(Struct, frozen=True, kw_only=True):
    """One thing that was recorded: what, from where, and when or at which commit."""

    what: str  # "card", "file listing", a path, "datasets/owner/name", "github.com/owner/name", "models/owner/name"
    source: str
    recorded: str | None = None  # ISO date, to the day or to the month
    commit: str | None = None


class Bundle(Struct, frozen=True, kw_only=True):
    """The facts of one model as they were recorded, without a sentence of its card.

    `info` is what a model derived from this one needs to know of it; `missing` names what was not recorded, which is
    `Unavailable` with the cause `not-recorded` in `facts`.
    """

    schema: Literal["openness-audit-bundle-1"]
    id: str
    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    info: RepoInfo
    listing: Listing | None
    facts: Facts
