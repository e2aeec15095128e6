"""Read where to ask, as whom, and within which limits, from arguments and the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openness_audit.errors import UsageError
from openness_audit.settings import TIMEOUT_S, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

HUB = "https://huggingface.co"
GITHUB = "https://github.com"
GITHUB_API = "https://api.github.com"
GITHUB_RAW = "https://raw.githubusercontent.com"
CACHE_FILE = "http-1.sqlite"

_TRUE = {"1", "on", "yes", "true"}  # the spellings huggingface_hub accepts


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """Endpoints, tokens and limits of one run; tokens never show in its repr.

    `timeout` bounds everything together in seconds (None: no bound); `connect_timeout` and `read_timeout` bound one
    request; `max_requests` is the most that are sent to any network in one run. Answers about what can change are
    taken from the cache for `fresh_for` seconds, but none from before `fresh_since`, whatever the network says.
    `wait_for_code`: a used-up quota of GitHub is waited for, where audits share a session.
    `cache_dir` None means the user's cache folder. `proxies` and `ca_bundle` are what requests calls `proxies` and
    `verify`. `github_hosts` are the pages and the raw files beside `github_api`; only github.com has them.
    """

    endpoint: str = HUB
    token: str | None = field(default=None, repr=False)
    github_api: str = GITHUB_API
    github_token: str | None = field(default=None, repr=False)
    github_hosts: tuple[str, str] | None = None
    cache_dir: Path | None = None
    offline: bool = False
    check_links: bool = False
    wait_for_code: bool = False
    timeout: float | None = None
    connect_timeout: float = 6.0
    read_timeout: float = 20.0
    fresh_for: int = 3600
    fresh_since: datetime | None = None
    max_requests: int = 2000
    threads: int = 32
    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    no_proxy: str = ""
    ca_bundle: str | None = None

    def __post_init__(self) -> None:
        """Bring both endpoints to one form.

        Raises:
            UsageError: an endpoint is not an http(s) URL of a host, or carries a password.
        """
        object.__setattr__(self, "endpoint", checked_endpoint(self.endpoint, "--endpoint"))
        object.__setattr__(self, "github_api", checked_endpoint(self.github_api, "GITHUB_API_URL"))
        if self.github_api == GITHUB_API and self.github_hosts is None:
            object.__setattr__(self, "github_hosts", (GITHUB, GITHUB_RAW))

    @property
    def cache_file(self) -> Path:
        """The cache's path, whether it exists or not."""
        return (self.cache_dir or default_cache_dir()) / CACHE_FILE

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **given: Any) -> SourceSettings:
        """Fill from the environment what `given` leaves out (a value of None counts as left out).

        Read are HF_ENDPOINT, HF_TOKEN (or HUGGING_FACE_HUB_TOKEN), HF_HUB_OFFLINE, GITHUB_API_URL, GITHUB_TOKEN (or
        GH_TOKEN), OPENNESS_AUDIT_CACHE, HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE and
        SSL_CERT_FILE. The token saved by `hf auth login` is used for huggingface.co alone and not at all when
        HF_HUB_DISABLE_IMPLICIT_TOKEN is set.

        Raises:
            UsageError: an endpoint is not an http(s) URL of a host, or carries a password.
        """
        env = os.environ if environ is None else environ
        read: dict[str, Any] = {
            "endpoint": env.get("HF_ENDPOINT") or HUB,
            "token": env.get("HF_TOKEN") or env.get("HUGGING_FACE_HUB_TOKEN") or None,
            "github_api": env.get("GITHUB_API_URL") or GITHUB_API,
            "github_token": env.get("GITHUB_TOKEN") or env.get("GH_TOKEN") or None,
            "cache_dir": Path(env["OPENNESS_AUDIT_CACHE"]).expanduser() if env.get("OPENNESS_AUDIT_CACHE") else None,
            "offline": env.get("HF_HUB_OFFLINE", "").lower() in _TRUE,
        }
        read |= _network(env)
        read |= {name: value for name, value in given.items() if value is not None}
        if read["token"] is None and read["endpoint"].rstrip("/") == HUB:
            read["token"] = saved_token(env)
        for name in ("token", "github_token"):
            read[name] = _one_line(read[name])
        return cls(**read)

    @classmethod
    def of(cls, settings: Settings, environ: Mapping[str, str] | None = None) -> SourceSettings:
        """A run's settings, with what only the network needs taken from the environment: proxies and certificates."""
        env = os.environ if environ is None else environ
        return cls(
            endpoint=settings.endpoint,
            token=_one_line(settings.token),
            github_api=settings.github_api_url,
            github_token=_one_line(settings.github_token),
            cache_dir=settings.cache_dir,
            offline=settings.offline,
            check_links=settings.check_links,
            wait_for_code=settings.wait_for_code,
            timeout=settings.timeout_s,
            fresh_since=settings.fresh_since,
            **_network(env),
        )


def default_cache_dir() -> Path:
    """The user's cache folder as the platform defines it."""
    from platformdirs import user_cache_path  # noqa: PLC0415  # only needed when no folder was given

    return user_cache_path("openness-audit", appauthor=False)


def saved_token(env: Mapping[str, str]) -> str | None:
    """The token that `hf auth login` wrote, if there is one and its use is not disabled."""
    if env.get("HF_HUB_DISABLE_IMPLICIT_TOKEN", "").lower() in _TRUE:
        return None
    cache = Path(env.get("XDG_CACHE_HOME") or "~/.cache")
    home = Path(env["HF_HOME"]) if env.get("HF_HOME") else cache / "huggingface"
    path = Path(env["HF_TOKEN_PATH"]) if env.get("HF_TOKEN_PATH") else home / "token"
    try:
        return _one_line(path.expanduser().read_text(encoding="utf-8", errors="replace")[:1000])
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        return None


def checked_endpoint(url: str, name: str) -> str:
    """`url` without a trailing slash.

    Raises:
        UsageError: it is not an http(s) URL of a host, or it carries a password, a query or a fragment.
    """
    try:
        parts = urlsplit(url.strip())
        port_is_a_number = parts.port is None or parts.port >= 0
    except ValueError:
        raise UsageError(f"{name} is not a URL", hint="write it as https://host or http://host:port") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_a_number:
        raise UsageError(f"{name} is not an http(s) URL", hint="write it as https://host or http://host:port")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError(
            f"{name} holds more than a host and a path", hint="give credentials by HF_TOKEN or GITHUB_TOKEN"
        )
    return url.strip().rstrip("/")


def _one_line(value: str | None) -> str | None:
    """A token without the line break it was pasted with; None if nothing usable is left."""
    text = (value or "").strip()
    return text if text and text.isascii() and text.isprintable() and " " not in text else None


def _network(env: Mapping[str, str]) -> dict[str, Any]:
    """Proxies and certificates, under the names of the settings."""
    return {
        "proxies": _proxies(env),
        "no_proxy": env.get("NO_PROXY") or env.get("no_proxy") or "",
        "ca_bundle": env.get("REQUESTS_CA_BUNDLE") or env.get("SSL_CERT_FILE") or None,
    }


def _proxies(env: Mapping[str, str]) -> dict[str, str]:
    """The proxies of the environment under the names requests gives them."""
    found = {scheme: env.get(f"{scheme}_proxy") or env.get(f"{scheme}_proxy".upper()) for scheme in ("http", "https")}
    every = env.get("all_proxy") or env.get("ALL_PROXY")
    return {scheme: url or every or "" for scheme, url in found.items() if url or every}


def run_settings(
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
