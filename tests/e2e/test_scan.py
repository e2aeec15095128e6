"""A code base scanned by the real command: models on a stand-in Hub, a policy, and files that agree with the code."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from jsonschema import Draft202012Validator

import command_kit
from openness_audit.render.reference.schemas import schema
from scan_kit import notebook
from standin import StandIn

TESTS = Path(__file__).parents[1]
CARD = "---\nlicense: {}\n---\n# A model\n\nTrained on Wikipedia.\n"
MODELS = {
    name: {"files": {"README.md": CARD.format(terms), "model.safetensors": 1000, "config.json": "{}"}}
    for name, terms in (("birds-lab/owl", "apache-2.0"), ("birds-lab/crow", "cc-by-nc-4.0"))
}
FILES = {
    "src/app.py": 'from transformers import AutoModel\nAutoModel.from_pretrained("birds-lab/owl")\n',
    "nb/try.ipynb": notebook(['from transformers import pipeline\npipeline(model="birds-lab/crow")\n']),
    "deploy/Dockerfile": "FROM python:3.11\nENV MODEL_ID=birds-lab/gone\n",
    "conf.yaml": "datasets:\n  - path: birds-lab/songs\n",
    ".gitignore": "old/\n",
    "old/app.py": 'from transformers import AutoModel\nAutoModel.from_pretrained("birds-lab/dodo")\n',
}


def scan(server: StandIn, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    cache = str(folder.parent / "cache")
    return command_kit.run(folder, "scan", ".", *words, "--cache-dir", cache, env={**os.environ, **server.environ})


def test_a_code_base_is_scanned(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with StandIn(models=MODELS) as server:
        plain = scan(server, folder, "-o", "scan.json", "-o", "scan.sarif")
        gated = scan(server, folder, "--policy", "packaged:commercial-product", "-q", "-f", "json")
        asked_before = server.count()
        offline = scan(server, folder, "--offline", "-f", "json")
        listed = scan(server, folder, "--list-only")
        asked_after = server.count()

    told = json.loads((folder / "scan.json").read_text("utf-8"))
    log = json.loads((folder / "scan.sarif").read_text("utf-8"))
    sarif = json.loads((TESTS / "data" / "sarif-schema-2.1.0.json").read_text("utf-8"))
    results = [
        (r["ruleId"], p["artifactLocation"]["uri"], p["region"]["startLine"])
        for r in log["runs"][0]["results"]
        if r["ruleId"] in ("unpinned-model", "not-audited")
        for p in [r["locations"][0]["physicalLocation"]]
    ]

    assert (plain.returncode, gated.returncode, offline.returncode, listed.returncode) == (3, 1, 3, 0)
    assert asked_before == asked_after
    assert "error: deploy/Dockerfile:2: birds-lab/gone" in plain.stderr
    assert plain.stdout.startswith("3 models used in 3 of 4 files: 1 not audited, 3 not pinned to a commit\n")
    assert list(Draft202012Validator(json.loads(schema("scan"))).iter_errors(told)) == []
    assert list(Draft202012Validator(sarif).iter_errors(log)) == []
    assert [(m["id"], m["audited"], m["exit_code"]) for m in told["models"]] == [
        ("birds-lab/crow", True, 0),
        ("birds-lab/gone", False, 3),
        ("birds-lab/owl", True, 0),
    ]
    assert [d["id"] for d in told["datasets"]] == ["birds-lab/songs"]
    assert sorted(results) == [
        ("not-audited", "deploy/Dockerfile", 2),
        ("unpinned-model", "nb/try.ipynb", 8),
        ("unpinned-model", "src/app.py", 2),
    ]
    assert {m["id"]: m["policy"] for m in json.loads(gated.stdout)["models"]}["birds-lab/crow"] == "violated"
