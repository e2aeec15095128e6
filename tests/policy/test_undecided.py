"""Findings that could not be ruled out are in the document, so that a clause on findings is not met in silence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from openness_audit.model.audit import Audit
from openness_audit.model.audit_licenses import ResolvedLicense
from openness_audit.pipeline import audit_model
from openness_audit.ruleset import load_rules
from openness_audit.settings import Settings, Target
from policy_kit import AS_OF, clause
from standin import StandIn
from standin_http import Answer

UPSTREAM = "check: findings, deny: [tag-upstream]"


def model(front: str, **files: Any) -> dict[str, Any]:
    return {"files": {"README.md": f"---\n{front}\n---\n# A model\n", "config.json": "{}"} | files}


MODELS = {
    "acme/whole": model("license: mit", **{"model.safetensors": 1000}),
    "acme/tuned": model("license: mit\nbase_model: acme/gone", **{"model.safetensors": 1000}),
    "acme/adapter": model("license: mit", **{"adapter_config.json": "{}", "adapter_model.safetensors": 10}),
}


def audit(name: str, folder: Path, *, cardless: bool = False) -> Audit:
    with StandIn(models=MODELS) as server:
        if cardless:
            server.script("*/README.md*", Answer(500), forever=True)
        return audit_model(
            Target(kind="hub", id=name),
            Settings(endpoint=server.endpoint, github_api_url=server.github_api, cache_dir=folder, timeout_s=3),
            rules=load_rules(),
            now=datetime(2026, 11, 21, tzinfo=UTC),
            as_of=AS_OF,
        )


def open_rules(found: Audit) -> set[str]:
    assert all(row.unknown for row in found.undecided)
    return {row.rule for row in found.undecided}


def test_where_everything_was_read_nothing_is_undecided(tmp_path: Path) -> None:
    found = audit("acme/whole", tmp_path)

    assert found.undecided == ()
    assert clause(found, UPSTREAM).met == "met"


@pytest.mark.parametrize("name", ["acme/tuned", "acme/adapter"])
def test_a_base_model_that_is_gone_or_not_named_leaves_contradictions_open(name: str, tmp_path: Path) -> None:
    found = audit(name, tmp_path)

    assert "tag-upstream" in open_rules(found)
    row = clause(found, UPSTREAM)
    assert row.met == "unknown"
    assert "tag-upstream (" in row.why


def test_a_card_that_was_not_read_leaves_much_open(tmp_path: Path) -> None:
    found = audit("acme/whole", tmp_path, cardless=True)

    assert {"tag-upstream", "tag-prose", "claim-contradicted"} <= open_rules(found)
    assert clause(found, "check: findings, deny: [tag-prose]").met == "unknown"
    assert clause(found, "check: findings, at-most: none").met != "met"


def test_a_criterion_that_nobody_can_tell_may_have_a_gap(tmp_path: Path) -> None:
    found = audit("acme/whole", tmp_path, cardless=True)

    unknown = {c.id for c in found.criteria if c.status == "unknown"}
    assert "evaluation-code" in unknown
    assert "evaluation-code" in open_rules(found)


def test_a_base_model_that_nothing_names_keeps_the_licence_from_being_met(tmp_path: Path) -> None:
    found = audit("acme/adapter", tmp_path)
    rail = ResolvedLicense(expression="LicenseRef-hf-openrail", family="behavioural-use", why="made up")
    found = replace(found, licenses=replace(found.licenses, effective=rail))

    assert found.licenses.chain_complete is False
    assert clause(found, "check: license-family, deny: [non-commercial]").met == "unknown"
    assert clause(found, "check: license, allow: [LicenseRef-hf-openrail]").met == "unknown"
