"""The worked example says what happens: every command of its README is run, and ends and prints as it says there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from example_hub import hub
from openness_audit.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "procurement"
REGENERATE = "OPENNESS_AUDIT_REGENERATE"
GIVEN = (".modelaudit.yaml", "models.txt", "app", "README.md")  # what Acme wrote; the rest is what the commands made
_BLOCK = re.compile(r"<!-- hub: later -->|```console\n(.*?)```", re.DOTALL)
_VARYING = (
    (re.compile(r"\b\d+ requests?, \d+\.\d s\b|\ball from the cache, \d+\.\d s\b"), "N requests, T s"),
    (re.compile(r"\b127\.0\.0\.1:\d+"), "HUB"),
    (re.compile(r"sha256:[0-9a-f]{11,64}"), "sha256:D"),
    (re.compile(r"sha256-[A-Za-z0-9+/]{43}="), "sha256-D"),
    (re.compile(r"read \d{4}-\d\d-\d\d"), "read DAY"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\s\"<]*"), "TIME"),
)

pytestmark = pytest.mark.skipif(not EXAMPLE.is_dir(), reason="the example is not beside these tests")


def steady(text: str) -> str:
    """Take out what differs between two runs of the same thing."""
    for pattern, said in _VARYING:
        text = pattern.sub(said, text)
    return text


def commands(folder: Path, environ: dict[str, str], block: str) -> str:
    """Run the commands of a block; give the block anew, with what each printed and its exit code."""
    told = []
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        done = subprocess.run(
            ["/bin/bash", "-c", line[2:]],
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert "Traceback" not in done.stdout + done.stderr
        said = "".join(f"{text.rstrip()}\n" for text in (done.stdout, done.stderr) if text.strip())
        told.append(f"{line}\n{steady(said)}exit {done.returncode}\n")
    return "".join(told)


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment in which `modelaudit` is the program under test."""
    tools = tmp_path / "tools"
    tools.mkdir()
    program = tools / "modelaudit"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m openness_audit "$@"\n', "utf-8")
    program.chmod(0o755)
    assert callable(main)
    kept = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path), "COLUMNS": "80"}
    return {**os.environ, **kept}


def test_every_command_of_the_readme_ends_and_prints_as_it_says(tmp_path: Path, shell: dict[str, str]) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    for name in GIVEN:
        copy = shutil.copytree if (EXAMPLE / name).is_dir() else shutil.copy
        copy(EXAMPLE / name, folder / name)
    (folder / "waivers.yaml").write_text("waivers: []\n", "utf-8")
    (folder / "reports").mkdir()
    readme = (EXAMPLE / "README.md").read_text("utf-8")

    run = readme
    later = False
    with hub() as now, hub(later=True) as month_on:
        for found in _BLOCK.finditer(readme):
            if found[1] is None:
                later = True
                continue
            server, cache = (month_on, "later") if later else (now, "now")
            environ = {**shell, **server.environ, "OPENNESS_AUDIT_CACHE": str(tmp_path / cache)}
            run = run.replace(found[0], f"```console\n{commands(folder, environ, found[1])}```", 1)

    made = {p.relative_to(folder): p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != "README.md"}
    if os.environ.get(REGENERATE):
        (EXAMPLE / "README.md").write_text(run, "utf-8")
        for part, path in made.items():
            (EXAMPLE / part).parent.mkdir(exist_ok=True)
            shutil.copy(path, EXAMPLE / part)
    again = f"if the change is meant: {REGENERATE}=1 python -m pytest tests/examples"
    assert run == (EXAMPLE / "README.md").read_text("utf-8"), again
    for part, path in made.items():
        assert steady(path.read_text("utf-8")) == steady((EXAMPLE / part).read_text("utf-8")), f"{part}: {again}"


def test_the_example_reaches_every_verdict() -> None:
    readme = (EXAMPLE / "README.md").read_text("utf-8")

    assert {"exit 0", "exit 1"} <= set(re.findall(r"^exit \d$", readme, re.MULTILINE))
    assert "exit 4" not in readme
    assert "BLOCK by the policy" in readme
