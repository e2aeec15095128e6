"""A list gated by a policy through the real command: every file is whole, agrees with the others and with the code."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from pathlib import Path

from jsonschema import Draft202012Validator
from junitparser import JUnitXml

import command_kit
from standin import StandIn

TESTS = Path(__file__).parents[1]
CARD = "---\nlicense: {}\n---\n# A model\n\nTrained on Wikipedia.\n"
MODELS = {
    name: {"files": {"README.md": CARD.format(terms), "model.safetensors": 1000, "config.json": "{}"}}
    for name, terms in (("acme/owl", "apache-2.0"), ("acme/crow", "cc-by-nc-4.0"))
}
LIST = "# ours\r\nacme/owl\r\nacme/crow\r\nacme/gone\r\nnot a model\r\n"
FORMATS = (".sarif", ".xml", ".csv", ".summary.md", ".comment.md")


def run(server: StandIn, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **server.environ}
    return command_kit.run(folder, *words, "--cache-dir", str(folder / "cache"), "-q", env=environ)


def test_every_file_tells_every_model(tmp_path: Path) -> None:
    (tmp_path / "models.txt").write_text(LIST)
    outputs = [word for ending in FORMATS for word in ("-o", f"all{ending}")]
    with StandIn(models=MODELS) as server:
        done = run(server, tmp_path, "--list", "models.txt", "--policy", "packaged:commercial-product", *outputs)
        again = run(server, tmp_path, "--list", "models.txt", "--policy", "packaged:commercial-product", "-f", "sarif")

    log = json.loads((tmp_path / "all.sarif").read_text("utf-8"))
    schema = json.loads((TESTS / "data" / "sarif-schema-2.1.0.json").read_text("utf-8"))
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["model"]: row for row in csv.DictReader(file)}
    suites = {suite.name.partition("@")[0]: suite for suite in JUnitXml.fromfile(str(tmp_path / "all.xml"))}
    call = log["runs"][0]["invocations"][0]

    assert (done.returncode, again.returncode, done.stdout) == (1, 1, "")
    assert list(Draft202012Validator(schema).iter_errors(log)) == []
    assert json.loads(again.stdout) == log
    assert list(rows) == list(suites) == ["acme/owl", "acme/crow", "acme/gone", "not a model"]
    assert (call["exitCode"], call["executionSuccessful"]) == (1, False)
    assert [rows[name]["exit_code"] for name in rows][1:] == ["1", "3", "3"]
    for name, suite in suites.items():
        assert bool(suite.failures or suite.errors) == (rows[name]["exit_code"] != "0")
    lines = {
        result["properties"]["model"].partition("@")[0]: result["locations"][0]["physicalLocation"]["region"][
            "startLine"
        ]
        for result in log["runs"][0]["results"]
    }
    assert lines.items() >= {"acme/crow": 3, "acme/gone": 4, "not a model": 5}.items()
    for ending in (".summary.md", ".comment.md"):
        assert (tmp_path / f"all{ending}").read_text("utf-8").splitlines()[1].startswith("**❌ BLOCK · 4 models: ")
