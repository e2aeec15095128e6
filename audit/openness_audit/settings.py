"""What a run was told: which model, and how to look. Read from the environment once, then handed down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def _url(value: str, name: str) -> str:
    """Accept an http(s) address without credentials, its end stripped of slashes."""
    try:
        parts = urlsplit(value.strip())
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise UsageError(
            f"{name} is not an http or https address", hint=f"set {name} to something like {HUB}, without a user name"
        )
    return value.strip().rstrip("/")


def _hub_token(environ: Mapping[str, str]) -> str | None:
    """Find the Hub token as huggingface_hub does: HF_TOKEN, else the file `hf auth login` writes."""
    if environ.get("HF_HUB_DISABLE_IMPLICIT_TOKEN", "").strip().upper() in ("1", "ON", "YES", "TRUE"):
        return None
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        if name in environ:
            return environ[name].strip() or None
    home = Path(environ.get("HF_HOME") or Path(environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface")
    path = Path(environ.get("HF_TOKEN_PATH") or home / "token")
    try:
        return path.expanduser().read_text("utf-8").strip() or None
    except (OSError, UnicodeDecodeError, RuntimeError):
        return None


def default_cache_dir(environ: Mapping[str, str]) -> Path:
    """Give the cache folder: OPENNESS_AUDIT_CACHE, else the user cache folder of the platform."""
    if environ.get("OPENNESS_AUDIT_CACHE"):
        return Path(environ["OPENNESS_AUDIT_CACHE"]).expanduser()
    import platformdirs  # noqa: PLC0415 - only where it is needed: `--help` must stay fast

    return Path(platformdirs.user_cache_dir("openness-audit", appauthor=False))


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
        environ: HF_ENDPOINT, HF_TOKEN (and where its file lies), GITHUB_API_URL, GITHUB_TOKEN or GH_TOKEN, OPENNESS_AUDIT_CACHE.
        endpoint: `--endpoint`.
        cache_dir: `--cache-dir`.
        offline: `--offline`.
        check_links: `--check-links`.
        timeout_s: `--timeout`.

    Returns:
        The settings of a run. Raises UsageError for an address that is none.
    """
    hub = ("--endpoint", endpoint) if endpoint else ("HF_ENDPOINT", environ.get("HF_ENDPOINT") or HUB)
    return Settings(
        endpoint=_url(hub[1], hub[0]),
        token=_hub_token(environ),
        github_api_url=_url(environ.get("GITHUB_API_URL") or GITHUB_API, "GITHUB_API_URL"),
        github_token=(environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or "").strip() or None,
        cache_dir=cache_dir or default_cache_dir(environ),
        offline=offline,
        check_links=check_links,
        timeout_s=timeout_s,
    )
