"""What was refused is asked for again, but for what surely is still refused; no gate believes an older refusal."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from openness_audit.errors import SubjectNotFoundError
from openness_audit.sources.live import LiveSources
from openness_audit.sources.settings import SourceSettings
from openness_audit.sources.shared import SharedSources
from sources_kit import Opener, code, got
from standin import GRANTED, StandIn, commit

NOWHERE, GATED = "/api/datasets/acme/nowhere", "*/resolve/*/LICENSE"
GATED_SHA = commit("acme/gated", {})


def age(folder: Path, **by: float) -> None:
    """Make all that is kept older."""
    with closing(sqlite3.connect(folder / "http-1.sqlite")) as file, file:
        for key, value in file.execute("SELECT key, value FROM responses").fetchall():
            record: dict[str, Any] = json.loads(value)
            for name in ("created_at", "expires"):
                if record.get(name):
                    record[name] = (datetime.fromisoformat(record[name]) - timedelta(**by)).isoformat()
            file.execute("UPDATE responses SET value = ? WHERE key = ?", (json.dumps(record), key))


@pytest.fixture
def scan(hub: StandIn, tmp_path: Path) -> Iterator[SharedSources]:
    """The sources of a scan of many models."""
    shared = SharedSources(
        SourceSettings(endpoint=hub.endpoint, github_api=hub.github_api, cache_dir=tmp_path / "cache")
    )
    yield shared
    shared.close()


@pytest.mark.parametrize(("minutes", "asked"), [(5, 1), (15, 2)])
def test_one_audit_believes_a_refusal_for_minutes(
    hub: StandIn, open_at: Opener, tmp_path: Path, minutes: float, asked: int
) -> None:
    open_at().info("dataset", "acme/nowhere")
    age(tmp_path / "cache", minutes=minutes)

    assert code(open_at().info("dataset", "acme/nowhere")) == "not-found-or-private"
    assert hub.count(NOWHERE) == asked


@pytest.mark.parametrize(("minutes", "asked"), [(5, 1), (50, 1), (70, 2)])
def test_a_scan_believes_a_refusal_for_an_hour(
    hub: StandIn, scan: SharedSources, tmp_path: Path, minutes: float, asked: int
) -> None:
    scan.one().info("dataset", "acme/nowhere")
    age(tmp_path / "cache", minutes=minutes)

    assert code(scan.one().info("dataset", "acme/nowhere")) == "not-found-or-private"
    assert hub.count(NOWHERE) == asked


def test_a_model_that_is_asked_for_by_name_is_looked_for_again(hub: StandIn, scan: SharedSources) -> None:
    with pytest.raises(SubjectNotFoundError):
        scan.one().subject("acme/new", None)
    hub.repos["models"]["acme/new"] = {"files": {"README.md": "# New"}}

    assert scan.one().subject("acme/new", None).id == "acme/new"


def licence_of(sources: LiveSources, *, record_first: bool = True) -> str:
    """Read the licence file of the gated model at its commit; gives "answered" or why not."""
    if record_first:
        got(sources.info("model", "acme/gated"))
    return code(sources.text("model", "acme/gated", GATED_SHA, "LICENSE"))


def test_a_gate_that_is_shut_for_everybody_is_not_tried_for_each_file_again(
    hub: StandIn, open_at: Opener, tmp_path: Path
) -> None:
    assert licence_of(open_at()) == "gated"
    age(tmp_path / "cache", days=1)

    assert licence_of(open_at()) == "gated"
    assert (hub.count(GATED), hub.count("/api/models/acme/gated")) == (1, 2)


@pytest.mark.parametrize(
    ("given", "record_first"),
    [({"token": "hf_other"}, True), ({"fresh_since": datetime.max.replace(tzinfo=UTC)}, True), ({}, False)],
    ids=["a caller who may be let in", "a gate of one's own", "the record was not read"],
)
def test_else_the_file_is_tried_again(
    hub: StandIn, open_at: Opener, tmp_path: Path, given: dict[str, Any], record_first: bool
) -> None:
    token = {name: said for name, said in given.items() if name == "token"}
    assert licence_of(open_at(**token)) == "gated"
    age(tmp_path / "cache", days=1)

    assert licence_of(open_at(**given), record_first=record_first) == "gated"
    assert hub.count(GATED) == 2


def test_a_gate_that_opened_is_noticed(hub: StandIn, open_at: Opener, tmp_path: Path) -> None:
    assert licence_of(open_at()) == "gated"
    age(tmp_path / "cache", days=1)
    hub.repos["models"]["acme/gated"]["gated"] = False

    assert licence_of(open_at()) == "answered"


def test_a_token_that_was_granted_access_reads_what_was_refused(open_at: Opener) -> None:
    assert code(open_at().text("model", "acme/gated", GATED_SHA, "LICENSE")) == "gated"
    assert got(open_at(token=GRANTED).text("model", "acme/gated", GATED_SHA, "LICENSE")).text == "text"
