"""The example reports are what the program says today of the bundled evidence."""

from __future__ import annotations

from pathlib import Path

import pytest
from make_examples import EXAMPLES, FORMATS, MODELS, examples_of

from openness_audit.ruleset import RuleSet, load_rules
from openness_audit.sources.offline import bundled_ids

MOST_BYTES = 6_000_000  # all examples together: a repository keeps every version


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.mark.parametrize("model", MODELS)
def test_the_examples_are_current(model: str, rules: RuleSet, tmp_path: Path) -> None:
    made = examples_of(model, rules, tmp_path)
    stale = [name for name, text in made.items() if (EXAMPLES / name).read_bytes() != text.encode("utf-8")]

    assert len(made) == len(FORMATS)
    assert stale == [], "python tests/real_world/make_examples.py"


def test_every_example_is_of_a_bundled_model_and_explained() -> None:
    told = (EXAMPLES / "README.md").read_text("utf-8")
    files = sorted(path.name.rsplit(".", 1)[0] for path in EXAMPLES.glob("*--*.json"))

    assert set(MODELS) <= set(bundled_ids())
    assert files == sorted(model.replace("/", "--") for model in MODELS)
    assert [model for model in MODELS if f"`{model}`" not in told] == []


def test_the_examples_stay_small() -> None:
    assert sum(path.stat().st_size for path in EXAMPLES.iterdir()) < MOST_BYTES
