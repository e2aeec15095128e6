"""Every exit code of the gate through the real command, against a Hub on loopback."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import command_kit
from openness_audit.cli.policy.policies import templates
from standin import StandIn
from standin_http import Answer

MIT = "MIT License\n\nPermission is hereby granted, free of charge, to anybody.\n"
CARD = """
# Owl
Owl is a small language model for tests. It was trained from scratch by Acme on the data set acme/barn.

## Intended use
Counting mice in fields and writing about it.

## Training data
Owl was trained on [acme/barn](https://huggingface.co/datasets/acme/barn).

## Evaluation
| task | accuracy |
|---|---|
| mice | 0.9 |
"""


def model(front: str, body: str = CARD, **more: Any) -> dict[str, Any]:
    files = {"README.md": f"---\n{front}\n---\n{body}", "model.safetensors": 1000, "config.json": "{}"}
    return {"files": files | more.pop("files", {}), **more}


OWL = model("license: apache-2.0\ndatasets: [acme/barn]")
MODELS = {
    "acme/owl": OWL,
    "acme/kite": model("license: cc-by-nc-4.0"),
    "acme/stray": model("base_model: acme/gone"),
    "acme/lost": model("license: apache-2.0\nbase_model: acme/gone"),
    "acme/shut": model("license: apache-2.0", gated="manual"),
}
DATASETS = {"acme/barn": {"files": {"README.md": "---\nlicense: mit\n---\n# Barn\n", "train.csv": "a,b\n1,2\n"}}}
SERVE = """
name: product
clauses:
  serve: {check: use, use: serve, message: we sell it}
  licence: {check: license-family, allow: [osi, permissive]}
"""


@pytest.fixture
def server() -> Any:
    with StandIn(models=MODELS, datasets=DATASETS) as found:
        yield found


def run(server: StandIn, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **server.environ, "COLUMNS": "80", "OPENNESS_AUDIT_CACHE": str(folder / "cache")}
    return command_kit.run(folder, *words, env=environ)


def policies(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Give the policy's part of each document on standard output: one, or one a line."""
    texts = done.stdout.splitlines() if done.stdout.count("\n{") else [done.stdout]
    return [json.loads(text)["verdict"]["policy"] for text in texts]


def test_the_codes_of_several_models_and_of_each(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / ".modelaudit.yaml").write_text(SERVE)

    each = {name: run(server, tmp_path, name, "-q").returncode for name in MODELS}
    both = run(server, tmp_path, "acme/owl", "acme/kite", "acme/lost", "-f", "json", "-q")
    unsure = run(server, tmp_path, "acme/owl", "acme/lost", "-q")
    gone = run(server, tmp_path, "acme/owl", "acme/nobody", "-q")

    assert each == {"acme/owl": 0, "acme/kite": 1, "acme/stray": 1, "acme/lost": 3, "acme/shut": 0}
    assert [p["result"] for p in policies(both)] == ["met", "violated", "no-verdict"]
    assert (both.returncode, unsure.returncode, gone.returncode) == (1, 3, 3)


def test_what_is_told_of_a_policy_found_here(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / ".modelaudit.yaml").write_text(SERVE)

    done = run(server, tmp_path, "acme/kite")

    first = " ".join(done.stdout.splitlines()[:4])
    assert "product" in first
    assert ".modelaudit.yaml" in first
    assert "Traceback" not in done.stderr


def test_a_waiver_opens_the_gate_until_the_model_changes(server: StandIn, tmp_path: Path) -> None:
    path = tmp_path / ".modelaudit.yaml"
    path.write_text(SERVE + "waiver-files: [waivers.yaml]\n")
    (tmp_path / "waivers.yaml").write_text("waivers: []\n")
    words = ("--reason", "separate-agreement", "--approver", "J. Doe", "--text", "contract 17")
    made = [
        run(server, tmp_path, "policy", "waiver", "acme/kite", "--clause", clause, *words)
        for clause in ("serve", "licence")
    ]
    entries = [done.stdout.removeprefix("waivers:\n") for done in made]
    (tmp_path / "waivers.yaml").write_text("waivers:\n" + "".join(entries))

    assert [done.returncode for done in made] == [0, 0]
    assert run(server, tmp_path, "acme/kite", "-q").returncode == 0
    assert run(server, tmp_path, "acme/kite", "-q", "--as-of", "2099-01-01").returncode == 1

    later = model("license: cc-by-nc-4.0", CARD + "\nA new line.\n", sha="f" * 40)
    with StandIn(models={"acme/kite": later}) as changed:
        (tmp_path / "cache").rename(tmp_path / "old")
        done = run(changed, tmp_path, "acme/kite", "-f", "json")

    (told,) = policies(done)
    assert (done.returncode, told["result"]) == (1, "violated")
    assert {void["on"] for void in told["void_waivers"]} == {"clause serve", "clause licence"}
    assert all("it is for commit" in void["why"] for void in told["void_waivers"])


def test_a_hub_that_fails_never_opens_the_gate(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / ".modelaudit.yaml").write_text(
        "name: x\nclauses: {clean: {check: findings, at-most: none, deny: [tag-text]}}\n"
    )
    server.script("*/resolve/*", Answer(500), forever=True)

    done = run(server, tmp_path, "acme/owl", "-q", "--timeout", "3")

    assert done.returncode in (1, 3)


def test_a_policy_that_cannot_be_used_asks_nothing_of_the_hub(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / ".modelaudit.yaml").write_text(SERVE + "colour: red\n")

    done = run(server, tmp_path, "acme/owl")

    assert (done.returncode, done.stdout, server.seen) == (2, "", [])
    assert ".modelaudit.yaml:6: colour: unknown key 'colour'" in done.stderr


def test_a_result_that_cannot_be_written_ends_in_4(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / ".modelaudit.yaml").write_text(SERVE)

    assert run(server, tmp_path, "acme/kite", "-o", "none/report.json").returncode == 4


def test_conditions_in_cel_gate_and_cannot_hang(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / "cel.yaml").write_text(
        "name: cel\nclauses:\n"
        "  named: {check: cel, message: the licence is Apache, "
        "expression: \"audit.licenses.own.expression == 'Apache-2.0'\"}\n"
    )
    (tmp_path / "loop.yaml").write_text(
        "name: loop\nclauses:\n  loop:\n    check: cel\n    message: never ends\n    expression: >-\n      "
        + "audit.assessments.all(a, " * 9
        + "true"
        + ")" * 9
        + "\n"
    )

    codes = [run(server, tmp_path, name, "--policy", "cel.yaml", "-q").returncode for name in ("acme/owl", "acme/kite")]
    loop = run(server, tmp_path, "acme/owl", "--policy", "loop.yaml", "-f", "json")

    assert codes == [0, 1]
    assert loop.returncode == 3
    assert "computing time" in policies(loop)[0]["clauses"][0]["why"]


@pytest.mark.parametrize("name", templates())
def test_every_template_lets_a_good_model_pass_and_stops_a_bad_one(name: str, server: StandIn, tmp_path: Path) -> None:
    code = run(server, tmp_path, "acme/stray", "--policy", f"packaged:{name}", "-q").returncode

    assert code == 1
    if name in ("internal-use", "redistribute", "commercial-product"):
        assert run(server, tmp_path, "acme/owl", "--policy", f"packaged:{name}", "-q").returncode == 0
