"""`modelaudit scan --plan`: what would be asked, of whom, for how long; and nothing is audited."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli_fakes import NOW
from openness_audit.cli.base.services import Services
from openness_audit.cli.entry import run
from standin import StandIn
from standin_http import as_json

CARD = "---\nlicense: mit\n---\n# One\n"
MODELS: dict[str, Any] = {
    f"acme/m{n}": {"files": {"README.md": CARD}, "tags": ["base_model:sea/salt", f"dataset:acme/d{n % 2}"]}
    for n in range(3)
}
MODELS |= {"acme/tuned": {"files": {"README.md": CARD}, "tags": ["base_model:finetune:acme/m1"]}}


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with StandIn(models=MODELS) as server:
        yield server


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def call(hub: StandIn, *words: str) -> int:
    return run(["scan", *words, "--cache-dir", "cache"], Services(environ=hub.environ, now=lambda: NOW))


def planned(hub: StandIn, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert call(hub, *words, "--plan", "-f", "json") == 0
    plan: dict[str, Any] = json.loads(capsys.readouterr().out)
    return plan


def test_a_plan_asks_for_the_list_alone_and_writes_nothing(
    hub: StandIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = planned(hub, capsys, "--org", "acme")

    assert (hub.count(), hub.count("/api/models?*")) == (1, 1)
    assert sorted(path.name for path in folder.iterdir()) == [".git", "cache"]
    assert plan["known"] == {"fresh": 0, "stale": 0, "absent": 4, "bases": 1, "datasets": 2}
    assert [host["what"] for host in plan["hosts"]] == ["Hub API", "Hub files", "GitHub API"]
    assert (plan["models"], plan["tier"], plan["minutes"]) == (4, None, None)


def test_the_tier_and_what_is_left_are_those_of_the_answer(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    limits = {"RateLimit": '"api";r=3;t=120', "RateLimit-Policy": '"fixed window";"api";q=1000;w=300'}
    Path("list.txt").write_text("\n".join(f"acme/x{n}" for n in range(1000)))
    hub.script("/api/models?*", as_json([{"id": "acme/m1"}], headers=limits))

    plan = planned(hub, capsys, "--list", "list.txt")
    api, files, _ = plan["hosts"]

    assert (plan["tier"], api["quota"], api["window_s"], api["left"], api["basis"]) == (
        "free account", 1000, 300, 3, "told",
    )  # fmt: skip
    assert (files["quota"], files["left"], files["basis"]) == (5000, None, "published")
    assert api["minutes"]["low"] > 10
    assert plan["minutes"] == api["minutes"]


def test_a_plan_fits_a_terminal(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    limits = {"RateLimit": '"api";r=3;t=120', "RateLimit-Policy": '"fixed window";"api";q=100000;w=300'}
    Path("list.txt").write_text("\n".join(f"acme/x{n}" for n in range(20000)))
    hub.script("/api/models?*", as_json([], headers=limits))

    assert call(hub, "--list", "list.txt", "--plan") == 0

    told = capsys.readouterr().out.splitlines()
    assert told[0] == "plan: 20,000 models; nothing is audited. Estimates, with ranges."
    assert max(map(len, told)) <= 80


def test_what_was_scanned_is_planned_for_less(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(hub, "--org", "acme", "--out", "out", "--workers", "1", "-q") == 0

    known = planned(hub, capsys, "--org", "acme")["known"]
    left = planned(hub, capsys, "--out", "out", "--resume")

    assert (known["fresh"] + known["stale"], known["absent"]) == (4, 0)
    assert (left["models"], left["finished"]) == (0, 4)


def test_a_hub_that_does_not_answer_has_no_plan(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    hub.script("/api/models?*", as_json({}), forever=True)

    assert call(hub, "--org", "acme", "--plan") == 3
    assert "could not be listed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--plan",), "nothing says which models"),
        (("--plan", "--org", "acme", "-f", "sarif"), "no format"),
        (("--plan", "cards.jsonl"), "asks nothing"),
    ],
)
def test_what_cannot_be_planned(
    hub: StandIn, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    Path("cards.jsonl").write_text("{}\n")

    assert call(hub, *words) == 2
    assert told in capsys.readouterr().err


def test_a_plan_is_written_to_files(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(hub, "--org", "acme", "--plan", "-o", "plan.json", "-o", "plan.txt") == 0
    assert capsys.readouterr().out == ""
    assert json.loads(Path("plan.json").read_text())["models"] == 4
    assert Path("plan.txt").read_text().startswith("plan: 4 models;")


def test_a_plan_is_no_picture(hub: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(hub, "--org", "acme", "--plan", "-o", "plan.svg") == 2
    assert "a plan cannot be written to plan.svg" in capsys.readouterr().err
