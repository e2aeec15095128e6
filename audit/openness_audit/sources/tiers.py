"""The quotas that the Hub and GitHub publish, by what a caller is."""

from __future__ import annotations

from msgspec import Struct

from openness_audit.sources.settings import GITHUB_API, HUB

HUB_WINDOW_S = 300.0
GITHUB_WINDOW_S = 3600.0
GITHUB_ANONYMOUS, GITHUB_SIGNED_IN = 60, 5000  # docs.github.com, "Rate limits for the REST API"


class Tier(Struct, frozen=True):
    """What one kind of caller may ask of the Hub in five minutes: `api` records and lists, `files` of repositories."""

    name: str
    api: int
    files: int


# huggingface.co/docs/hub/rate-limits, as of 2026
TIERS = (
    Tier("anonymous", 500, 3_000),
    Tier("free account", 1_000, 5_000),
    Tier("PRO or Academia Hub", 2_500, 12_000),
    Tier("Team", 3_000, 20_000),
    Tier("Enterprise", 6_000, 50_000),
    Tier("Enterprise Plus", 10_000, 100_000),
    Tier("Enterprise Plus, by IP ranges", 100_000, 500_000),
)
_FILES_TO_API = 5  # of the tiers, the least ratio but for one


def tier_of(endpoint: str, api_quota: int | None, *, signed_in: bool) -> Tier | None:
    """Say what the caller is.

    Args:
        endpoint: the Hub.
        api_quota: what its answers told of requests in a window; None if nothing.
        signed_in: whether a token is sent.

    Returns:
        The tier with that quota; one of no published name where there is none such; None where nothing was told and
        nothing is published of this Hub.
    """
    if api_quota is not None:
        known = next((tier for tier in TIERS if tier.api == api_quota), None)
        return known or Tier("a quota of its own", api_quota, api_quota * _FILES_TO_API)
    if endpoint != HUB:
        return None
    return TIERS[1] if signed_in else TIERS[0]


def github_quota(api: str, told: int | None, *, signed_in: bool) -> int | None:
    """Give the requests an hour that GitHub allows; None for another server that told nothing."""
    if told is not None or api != GITHUB_API:
        return told
    return GITHUB_SIGNED_IN if signed_in else GITHUB_ANONYMOUS
