"""The real commands against a stand-in Hub whose repositories change between approval and check."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import command_kit
from standin import StandIn, sha1
from standin_http import Answer

OWL, EAGLE, DATA = "acme/owl", "nest/eagle", "acme/corpus"
CARD = """---
license: apache-2.0
base_model: nest/eagle
datasets: [acme/corpus]
---
# Owl

Owl is a language model, fine-tuned from [nest/eagle](https://huggingface.co/nest/eagle) on
[acme/corpus](https://huggingface.co/datasets/acme/corpus), all of it.
The training code is at [github.com/acme/owl-code](https://github.com/acme/owl-code).
"""
BASE_CARD = "---\nlicense: mit\n---\n# Eagle\n\nEagle is a language model of 24 layers.\n"
WEIGHTS = {"config.json": '{"model_type": "llama"}', "model.safetensors": 2_000_000_000}


def hub() -> StandIn:
    data_card = "# Corpus\n\n" + "Ten million pages of gardening advice, gathered by hand over nine years. " * 4
    return StandIn(
        models={
            OWL: {"files": {"README.md": CARD, "LICENSE": "Do as you like with it, gently.\n", **WEIGHTS}},
            EAGLE: {"files": {"README.md": BASE_CARD, **WEIGHTS}},
        },
        datasets={DATA: {"files": {"README.md": data_card}}},
        github={"acme/owl-code": {"files": {"train.py": "", "finetune.py": ""}, "license": "Apache-2.0"}},
    )


class Desk:
    """A folder with a lock and a Hub."""

    def __init__(self, server: StandIn, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.runs = 0

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command with a cache of its own, so that nothing is remembered of the Hub."""
        self.runs += 1
        cache = self.folder / f"cache-{self.runs}"
        env = {"PATH": "/usr/bin:/bin", "HOME": str(cache), "OPENNESS_AUDIT_CACHE": str(cache), **self.server.environ}
        return command_kit.run(self.folder, *words, env=env)

    def check(self, *words: str, code: int) -> dict[str, Any]:
        """Check the lock; give the first model's part."""
        done = self.run("check", "-f", "json", *words)
        assert done.returncode == code, done.stdout + done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        assert found["code"] == code
        model: dict[str, Any] = found["models"][0]
        return model


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    with hub() as server:
        made = Desk(server, tmp_path)
        done = made.run("approve", OWL, "--approver", "J. Doe", "--ticket", "LEGAL-12")
        assert done.returncode == 0, done.stderr
        yield made


def told(model: dict[str, Any], *ways: str) -> set[tuple[str, str, str | None, str | None]]:
    rows = [c for c in model["changes"] if not ways or c["direction"] in ways]
    return {(c["kind"], c["about"], c["old"], c["new"]) for c in rows}


def edit(server: StandIn, model: str, **files: Any) -> None:
    """Change files of a model, as a new commit."""
    record = server.repos["models"][model]
    kept = {**record["files"], **{name.replace("__", "."): text for name, text in files.items()}}
    record["files"] = {name: text for name, text in kept.items() if text is not None}
    record["sha"] = sha1(f"{model} {sorted(map(str, kept.items()))}")


def test_nothing_changed(desk: Desk) -> None:
    model = desk.check(code=0)

    assert (model["result"], model["changes"], model["approval"]["ticket"]) == ("same", [], "LEGAL-12")


def test_licence_relabelled(desk: Desk) -> None:
    edit(desk.server, OWL, README__md=CARD.replace("apache-2.0", "cc-by-nc-4.0"))
    model = desk.check(code=1)

    worse = told(model, "worse")
    relabelled = ("license-relabelled", "", "Apache-2.0 (osi)", "CC-BY-NC-4.0 (non-commercial)")
    assert relabelled in worse
    assert ("use", "serve", "allowed", "not-allowed") in worse
    assert ("class", "licence terms", "open", "restricted") in worse
    (change,) = [c for c in model["changes"] if c["kind"] == "license-relabelled"]
    assert [(e["path"], e["line"]) for e in change["evidence"]] == [("README.md", 2)]
    assert model["old"]["sha"] != model["new"]["sha"]
    assert not told(model, "better")


def test_weights_replaced(desk: Desk) -> None:
    edit(desk.server, OWL, model__safetensors=2_000_000_001)
    model = desk.check(code=1)

    assert told(model, "worse") == {("weights-replaced", "model.safetensors", "1 file", "1 file: 1 other")}


def test_gate_added(desk: Desk) -> None:
    desk.server.repos["models"][OWL]["gated"] = "manual"
    model = desk.check(code=1)

    assert ("gate-added", "", "none", "manual") in told(model, "worse")
    assert not told(model, "better")


def test_data_set_gone(desk: Desk) -> None:
    del desk.server.repos["datasets"][DATA]
    model = desk.check(code=1)

    assert ("data-gone", DATA, "public", "missing") in told(model, "worse")


def test_base_model_relicensed(desk: Desk) -> None:
    edit(desk.server, EAGLE, README__md=BASE_CARD.replace("mit", "cc-by-nc-4.0"))
    model = desk.check(code=1)

    relicensed = ("base-model-relicensed", EAGLE, "MIT (osi)", "CC-BY-NC-4.0 (non-commercial)")
    assert relicensed in told(model, "worse")
    assert model["old"]["sha"] == model["new"]["sha"]


def test_base_model_gone(desk: Desk) -> None:
    del desk.server.repos["models"][EAGLE]
    model = desk.check(code=1)

    assert ("base-model-gone", EAGLE, "public", "not-found-or-private") in told(model, "worse")


def test_licence_text_changed(desk: Desk) -> None:
    edit(desk.server, OWL, LICENSE="Do as you like with it, but not on Sundays.\n")
    model = desk.check(code=1)

    assert {(kind, about) for kind, about, _, _ in told(model, "worse")} == {("license-text-changed", "LICENSE")}


def test_what_could_not_be_looked_at_is_unknown_and_never_gone(desk: Desk) -> None:
    down = Answer(status=500)
    desk.server.script("/api/datasets/*", down, forever=True)
    desk.server.script(f"/api/models/{EAGLE}*", down, forever=True)
    desk.server.script(
        "/github/*", Answer(status=403, headers={"X-RateLimit-Remaining": "0", "Retry-After": "9999"}), forever=True
    )
    model = desk.check("--timeout", "20", code=3)

    assert model["result"] == "unknown"
    assert not told(model, "worse", "better")
    kinds = {(kind, about) for kind, about, _, _ in told(model, "unknown")}
    assert {("unread", DATA), ("unread", EAGLE), ("unread", "https://github.com/acme/owl-code")} <= kinds


def test_a_model_that_is_gone_is_told_and_the_others_are_checked(desk: Desk) -> None:
    assert desk.run("approve", EAGLE, "--approver", "J. Doe").returncode == 0
    del desk.server.repos["models"][OWL]
    done = desk.run("check")

    assert done.returncode == 3
    assert "2 approved models: 1 not audited and 1 as approved" in done.stdout
    assert "not audited: the model was not found" in done.stdout
    assert "it was there when it was approved" in done.stdout


def test_a_model_approved_at_a_commit_is_checked_there(desk: Desk) -> None:
    sha = sha1(OWL)
    assert desk.run("approve", f"{OWL}@{sha}", "--approver", "J. Doe").returncode == 0
    desk.server.repos["models"][OWL]["branches"] = [sha]
    desk.check(code=0)

    assert any(f"/revision/{sha}" in seen.path for seen in desk.server.seen)


def test_saying_less_is_not_better(desk: Desk) -> None:
    """A publisher who drops the restricted base model from the card gains nothing by it."""
    edit(desk.server, EAGLE, README__md=BASE_CARD.replace("mit", "llama2"))
    assert desk.run("approve", OWL, "--approver", "J. Doe").returncode == 0
    silent = CARD.replace("base_model: nest/eagle\n", "").replace(
        "fine-tuned from [nest/eagle](https://huggingface.co/nest/eagle)", "trained"
    )
    edit(desk.server, OWL, README__md=silent)
    model = desk.check(code=1)

    assert not told(model, "better")
    assert ("base-model-dropped", EAGLE) in {(kind, about) for kind, about, _, _ in told(model, "worse")}


POLICY = """name: house
clauses:
  licence:
    check: license-family
    allow: [osi, permissive]
    message: a licence that lawyers have read
"""


def test_a_policy_judges_then_and_now(desk: Desk) -> None:
    del desk.server.repos["models"][OWL]["files"]["LICENSE"]  # a text that nobody knows leaves the policy undecided
    (desk.folder / ".modelaudit.yaml").write_text(POLICY, "utf-8")
    assert desk.run("approve", OWL, "--approver", "J. Doe").returncode == 0
    assert desk.check(code=0)["new"]["policy"]["result"] == "met"

    edit(desk.server, OWL, README__md=CARD.replace("apache-2.0", "cc-by-nc-4.0"))
    model = desk.check(code=1)
    (change,) = [c for c in model["changes"] if c["kind"] == "policy-result"]
    assert (change["old"], change["new"], change["why"]) == ("met", "violated", "licence")
    refused = desk.run("approve", OWL, "--approver", "J. Doe")
    assert refused.returncode == 1
    assert "is not approved: policy house is violated (licence)" in refused.stderr


def test_a_policy_that_asks_more_than_it_did_is_told(desk: Desk) -> None:
    del desk.server.repos["models"][OWL]["files"]["LICENSE"]  # a text that nobody knows leaves the policy undecided
    path = desk.folder / ".modelaudit.yaml"
    path.write_text(POLICY, "utf-8")
    assert desk.run("approve", OWL, "--approver", "J. Doe").returncode == 0
    path.write_text(POLICY.replace("allow: [osi, permissive]", "allow: [open-data]"), "utf-8")
    done = desk.run("check")

    assert done.returncode == 1
    told = " ".join(done.stdout.split())
    assert "policy house: violated (licence); was met; the policy is another than then" in told


def test_a_finished_audit_against_what_the_hub_says_now(desk: Desk) -> None:
    assert desk.run(OWL, "-q", "-o", "then.json").returncode == 0
    same = desk.run("diff", "then.json", OWL)
    edit(desk.server, OWL, README__md=CARD.replace("apache-2.0", "cc-by-nc-4.0"))
    now = desk.run("diff", "then.json", OWL)

    assert (same.returncode, same.stdout.splitlines()[0]) == (0, "acme/owl: nothing changed")
    assert now.returncode == 1
    assert "licence relabelled: Apache-2.0 (osi) -> CC-BY-NC-4.0 (non-commercial)" in now.stdout


def test_a_second_check_from_a_warm_cache_sees_what_changed(desk: Desk) -> None:
    """What the Hub says of a branch is asked anew, whatever the cache holds."""
    warm = ("--cache-dir", "warm")
    desk.check(*warm, code=0)
    edit(desk.server, OWL, README__md=CARD.replace("apache-2.0", "cc-by-nc-4.0"))
    desk.check(*warm, code=1)
    desk.server.repos["models"][OWL]["gated"] = "auto"
    model = desk.check(*warm, code=1)

    assert "gate-added" in {c["kind"] for c in model["changes"]}


def test_a_hub_that_is_down_is_no_reason_to_believe_the_cache(desk: Desk) -> None:
    warm = ("--cache-dir", "warm")
    desk.check(*warm, code=0)
    desk.server.down = True
    down = desk.check(*warm, "--timeout", "5", code=3)
    offline = desk.check(*warm, "--offline", code=0)

    assert (down["result"], offline["result"]) == ("not-audited", "same")


def test_ended_in_the_middle_the_lock_is_whole(desk: Desk) -> None:
    before = (desk.folder / "modelaudit.lock.json").read_bytes()
    desk.server.latency_s = 0.3
    cache = desk.folder / "cache-ended"
    env = {"PATH": "/usr/bin:/bin", "HOME": str(cache), "OPENNESS_AUDIT_CACHE": str(cache), **desk.server.environ}
    words = [sys.executable, "-m", "openness_audit", "approve", EAGLE, "--approver", "J. Doe"]
    asked = len(desk.server.seen)
    with subprocess.Popen(words, env=env, cwd=desk.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while len(desk.server.seen) == asked and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)

    assert process.returncode == 130
    assert (desk.folder / "modelaudit.lock.json").read_bytes() == before
    assert [p.name for p in desk.folder.iterdir() if p.name.endswith(".tmp")] == []


def test_a_new_licence_file_that_nobody_knows_leaves_it_open(desk: Desk) -> None:
    edit(desk.server, OWL, MODEL_LICENSE="Ask us before you sell anything.\n")
    model = desk.check(code=3)

    (change,) = [c for c in model["changes"] if c["kind"] == "license-text-added"]
    assert (change["about"], change["direction"]) == ("MODEL_LICENSE", "unknown")
    assert change["why"] == "the approval was without it, and nobody knows what it says"
