"""Results in the metadata of a card that was copied under another name."""

from __future__ import annotations

import pytest

from lineage_kit import card, info, lineage
from openness_audit.collect.attribution.foreign import own_part

INDEX = """---
model-index:
- name: {name}
  results:
  - dataset: {{type: acme/letters, name: Letters}}
    metrics: [{{type: accuracy, value: 91.2}}]
---
# Letter sorter

{body}
"""
LOADS = "```python\nmodel = AutoModel.from_pretrained('acme/zeta-base-v2')\n```"


def kept(model: str, name: str, body: str) -> bool:
    text = INDEX.format(name=name, body=body)
    return "model-index" in own_part(card(text, model), info(model), lineage(text, model)).front_matter.values


@pytest.mark.parametrize("body", [LOADS, "See [our page](https://huggingface.co/acme/zeta-base-v2)."])
def test_another_publishers_results_under_a_new_name_are_left_out(body: str) -> None:
    assert not kept("owl/sorter-7", "zeta-base-v2", body)


@pytest.mark.parametrize(
    ("model", "name", "body"),
    [
        ("owl/sorter-7", "out", LOADS),  # a folder's name
        ("owl/sorter-7", "sorter", LOADS),
        ("acme/sorter-7", "zeta-base-v2", LOADS),  # its own publisher's
        ("owl/sorter-7", "zeta-base-v2", f"Load sorter-7 like its base.\n\n{LOADS}"),
        ("owl/sorter-7", "zeta-base-v2", "Fine-tuned from [Zeta](https://huggingface.co/acme/zeta-base-v2)."),
        ("owl/zeta-base-v2-int8", "zeta-base-v2", LOADS),  # a copy
        ("owl/sorter-7", "zeta-base-v2", "Nothing else is said."),
    ],
)
def test_a_name_alone_proves_nothing(model: str, name: str, body: str) -> None:
    assert kept(model, name, body)
