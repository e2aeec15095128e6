"""Whichever single answer fails: nothing is called better, nothing worse, nothing gone; it is unknown, or as it was."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from openness_audit.drift.changes import changes
from openness_audit.drift.snapshot import snapshot
from openness_audit.model.audit import Audit
from openness_audit.pipeline import audit_model
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target
from openness_audit.sources import live
from openness_audit.sources.retry import Patience
from standin import StandIn
from standin_http import Answer

DATA_CARD = "# Corpus\n\n" + "Ten million pages of gardening advice, gathered by hand over nine years. " * 4
CARD = """---
license: apache-2.0
base_model: nest/eagle
datasets: [acme/corpus]
---
# Owl

Owl is fine-tuned from [nest/eagle](https://huggingface.co/nest/eagle) on
[acme/corpus](https://huggingface.co/datasets/acme/corpus), all of it.
The training and evaluation code is at [github.com/acme/owl-code](https://github.com/acme/owl-code).

| Task | Owl |
|---|---|
| MMLU | 41.0 |
"""
WEIGHTS = {"config.json": '{"model_type": "llama"}', "model.safetensors": 2_000_000_000}


def hub() -> StandIn:
    return StandIn(
        models={
            "acme/owl": {"files": {"README.md": CARD, "LICENSE": "Do as you like, gently.\n", **WEIGHTS}},
            "nest/eagle": {
                "files": {"README.md": "---\nlicense: llama2\nbase_model: hill/hawk\n---\n# Eagle\n", **WEIGHTS}
            },
            "hill/hawk": {"files": {"README.md": "---\nlicense: cc-by-nc-4.0\n---\n# Hawk\n", **WEIGHTS}},
        },
        datasets={"acme/corpus": {"files": {"README.md": DATA_CARD}, "card": {"license": "cc-by-4.0"}}},
        github={"acme/owl-code": {"files": {"train.py": "", "finetune.py": "", "evaluate.py": ""}, "license": "MIT"}},
    )


def audit(server: StandIn, cache: Path) -> Audit:
    return audit_model(
        Target(kind="hub", id="acme/owl"),
        Settings(endpoint=server.endpoint, github_api_url=server.github_api, cache_dir=cache, timeout_s=30.0),
        rules=load_rules(),
        now=datetime(2026, 1, 2, tzinfo=UTC),
        as_of=date(2026, 1, 2),
    )


@pytest.mark.parametrize("status", [500, 429], ids=["server-error", "rate-limit"])
def test_an_answer_that_fails_is_not_drift(status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "Patience", functools.partial(Patience, base_wait=0.01, max_wait=0.05))
    fault = Answer(status=status, headers={"Retry-After": "9999"} if status == 429 else {})
    with hub() as server:
        whole = snapshot(audit(server, tmp_path / "whole"))
        paths = sorted(
            {seen.path for seen in server.seen if not seen.path.partition("?")[0].endswith("/api/models/acme/owl")}
        )
    assert len(paths) > 8
    assert whole.not_checked == ()

    for number, path in enumerate(paths):
        with hub() as server:
            server.script(path.replace("[", "[[]"), fault, forever=True)
            found = changes(whole, snapshot(audit(server, tmp_path / str(number))))
        assert [c for c in found if c.direction in ("better", "worse")] == [], path
        assert [c for c in found if c.kind.endswith(("-gone", "-dropped")) and c.direction != "unknown"] == [], path
        assert not found or "unknown" in {c.direction for c in found}, path


def test_what_a_base_model_that_is_gone_was_made_from_is_not_dropped(tmp_path: Path) -> None:
    with hub() as server:
        whole = snapshot(audit(server, tmp_path / "whole"))
        del server.repos["models"]["nest/eagle"]
        found = changes(whole, snapshot(audit(server, tmp_path / "less")))

    bases = {(c.kind, c.about, c.direction) for c in found if c.about in ("nest/eagle", "hill/hawk")}
    assert {("base-model-gone", "nest/eagle", "worse"), ("unread", "hill/hawk", "unknown")} <= bases
    assert "base-model-dropped" not in {c.kind for c in found}
    assert "better" not in {c.direction for c in found}
