from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest

from openness_audit.collect.attribution.identity import Identity, identity
from openness_audit.collect.card.markdown import read_card
from openness_audit.model.capture import Origin, RepoInfo
from openness_audit.model.card import Card, Document

MakeCard = Callable[..., Card]


def make_card(text: str, *, role: Literal["card", "own-readme"] = "card", repo: str = "acme/Heron-7B") -> Card:
    document = Document(
        kind="card" if role == "card" else "code-repository",
        repo=repo,
        path="README.md",
        url=f"https://huggingface.co/{repo}/blob/main/README.md",
        sha="a" * 40,
        sha256="0" * 64,
        retrieved_at="2025-01-01T00:00:00Z",
        from_cache=False,
    )
    return read_card(text, document, role)


@pytest.fixture
def card() -> MakeCard:
    return make_card


@pytest.fixture
def heron() -> Identity:
    return identity("acme/Heron-7B")


@pytest.fixture
def heron_chat() -> Identity:
    return identity("zoe/Heron-7B-poems", parent_ids=("acme/Heron-7B",), derivation="finetune")


@pytest.fixture
def info() -> RepoInfo:
    origin = Origin(url="https://huggingface.co/api/models/acme/Heron-7B", sha256="0" * 64, retrieved_at="2025-01-01")
    return RepoInfo(kind="model", id="acme/Heron-7B", origin=origin)
