"""The resolver places nearly every licence that recorded cards name."""

from __future__ import annotations

from pathlib import Path

import pytest
from license_coverage import GOAL_NAMED, GOAL_TAGGED, PLACED, declarations, outcome

WORLD = Path(__file__).resolve().parents[3] / "shared" / "world" / "data"

pytestmark = [
    pytest.mark.world,
    pytest.mark.skipif(not WORLD.is_dir(), reason="the recorded world is not beside this checkout"),
]


@pytest.mark.parametrize("kind", ["models", "datasets"])
def test_cards_that_name_a_licence_are_placed(kind: str) -> None:
    found = [outcome(*fields) for fields in declarations(WORLD / f"{kind}.jsonl.gz")]
    naming = [one for one in found if one not in ("names-nothing", "states-nothing")]

    assert sum(one in PLACED for one in naming) >= GOAL_TAGGED * len(naming)


def test_other_with_a_name_is_placed() -> None:
    fields = [f for f in declarations(WORLD / "models.jsonl.gz") if f[0] in ("other", ["other"]) and f[1]]

    assert sum(outcome(*f) in PLACED for f in fields) >= GOAL_NAMED * len(fields)
