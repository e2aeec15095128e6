"""What a run was told: which model, and how to look. Read from the environment once, then handed down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    """How to look: where the sources are, with which tokens, for how long."""

    endpoint: str = HUB
    token: str | None = None
    github_api_url: str = GITHUB_API
    github_token: str | None = None
    cache_dir: Path
    offline: bool = False
    check_links: bool = False
    timeout_s: float = TIMEOUT_S

    def __repr__(self) -> str:
        """Show everything but the tokens, so that no log or error report can hold one."""
        shown = ", ".join(
            f"{name}={'***' if 'token' in name and getattr(self, name) else repr(getattr(self, name))}"
            for name in self.__struct_fields__
        )
        return f"Settings({shown})"


def from_environment(
    environ: Mapping[str, str],
    *,
    endpoint: str | None = None,
    cache_dir: Path | None = None,
    offline: bool = False,
    check_links: bool = False,
    timeout_s: float = TIMEOUT_S,
) -> Settings:
    """Put the settings together: the command line wins over the environment, which wins over the defaults.

    Args:
        environ: the variables that `SourceSettings.from_environment` reads.
        endpoint: `--endpoint`.
        cache_dir: `--cache-dir`.
        offline: `--offline`.
        check_links: `--check-links`.
        timeout_s: `--timeout`.

    Returns:
        The settings of a run. Raises UsageError for an endpoint that is no address.
    """
    from openness_audit.sources.settings import SourceSettings  # noqa: PLC0415 - `--help` must not load the sources

    read = SourceSettings.from_environment(environ, endpoint=endpoint, cache_dir=cache_dir, offline=offline or None)
    return Settings(
        endpoint=read.endpoint,
        token=read.token,
        github_api_url=read.github_api,
        github_token=read.github_token,
        cache_dir=read.cache_file.parent,
        offline=read.offline,
        check_links=check_links,
        timeout_s=timeout_s,
    )
