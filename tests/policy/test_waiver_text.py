"""A waiver is added to a file of waivers, and nothing else of the file changes."""

from __future__ import annotations

import pytest
import yaml

from openness_audit.policy.waiver_text import added

ENTRY = 'waivers:\n  - model: acme/new\n    text: "why: so"\n'
NEW = {"model": "acme/new", "text": "why: so"}


@pytest.mark.parametrize(
    "old",
    [
        "",
        "\n\n",
        "waivers: []\n",
        "# ours\nwaivers:  # none yet\n",
        "waivers: []",
        "waivers:\n  - model: acme/old\n",
        "waivers:\n- model: acme/old\n  text: x",
        "waivers:\n    - model: acme/old  # remark\n\n\n",
        "name: Ours\nclauses: {}\nwaivers:\n  - model: acme/old\n",
    ],
)
def test_entry_comes_last_and_everything_before_it_stays(old: str) -> None:
    text = added(old, ENTRY)

    assert text is not None
    before = yaml.safe_load(old) or {}
    assert yaml.safe_load(text) == {**before, "waivers": [*(before.get("waivers") or []), NEW]}
    assert [line for line in old.splitlines() if "#" in line and line.partition("#")[2] not in text] == []


@pytest.mark.parametrize(
    "old",
    [
        "waivers: [{model: acme/old}]\n",
        "waivers:\n  - model: acme/old\nname: Ours\n",
        "- model: acme/old\n",
        "name: Ours\n",
        "waivers: [\n",
        "waivers: all\n",
    ],
)
def test_file_without_a_sure_place_is_left_alone(old: str) -> None:
    assert added(old, ENTRY) is None
