"""The bridge between huggingface_hub's client and the session, and what crosses it."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from pathlib import Path

import pytest
from httpx2 import Client
from huggingface_hub import close_session, get_session, set_client_factory

from openness_audit.sources.exchange import Ask, Deadline, FetchFailed
from openness_audit.sources.live import LiveSources
from openness_audit.sources.session import CacheSession
from openness_audit.sources.settings import SourceSettings
from sources_kit import INFO, Opener, code, got
from standin import StandIn
from standin_http import Answer


def test_nothing_is_asked_but_what_was_meant(hub: StandIn, open_at: Opener) -> None:
    sources = open_at()
    sources.subject("acme/one", None)

    assert [seen.path for seen in hub.seen] == [INFO]  # above all no /api/agent-harnesses
    assert set(hub.seen[0].headers) <= {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_a_call_of_huggingface_hub_itself_goes_over_the_same_session(hub: StandIn, open_at: Opener) -> None:
    sources = open_at()
    got(sources.refs("acme/one"))  # from the first request on
    response = get_session().get(hub.endpoint + INFO)
    get_session().get(hub.endpoint + INFO)

    assert (response.json()["id"], hub.count(), sources.stats().cache_hits) == ("acme/one", 2, 1)


def test_head_keeps_the_length_of_what_it_is_about(hub: StandIn, open_at: Opener) -> None:
    open_at()
    response = get_session().head(f"{hub.endpoint}/acme/one/resolve/main/config.json")

    assert (response.headers["content-length"], response.content) == ("2", b"")


def test_a_range_is_not_answered_by_a_cached_whole(hub: StandIn, open_at: Opener) -> None:
    open_at()
    url = f"{hub.endpoint}/acme/one/resolve/main/README.md"
    get_session().get(url)
    hub.script("*README.md", Answer(206, b"lic", {"Content-Range": "bytes 4-6/30"}))

    assert get_session().get(url, headers={"Range": "bytes=4-6"}).content == b"lic"


def test_closing_a_client_leaves_the_session_alone(open_at: Opener) -> None:
    sources = open_at()
    got(sources.info("model", "acme/one"))
    get_session().close()
    assert got(sources.refs("acme/one")).refs
    set_client_factory(Client)

    assert got(sources.info("model", "acme/one")).origin.from_cache
    assert got(open_at().info("model", "acme/one")).origin.from_cache


def test_huggingface_hub_gets_its_own_clients_back(hub: StandIn, open_at: Opener) -> None:
    sources = open_at()
    sources.close()

    assert get_session().get(hub.endpoint + INFO).json()["id"] == "acme/one"
    assert code(sources.info("model", "acme/one")) == "budget"
    close_session()


def test_two_runs_in_one_process_keep_apart(hub: StandIn, open_at: Opener, tmp_path: Path) -> None:
    one = open_at(token="hf_one")
    two = open_at(token="hf_two", cache_dir=tmp_path / "other")
    got(one.info("model", "acme/one"))
    got(two.info("model", "acme/one"))
    two.close()
    got(one.refs("acme/one"))

    assert [seen.headers["authorization"] for seen in hub.seen] == ["Bearer hf_one", "Bearer hf_two", "Bearer hf_one"]


def test_a_token_does_not_follow_a_redirect_to_another_host(hub: StandIn, tmp_path: Path) -> None:
    with StandIn() as cdn:
        cdn.script("*", Answer(200, b"text"), forever=True)
        hub.script("*/resolve/*", Answer(302, b"", {"Location": f"{cdn.endpoint}/blob"}), forever=True)
        session = CacheSession(SourceSettings(endpoint=hub.endpoint, cache_dir=tmp_path))
        session.allow(hub.endpoint)
        refused = _hop(session, hub)
        session.allow(cdn.endpoint)
        answered = _hop(session, hub)
        session.close()

    assert (refused, answered) == ("not-requested", b"text")
    assert ["authorization" in seen.headers for seen in hub.seen] == [True, True]
    assert ["authorization" in seen.headers for seen in cdn.seen] == [False]


def _hop(session: CacheSession, hub: StandIn) -> object:
    from openness_audit.sources.transport import ASK, SESSION, build_client  # noqa: PLC0415 - only here

    extensions = {SESSION: session, ASK: Ask("hub_files", Deadline(10))}
    with build_client() as client:
        try:
            headers = {"Authorization": "Bearer hf_secret"}
            return client.get(f"{hub.endpoint}/a/b/resolve/main/x", headers=headers, extensions=extensions).content
        except FetchFailed as error:
            return error.code


def test_a_host_whose_name_begins_alike_is_another_host(tmp_path: Path) -> None:
    session = CacheSession(SourceSettings(endpoint="https://hub.example", cache_dir=tmp_path))
    session.allow("https://hub.example")
    session.allow_below("hub.example")
    for url in (
        "https://hub.example.evil.test/",
        "https://evilhub.example/",
        "http://hub.example/",
        "http://a.hub.example",
    ):
        with pytest.raises(FetchFailed, match="not among the hosts"):
            session.exchange("GET", url, {}, Ask("hub_api", Deadline(5)))
    session.close()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "Deflate"])
@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
def test_a_compressed_body_is_read_and_its_length_told_right(
    hub: StandIn, sources: LiveSources, encoding: str, chunked: bool
) -> None:
    body = b'{"id": "acme/one", "tags": ["x"]}'
    packed = {
        "gzip": gzip.compress(body[:9]) + gzip.compress(body[9:]),  # a file may be several
        "deflate": zlib.compress(body),
        "Deflate": zlib.compress(body)[2:-4],  # as many servers understand it
    }[encoding]
    hub.script(INFO, Answer(200, packed, {"Content-Encoding": encoding}, chunked=chunked))

    assert got(sources.info("model", "acme/one")).tags == ("x",)
    assert got(sources.info("model", "acme/one")).tags == ("x",)  # as well from the cache
    assert hub.count() == 1


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"no gzip at all", "gzip"),
        (gzip.compress(b'{"id": "acme/one"}', mtime=0)[:-9], "gzip"),  # taken for whole, it would be empty
        (gzip.compress(b'{"id": "acme/one"}', mtime=0)[:12], "gzip"),
        (zlib.compress(b'{"id": "acme/one"}')[:-6], "deflate"),
        (gzip.compress(gzip.compress(b"{}", mtime=0), mtime=0), "gzip, gzip"),
        (b"{}", "br"),
    ],
)
def test_a_broken_encoding_is_malformed(hub: StandIn, sources: LiveSources, body: bytes, encoding: str) -> None:
    hub.script(INFO, Answer(200, body, {"Content-Encoding": encoding}))

    assert code(sources.info("model", "acme/one")) == "malformed"


@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
def test_a_body_is_cut_at_its_cap_and_says_so(hub: StandIn, sources: LiveSources, chunked: bool) -> None:
    hub.script("*README.md", Answer(200, b"x" * 5_000_000, chunked=chunked))
    first = got(sources.text("model", "acme/one", None, "README.md", 1000))
    again = got(sources.text("model", "acme/one", None, "README.md", 1000))

    assert [(len(text.text), text.truncated) for text in (first, again)] == [(1000, True)] * 2
    assert again.origin.from_cache
    assert not got(sources.text("model", "acme/one", None, "README.md")).truncated  # a larger cap asks anew


def test_a_bomb_is_cut_before_it_fills_the_memory(hub: StandIn, sources: LiveSources) -> None:
    hub.script("*README.md", Answer(200, gzip.compress(bytes(100_000_000), 1), {"Content-Encoding": "gzip"}))
    started = time.monotonic()
    text = got(sources.text("model", "acme/one", None, "README.md"))

    assert (text.truncated, len(text.text)) == (True, 2 * 1024 * 1024)
    assert time.monotonic() - started < 30  # a guard: 100 MB were not unpacked


def test_a_body_that_drips_ends_at_the_time_limit(hub: StandIn, open_at: Opener) -> None:
    hub.script(INFO, Answer(200, b"x" * 1000, drip=0.05), forever=True)
    sources = open_at(timeout=0.6)
    started = time.monotonic()

    assert code(sources.info("model", "acme/one")) == "timeout"
    assert time.monotonic() - started < 20  # not the 50 s the body takes


def test_the_same_url_in_flight_is_asked_once(hub: StandIn, sources: LiveSources) -> None:
    hub.script("/api/models/acme/none", Answer(404, b"", wait=0.3), forever=True)
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(code(sources.info("model", "acme/none")))) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == ["not-found-or-private"] * 16
    assert hub.count() == 1


def test_netrc_and_proxy_variables_do_not_reach_requests(
    hub: StandIn, open_at: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    got(open_at().info("model", "acme/one"))

    assert "authorization" not in hub.seen[0].headers


def test_a_given_proxy_is_used_unless_the_host_is_excepted(hub: StandIn, open_at: Opener) -> None:
    with StandIn() as proxy:
        proxy.script("*", Answer(200, b'{"id": "acme/one"}'), forever=True)
        got(open_at(proxies={"http": proxy.endpoint}).info("model", "acme/one"))
        got(open_at(proxies={"http": proxy.endpoint}, no_proxy="127.0.0.1").refs("acme/one"))

        assert [seen.path for seen in proxy.seen] == [hub.endpoint + INFO]
    assert [seen.path for seen in hub.seen] == [f"{INFO}/refs"]


def test_a_budget_ends_the_asking(hub: StandIn, open_at: Opener) -> None:
    sources = open_at(max_requests=2)
    answers = [code(sources.info("model", f"acme/m{number}")) for number in range(4)]

    assert answers == ["not-found-or-private"] * 2 + ["budget"] * 2
    assert hub.count() == 2
