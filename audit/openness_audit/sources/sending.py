"""Send one request: from the cache where it is fresh there, else by the adapter of its host, and keep the answer."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import requests
from requests_cache import DO_NOT_CACHE, EXPIRE_IMMEDIATELY, NEVER_EXPIRE, CachedSession

from openness_audit.sources.adapter import Prepared
from openness_audit.sources.answer import ends
from openness_audit.sources.cachefile import KEPT
from openness_audit.sources.exchange import Ask, FetchFailed, origin_of, shown_host
from openness_audit.sources.retry import is_rate_limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openness_audit.sources.adapter import CappedAdapter
    from openness_audit.sources.answer import Kept
    from openness_audit.sources.cachefile import FileCache, MemoryCache

DAY_S = 24 * 3600
REFUSALS = {401, 403, 404, 410, 451}

_SHA = "[0-9a-f]{40}"
# `/revision/{sha}` is not here: its record holds the gate, which can close while the commit stays
EXPIRY: dict[re.Pattern[str], int] = {
    re.compile(rf"/(?:resolve|raw|tree|resolve-cache/[^?]*)/{_SHA}(?:[/?]|$)"): NEVER_EXPIRE,
    re.compile(rf"/git/trees/{_SHA}(?:\?|$)"): NEVER_EXPIRE,
    re.compile(rf"/contents/[^?]*\?ref={_SHA}$"): NEVER_EXPIRE,
    re.compile(rf"^https://raw\.githubusercontent\.com/[^/]+/[^/]+/{_SHA}/"): NEVER_EXPIRE,
    re.compile(r"[?&](?:X-Amz-Signature|Signature|Policy)="): DO_NOT_CACHE,
    re.compile(r"/repos/[^/]+/[^/?]+$"): DAY_S,  # GitHub's anonymous quota is 60 requests an hour
}


Whence: TypeAlias = Literal["cache", "confirmed", "network"]  # confirmed: kept, and the server says it still holds


class Http(CachedSession):
    """Chooses adapters by exact origin: a prefix would also fit `https://huggingface.co.evil.example`."""

    cache: FileCache | MemoryCache
    guard: CappedAdapter | None = None

    def get_adapter(self, url: str | bytes) -> CappedAdapter:
        """The adapter for a URL.

        Raises:
            FetchFailed: nobody may ask that host.
        """
        text = url if isinstance(url, str) else url.decode()
        adapter = self.adapters.get(origin_of(text)) or self.guard
        if adapter is None:
            raise stranger(text)
        return adapter  # type: ignore[return-value]  # only ours are mounted

    def send(  # type: ignore[override]  # of requests-cache's rules, which take 2 ms to look through, those we have
        self, request: Prepared, *, expire_after: float, only_if_cached: bool = False, **options: Any
    ) -> tuple[Kept, Whence]:
        """The answer, and where it comes from.

        Raises:
            FetchFailed: there is none.
        """
        now, key = datetime.now(UTC), cache_key(request)
        keeps = request.method == "GET" and "Range" not in request.headers  # a cached whole would answer for a part
        keeps = keeps and expire_after != DO_NOT_CACHE
        found = self.cache.get_response(key) if keeps else None
        if found is not None and not found.is_expired:
            return found, "cache"
        if only_if_cached:
            raise FetchFailed("offline", "not fresh in the cache", retryable=True)
        if found is not None:
            request.headers.update(found.validators())
        answer = self.get_adapter(request.url or "").send(request, **options)
        if found is not None and answer.status_code == HTTPStatus.NOT_MODIFIED:
            answer = found.confirmed(answer).expiring(ends(now, expire_after))
            self.cache.save_response(answer, key, answer.expires)
            return answer, "confirmed"
        if keeps and answer.status_code in KEPT and (expire_after != EXPIRE_IMMEDIATELY or answer.validators()):
            self.cache.save_response(answer, key, ends(now, expire_after))
        elif answer.status_code in REFUSALS and not is_rate_limit(answer.status_code, answer.lowered()):
            self.cache.forget(key)  # else the old success would stand in when the server fails
        return answer, "network"


def cache_key(request: requests.PreparedRequest, **_: Any) -> str:
    """One key per method, URL, form asked for, byte cap and caller: no answer crosses from one token to another.

    Tokens are long and random, so that a keyed digest of one tells nothing about it.
    """
    headers: Mapping[str, Any] = request.headers or {}
    caller = str(headers.get("Authorization") or "")
    ask: Ask | None = getattr(request, "ask", None)
    parts = (
        request.method or "",
        request.url or "",
        hmac.new(b"openness-audit cache key", caller.encode(), "sha256").hexdigest(),
        str(headers.get("Accept") or ""),
        str(ask.max_bytes if ask else 0),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def stranger(url: str) -> FetchFailed:
    """The failure of a request to a host that nobody may ask."""
    scheme = url.partition(":")[0]
    what = shown_host(url) if scheme in {"http", "https"} else f"an address of the kind {scheme}:"
    return FetchFailed("not-requested", f"{what} is not among the hosts this audit may ask")


def prepared(method: str, url: str, headers: Mapping[str, str], ask: Ask) -> Prepared:
    """The request with header names in the spelling that redaction knows."""
    request = Prepared()
    request.ask = ask
    request.method = method
    try:
        request.url = _prepared(url)
        request.prepare_headers({name.title(): value for name, value in headers.items()})
    except (requests.RequestException, UnicodeError, ValueError) as error:
        raise FetchFailed("malformed", f"not a URL that can be asked: {error}") from error
    request.headers.pop("Cookie", None)
    request.headers.setdefault("Accept-Encoding", "gzip, deflate")
    return request


@lru_cache(4096)
def _prepared(url: str) -> str:
    """A URL as requests writes it; most are needed twice, for the cache and for the network."""
    request = requests.PreparedRequest()
    request.prepare_url(url, None)
    return request.url or url
