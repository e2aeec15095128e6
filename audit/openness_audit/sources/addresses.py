"""The addresses that evidence names: those of the public hosts, whatever endpoint was asked, and no secrets in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from openness_audit.sources.settings import GITHUB, GITHUB_API, GITHUB_RAW, HUB

if TYPE_CHECKING:
    from openness_audit.sources.settings import SourceSettings

# what storage hosts sign addresses with: S3, CloudFront, Google, Azure; and what else lets a bearer in
_SIGNED = re.compile(
    r"x-(?:amz|goog)-.{1,40}|signature|policy|key-pair-id|expires|awsaccesskeyid|googleaccessid|sig|se|sp|sv|"
    r".{0,20}token|.{0,20}secret|api_?key|auth|password",
    re.IGNORECASE,
)


class Addresses:
    """Turns the addresses that one run asks into those that evidence names, and back."""

    def __init__(self, settings: SourceSettings) -> None:
        """Know the run's hosts."""
        web, raw = settings.github_hosts or ("", "")
        pairs = [(settings.endpoint, HUB), (settings.github_api, GITHUB_API), (web, GITHUB), (raw, GITHUB_RAW)]
        self._pairs = sorted(((asked, public) for asked, public in pairs if asked), key=lambda pair: -len(pair[0]))

    def public(self, url: str) -> str:
        """The address as evidence names it."""
        return next((new + url[len(old) :] for old, new in self._pairs if _below(url, old)), url)

    def asked(self, url: str) -> str:
        """The address as this run asks it."""
        return next((old + url[len(new) :] for old, new in self._pairs if _below(url, new)), url)

    def led_to(self, url: str) -> str:
        """The address that a redirect led to: a signature is a key to the file, so it is left out."""
        known = any(_below(url, asked) for asked, _ in self._pairs)
        return without_secrets(self.public(url), bare=not known)


def without_secrets(url: str, *, bare: bool = False) -> str:
    """An address without a user's name, and without a query that is signed (`bare`: without any)."""
    try:
        parts = urlsplit(url)
        signed = any(_SIGNED.fullmatch(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True))
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "" if signed or bare else parts.query, ""))
    except ValueError:
        return ""


def _below(url: str, prefix: str) -> bool:
    return url == prefix or url.startswith((prefix + "/", prefix + "?"))
