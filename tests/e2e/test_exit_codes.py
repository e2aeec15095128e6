"""Every exit code of every command that gates, through the real command (DESIGN 5.1)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import command_kit
from standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = "\n# {}\n\nA small language model, trained from scratch by Nest.\n"
POLICY = "name: product\nclauses:\n  serve: {check: use, use: serve, message: we sell it}\n"
LOADS = 'from transformers import AutoModel\n\nAutoModel.from_pretrained("{}")\n'
WAIVER = ("--reason", "accepted-risk", "--approver", "J. Doe", "--text", "a trial")
BY = ("--approver", "J. Doe")
KEPT = ("-o", "audits/", "--save-evidence", "evidence/")
NOWHERE = "nowhere/x"


def model(name: str, front: str) -> dict[str, Any]:
    return {
        "files": {"README.md": f"---\n{front}\n---\n{BODY.format(name)}", "model.safetensors": 9, "config.json": "{}"}
    }


MODELS = {
    "nest/owl": model("Owl", "license: apache-2.0"),
    "nest/kite": model("Kite", "license: cc-by-nc-4.0"),
    "nest/lost": model("Lost", "license: apache-2.0\nbase_model: nest/gone"),
}


def environ(hub: StandIn, folder: Path) -> dict[str, str]:
    return {**os.environ, **hub.environ, "OPENNESS_AUDIT_CACHE": str(folder / "cache")}


def start(hub: StandIn, folder: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "openness_audit", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environ(hub, folder), cwd=folder)


def run(hub: StandIn, folder: Path, *words: str) -> tuple[int, str]:
    done = command_kit.run(folder, *words, env=environ(hub, folder))
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def hub() -> Iterator[StandIn]:
    with StandIn(models=MODELS) as found:
        yield found


@pytest.fixture(scope="module")
def folder(hub: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy that owl meets, kite violates, and nobody can tell of lost; code, locks and audits of each."""
    found = tmp_path_factory.mktemp("gate")
    (found / "product.yaml").write_text(POLICY)
    (found / "bad.yaml").write_text("name: x\nclauses: {a: {check: nope}}\n")
    (found / "bad.lock").write_text("{}")
    (found / "rules" / "findings").mkdir(parents=True)
    (found / "rules" / "findings" / "x.yaml").write_text("id: [\n")
    for name in ("owl", "kite", "lost", "gone"):
        (found / name).mkdir()
        (found / name / "app.py").write_text(LOADS.format(f"nest/{name}"))
    for name in ("owl", "kite", "lost"):
        words = ("approve", f"nest/{name}", *BY, "--lock", f"{name}.lock", "--no-policy", "-q")
        assert run(hub, found, *words) == (0, "")
    assert run(hub, found, "nest/owl", "nest/kite", "nest/lost", "--no-policy", "-q", *KEPT)[0] == 0
    return found


