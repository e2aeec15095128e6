"""The whole way from the command line to the report, against a stand-in Hub on loopback."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import command_kit
from openness_audit.render.json import validate_audit
from standin import StandIn
from standin_http import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    Start = Callable[..., subprocess.CompletedProcess[str]]

CARD = """---
license: apache-2.0
datasets: [acme/corpus]
---
# Lantern 1B

Lantern 1B is a language model of 24 layers. The training and evaluation code is at
[github.com/acme/lantern](https://github.com/acme/lantern).

## Training data

Lantern 1B was pre-trained on [acme/corpus](https://huggingface.co/datasets/acme/corpus), all of it.

## Evaluation

| Task | Lantern 1B |
|---|---|
| MMLU | 41.0 |
"""
CHAT = """---
license: apache-2.0
base_model: acme/lantern-1b
datasets: [acme/chat]
---
# Lantern 1B Chat

Fine-tuned from Lantern 1B on [acme/chat](https://huggingface.co/datasets/acme/chat).
"""
DATA_CARD = "# Corpus\n\n" + "Ten million pages of gardening advice, gathered and cleaned by hand over nine years. " * 4


def hub() -> StandIn:
    weights = {"config.json": '{"model_type": "llama"}', "model.safetensors": 2_000_000_000}
    return StandIn(
        models={
            "acme/lantern-1b": {"files": {"README.md": CARD, **weights}},
            "acme/lantern-1b-chat": {"files": {"README.md": CHAT, **weights}},
        },
        datasets={
            "acme/corpus": {"files": {"README.md": DATA_CARD}},
            "acme/chat": {"files": {"README.md": DATA_CARD}},
        },
        github={
            "acme/lantern": {
                "files": {"README.md": "# Lantern\n", "train.py": "", "configs/lantern-1b.yaml": "", "evaluate.py": ""},
                "license": "Apache-2.0",
            }
        },
    )


def environment(server: StandIn, cache: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": str(cache), "OPENNESS_AUDIT_CACHE": str(cache), **server.environ}


def run(server: StandIn, cache: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return command_kit.run(cache, *words, env={**environment(server, cache), **env})


def fresh(server: StandIn, cache: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command by an interpreter of its own, which hashes in an order of its own."""
    return subprocess.run(
        [sys.executable, "-m", "openness_audit", *words],
        env=environment(server, cache),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=cache,
    )


def audit(server: StandIn, cache: Path, model: str, *words: str, start: Start = run) -> dict[str, Any]:
    done = start(server, cache, model, "-q", "-f", "json", *words)
    assert done.returncode == 0, done.stderr
    assert validate_audit(done.stdout.encode()) == []
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def levels(document: dict[str, Any]) -> dict[str, str]:
    return {c["id"]: c["availability"] for c in document["components"]}


def still(document: dict[str, Any]) -> dict[str, Any]:
    """Drop what may differ between two audits of the same capture."""
    rest = {key: value for key, value in document.items() if key != "run"}
    rest["evidence"] = [
        {key: value for key, value in row.items() if key not in ("retrieved_at", "from_cache")}
        for row in rest["evidence"]
    ]
    return rest


def test_a_base_model_is_judged_by_what_is_there(tmp_path: Path) -> None:
    with hub() as server:
        document = audit(server, tmp_path, "acme/lantern-1b")

    found = levels(document)
    expected = {
        "weights": "open",
        "pretraining-data": "open",
        "finetuning-data": "not-applicable",
        "evaluation-code": "open",
    }
    assert {key: found[key] for key in expected} == expected
    assert document["not_checked"] == []


def test_everything_cited_exists_and_every_state_has_evidence_or_a_search(tmp_path: Path) -> None:
    with hub() as server:
        document = audit(server, tmp_path, "acme/lantern-1b-chat")

    ids = {row["id"] for row in document["evidence"]}
    text = json.dumps({key: value for key, value in document.items() if key != "evidence"})
    assert set(re.findall(r'"(e-[0-9a-f]{12})"', text)) <= ids
    for component in document["components"]:
        if component["availability"] in ("open", "partial"):
            assert component["evidence"], component["id"]
        if component["availability"] == "closed":
            assert component["searched"] or component["evidence"], component["id"]
        if component["availability"] == "unknown":
            assert component["unknown"], component["id"]


def test_a_fine_tune_takes_the_base_models_levels_and_says_so(tmp_path: Path) -> None:
    with hub() as server:
        document = audit(server, tmp_path, "acme/lantern-1b-chat")

    data = next(c for c in document["components"] if c["id"] == "pretraining-data")
    assert (data["availability"], data["inherited_from"]) == ("open", "acme/lantern-1b")
    assert {node["id"] for node in document["lineage"]["nodes"]} == {"acme/lantern-1b", "acme/lantern-1b-chat"}


def test_a_base_model_that_is_gone_leaves_unknown_not_closed(tmp_path: Path) -> None:
    with hub() as server:
        del server.repos["models"]["acme/lantern-1b"]
        document = audit(server, tmp_path, "acme/lantern-1b-chat")

    assert levels(document)["training-code"] == "unknown"
    assert "dead-parent" in {finding["rule"] for finding in document["findings"]}


def test_code_that_could_not_be_opened_is_never_called_closed(tmp_path: Path) -> None:
    with hub() as server:
        server.script(
            "/github/*", Answer(status=403, headers={"X-RateLimit-Remaining": "0", "Retry-After": "9999"}), forever=True
        )
        document = audit(server, tmp_path, "acme/lantern-1b", "--timeout", "20")

    assert levels(document)["training-code"] in ("unknown", "open", "partial")
    assert levels(document)["evaluation-code"] in ("unknown", "open", "partial")
    assert any("github.com/acme/lantern" in row["what"] for row in document["not_checked"])


def test_a_dead_code_link_counts_as_nothing_and_is_a_finding(tmp_path: Path) -> None:
    with hub() as server:
        server.github_repos.clear()
        document = audit(server, tmp_path, "acme/lantern-1b")

    assert levels(document)["training-code"] == "closed"
    assert "dead-repository" in {finding["rule"] for finding in document["findings"]}


def test_two_audits_of_the_same_hub_are_the_same_bytes_but_for_the_run(tmp_path: Path) -> None:
    with hub() as server:
        first = audit(server, tmp_path, "acme/lantern-1b-chat", "--as-of", "2026-01-02", start=fresh)
        asked = len(server.seen)
        second = audit(server, tmp_path, "acme/lantern-1b-chat", "--as-of", "2026-01-02", start=fresh)
        (tmp_path / "other").mkdir()
        third = audit(server, tmp_path / "other", "acme/lantern-1b-chat", "--as-of", "2026-01-02", start=fresh)

    assert still(first) == still(second) == still(third)
    assert first["as_of"] == "2026-01-02"
    assert second["run"]["cache_hits"] > 0
    assert asked > 0


def test_a_model_that_is_not_there_leaves_no_file_and_no_score(tmp_path: Path) -> None:
    with hub() as server:
        done = fresh(server, tmp_path, "acme/none", "-o", "audit.json", "-o", "audit.html")

    assert (done.returncode, done.stdout) == (3, "")
    assert "acme/none" in done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("audit")] == []


def test_a_hub_that_is_gone_ends_in_three_within_the_time_limit(tmp_path: Path) -> None:
    with hub() as server:
        server.down = True
        done = fresh(server, tmp_path, "acme/lantern-1b", "--timeout", "4")

    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_no_token_is_in_a_report_the_cache_or_another_hosts_request(tmp_path: Path) -> None:
    with hub() as server:
        done = run(
            server, tmp_path, "acme/lantern-1b", "-f", "json", HF_TOKEN="hf_secretsecret", GITHUB_TOKEN="ghp_other"
        )

    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert done.returncode == 0
    for secret in ("hf_secretsecret", "ghp_other"):
        assert secret not in done.stdout + done.stderr
        assert secret.encode() not in stored


def test_offline_answers_from_the_cache_and_says_so(tmp_path: Path) -> None:
    with hub() as server:
        online = audit(server, tmp_path, "acme/lantern-1b")
        server.down = True
        told = run(server, tmp_path, "acme/lantern-1b", "--offline")
        offline = audit(server, tmp_path, "acme/lantern-1b", "--offline")

    assert told.stdout.splitlines()[0].startswith("offline")
    assert still(online) == still(offline)


@pytest.mark.parametrize("ending", [".html", ".md", ".json"])
def test_a_directory_is_audited_like_a_repository(tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "README.md").write_text(CARD, "utf-8")
    (folder / "model.safetensors").write_bytes(bytes(4096))
    with hub() as server:
        done = run(server, tmp_path, "./model", "-q", "-o", f"audit{ending}")

    assert done.returncode == 0, done.stderr
    assert "Lantern" in (tmp_path / f"audit{ending}").read_text("utf-8") or ending != ".html"
    assert str(tmp_path) not in (tmp_path / f"audit{ending}").read_text("utf-8")
