"""The traps of caching: secrets, callers, errors, age, offline."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openness_audit.sources.live import LiveSources
from sources_kit import INFO, Opener, code, got
from standin import GRANTED, StandIn, commit
from standin_http import Answer, as_json, problem

TOKEN = "hf_averysecrettoken"


def test_an_answer_is_asked_once_and_then_cached(hub: StandIn, sources: LiveSources) -> None:
    first, second = got(sources.info("model", "acme/one")), got(sources.info("model", "acme/one"))

    assert (first.origin.from_cache, second.origin.from_cache) == (False, True)
    assert first.origin.sha256 == second.origin.sha256
    assert first.origin.retrieved_at == second.origin.retrieved_at
    assert (hub.count(), sources.stats().hub_api, sources.stats().cache_hits) == (1, 1, 1)


@pytest.mark.parametrize("repo_id", ["acme/one", "acme/old", "acme/gone", "acme/none"])
def test_the_token_is_sent_and_never_stored(
    hub: StandIn, open_at: Opener, stored: Callable[[], bytes], repo_id: str
) -> None:
    sources = open_at(token=TOKEN, github_token="ghp_anothersecret")
    sources.info("model", repo_id)
    sources.code("acme", "train")
    sources.code("acme", "was")

    assert hub.seen[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert hub.seen[-1].headers["authorization"] == "Bearer ghp_anothersecret"
    kept = stored()
    assert b"api/models" in kept
    assert TOKEN.encode() not in kept
    assert b"ghp_anothersecret" not in kept


def test_no_answer_crosses_from_one_caller_to_another(open_at: Opener) -> None:
    allowed, other, nobody = open_at(token=GRANTED), open_at(token="hf_other"), open_at()

    assert got(allowed.text("model", "acme/gated", None, "LICENSE")).text == "text"
    assert code(other.text("model", "acme/gated", None, "LICENSE")) == "gated"
    assert code(nobody.text("model", "acme/gated", None, "LICENSE")) == "gated"
    assert got(allowed.text("model", "acme/gated", None, "LICENSE")).origin.from_cache


def test_cookies_are_neither_stored_nor_sent_back(
    hub: StandIn, sources: LiveSources, stored: Callable[[], bytes]
) -> None:
    hub.script(INFO, as_json({"id": "acme/one"}, headers={"Set-Cookie": "session=sweetsecret; Path=/"}))
    sources.info("model", "acme/one")
    sources.refs("acme/one")

    assert b"sweetsecret" not in stored()
    assert [seen.headers.get("cookie") for seen in hub.seen] == [None, None]


def test_vary_does_not_turn_every_request_into_a_miss(hub: StandIn, open_at: Opener) -> None:
    sources = open_at(token=TOKEN)
    hub.script(INFO, as_json({"id": "acme/one"}, headers={"Vary": "Accept, Authorization, Cookie"}))

    assert not got(sources.info("model", "acme/one")).origin.from_cache
    assert got(sources.info("model", "acme/one")).origin.from_cache


@pytest.mark.parametrize("status", [401, 403, 404, 429, 451])
def test_a_refusal_is_never_answered_from_an_old_success(hub: StandIn, open_at: Opener, status: int) -> None:
    sources = open_at(fresh_for=0, timeout=2)
    got(sources.info("model", "acme/one"))
    hub.script(INFO, problem(status, "No."), forever=True)

    assert code(sources.info("model", "acme/one")) != "answered"


@pytest.mark.parametrize(
    "fault",
    [Answer(500), Answer(503), Answer(drop=True), Answer(200, b"{", length=900)],
    ids=["500", "503", "drop", "cut"],
)
def test_an_old_answer_stands_in_for_a_failing_server_and_says_so(hub: StandIn, open_at: Opener, fault: Answer) -> None:
    sources = open_at(fresh_for=0)
    fresh = got(sources.info("model", "acme/one"))
    hub.script(INFO, fault, forever=True)
    old = got(sources.info("model", "acme/one"))

    assert (fresh.origin.stale, old.origin.stale, old.origin.from_cache) == (False, True, True)
    assert old.sha == fresh.sha


def test_what_was_refused_since_does_not_come_back_when_the_server_fails(hub: StandIn, open_at: Opener) -> None:
    sources = open_at(fresh_for=0)
    got(sources.info("model", "acme/one"))
    hub.script(INFO, problem(403, "Access to this resource is disabled."), Answer(503), Answer(503), forever=True)

    assert code(sources.info("model", "acme/one")) == "disabled"
    assert code(sources.info("model", "acme/one")) == "server-error"


def test_an_old_answer_is_confirmed_without_its_body(hub: StandIn, open_at: Opener) -> None:
    sources = open_at(fresh_for=0)
    first = got(sources.info("model", "acme/one"))
    again = got(sources.info("model", "acme/one"))

    assert "if-none-match" in hub.seen[1].headers
    assert (again.sha, again.origin.sha256) == (first.sha, first.origin.sha256)
    assert sources.stats().cache_hits == 0  # it cost a request


def test_what_is_pinned_to_a_commit_is_asked_once_for_ever(hub: StandIn, open_at: Opener) -> None:
    sha = commit("acme/one", {})
    for _ in range(2):
        sources = open_at(fresh_for=0)
        got(sources.listing("model", "acme/one", sha))
        got(sources.text("model", "acme/one", sha, "README.md"))
        assert code(sources.text("model", "acme/one", sha, "NOTICE")) == "not-found-or-private"

    assert hub.count() == 3


def test_the_gate_of_a_pinned_commit_is_asked_again(hub: StandIn, open_at: Opener) -> None:
    sources = open_at(fresh_for=0)
    sha = commit("acme/one", {})
    got(sources.info("model", "acme/one", sha))
    hub.repos["models"]["acme/one"]["gated"] = "auto"

    assert got(sources.info("model", "acme/one", sha)).gated == "auto"


def test_offline_answers_from_the_cache_at_any_age_and_misses_at_once(hub: StandIn, open_at: Opener) -> None:
    got(open_at(fresh_for=0).info("model", "acme/one"))
    before = hub.count()
    offline = open_at(offline=True, check_links=True)
    started = time.monotonic()
    known = got(offline.info("model", "acme/one"))
    missed = [
        code(offline.refs("acme/one")),
        code(offline.listing("model", "acme/one", None)),
        code(offline.text("model", "acme/one", None, "README.md")),
        code(offline.dataset("acme/data").info),
        code(offline.code("acme", "train").repo),
        code(offline.page("https://example.org/")),
    ]

    assert (known.origin.from_cache, known.origin.stale) == (True, True)
    assert missed == ["offline"] * 6
    assert time.monotonic() - started < 5  # nothing was waited for
    assert hub.count() == before


def test_a_rate_limit_in_the_guise_of_403_is_not_remembered(hub: StandIn, open_at: Opener) -> None:
    late = str(int(time.time()) + 3600)
    hub.script("/github/*", Answer(403, b"{}", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": late}))

    assert code(open_at().code("acme", "train").listing) == "rate-limited"
    assert code(open_at().code("acme", "train").listing) == "answered"


def test_an_answer_from_the_future_is_asked_for_again(hub: StandIn, open_at: Opener, tmp_path: Path) -> None:
    """So does a clock that was set back look, to 1970 for one."""
    got(open_at().info("model", "acme/one"))
    path = tmp_path / "cache" / "http-1.sqlite"
    with sqlite3.connect(path) as file:
        rows = file.execute("SELECT key, value FROM responses").fetchall()
        for key, value in rows:
            record: dict[str, Any] = json.loads(value)
            later = {name: str(record[name]).replace("20", "30", 1) for name in ("created_at", "expires")}
            file.execute("UPDATE responses SET value = ? WHERE key = ?", (json.dumps(record | later), key))
    file.close()
    before = hub.count(INFO)
    again = got(open_at().info("model", "acme/one"))

    assert hub.count(INFO) == before + 1
    assert again.sha == got(open_at().info("model", "acme/one")).sha
