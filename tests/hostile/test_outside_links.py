"""Links that strangers write: followed on request only, and never to where this machine alone can reach."""

from __future__ import annotations

import json
import socket
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from openness_audit.pipeline import audit_model
from openness_audit.render import json as render_json
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target
from openness_audit.sources import links
from outside_kit import MODEL, small_hub
from standin_http import Answer

if TYPE_CHECKING:
    from standin import StandIn

RULES = load_rules()
NOW = datetime(2026, 1, 2, tzinfo=UTC)
INSIDE = [  # each as a host of a link
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "localhost", "[::1]",  # noqa: S104 - a host of a link
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "169.254.169.254", "[fd00:ec2::254]",
    "inside.example", "both.example", "LOCALHOST.", "metadata.example", "①②⑦.⓪.⓪.①",
]  # fmt: skip
NAMES = {
    "inside.example": ["127.0.0.1"],
    "both.example": ["93.184.216.34", "127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
}
REFUSED = {"not-requested", "malformed", "network"}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A Hub on the same machine, where a canary sits; its port passes for one where pages live."""
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *args: Any, **options: Any) -> Any:
        if host in NAMES:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in NAMES[host]]
        return real(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with small_hub() as server:
        monkeypatch.setattr(links, "PORTS", links.PORTS | {server.port})
        yield server


def audited(hub: StandIn, cache: Path, addresses: list[str], *, check_links: bool = True) -> dict[str, str]:
    """What is said of each address of a card: the code under which it was not checked."""
    card = "# Lantern\n\n" + "\n".join(f"- [a page](<{address}>)" for address in addresses)
    hub.repos["models"][MODEL]["files"]["README.md"] = card
    settings = Settings(
        endpoint=hub.endpoint, github_api_url=hub.github_api, cache_dir=cache, timeout_s=60, check_links=check_links,
        token="hf_only_for_the_hub", github_token="ghp_only_for_github",
    )  # fmt: skip
    target = Target(kind="hub", id=MODEL)
    audit = audit_model(target, settings, rules=RULES, now=NOW, as_of=date(2026, 1, 2))
    document = json.loads(render_json.render(audit))
    return {row["what"]: row["code"] for row in document["not_checked"]}


def test_no_link_leads_inside(hub: StandIn, tmp_path: Path) -> None:
    addresses = [f"http://{host}:{hub.port}/canary" for host in INSIDE]
    said = audited(hub, tmp_path, addresses)

    assert hub.count("*canary*") == 0
    assert [address for address in addresses if said.get(address) not in REFUSED] == []


def test_no_redirect_leads_inside(hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public page, stood in for by one address of this machine, leads to another."""
    monkeypatch.setitem(NAMES, "public.example", ["127.0.0.9"])
    usual = links.GuardedAdapter.__init__.__kwdefaults__ or {}
    public = {**usual, "judge": lambda address: address == "127.0.0.9"}
    monkeypatch.setattr(links.GuardedAdapter.__init__, "__kwdefaults__", public)
    goals = [f"http://127.0.0.1:{hub.port}/canary", "file:///etc/passwd", "http://169.254.169.254/latest", "//[::1]/x"]
    real = socket.create_connection
    monkeypatch.setattr(
        socket,
        "create_connection",
        lambda place, *rest, **more: real(
            ("127.0.0.1" if place[0] == "127.0.0.9" else place[0], place[1]), *rest, **more
        ),
    )
    for number, goal in enumerate(goals):
        hub.script(f"/away{number}", Answer(302, b"", {"Location": goal}), forever=True)
    hub.script("/round", Answer(302, b"", {"Location": "/round"}), forever=True)
    addresses = [f"http://public.example:{hub.port}/away{number}" for number in range(len(goals))]
    circle = f"http://public.example:{hub.port}/round"
    said = audited(hub, tmp_path, [*addresses, circle])

    assert hub.count("*canary*") == 0
    assert [said[address] for address in addresses] == ["not-requested"] * len(goals)
    assert said[circle] == "redirect-loop"
    assert len([seen for seen in hub.seen if seen.path.startswith("/away")]) == len(goals)
    asked = [seen for seen in hub.seen if seen.path.startswith(("/away", "/round"))]
    assert [seen.headers.get("authorization") for seen in asked] == [None] * len(asked)


def test_a_name_that_changes_its_mind_is_connected_to_as_it_was_judged(
    hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([["93.184.216.34"], *[["127.0.0.1"]] * 20])
    connected: list[str] = []
    before = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *rest, **more: (
            [(socket.AF_INET, 1, 6, "", (each, port)) for each in next(answers)]
            if host == "rebinding.example"
            else before(host, port, *rest, **more)
        ),
    )
    real = socket.create_connection

    def connect(place: tuple[str, int], *rest: Any, **more: Any) -> socket.socket:
        connected.append(place[0])
        if place[0] != "127.0.0.1" or place[1] != hub.port:
            raise OSError("no network in tests")
        return real(place, *rest, **more)

    monkeypatch.setattr(socket, "create_connection", connect)
    address = f"http://rebinding.example:{hub.port}/canary"
    said = audited(hub, tmp_path, [address])

    assert hub.count("*canary*") == 0
    assert said[address] in REFUSED
    assert "93.184.216.34" in connected


def test_nothing_is_asked_without_the_option(hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(links.Links, "page", lambda _self, url: asked.append(url))
    said = audited(hub, tmp_path, ["http://public.example/x", f"http://127.0.0.1:{hub.port}/canary"], check_links=False)

    assert (asked, hub.count("*canary*")) == ([], 0)
    assert not [what for what in said if what.startswith("http://")]
