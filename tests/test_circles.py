"""No two modules need each other: what each does can be read, and changed, from the ground up."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

NAME = "openness_audit"
spec = find_spec(NAME)
assert spec is not None
assert spec.origin is not None
PACKAGE = Path(spec.origin).parent


def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = [NAME, *path.relative_to(PACKAGE).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def needs(path: Path, known: set[str]) -> set[str]:
    """Give the modules that one imports: at its top, inside a function, or for its types alone."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & known
            found |= inner or {node.module} & known
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & known
    return found


def test_no_module_needs_itself_by_way_of_others() -> None:
    every = modules()
    graph = {name: needs(path, set(every)) - {name} for name, path in every.items()}

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as problem:
        raise AssertionError(" <- ".join(problem.args[1])) from None
