"""What the documentation shows is what the program takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from openness_audit.cli.policy.policies import read_source, templates
from openness_audit.model.policy import Policy
from openness_audit.policy.load import load
from openness_audit.policy.parse import CLAUSES, Source
from policy_kit import names

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"
pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the documentation is not beside these tests")


def text() -> str:
    return PAGE.read_text("utf-8")


def loaded(block: str) -> Policy:
    def read(wanted: str, beside: str) -> Source:
        return Source(wanted, "waivers: []\n") if wanted == "waivers.yaml" else read_source(wanted, beside)

    return load(Source("docs.yaml", block), read, names())


def test_the_examples_are_policies() -> None:
    whole, conditions = re.findall(r"```yaml\n(.*?)```", text(), re.DOTALL)

    assert loaded(whole).use == "serve"
    assert sorted(loaded(f"name: x\n{conditions}").clauses) == ["no-llama", "own-data"]


def test_every_check_and_every_template_has_its_row() -> None:
    rows = set(re.findall(r"^\| `([a-z-]+)` \|", text(), re.MULTILINE))

    assert set(CLAUSES) | set(templates()) <= rows


@pytest.mark.parametrize(
    "row", re.findall(r"^\| `([a-z-]+)` \| (.+?) \| ", text() if PAGE.is_file() else "", re.MULTILINE)
)
def test_every_example_of_a_clause_is_a_clause(row: tuple[str, str]) -> None:
    check, example = row
    if check not in CLAUSES:
        return
    asks = [part for part in re.findall(r"`([^`]+)`", example) if ":" in part]
    keys = ", ".join(f'"expression": "{a.split(": ", 1)[1]}"' if check == "cel" else a for a in asks if "..." not in a)
    message = ", message: m" if check == "cel" else ""

    found = loaded(f"name: x\nclauses:\n  c: {{check: {check}{', ' if keys else ''}{keys}{message}}}\n")

    assert list(found.clauses) == ["c"]
