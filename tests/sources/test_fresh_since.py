"""Nothing that can change is taken from before a given moment, whatever the cache holds and the network says."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from sources_kit import Opener, code, got
from standin import StandIn, commit


def now() -> datetime:
    """Give a moment that is surely after what was answered before."""
    time.sleep(0.01)
    return datetime.now(UTC)


def test_what_can_change_is_asked_anew_and_once(hub: StandIn, open_at: Opener) -> None:
    got(open_at().info("model", "acme/one"))
    asked = hub.count()
    fresh = open_at(fresh_since=now())
    got(fresh.info("model", "acme/one"))
    got(fresh.info("model", "acme/one"))

    assert hub.count() == asked + 1
    assert "if-none-match" in hub.seen[-1].headers, "what is still the same is not sent again"


def test_what_a_commit_pins_is_taken_from_the_cache(hub: StandIn, open_at: Opener) -> None:
    sha = commit("acme/one", hub.repos["models"]["acme/one"])
    got(open_at().text("model", "acme/one", sha, "README.md"))
    asked = hub.count()

    assert got(open_at(fresh_since=now()).text("model", "acme/one", sha, "README.md")).origin.from_cache
    assert hub.count() == asked


def test_nothing_older_stands_in_when_the_hub_is_down(hub: StandIn, open_at: Opener) -> None:
    got(open_at().info("model", "acme/one"))
    hub.down = True

    assert code(open_at(timeout=2.0).info("model", "acme/one")) == "answered"
    assert code(open_at(timeout=2.0, fresh_since=now()).info("model", "acme/one")) in ("network", "timeout", "budget")
