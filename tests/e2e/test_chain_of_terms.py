"""Base models are looked up for their terms once each, to the roots, whatever strangers wrote there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from openness_audit.model.audit import Audit
from openness_audit.pipeline import audit_model
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target
from standin import StandIn

WEIGHTS = {"model.safetensors": 1000}


def model(front: str, body: str = "# A model\n", **more: Any) -> dict[str, Any]:
    return {"files": {"README.md": f"---\n{front}\n---\n{body}", **WEIGHTS, **more.pop("files", {})}, **more}


def audit(server: StandIn, name: str, cache: Path, *, offline: bool = False) -> Audit:
    return audit_model(
        Target(kind="hub", id=name),
        Settings(endpoint=server.endpoint, github_api_url=server.github_api, cache_dir=cache, offline=offline),
        rules=load_rules(),
        now=datetime(2026, 1, 2, tzinfo=UTC),
        as_of=date(2026, 1, 2),
    )


CHAIN = {
    "acme/owl": model("license: mit\nbase_model: nest/eagle"),
    "nest/eagle": model("license: apache-2.0\nbase_model: hill/hawk"),
    "hill/hawk": model("license: apache-2.0\nbase_model: meta-llama/Llama-2-7b-hf"),
    "meta-llama/Llama-2-7b-hf": model("license: llama2"),
}


def test_a_chain_is_walked_to_its_root_and_told_with_its_path(tmp_path: Path) -> None:
    with StandIn(models=CHAIN) as server:
        found = audit(server, "acme/owl", tmp_path)

    (conflict,) = found.licenses.conflicts
    assert conflict.path == ("acme/owl", "nest/eagle", "hill/hawk", "meta-llama/Llama-2-7b-hf")
    assert any("Built with" in c or "licence" in c or "section" in c for c in conflict.clauses)
    assert [(node.id, node.license) for node in found.lineage.nodes] == [
        ("acme/owl", "MIT"),
        ("hill/hawk", "Apache-2.0"),
        ("meta-llama/Llama-2-7b-hf", "LicenseRef-hf-llama2"),
        ("nest/eagle", "Apache-2.0"),
    ]
    assert found.licenses.effective.family == "community"
    assert found.verdict.terms == "restricted"
    assert found.licenses.chain_complete
    assert [f.rule for f in found.findings if f.rule == "tag-upstream"] == ["tag-upstream"]


def test_each_base_model_is_asked_for_once(tmp_path: Path) -> None:
    with StandIn(models=CHAIN) as server:
        audit(server, "acme/owl", tmp_path)
        asked = [seen.path.partition("?")[0] for seen in server.seen]

    records = [path for path in asked if path.removeprefix("/api/models/") in CHAIN]
    assert sorted(records) == sorted(f"/api/models/{name}" for name in CHAIN)


def test_from_the_cache_the_chain_is_the_same(tmp_path: Path) -> None:
    with StandIn(models=CHAIN) as server:
        live = audit(server, "acme/owl", tmp_path)
        server.down = True
        kept = audit(server, "acme/owl", tmp_path, offline=True)

    assert kept.licenses.effective == live.licenses.effective
    assert [c.path for c in kept.licenses.conflicts] == [c.path for c in live.licenses.conflicts]
    assert [(link.id, link.expression) for link in kept.licenses.chain] == [
        (link.id, link.expression) for link in live.licenses.chain
    ]


def test_offline_an_ancestor_that_was_never_asked_for_is_unknown_with_its_cause(tmp_path: Path) -> None:
    models = {"acme/owl": CHAIN["acme/owl"]}
    with StandIn(models=models) as server:
        audit(server, "acme/owl", tmp_path)
        server.down = True
        found = audit(server, "acme/owl", tmp_path, offline=True)

    (link,) = found.licenses.chain[1:]
    assert (link.id, link.how, len(link.unknown)) == ("nest/eagle", "unknown", 1)
    assert found.licenses.effective.family == "unknown"
    assert not found.licenses.chain_complete


@pytest.mark.parametrize(
    ("base", "family"),
    [
        ("acme/owl", "osi"),  # itself
        ("ACME/Owl", "osi"),
        ("nest", "unknown"),  # an organisation
        ("https://huggingface.co/nest/eagle", "osi"),  # an address of the Hub is an id
        ("https://models.example/eagle", "unknown"),
        ("/home/jo/models/eagle", "unknown"),
        ("C:/models/eagle", "unknown"),
        ("../eagle", "unknown"),
        ("nest/gone", "unknown"),
        ("{}", "osi"),  # nothing
        ("[]", "osi"),
        ("[nest/eagle, nest/eagle, NEST/Eagle]", "osi"),
    ],
)
def test_odd_base_models(base: str, family: str, tmp_path: Path) -> None:
    front = f"license: mit\nbase_model: {base}"
    with StandIn(models={"acme/owl": model(front), "nest/eagle": model("license: apache-2.0")}) as server:
        found = audit(server, "acme/owl", tmp_path)

    assert found.licenses.effective.family == family
    assert found.licenses.conflicts == ()
    assert all(link.unknown or link.how != "unknown" for link in found.licenses.chain[1:])


def test_a_cycle_ends(tmp_path: Path) -> None:
    models = {
        "acme/owl": model("license: mit\nbase_model: nest/eagle"),
        "nest/eagle": model("license: mit\nbase_model: hill/hawk"),
        "hill/hawk": model("license: llama2\nbase_model: [nest/eagle, acme/owl, hill/hawk]"),
    }
    with StandIn(models=models) as server:
        found = audit(server, "acme/owl", tmp_path)

    assert [link.id for link in found.licenses.chain] == ["acme/owl", "nest/eagle", "hill/hawk"]
    assert [c.path[-1] for c in found.licenses.conflicts] == ["hill/hawk"]


def test_fifty_steps_are_cut_and_the_last_is_unknown(tmp_path: Path) -> None:
    models = {f"deep/m{n}": model(f"license: mit\nbase_model: deep{n % 7}/m{n + 1}") for n in range(1)}
    models |= {
        f"deep{n % 7}/m{n + 1}": model(f"license: mit\nbase_model: deep{(n + 1) % 7}/m{n + 2}") for n in range(50)
    }
    with StandIn(models=models) as server:
        found = audit(server, "deep/m0", tmp_path)

    last = found.licenses.chain[-1]
    assert last.how == "unknown"
    assert last.unknown[0].code == "budget"
    assert found.licenses.effective.family == "unknown"
    assert any(row.what == last.id for row in found.not_checked)
    assert len(found.licenses.chain) < 20
