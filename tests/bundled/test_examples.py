"""The example reports are what the program says today of the bundled evidence."""

from __future__ import annotations

import pytest
from make_examples import EXAMPLES, MODELS, all_files

from openness_audit.ruleset import load_rules
from openness_audit.sources.offline import bundled_ids

MOST_BYTES = 6_000_000  # all examples together: a repository keeps every version


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return all_files(load_rules(), tmp_path_factory.mktemp("nowhere"))


def test_the_examples_are_current(made: dict[str, str]) -> None:
    stale = [name for name, text in made.items() if (EXAMPLES / name).read_bytes() != text.encode("utf-8")]

    assert stale == [], "python tests/real_world/make_examples.py"
    assert set(made) == {path.name for path in EXAMPLES.iterdir()}


def test_every_example_is_of_a_bundled_model_and_explained() -> None:
    told = (EXAMPLES / "README.md").read_text("utf-8")
    files = sorted(path.name.rsplit(".", 1)[0] for path in EXAMPLES.glob("*--*.json"))

    assert set(MODELS) <= set(bundled_ids())
    assert files == sorted(model.replace("/", "--") for model in MODELS)
    assert [model for model in MODELS if f"`{model}`" not in told] == []


def test_the_examples_stay_small() -> None:
    assert sum(path.stat().st_size for path in EXAMPLES.iterdir()) < MOST_BYTES
