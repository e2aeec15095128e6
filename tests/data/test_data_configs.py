"""Training data named in a training configuration that a card prints."""

from __future__ import annotations

from typing import Any

import pytest

from data_kit import TUNED, find

CONFIG = """# Tern

```yaml
base_model: {base}
datasets:
  - path: owl/letters
    type: alpaca
  - path: owl/notes
    shards: 4
  - path: /home/owl/private.jsonl
dataset_prepared_path:
micro_batch_size: 2
```
"""


def rows(base: str, **lineage: Any) -> list[tuple[str | None, str, str, str]]:
    found = find(CONFIG.format(base=base), **lineage)
    return [(d.id, d.stage, d.extent, d.how) for d in found]


def test_a_configuration_names_the_tuning_data() -> None:
    assert rows("openbase/gull-7b", **TUNED) == [
        ("owl/letters", "finetuning", "whole", "link"),
        ("owl/notes", "finetuning", "subset", "link"),
        (None, "finetuning", "whole", "undisclosed"),
    ]


@pytest.mark.parametrize(
    ("base", "lineage"),
    [
        ("someone/else-7b", TUNED),
        ("openbase/gull-7b", {**TUNED, "derivation": "quantized"}),
        ("openbase/gull-7b", {}),
    ],
)
def test_the_configuration_of_another_model_names_none(base: str, lineage: dict[str, Any]) -> None:
    assert rows(base, **lineage) == []


def test_the_line_of_each_set_is_cited() -> None:
    found = find(CONFIG.format(base="openbase/gull-7b"), **TUNED)

    assert [d.places[0].line for d in found] == [6, 8, 10]