WITH = ("--policy", "product.yaml", "-q")
ENDS = [
    (0, ("audit", "nest/owl", *WITH)),
    (1, ("audit", "nest/kite", "nest/lost", "nest/gone", *WITH)),
    (2, ("audit", "nest/owl", "--policy", "bad.yaml")),
    (2, ("audit", "nest/owl", "no model")),
    (3, ("audit", "nest/lost", "nest/owl", *WITH)),
    (3, ("audit", "nest/gone")),
    (4, ("audit", "nest/owl", "-o", f"{NOWHERE}.json")),
    (4, ("audit", "nest/owl", "--save-evidence", f"{NOWHERE}.bundle")),
    (0, ("replay", "evidence/nest--owl.bundle", *WITH)),
    (1, ("replay", "evidence/nest--kite.bundle", *WITH)),
    (1, ("replay", "evidence/nest--owl.bundle", *WITH, "--expect", "sha256:0")),
    (2, ("replay", "product.yaml")),
    (2, ("replay", "evidence/nest--owl.bundle", "--ruleset", "9.9.9")),
    (3, ("replay", "evidence/nest--lost.bundle", *WITH)),
    (4, ("replay", "evidence/nest--owl.bundle", "-q", "-o", f"{NOWHERE}.json")),
    (0, ("compare", "nest/owl", "audits/nest--owl.json", *WITH)),
    (1, ("compare", "nest/owl", "audits/nest--kite.json", *WITH)),
    (2, ("compare", "nest/owl")),
    (3, ("compare", "nest/owl", "nest/lost", *WITH)),
    (3, ("compare", "nest/owl", "nest/gone", "-q")),
    (4, ("compare", "nest/owl", "nest/kite", "-o", f"{NOWHERE}.html")),
    (0, ("scan", "owl", *WITH)),
    (1, ("scan", "kite", "gone", *WITH)),
    (2, ("scan", "absent")),
    (3, ("scan", "lost", *WITH)),
    (3, ("scan", "gone", "-q")),
    (4, ("scan", "owl", "-o", f"{NOWHERE}.sarif")),
    (0, ("approve", "nest/owl", *BY, "--lock", "new.lock", *WITH)),
    (1, ("approve", "nest/kite", *BY, "--lock", "none.lock", *WITH)),
    (2, ("approve", "nest/owl")),
    (2, ("approve", "nest/owl", *BY, "--lock", "bad.lock")),
    (3, ("approve", "nest/lost", *BY, "--lock", "none.lock", *WITH)),
    (3, ("approve", "nest/gone", *BY, "--lock", "none.lock", "-q")),
    (4, ("approve", "nest/owl", *BY, "--lock", f"{NOWHERE}.lock")),
    (0, ("check", "--lock", "owl.lock", *WITH)),
    (1, ("check", "--lock", "kite.lock", *WITH)),
    (2, ("check", "--lock", "bad.lock")),
    (2, ("check", "nest/kite", "--lock", "owl.lock")),
    (3, ("check", "--lock", "lost.lock", *WITH)),
    (4, ("check", "--lock", "owl.lock", "-o", f"{NOWHERE}.md")),
    (0, ("diff", "audits/nest--owl.json", "nest/owl", *WITH)),
    (1, ("diff", "audits/nest--kite.json", "nest/kite", *WITH)),
    (2, ("diff", "nest/owl")),
    (2, ("diff", "product.yaml", "nest/owl")),
    (3, ("diff", "audits/nest--lost.json", "nest/lost", *WITH)),
    (3, ("diff", "audits/nest--owl.json", "nest/gone")),
    (4, ("diff", "audits/nest--owl.json", "nest/owl", "-o", f"{NOWHERE}.md")),
    (0, ("policy", "init", "made.yaml", "-q")),
    (2, ("policy", "init", "product.yaml")),
    (2, ("policy", "init", "--template", "nope")),
    (4, ("policy", "init", f"{NOWHERE}.yaml")),
    (0, ("policy", "validate", "product.yaml", "-q")),
    (2, ("policy", "validate", "bad.yaml")),
    (4, ("policy", "validate", "product.yaml", "--rules", "rules")),
    (0, ("policy", "show", "product.yaml")),
    (2, ("policy", "show", "bad.yaml")),
    (4, ("policy", "show", "product.yaml", "--rules", "rules")),
    (0, ("policy", "waiver", "nest/kite", "--clause", "serve", *WAIVER, *WITH)),
    (2, ("policy", "waiver", "nest/kite", "--clause", "nope", *WAIVER, *WITH)),
    (3, ("policy", "waiver", "nest/gone", "--clause", "serve", *WAIVER, *WITH)),
    (4, ("policy", "waiver", "nest/kite", "--clause", "serve", *WAIVER, *WITH, "--into", f"{NOWHERE}.yaml")),
]


@pytest.mark.parametrize(("code", "words"), ENDS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_each_command_ends_as_promised(hub: StandIn, folder: Path, code: int, words: tuple[str, ...]) -> None:
    ended, said = run(hub, folder, *words)

    assert ended == code, said
    if code in (2, 4) and words[:2] != ("policy", "validate"):  # which prints the problems themselves
        assert said.startswith("error: ")
        assert "\nhelp: " in said
    assert not (folder / "none.lock").exists()
    assert not list(folder.glob("modelaudit-error-*"))


def test_a_model_that_is_no_longer_there_leaves_no_verdict(folder: Path) -> None:
    with StandIn() as empty:
        ended, _ = run(empty, folder, "check", "--lock", "owl.lock", "--no-policy", "-q")

    assert ended == 3


def test_a_lock_entry_that_was_edited_counts_as_not_approved(hub: StandIn, folder: Path) -> None:
    text = (folder / "owl.lock").read_text()
    (folder / "edited.lock").write_text(text.replace("J. Doe", "J. Roe"))

    assert run(hub, folder, "check", "--lock", "edited.lock", "--no-policy", "-q")[0] == 1


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
@pytest.mark.parametrize(
    "words",
    [
        ("audit", "nest/owl"),
        ("compare", "nest/owl", "nest/kite"),
        ("audit", "nest/owl", "--save-evidence", "half.bundle"),
        ("scan", "owl"),
        ("approve", "nest/owl", *BY, "--lock", "none.lock"),
        ("check", "--lock", "owl.lock"),
        ("diff", "nest/owl", "nest/kite"),
        ("policy", "waiver", "nest/kite", "--clause", "serve", *WAIVER, "--policy", "product.yaml"),
    ],
    ids=lambda words: words[0],
)
def test_each_command_can_be_interrupted(folder: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    with StandIn(models=MODELS) as slow:
        slow.latency_s = 2
        with start(slow, folder, *words, "--cache-dir", str(tmp_path)) as process:
            end = time.monotonic() + 60
            while not slow.seen and time.monotonic() < end:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)

    assert (process.returncode, said.strip().splitlines()[-1]) == (130, "interrupted")
    assert not (folder / "none.lock").exists()
