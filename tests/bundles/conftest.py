"""A small Hub, and the program beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bundle_kit import Program, small_hub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from standin import StandIn


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with small_hub() as server:
        yield server


@pytest.fixture
def program(hub: StandIn, tmp_path: Path) -> Program:
    return Program(hub, tmp_path)


@pytest.fixture(scope="module")
def owl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of one model, made once; whoever changes it makes a copy."""
    with small_hub() as server:
        return Program(server, tmp_path_factory.mktemp("owl")).saved("nest/owl")
