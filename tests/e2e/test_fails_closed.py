"""Ways to a green gate that are none: what would hide a model, a policy or its answer ends in another code than 0."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import command_kit
from openness_audit import exits
from standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

CARD = "---\nlicense: {}\n---\n# {}\n\nA small language model, trained from scratch by Acme.\n"
POLICY = "name: product\nclauses:\n  serve: {check: use, use: serve, message: we sell it}\n"


def model(name: str, licence: str) -> dict[str, Any]:
    return {"files": {"README.md": CARD.format(licence, name), "model.safetensors": 1000, "config.json": "{}"}}


@pytest.fixture(scope="module")
def hub() -> Iterator[StandIn]:
    models = {
        "acme/owl": model("Owl", "apache-2.0"),
        "acme/kite": model("Kite", "cc-by-nc-4.0"),
        "acme/eagle": {"renamed_to": "acme/owl"},
    }
    with StandIn(models=models) as found:
        yield found


@pytest.fixture
def run(hub: StandIn, tmp_path: Path) -> Any:
    (tmp_path / "product.yaml").write_text(POLICY)

    def command(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, **hub.environ, "OPENNESS_AUDIT_CACHE": str(tmp_path / "cache")}
        return command_kit.run(tmp_path, *words, env=environ, **more)

    return command


def test_a_folder_cannot_take_the_place_of_a_model_in_a_list(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "acme" / "kite"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(CARD.format("apache-2.0", "Kite"))
    (folder / "model.safetensors").write_bytes(b"x")
    (tmp_path / "models.txt").write_text("acme/kite\n")
    (tmp_path / "own.txt").write_text("./acme/kite\n")

    assert run("--list", "models.txt", "--policy", "product.yaml", "-q").returncode == exits.VIOLATED
    assert run("--list", "own.txt", "--policy", "product.yaml", "-q").returncode == exits.AUDITED


def test_a_difference_to_an_audit_without_a_policy_is_judged(run: Any) -> None:
    assert run("acme/kite", "--no-policy", "-q", "-o", "kite.json").returncode == exits.AUDITED

    files = run("diff", "kite.json", "kite.json", "--policy", "product.yaml", "-q")
    now = run("diff", "kite.json", "acme/kite", "--policy", "product.yaml", "-q")
    without = run("diff", "kite.json", "acme/kite", "--no-policy", "-q")

    assert (files.returncode, now.returncode, without.returncode) == (exits.VIOLATED, exits.VIOLATED, exits.AUDITED)


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as on POSIX")
def test_a_policy_that_is_a_broken_link_is_no_absence_of_a_policy(run: Any, tmp_path: Path) -> None:
    (tmp_path / ".modelaudit.yaml").symlink_to("gone.yaml")

    done = run("acme/kite", "-q")

    assert done.returncode == exits.USAGE
    assert "a link that leads nowhere" in done.stderr
    assert "--no-policy" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as on POSIX")
def test_a_policy_with_problems_is_told_so_to_a_reader_who_left(run: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: x\nclauses: {a: {check: nope}}\n")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run("policy", "validate", "bad.yaml", stdout=writing)
    finally:
        os.close(writing)

    assert done.returncode == exits.USAGE


def test_a_renamed_model_is_judged_by_both_its_names(run: Any, tmp_path: Path) -> None:
    override = "overrides:\n  - {{models: [{}], reason: r, clauses: {{serve: {}}}}}\n"
    stricter = "{check: license, allow: [MIT]}"
    (tmp_path / "old.yaml").write_text(POLICY + override.format("acme/eagle", stricter))
    (tmp_path / "laxer.yaml").write_text(
        f"name: x\nclauses:\n  serve: {stricter}\n" + override.format("acme/eagle", "{check: gated, allow: [none]}")
    )

    asked = ("acme/eagle", "acme/owl")
    assert [run(name, "--policy", "old.yaml", "-q").returncode for name in asked] == [1, 0]
    assert [run(name, "--policy", "laxer.yaml", "-q").returncode for name in asked] == [1, 1]


def test_codes_that_no_model_should_end_in_are_not_passed_over() -> None:
    assert [exits.of_many(codes) for codes in ([0, 2], [2], [0, 130], [2, 3], [0, 0], [])] == [2, 2, 130, 3, 0, 0]
