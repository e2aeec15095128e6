"""Waiting: as long as servers ask, never longer than allowed, and told to whoever waits."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from openness_audit.errors import SourceUnreachableError
from openness_audit.sources.exchange import Deadline, FetchFailed, Reply
from openness_audit.sources.retry import Patience, asked_wait, is_rate_limit
from openness_audit.sources.settings import SourceSettings
from sources_kit import INFO, Opener, code, got
from standin import StandIn
from standin_http import Answer, as_json, problem


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (429, {"retry-after": "7"}, 7),
        (503, {"retry-after": "7"}, 7),
        (429, {"ratelimit": '"api";r=0;t=55'}, 56),
        (503, {"ratelimit": '"api";r=0;t=55'}, None),
        (429, {"ratelimit": '"api";r=3;t=55'}, None),
        (429, {"retry-after": "soon"}, None),
        (429, {"retry-after": "9" * 40}, None),
        (500, {}, None),
    ],
)
def test_a_server_is_asked_again_when_it_says(status: int, headers: dict[str, str], expected: float | None) -> None:
    assert asked_wait(status, headers) == expected


def test_dates_and_resets_count_from_now() -> None:
    later = time.time() + 100
    by_date = asked_wait(429, {"retry-after": formatdate(later, usegmt=True)})
    by_reset = asked_wait(403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(later))})

    assert [90 < (wait or 0) < 102 for wait in (by_date, by_reset)] == [True, True]


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [(429, {}, True), (403, {"x-ratelimit-remaining": "0"}, True), (403, {"retry-after": "1"}, True), (403, {}, False)],
)
def test_a_rate_limit_is_told_from_a_refusal(status: int, headers: dict[str, str], expected: bool) -> None:
    assert is_rate_limit(status, headers) is expected


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_passing_fault_is_survived(hub: StandIn, open_at: Opener, status: int) -> None:
    hub.script(INFO, Answer(status), Answer(drop=True), Answer(status))

    assert got(open_at().info("model", "acme/one")).id == "acme/one"
    assert hub.count() == 4


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(500), "server-error"),
        (Answer(503), "server-error"),
        (Answer(504), "timeout"),
        (Answer(429), "rate-limited"),
        (Answer(drop=True), "network"),
    ],
    ids=["500", "503", "504", "429", "drop"],
)
def test_a_lasting_fault_is_named_after_four_attempts(
    hub: StandIn, open_at: Opener, answer: Answer, expected: str
) -> None:
    hub.script(INFO, answer, forever=True)

    assert (code(open_at().info("model", "acme/one")), hub.count()) == (expected, 4)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451])
def test_a_clear_answer_is_not_asked_for_twice(hub: StandIn, open_at: Opener, status: int) -> None:
    hub.script(INFO, Answer(status), forever=True)
    sources = open_at()
    sources.info("model", "acme/one")

    assert hub.count() == 1


def test_a_wait_is_kept_and_told(hub: StandIn, open_at: Opener) -> None:
    hub.script(INFO, problem_with("1"))
    told: list[str] = []
    started = time.monotonic()
    got(open_at(told.append).info("model", "acme/one"))

    assert time.monotonic() - started >= 1
    assert ["limits requests; waiting 1 s" in text for text in told] == [True]


def problem_with(seconds: str) -> Answer:
    return as_json({"error": "slow down"}, 429, {"Retry-After": seconds})


def test_a_wait_beyond_the_limit_ends_at_once_for_everyone(hub: StandIn, open_at: Opener) -> None:
    hub.script(INFO, problem_with("500"), forever=True)
    sources = open_at()
    started = time.monotonic()
    answers = [code(sources.info("model", "acme/one")), code(sources.refs("acme/one"))]

    assert answers == ["rate-limited", "rate-limited"]
    assert time.monotonic() - started < 60  # not the 500 s asked for
    assert hub.count() == 1


def test_a_limit_of_one_host_does_not_stop_another() -> None:
    patience = Patience()
    with pytest.raises(FetchFailed, match="limits requests"):
        patience.call("http://a/", Deadline(5), lambda: reply(429, {"retry-after": "500"}))

    assert patience.call("http://b/", Deadline(5), lambda: reply(200)).status == 200


def test_a_host_that_is_down_gets_single_attempts() -> None:
    patience, calls = Patience(base_wait=0), []

    def attempt() -> Reply:
        calls.append(1)
        raise FetchFailed("network", "no", retryable=True)

    for _ in range(3):
        with pytest.raises(FetchFailed):
            patience.call("http://a/", Deadline(5), attempt)

    assert len(calls) == 4 + 1 + 1


def test_a_status_of_one_repository_does_not_shorten_the_patience_with_its_host(hub: StandIn, open_at: Opener) -> None:
    hub.script(INFO, Answer(500), forever=True)
    hub.script("/api/models/acme/one/refs", Answer(503), Answer(503))
    sources = open_at()

    assert (code(sources.info("model", "acme/one")), code(sources.refs("acme/one"))) == ("server-error", "answered")


def test_a_host_that_lets_wait_is_asked_twice() -> None:
    patience, calls = Patience(base_wait=0), []

    def attempt() -> Reply:
        calls.append(1)
        raise FetchFailed("timeout", "slow", retryable=True)

    with pytest.raises(FetchFailed):
        patience.call("http://a/", Deadline(5), attempt)

    assert len(calls) == 2


def test_no_page_of_a_third_party_is_waited_for_long() -> None:
    started = time.monotonic()
    with pytest.raises(FetchFailed):
        Patience().call("http://a/", Deadline(60), lambda: reply(503, {"retry-after": "20"}), "other")

    assert time.monotonic() - started < 10  # not the 20 s asked for


def test_closing_wakes_those_who_wait() -> None:
    patience = Patience(on_wait=lambda _: patience.close())
    started = time.monotonic()
    with pytest.raises(FetchFailed, match="the run was ended"):
        patience.call("http://a/", Deadline(60), lambda: reply(429, {"retry-after": "30"}))

    assert time.monotonic() - started < 15


def test_a_dead_endpoint_ends_within_the_time_limit_and_says_what_to_do(open_at: Opener) -> None:
    started = time.monotonic()
    with pytest.raises(SourceUnreachableError, match=r"127\.0\.0\.1:9 cannot be reached") as caught:
        open_at(endpoint="http://127.0.0.1:9", timeout=3).subject("acme/one", None)

    assert "HF_ENDPOINT" in caught.value.hint
    assert time.monotonic() - started < 20


def test_a_silent_endpoint_ends_within_the_time_limit(hub: StandIn, open_at: Opener) -> None:
    hub.script("*", Answer(wait=3), forever=True)
    started = time.monotonic()
    with pytest.raises(SourceUnreachableError, match=r"in time|time limit") as caught:
        open_at(timeout=0.5).subject("acme/one", None)

    assert "--timeout" in caught.value.hint
    assert time.monotonic() - started < 2.9  # before the server answers


def test_the_limit_of_the_settings_runs_from_opening(open_at: Opener) -> None:
    sources = open_at(timeout=0.05)
    time.sleep(0.1)

    assert code(sources.info("model", "acme/one")) == "timeout"


def test_the_error_of_a_rate_limit_names_the_token(hub: StandIn, open_at: Opener) -> None:
    hub.script(INFO, problem(429, "slow down"), forever=True)
    with pytest.raises(SourceUnreachableError) as caught:
        open_at().subject("acme/one", None)

    assert "HF_TOKEN" in caught.value.hint


def test_settings_hide_their_tokens() -> None:
    assert "secret" not in repr(SourceSettings(token="hf_secret", github_token="ghp_secret"))


def reply(status: int, headers: dict[str, str] | None = None) -> Reply:
    return Reply(url="http://a/", status=status, headers=headers or {}, body=b"", retrieved_at="")
