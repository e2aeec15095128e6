"""What a scan of a registry is going to ask, and how long that takes by the caller's quotas (`scan --plan`)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from openness_audit.model.document import Document

PLAN_SCHEMA_ID = "https://openness-audit.dev/schemas/scan-plan-1.json"
Basis: TypeAlias = Literal["told", "published", "assumed", "none"]
What: TypeAlias = Literal["Hub API", "Hub files", "GitHub API"]


class Range(Document, frozen=True):
    """An estimate: most likely `mean`, and with what is known hardly below `low` or above `high`."""

    low: int
    mean: int
    high: int


class HostPlan(Document, frozen=True):
    """What is asked of one host: `conditional` of the requests bring no body where nothing changed.

    `quota` requests are allowed in `window_s` seconds, and `left` of this window now (None: not known). `basis` says
    how that is known: the host told it, or publishes it, or it is assumed in the ratio that others have. `minutes` is
    how long the quota makes it last, None where there is none.
    """

    host: str
    what: What
    requests: Range
    conditional: int
    quota: int | None
    window_s: int | None
    left: int | None
    basis: Basis
    minutes: Range | None


class KnownModels(Document, frozen=True):
    """What is known of the models beforehand: how many are in the cache, and what they name.

    `fresh` need nothing, `stale` are asked whether they changed, `absent` are read anew. `bases` and `datasets` are
    those that the Hub's list names, each once, without the models themselves; None where no list was read.
    """

    fresh: int
    stale: int
    absent: int
    bases: int | None
    datasets: int | None


class ScanPlan(Document, frozen=True):
    """The plan of a scan; all counts of requests are estimates. `minutes` is that of the slowest host."""

    schema: str
    made_at: str
    models: int
    finished: int
    tier: str | None
    signed_in: bool
    known: KnownModels
    hosts: tuple[HostPlan, ...]
    minutes: Range | None
    notes: tuple[str, ...] = ()
