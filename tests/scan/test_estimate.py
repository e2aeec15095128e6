"""Laws of the plan's numbers: more models ask more, what is known asks less, and a smaller quota takes longer."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_audit.model.scan_plan import KnownModels
from openness_audit.scan.estimate import asked, minutes_for
from openness_audit.sources.tiers import TIERS, Tier, github_quota, tier_of

COUNTS = st.integers(0, 10_000)
KNOWN = st.builds(
    KnownModels,
    fresh=COUNTS,
    stale=COUNTS,
    absent=COUNTS,
    bases=st.none() | st.integers(0, 3000),
    datasets=st.none() | st.integers(0, 3000),
)


@given(KNOWN)
def test_ranges_are_in_order(known: KnownModels) -> None:
    told = asked(known)

    for one in (told.api, told.files, told.code):
        assert 0 <= one.low <= one.mean <= one.high
    assert told.api_conditional <= told.api.mean


@given(KNOWN)
def test_what_is_in_the_cache_costs_less(known: KnownModels) -> None:
    fresh = msgspec.structs.replace(known, fresh=known.fresh + known.absent, absent=0)
    stale = msgspec.structs.replace(known, stale=known.stale + known.absent, absent=0)

    assert asked(fresh).api.mean <= asked(stale).api.mean <= asked(known).api.mean
    assert asked(stale).files.mean == 0


def test_a_scan_of_fresh_models_asks_nothing() -> None:
    told = asked(KnownModels(fresh=500, stale=0, absent=0, bases=None, datasets=None))

    assert (told.api.high, told.files.high, told.code.high) == (0, 0, 0)


@given(st.integers(0, 10**6), st.integers(1, 10**5), st.integers(1, 10**5), st.none() | st.integers(0, 10**5))
def test_a_smaller_quota_takes_no_less(requests: int, quota: int, less: int, left: int | None) -> None:
    of = min(quota, less)

    assert minutes_for(requests, of, 300, left, 100) >= minutes_for(requests, max(quota, less), 300, left, 100)


@pytest.mark.parametrize(
    ("requests", "left", "opens", "expected"),
    [(500, None, 0, 0), (501, None, 0, 5), (1001, None, 0, 10), (10, 10, 120, 0), (11, 10, 120, 2), (511, 10, 120, 7)],
)
def test_minutes_are_those_of_whole_windows(requests: int, left: int | None, opens: float, expected: float) -> None:
    assert minutes_for(requests, 500, 300, left, opens) == expected


def test_the_tier_is_what_the_hub_tells_else_what_it_publishes() -> None:
    hub, own = "https://huggingface.co", "http://127.0.0.1:1"

    assert [tier_of(hub, None, signed_in=known) for known in (False, True)] == list(TIERS[:2])
    assert tier_of(hub, 3000, signed_in=True) == TIERS[3]
    assert tier_of(hub, 77, signed_in=True) == Tier("a quota of its own", 77, 385)
    assert tier_of(own, None, signed_in=True) is None
    assert tier_of(own, 1000, signed_in=False) == TIERS[1]


def test_github_is_what_it_tells_else_what_it_publishes() -> None:
    api = "https://api.github.com"

    assert [github_quota(api, None, signed_in=known) for known in (False, True)] == [60, 5000]
    assert (github_quota(api, 15000, signed_in=True), github_quota("http://x", None, signed_in=True)) == (15000, None)
