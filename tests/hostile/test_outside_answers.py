"""Broken and lying answers of every server: the audit is the same, or says what it could not see, or there is none."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from openness_audit.errors import NoVerdictError
from openness_audit.pipeline import audit_model
from openness_audit.render import json as render_json
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target
from openness_audit.sources import retry
from outside_kit import MODEL, small_hub
from standin_http import Answer, as_json, problem

if TYPE_CHECKING:
    from standin import StandIn

RULES = load_rules()
NOW = datetime(2026, 1, 2, tzinfo=UTC)
PLACES = {
    "record": f"/api/models/{MODEL}",
    "listing": f"/api/models/{MODEL}/tree/*",
    "refs": f"/api/models/{MODEL}/refs",
    "card": f"/{MODEL}/resolve/*/README.md",
    "licence": f"/{MODEL}/resolve/*/LICENSE",
    "every file": f"/{MODEL}/resolve/*",
    "data set": "/api/datasets/*",
    "data card": "/datasets/*",
    "code": "/github/repos/acme/lantern",
    "code tree": "/github/repos/acme/lantern/git/*",
    "code files": "/github/repos/acme/lantern/contents/*",
    "all code": "/github/*",
}
JSON = {"Content-Type": "application/json"}
BROKEN = {
    "withheld": problem(451, "No."),
    "refused": problem(403, "No."),
    "fails": Answer(500),
    "dropped": Answer(drop=True),
    "a number that is none": Answer(999),
    "switching protocols": Answer(101),
    "nothing": Answer(204),
    "a choice": Answer(300),
    "a part": Answer(206, b"{"),
    "not modified": Answer(304),
    "too short": Answer(200, b"{", JSON, length=900),
    "length beyond belief": Answer(200, b"{}", JSON, length=10**15),
    "encoded in nothing known": Answer(200, b"\x1f\x8b\x00", {"Content-Encoding": "gzip"}),
    "encoded and cut": Answer(200, gzip.compress(b'{"id": "acme"}')[:-9], {"Content-Encoding": "gzip"}),
    "encoded as nobody asked": Answer(200, b"x", {"Content-Encoding": "br"}),
    "encoded a hundred times": Answer(200, b"x", {"Content-Encoding": ", ".join(["gzip"] * 100)}),
    "leads to a file": Answer(302, b"", {"Location": "file:///etc/passwd"}),
    "leads to the machine's own data": Answer(302, b"", {"Location": "http://169.254.169.254/latest/meta-data"}),
    "leads to another port": Answer(302, b"", {"Location": "http://127.0.0.1:9/"}),
    "leads nowhere": Answer(302, b"", {"Location": "http://[::1"}),
    "leads to a port that is none": Answer(302, b"", {"Location": "http://127.0.0.1:99999/"}),
    "a line too long": Answer(200, b"{}", {"X-Long": "a" * 70_000}),
    "headers by the hundred": Answer(200, b"{}", {f"X-{n}": "a" for n in range(150)}),
}
GARBLED = {  # of what should be JSON; as a file's text each is a text like any other
    "empty": Answer(200, b"", JSON),
    "not closed": Answer(200, b'{"id": "acme', JSON),
    "a page": Answer(200, b"<html><title>Sign in</title></html>"),
    "a word": Answer(200, b'"x"', JSON),
    "a number": Answer(200, b"7", JSON),
    "null": Answer(200, b"null", JSON),
    "brackets": Answer(200, b"[" * 100_000, JSON),
    "braces": Answer(200, b'{"a":' * 100_000, JSON),
    "another alphabet": Answer(200, '{"id":"x"}'.encode("utf-16"), {"Content-Type": "application/json; charset=x"}),
    "bytes": Answer(200, bytes(range(256)) * 40, JSON),
    "an error in plain clothes": as_json({"error": "not now"}),
    "wrong types": as_json({"id": 5, "sha": {}, "siblings": "x", "tree": 5, "branches": {"a": 1}, "tags": 7}),
    "wrong rows": as_json([None, 5, "x", [], {"type": 7, "path": []}, {"type": "file", "path": 5, "size": "big"}]),
}
WHOLE = ("record", "listing", "card", "data set", "code tree")
AS_JSON = ("record", "listing", "refs", "data set", "code", "code tree")


def states(hub: StandIn, cache: Path) -> dict[str, str] | None:
    """The level of every component; None where there is no verdict."""
    settings = Settings(endpoint=hub.endpoint, github_api_url=hub.github_api, cache_dir=cache, timeout_s=30)
    target = Target(kind="hub", id=MODEL)
    try:
        audit = audit_model(target, settings, rules=RULES, now=NOW, as_of=date(2026, 1, 2))
    except NoVerdictError:
        return None
    document: dict[str, Any] = json.loads(render_json.render(audit))
    assert render_json.validate_audit(json.dumps(document).encode()) == []
    known = {row["id"] for row in document["evidence"]}
    for each in document["components"]:
        assert set(each["evidence"]) <= known
        assert each["evidence"] or each["searched"] or each["unknown"] or each["availability"] == "not-applicable", each
        assert each["availability"] != "unknown" or each["unknown"], each
    return {each["id"]: each["availability"] for each in document["components"]}


@pytest.fixture
def healthy(tmp_path: Path) -> Any:
    with small_hub() as hub:
        return states(hub, tmp_path / "healthy")


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask each question once: how often and how long is tested elsewhere."""
    monkeypatch.setattr(retry, "ATTEMPTS", 1)


@pytest.mark.parametrize("place", PLACES)
def test_what_was_not_seen_is_unknown_and_nothing_else_changes(place: str, healthy: Any, tmp_path: Path) -> None:
    kinds = {**BROKEN, **(GARBLED if place in AS_JSON else {})}
    if place == "data set":
        kinds.pop("withheld")  # then it is not there for anybody
    if place not in WHOLE:
        kinds = {name: kinds[name] for name in ("refused", "fails", "encoded and cut", "leads to another port")}
    for name, answer in kinds.items():
        with small_hub() as hub:
            hub.script(PLACES[place], answer, forever=True)
            found = states(hub, tmp_path / name)
        if found is None:
            assert place in ("record", "listing"), name
            continue
        wrong = {key: (healthy[key], level) for key, level in found.items() if level not in (healthy[key], "unknown")}
        assert wrong == {}, name
