"""Make the plan of a scan: which models, what of them is in the cache, and what the caller's quotas make of it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from openness_audit.model.scan_plan import PLAN_SCHEMA_ID, HostPlan, KnownModels, Range, ScanPlan
from openness_audit.scan.estimate import asked, minutes_for, slowest
from openness_audit.scan.index import NAME
from openness_audit.sources.exchange import shown_host
from openness_audit.sources.kept_keys import kept_records
from openness_audit.sources.pacing import GITHUB_PATIENCE_S, Limit
from openness_audit.sources.settings import HUB
from openness_audit.sources.tiers import GITHUB_WINDOW_S, HUB_WINDOW_S, TIERS, github_quota, tier_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from openness_audit.model.scan_plan import Basis, What
    from openness_audit.sources.settings import SourceSettings

_BASE, _DATASET = "base_model:", "dataset:"


class Census:
    """Counts models as they are listed, and what their tags name."""

    def __init__(self, *, by_tags: bool) -> None:
        """`by_tags`: the models come from a list of the Hub, with their tags."""
        self._by_tags = by_tags
        self.models: list[tuple[str, str | None]] = []
        self._bases: set[str] = set()
        self._datasets: set[str] = set()

    def take(self, name: str, revision: str | None, tags: Iterable[str] = ()) -> None:
        """Count a model."""
        self.models.append((name, revision))
        for tag in tags:
            if tag.startswith(_BASE):
                self._bases.add(tag.rpartition(":")[2].lower())
            elif tag.startswith(_DATASET):
                self._datasets.add(tag.partition(":")[2].lower())

    def known(self, settings: SourceSettings, now: float) -> KnownModels:
        """Say what is known of the models that were counted."""
        counts = dict.fromkeys(("fresh", "stale", "absent"), 0)
        for kept in kept_records(settings, self.models, now):
            counts[kept] += 1
        own = {name.lower() for name, _ in self.models}
        bases, datasets = (len(self._bases - own), len(self._datasets)) if self._by_tags else (None, None)
        return KnownModels(**counts, bases=bases, datasets=datasets)


def finished_in(folder: Path) -> set[int]:
    """Read which places of a run are finished, from its folder; of one that another process writes as well."""
    try:
        with sqlite3.connect(f"{(folder / NAME).resolve().as_uri()}?mode=ro", uri=True) as line:
            return {seq for (seq,) in line.execute("SELECT seq FROM models")}
    except sqlite3.Error:
        return set()


class _Quota(NamedTuple):
    """What a host allows, and how it is known."""

    requests: int | None
    window_s: float
    limit: Limit
    basis: Basis


_UNTOLD = Limit(None, None, None, 0.0)


def plan_of(
    known: KnownModels, finished: int, settings: SourceSettings, limits: tuple[Limit, Limit], now: str
) -> ScanPlan:
    """Make the plan.

    Args:
        known: what is known of the models that are left.
        finished: how many are not.
        settings: who asks whom.
        limits: what the Hub told of its limit, and what GitHub told, if it was asked lately.
        now: the time, as it is written.

    Returns:
        The plan.
    """
    api, github = limits
    tier = tier_of(settings.endpoint, api.quota, signed_in=settings.token is not None)
    requests = asked(known)
    window = api.window_s or HUB_WINDOW_S
    hub = shown_host(settings.endpoint)
    code_quota = github_quota(settings.github_api, github.quota, signed_in=settings.github_token is not None)
    published: Basis = "published" if tier in TIERS else "assumed"
    hosts = (
        _host(
            hub,
            "Hub API",
            (requests.api, requests.api_conditional),
            _Quota(tier.api if tier else None, window, api, "told" if api.quota is not None else published),
        ),
        _host(hub, "Hub files", (requests.files, 0), _Quota(tier.files if tier else None, window, _UNTOLD, published)),
        _host(
            shown_host(settings.github_api),
            "GitHub API",
            (requests.code, requests.code_conditional),
            _Quota(code_quota, GITHUB_WINDOW_S, github, "told" if github.quota is not None else "published"),
        ),
    )
    return ScanPlan(
        schema=PLAN_SCHEMA_ID,
        made_at=now,
        models=known.fresh + known.stale + known.absent,
        finished=finished,
        tier=tier.name if tier else None,
        signed_in=settings.token is not None,
        known=known,
        hosts=hosts,
        minutes=slowest(hosts if settings.wait_for_code else hosts[:2]),
        notes=_notes(settings, hosts[2]),
    )


def _host(host: str, what: What, requests: tuple[Range, int], quota: _Quota) -> HostPlan:
    minutes, (wanted, conditional), limit = None, requests, quota.limit
    if quota.requests is not None:
        low, mean, high = (
            round(minutes_for(count, quota.requests, quota.window_s, limit.left, limit.opens_in_s))
            for count in (wanted.low, wanted.mean, wanted.high)
        )
        minutes = Range(low=low, mean=mean, high=high)
    return HostPlan(
        host=host,
        what=what,
        requests=wanted,
        conditional=conditional,
        quota=quota.requests,
        window_s=None if quota.requests is None else round(quota.window_s),
        left=limit.left,
        basis="none" if quota.requests is None else quota.basis,
        minutes=minutes,
    )


def _notes(settings: SourceSettings, code: HostPlan) -> tuple[str, ...]:
    notes = []
    if code.minutes is not None and code.minutes.mean * 60 > GITHUB_PATIENCE_S and not settings.wait_for_code:
        more = "" if settings.github_token else " GITHUB_TOKEN raises it to 5,000 an hour;"
        notes.append(
            f"GitHub's quota is not enough for the code of all models:{more} --wait-for-code waits for it, else what "
            "cannot be read is unknown (rate-limited)"
        )
    if settings.token is None and settings.endpoint == HUB:
        notes.append("HF_TOKEN (a free account) raises the Hub's quota")
    return tuple(notes)
