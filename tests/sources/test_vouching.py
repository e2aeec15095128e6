"""A record in the cache is used where the Hub's list tells that nothing of it changed, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from openness_audit.model.capture import RepoInfo
from openness_audit.sources.hub_list import Listed, Query, list_models
from openness_audit.sources.sameness import BELIEVED_S, FIELDS, state_of
from openness_audit.sources.settings import SourceSettings
from openness_audit.sources.shared import SharedSources
from standin import StandIn

FILES = {"README.md": "---\nlicense: mit\n---\n# One\n"}
RECORD = "/api/models/acme/one"


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with StandIn({"acme/one": {"files": FILES, "tags": ["license:mit"]}}) as server:
        yield server


@pytest.fixture
def settings(hub: StandIn, tmp_path: Path) -> SourceSettings:
    return SourceSettings(endpoint=hub.endpoint, github_api=hub.github_api, cache_dir=tmp_path)


def night(settings: SourceSettings, listed_at: str | None = None) -> tuple[Listed, bool, RepoInfo]:
    """List and read the model, when all that was kept before is stale."""
    shared = SharedSources(replace(settings, fresh_since=datetime.now(UTC) + timedelta(seconds=1)))
    try:
        (one,) = list_models(shared.hub(), Query(author="acme"))
        vouched = shared.vouch(one.id, one.state, listed_at or one.listed_at)
        info = shared.hub().info("model", one.id)
    finally:
        shared.close()
    assert isinstance(info, RepoInfo)
    return one, vouched, info


def test_what_did_not_change_is_not_asked_for(hub: StandIn, settings: SourceSettings) -> None:
    first = night(settings)
    asked = hub.count(RECORD)
    second = night(settings)

    assert (first[1], second[1]) == (False, True)
    kept = msgspec.structs.replace(first[2].origin, from_cache=True)
    assert second[2] == msgspec.structs.replace(first[2], origin=kept)
    assert (asked, hub.count(RECORD)) == (1, 1)


@pytest.mark.parametrize(
    "change",
    [{"gated": "manual"}, {"files": FILES | {"LICENSE": "MIT"}, "sha": "b" * 40}, {"tags": ["license:other"]}],
    ids=["gate", "commit", "tags"],
)
def test_what_changed_is_asked_for(hub: StandIn, settings: SourceSettings, change: dict[str, Any]) -> None:
    night(settings)
    hub.repos["models"]["acme/one"] |= change

    _, vouched, info = night(settings)

    assert (vouched, hub.count(RECORD)) == (False, 2)
    assert info.gated == change.get("gated", False)


def test_a_list_of_yesterday_vouches_for_nothing(settings: SourceSettings) -> None:
    night(settings)
    old = datetime.now(UTC) - timedelta(seconds=BELIEVED_S + 60)

    assert night(settings, old.isoformat())[1] is False


def test_a_state_is_told_only_where_all_of_it_is() -> None:
    whole: dict[str, Any] = {"sha": "a" * 40, "gated": False, "lastModified": "2026", "tags": [], "downloads": 5}

    assert state_of(whole) == state_of(whole | {"downloads": 6, "disabled": False})
    assert [state_of(whole | {name: None}) is None for name in ("sha", "gated", "lastModified", "tags")] == [True] * 4
    others = [state_of(whole | {name: "x"}) for name in FIELDS if name != "sha"]
    assert len({state_of(whole), *others}) == len(FIELDS)
