"""What is built holds everything, and nothing else at the top level."""

from __future__ import annotations

import ast
import re
import tokenize
import tomllib
from importlib import resources
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "audit" / "openness_audit"


@pytest.mark.skipif(not SOURCE.is_dir(), reason="tests run against an installed wheel, without the source tree")
def test_every_sub_package_is_listed_for_the_wheel() -> None:
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    found = {"openness_audit", "openness_audit.rules", "openness_audit.schemas", "openness_audit.reports"}
    for folder in SOURCE.rglob("__init__.py"):
        found.add(".".join(("openness_audit", *folder.parent.relative_to(SOURCE).parts)))

    assert listed == found, "name every sub-package under [tool.setuptools] packages in pyproject.toml"


@pytest.mark.parametrize(
    ("package", "folder", "ending"),
    [
        ("openness_audit", "bundled", ".json"),
        ("openness_audit.rules", "components", ".yaml"),
        ("openness_audit.rules", "findings", ".yaml"),
        ("openness_audit.rules", "profiles", ".yaml"),
        ("openness_audit.rules", "licenses", ".yaml"),
        ("openness_audit.rules", "vocabulary", ".yaml"),
        ("openness_audit.schemas", "", ".json"),
        ("openness_audit.schemas", "", ".yaml"),
        ("openness_audit.reports", "", ".j2"),
    ],
)
def test_data_is_installed_with_the_package(package: str, folder: str, ending: str) -> None:
    below = resources.files(package) / folder if folder else resources.files(package)

    assert [entry.name for entry in below.iterdir() if entry.name.endswith(ending)]


@pytest.mark.skipif(not (ROOT / "requirements.lock").is_file(), reason="the lock file is not beside these tests")
def test_every_dependency_is_pinned_for_the_container_and_the_action() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    wanted = {re.split(r"[<>=!~;\[ ]", name, maxsplit=1)[0].lower().replace("_", "-") for name in asked}
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", lock, re.MULTILINE))

    assert wanted - pinned == set(), "pin it: .ci/lock"
    assert "://" not in lock


@pytest.mark.skipif(not SOURCE.is_dir(), reason="tests run against an installed wheel, without the source tree")
def test_no_module_is_longer_than_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCE.rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 300
    }

    assert long == {}, "split it along what it is responsible for"


@pytest.mark.skipif(not SOURCE.is_dir(), reason="tests run against an installed wheel, without the source tree")
@pytest.mark.parametrize("name", ["cli", "collect", "render"])
def test_what_is_foldered_by_subject_stays_so(name: str) -> None:
    odd = {}
    for folder in (SOURCE / name).rglob("__init__.py"):
        modules = [path for path in folder.parent.glob("*.py") if path.name != "__init__.py"]
        if not 2 <= len(modules) <= 20:
            odd[str(folder.parent.relative_to(SOURCE))] = len(modules)

    assert odd == {}, "a module goes to the folder of its subject; a folder has several, and few enough to take in"


MOST_LINES = 50  # of a function, its docstring not counted
LONGER = {  # "module.py function": why it is well that it is longer
    "collect/disclosures/vocabulary.py words": "a line for each part of the vocabulary, and nothing decided",
}


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    told = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) is not None else 0
    return (function.end_lineno or 0) - function.lineno + 1 - told


@pytest.mark.skipif(not SOURCE.is_dir(), reason="tests run against an installed wheel, without the source tree")
def test_no_function_is_longer_than_50_lines() -> None:
    long = {
        f"{path.relative_to(SOURCE)} {node.name}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of(node) > MOST_LINES
    }

    assert long == set(LONGER), "split it, or list it with the reason"


_IGNORE = re.compile(r"noqa(?::[A-Z0-9, ]+)?|type: ignore(?:\[[a-z, -]+\])?")


@pytest.mark.skipif(not SOURCE.is_dir(), reason="tests run against an installed wheel, without the source tree")
def test_what_tells_a_checker_to_look_away_says_why() -> None:
    bare = []
    for path in sorted([*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]):
        with path.open("rb") as lines:
            bare += [
                f"{path.relative_to(ROOT)}:{token.start[0]}: {token.string}"
                for token in tokenize.tokenize(lines.readline)
                if token.type == tokenize.COMMENT
                and _IGNORE.search(token.string)
                and not re.search(r"\w{3}", _IGNORE.sub("", token.string))
            ]

    assert bare == [], "mend what the checker found, or say on the line why it is well"
