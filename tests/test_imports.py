"""Who may load what: only `sources` touches the network stack, and only `cli` prints."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from standin import StandIn

NETWORK = {"huggingface_hub", "httpx2", "requests", "requests_cache", "socket", "urllib.request", "http.client"}
spec = find_spec("openness_audit")
assert spec is not None
assert spec.origin is not None
PACKAGE = Path(spec.origin).parent
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
PURE = [
    m
    for m in MODULES
    if m.split("/")[0] in {"collect", "checks", "drift", "render", "model", "licenses", "profiles"}
    or m in {"evaluate.py", "inherit.py", "scoring.py", "judge.py"}
    or m.startswith("document")
]


@cache
def said(module: str) -> tuple[set[str], set[str]]:
    """Give what a module imports, and the bare names that it calls."""
    imports, calls = set[str](), set[str]()
    for node in ast.walk(ast.parse((PACKAGE / module).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imports.add(node.module)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            calls.add(node.func.id)
    return imports, calls


def imported(module: str) -> set[str]:
    return said(module)[0]


@pytest.mark.parametrize("module", [m for m in MODULES if not m.startswith("sources/")])
def test_only_sources_touch_the_network(module: str) -> None:
    roots = {name for name in imported(module) for wanted in NETWORK if name == wanted or name.startswith(f"{wanted}.")}

    assert roots == set()


@pytest.mark.parametrize("module", PURE)
def test_the_middle_reads_no_clock_environment_or_process(module: str) -> None:
    assert imported(module) & {"os", "sys", "subprocess", "time", "random", "secrets"} == set()


@pytest.mark.parametrize("module", [m for m in MODULES if not m.startswith("cli/")])
def test_only_the_command_line_prints_or_exits(module: str) -> None:
    assert said(module)[1] & {"print", "exit", "quit", "breakpoint", "input"} == set()


def test_help_loads_no_network_template_or_rule_code() -> None:
    script = (
        "import sys; from openness_audit.cli.entry import run\n"
        "run(['--help'])\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in "
        "('huggingface_hub','httpx2','requests','requests_cache','jinja2','jsonschema','yaml','rich','licenseclassifier')),"
        " file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"


def test_an_audit_from_the_cache_loads_neither_the_hubs_client_nor_a_schema_checker(tmp_path: Path) -> None:
    script = (
        "import sys; from openness_audit.cli.entry import run\n"
        "code = run(['acme/one', '-q', '-f', 'json'])\n"
        "print(code, *sorted({'huggingface_hub', 'httpx2', 'jsonschema'} & sys.modules.keys()), file=sys.stderr)"
    )
    with StandIn(models={"acme/one": {"files": {"README.md": "# One\n\nTrained on C4.\n", "a.safetensors": 9}}}) as hub:
        env = {**os.environ, **hub.environ, "OPENNESS_AUDIT_CACHE": str(tmp_path)}
        told = [
            subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env).stderr
            for _ in range(2)
        ]

    assert told == ["0 httpx2 huggingface_hub\n", "0\n"]
