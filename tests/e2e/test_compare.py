"""`modelaudit compare` through the real command: shared base models are asked for once, what is missing is told."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import command_kit
from openness_audit.model.compare import SCHEMA_ID
from standin import StandIn

WEIGHTS = {"model.safetensors": 1000, "config.json": "{}"}


def model(front: str, **files: Any) -> dict[str, Any]:
    return {"files": {"README.md": f"---\n{front}\n---\n# A model\n", **WEIGHTS, **files}}


MODELS = {
    "acme/owl": model("license: mit\nbase_model: nest/eagle"),
    "acme/kite": model("license: apache-2.0\nbase_model: nest/eagle"),
    "nest/eagle": model("license: apache-2.0\nbase_model: meta-llama/Llama-2-7b-hf"),
    "meta-llama/Llama-2-7b-hf": model("license: llama2"),
}


def run(server: StandIn, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **server.environ, "COLUMNS": "80"}
    return command_kit.run(folder, "compare", *words, "--cache-dir", str(folder / "cache"), env=environ)


def test_models_of_one_family_are_compared_and_their_base_is_asked_for_once(tmp_path: Path) -> None:
    with StandIn(models=MODELS) as server:
        done = run(server, tmp_path, "acme/owl", "acme/kite", "nest/eagle", "-f", "json")
        asked = Counter(seen.path.partition("?")[0] for seen in server.seen)

    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert told["schema"] == SCHEMA_ID
    assert [m["id"] for m in told["models"]] == ["acme/owl", "acme/kite", "nest/eagle"]
    assert {name: asked[f"/api/models/{name}"] for name in MODELS} == dict.fromkeys(MODELS, 1)
    rows = {row["id"]: row for row in told["rows"]}
    assert [c["value"] for c in rows["license-own"]["cells"]] == ["MIT", "Apache-2.0", "Apache-2.0"]
    assert [c["state"] for c in rows["train-on-outputs"]["cells"]] == ["not-allowed"] * 3


def test_what_is_not_there_is_told_and_ends_in_three(tmp_path: Path) -> None:
    with StandIn(models=MODELS) as server:
        done = run(server, tmp_path, "acme/owl", "acme/gone", "acme/kite", "-o", "all.html", "-o", "all.json")

    page, told = (tmp_path / "all.html").read_text("utf-8"), json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert done.returncode == 3
    assert done.stdout.splitlines()[1].startswith("not compared: acme/gone was not found")
    assert done.stderr.splitlines()[0].startswith("error: acme/gone was not found")
    assert [m["asked"] for m in told["missing"]] == ["acme/gone"]
    assert page.count('<th scope="col"') == 3
    assert "Not compared." in page


def test_nothing_that_can_be_compared_leaves_nothing(tmp_path: Path) -> None:
    with StandIn(models=MODELS) as server:
        done = run(server, tmp_path, "acme/gone", "acme/owl", "-o", "all.html")

    assert (done.returncode, done.stdout, (tmp_path / "all.html").exists()) == (3, "", False)
    assert "nothing is compared" in done.stderr


def test_a_directory_a_finished_audit_and_bundled_evidence_stand_side_by_side(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "README.md").write_text("---\nlicense: apache-2.0\n---\n# Mine\n", "utf-8")
    with StandIn(models=MODELS) as server:
        server.down = True
        environ = {**os.environ, **server.environ}
        assert command_kit.run(tmp_path, "./mine", "-q", "-o", "mine.json", env=environ).returncode == 0
        done = run(server, tmp_path, "mine.json", "./mine", "microsoft/phi-2", "--offline")

    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0].startswith("3 models compared: ")
    assert "read from a finished audit" in done.stdout
    assert "bundled evidence" in done.stdout
    assert [line for line in lines if len(line) > 80] == []
