"""Links to other hosts: only on request, only to public addresses, judged where the connection is made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from openness_audit.sources import links
from openness_audit.sources.links import GuardedAdapter, is_public
from sources_kit import Opener, code, got
from standin import StandIn
from standin_http import Answer


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
        "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::", "localhost", "", "1.2.3", "0x7f.1", "0.0.0.0",  # noqa: S104 - nothing listens there: it is refused
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "140.82.121.4", "2606:50c0:8000::153", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_is_accepted(address: str) -> None:
    assert is_public(address)


@pytest.fixture
def ports(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stand-in's port pass for one where pages live."""
    monkeypatch.setattr(links, "PORTS", frozenset({hub.port}))


def guard(
    addresses: list[str] | Callable[[str, int], list[str]], judge: Callable[[str], bool] = is_public
) -> Callable[..., GuardedAdapter]:
    resolver = addresses if callable(addresses) else lambda _host, _port: addresses
    return partial(GuardedAdapter, resolver=resolver, judge=judge)


def anywhere(_: str) -> bool:
    return True


def test_no_other_host_is_asked_without_a_request_to(hub: StandIn, open_at: Opener) -> None:
    assert code(open_at().page("https://example.org/")) == "not-requested"
    assert hub.count() == 0


@pytest.mark.usefixtures("ports")
def test_a_page_is_alive_or_dead(hub: StandIn, open_at: Opener) -> None:
    hub.script("/page", Answer(200, b"hello" * 50_000))
    sources = open_at(check_links=True, token="hf_x", github_token="ghp_x", guard=guard(["127.0.0.1"], anywhere))
    alive = got(sources.page(f"http://site.example:{hub.port}/page#part"))
    dead = got(sources.page(f"http://site.example:{hub.port}/acme/one/none"))

    assert (alive.alive, alive.origin.url) == (True, f"http://site.example:{hub.port}/page#part")
    assert not dead.alive
    assert [seen.headers.get("authorization") for seen in hub.seen] == [None] * len(hub.seen)
    assert hub.seen[0].headers["host"] == f"site.example:{hub.port}"
    assert sources.stats().other == len(hub.seen)


@pytest.mark.usefixtures("ports")
@pytest.mark.parametrize(
    ("status", "expected"),
    [(403, "unauthorized"), (401, "unauthorized"), (451, "legal"), (500, "server-error"), (429, "rate-limited")],
)
def test_a_refusal_says_neither(hub: StandIn, open_at: Opener, status: int, expected: str) -> None:
    hub.script("*", Answer(status), forever=True)
    sources = open_at(check_links=True, guard=guard(["127.0.0.1"], anywhere))

    assert code(sources.page(f"http://site.example:{hub.port}/")) == expected


@pytest.mark.usefixtures("ports")
@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], []], ids=str)
def test_a_name_that_leads_inside_is_never_connected_to(hub: StandIn, open_at: Opener, addresses: list[str]) -> None:
    sources = open_at(check_links=True, guard=guard(addresses))

    assert code(sources.page(f"http://site.example:{hub.port}/")) == "not-requested"
    assert hub.count() == 0


@pytest.mark.usefixtures("ports")
def test_a_redirect_inside_is_refused_at_the_connection(hub: StandIn, open_at: Opener) -> None:
    def resolver(host: str, _: int) -> list[str]:
        return {"outside.example": ["127.0.0.1"], "inside.example": ["10.0.0.1"]}[host]

    hub.script("/", Answer(302, b"", {"Location": f"http://inside.example:{hub.port}/admin"}), forever=True)
    sources = open_at(check_links=True, guard=guard(resolver, lambda address: address == "127.0.0.1"))

    assert code(sources.page(f"http://outside.example:{hub.port}/")) == "not-requested"
    assert [seen.path for seen in hub.seen] == ["/"]


@pytest.mark.usefixtures("ports")
def test_a_name_is_judged_by_the_address_connected_to(hub: StandIn, open_at: Opener) -> None:
    """A second look-up would be the moment to change the answer; there is none."""
    asked: list[str] = []

    def resolver(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    sources = open_at(check_links=True, guard=guard(resolver, lambda address: address == "127.0.0.1"))
    hub.script("/", Answer(200, b"x"))

    assert got(sources.page(f"http://site.example:{hub.port}/")).alive
    assert asked == ["site.example"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ftp://site.example/", "malformed"),
        ("file:///etc/passwd", "malformed"),
        ("https://user:pw@site.example/", "malformed"),
        ("https://", "malformed"),
        ("http://[::1", "malformed"),
        ("http://site.example:99999/", "malformed"),
        ("http://site.example:22/", "not-requested"),
        ("http://127.0.0.1/", "not-requested"),
        ("http://169.254.169.254/latest/meta-data/", "not-requested"),
        ("http://2130706433/", "not-requested"),
        ("http://localhost/", "not-requested"),
    ],
)
def test_what_is_no_page_is_not_asked(open_at: Opener, url: str, expected: str) -> None:
    assert code(open_at(check_links=True).page(url)) == expected


def test_pages_of_the_hub_go_to_the_configured_endpoint(hub: StandIn, open_at: Opener) -> None:
    hub.script("/papers/2402.00838", Answer(200, b"paper"))
    page = got(open_at(check_links=True, token="hf_x").page("https://huggingface.co/papers/2402.00838"))

    assert (page.alive, page.origin.url) == (True, "https://huggingface.co/papers/2402.00838")
    assert "authorization" not in hub.seen[0].headers


def test_a_host_without_an_address_is_a_matter_of_the_network(open_at: Opener) -> None:
    def resolver(host: str, _: int) -> list[str]:
        raise OSError(f"{host} is unknown")

    assert code(open_at(check_links=True, guard=guard(resolver)).page("http://site.example/")) == "network"
