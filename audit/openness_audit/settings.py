"""What a run was told: which model, and how to look. Read from the environment once, then handed down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from pathlib import Path

HUB = "https://huggingface.co"
GITHUB_API = "https://api.github.com"
TIMEOUT_S = 180.0  # the whole audit of one model


class Target(Struct, frozen=True, kw_only=True):
    """One model as asked for: `id` is `org/name` or `name` on the Hub, or the path of a directory."""

    kind: Literal["hub", "directory"]
    id: str
    revision: str | None = None


class Settings(Struct, frozen=True, kw_only=True):
    """How to look: where the sources are, with which tokens, for how long.

    `fresh_since`: what can change is asked anew unless it was answered since then, and nothing older stands in for it.
    `wait_for_code`: many models are audited, and a used-up quota of GitHub is waited for.
    """

    endpoint: str = HUB
    token: str | None = None
    github_api_url: str = GITHUB_API
    github_token: str | None = None
    cache_dir: Path
    offline: bool = False
    check_links: bool = False
    timeout_s: float = TIMEOUT_S
    fresh_since: datetime | None = None
    wait_for_code: bool = False

    def __repr__(self) -> str:
        """Show everything but the tokens, so that no log or error report can hold one."""
        shown = ", ".join(
            f"{name}={'***' if 'token' in name and getattr(self, name) else repr(getattr(self, name))}"
            for name in self.__struct_fields__
        )
        return f"Settings({shown})"
