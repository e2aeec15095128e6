"""Open sources on a stand-in server, and close them whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from openness_audit.sources.live import LiveSources
from openness_audit.sources.retry import Patience
from openness_audit.sources.settings import SourceSettings
from sources_kit import Opener
from standin import Record, StandIn

CARD = "---\nlicense: mit\n---\n# One\n"


@pytest.fixture
def hub() -> Iterator[StandIn]:
    """A small world: a public, a gated, a renamed and a disabled model, a data set and a repository."""
    models: dict[str, Record] = {
        "acme/one": {
            "files": {"README.md": CARD, "config.json": "{}", "model.safetensors": 5000},
            "card": {"license": "mit"},
            "branches": ["step1000"],
            "git_tags": ["v1"],
        },
        "acme/gated": {"files": {"README.md": "# Gated", "LICENSE": "text"}, "gated": "manual"},
        "acme/old": {"renamed_to": "acme/one"},
        "acme/gone": {"disabled": True},
        "acme/banned": {"legal": True},
    }
    datasets: dict[str, Record] = {
        "acme/data": {"files": {"README.md": "# Data"}},
        "acme/bare": {"files": {"x.csv": "1"}},
        "plain": {"files": {}},
    }
    github: dict[str, Record] = {
        "acme/train": {"files": {"README.md": "# Train", "LICENSE": "MIT", "src/train.py": "pass"}, "license": "MIT"},
        "acme/was": {"renamed_to": "acme/train"},
        "acme/empty": {"empty": True},
    }
    with StandIn(models, datasets, github) as server:
        yield server


@pytest.fixture
def open_at(hub: StandIn, tmp_path: Path) -> Iterator[Opener]:
    """Opens sources on the stand-in; settings may be overridden."""
    opened: list[LiveSources] = []

    def opener(on_wait: Callable[[str], None] | None = None, guard: Any = None, **given: Any) -> LiveSources:
        settings: dict[str, Any] = {
            "endpoint": hub.endpoint,
            "github_api": hub.github_api,
            "cache_dir": tmp_path / "cache",
            "timeout": 20,
            **given,
        }
        more = {"guard": guard} if guard else {}
        patience = Patience(on_wait, base_wait=0.01)
        sources = LiveSources(SourceSettings(**settings), on_wait=on_wait, patience=patience, **more)
        opened.append(sources)
        return sources

    yield opener
    for sources in opened:
        sources.close()


@pytest.fixture
def sources(open_at: Opener) -> LiveSources:
    """Sources with an empty cache and the usual settings."""
    return open_at()


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[], bytes]:
    """All bytes the cache has written to disk."""

    def read() -> bytes:
        return b"".join(path.read_bytes() for path in sorted((tmp_path / "cache").glob("*")))

    return read
