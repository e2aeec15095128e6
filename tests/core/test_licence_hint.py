"""A vendor's licence under another name."""

from __future__ import annotations

import pytest

from openness_audit.collect.card.markdown import document_of, read_card
from openness_audit.collect.lineage.license_hint import derived_by_license
from openness_audit.model.capture import Origin, RepoInfo, Text
from openness_audit.model.facts_origins import Lineage

ORIGIN = Origin(url="https://huggingface.co/x", sha256="0", retrieved_at="2026-01-01T00:00:00Z")


def derivation(model: str, front: str) -> tuple[str, list[int | None]]:
    text = Text(path="README.md", text=f"---\n{front}\n---\n# A model\n", origin=ORIGIN)
    card = read_card(text.text, document_of(text, "card", model))
    found = derived_by_license(
        Lineage(derivation="base", places=()), card, RepoInfo(kind="model", id=model, origin=ORIGIN)
    )
    return found.derivation, [place.line for place in found.places]


@pytest.mark.parametrize(
    ("model", "front", "expected"),
    [
        ("someone/chatty", "language: en\nlicense: llama2", ("finetune", [3])),
        ("meta-llama/Llama-2-7b-hf", "license: llama2", ("base", [])),
        ("someone/chatty", "license: apache-2.0", ("base", [])),
        ("someone/chatty", "license: [llama2, mit]", ("base", [])),
        ("someone/chatty", "license: 3", ("base", [])),
    ],
)
def test_a_vendors_licence_under_another_name_tells_of_a_base_model(
    model: str, front: str, expected: tuple[str, list[int]]
) -> None:
    assert derivation(model, front) == expected
