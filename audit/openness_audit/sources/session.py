"""Send requests through the one cached session: keyed by caller, capped in bytes and time, no redirects, no cookies."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import logging
import re
import time
from datetime import datetime, timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import requests
from requests.utils import select_proxy, should_bypass_proxies
from requests_cache import DO_NOT_CACHE, NEVER_EXPIRE, CachedSession

from openness_audit.sources.adapter import REQUEST_SECONDS, TRUNCATED, CappedAdapter, Counts, Prepared
from openness_audit.sources.cachefile import KEPT, open_cache, set_aside
from openness_audit.sources.exchange import Ask, FetchFailed, Pacer, Reply, origin_of, shown_host
from openness_audit.sources.retry import is_rate_limit
from openness_audit.sources.settings import GITHUB, GITHUB_RAW, HUB

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from requests.adapters import HTTPAdapter

    from openness_audit.sources.settings import SourceSettings

_log = logging.getLogger("openness_audit")

SECRET_HEADERS = ("Authorization", "authorization", "Cookie", "cookie", "Proxy-Authorization", "proxy-authorization")
_PUBLIC = {origin_of(host) for host in (HUB, GITHUB, GITHUB_RAW)}
DAY_S = 24 * 3600
NOT_CACHED = 504  # as requests-cache says it; the status itself is never kept
REFUSALS = {401, 403, 404, 410, 451}

_SHA = "[0-9a-f]{40}"
# `/revision/{sha}` is not here: its record holds the gate, which can close while the commit stays
EXPIRY: dict[str | re.Pattern[Any], int | float | str | datetime | timedelta | None] = {
    re.compile(rf"/(?:resolve|raw|tree|resolve-cache/[^?]*)/{_SHA}(?:[/?]|$)"): NEVER_EXPIRE,
    re.compile(rf"/git/trees/{_SHA}(?:\?|$)"): NEVER_EXPIRE,
    re.compile(rf"/contents/[^?]*\?ref={_SHA}$"): NEVER_EXPIRE,
    re.compile(rf"^https://raw\.githubusercontent\.com/[^/]+/[^/]+/{_SHA}/"): NEVER_EXPIRE,
    re.compile(r"[?&](?:X-Amz-Signature|Signature|Policy)="): DO_NOT_CACHE,
    re.compile(r"/repos/[^/]+/[^/?]+$"): DAY_S,  # GitHub's anonymous quota is 60 requests an hour
}


class _Http(CachedSession):
    """Chooses adapters by exact origin: a prefix would also fit `https://huggingface.co.evil.example`."""

    guard: HTTPAdapter | None = None

    def get_adapter(self, url: str | bytes) -> HTTPAdapter:
        """The adapter for a URL.

        Raises:
            FetchFailed: nobody may ask that host.
        """
        text = url if isinstance(url, str) else url.decode()
        adapter = self.adapters.get(origin_of(text)) or self.guard
        if adapter is None:
            raise _stranger(text)
        return adapter  # type: ignore[return-value]  # only ours are mounted


class CacheSession:
    """The session of one run; `exchange` may be called from any thread."""

    def __init__(self, settings: SourceSettings, pacer: Pacer | None = None) -> None:
        """Open the cache; hosts must be allowed before they can be asked. `pacer` is told of each request."""
        for name in ("requests_cache", "urllib3"):  # their warnings would reach the terminal
            logging.getLogger(name).addHandler(logging.NullHandler())
        self.settings = settings
        self._pacer = pacer
        self.counts = Counts(settings.max_requests)
        self._cache, self.trouble = open_cache(settings.cache_file)
        self._cache.since = settings.fresh_since
        if self.trouble:
            _log.warning(self.trouble)
        self._http = _Http(
            backend=self._cache,
            expire_after=settings.fresh_for,
            urls_expire_after=EXPIRY,
            allowable_codes=KEPT,
            allowable_methods=("GET",),
            ignored_parameters=SECRET_HEADERS,
            key_fn=cache_key,
            stale_if_error=False,
        )
        self._http.trust_env = False
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._http.adapters.clear()
        self._suffixes: tuple[str, ...] = ()
        self._closed = False
        self.on_reply: Callable[[Reply], None] | None = None  # told of every answer, in the thread that asked

    def allow(self, url: str) -> None:
        """Let requests go to the host of `url`; all others are refused."""
        size = self.settings.threads
        self._http.adapters.setdefault(
            origin_of(url), CappedAdapter(self.counts, pacer=self._pacer, pool_connections=1, pool_maxsize=size)
        )

    def allow_below(self, *domains: str) -> None:
        """Let requests follow redirects to any https host below these domains."""
        self._suffixes += tuple(f".{domain}:443" for domain in domains)

    def guard_others(self, adapter: HTTPAdapter) -> None:
        """Let requests of kind "other" go anywhere by `adapter`, which checks addresses itself."""
        self._http.guard = adapter

    def exchange(self, method: str, url: str, headers: Mapping[str, str], ask: Ask) -> Reply:
        """The answer to one request, from the cache or the network; a redirect is an answer.

        Raises:
            FetchFailed: there is none.
        """
        reply = self._exchange(method, url, headers, ask)
        if self.on_reply is not None:
            self.on_reply(reply)
        return reply

    def _exchange(self, method: str, url: str, headers: Mapping[str, str], ask: Ask) -> Reply:
        if self._closed:
            raise FetchFailed("budget", "the run was ended", retryable=True)
        request = _prepare(method, url, headers, ask)
        if ask.cached_only or self.settings.offline:
            return self._cached(request, ask)
        ask.deadline.check()
        guarded = self._admit(request.url or url, ask)
        seconds = min(ask.deadline.left(), REQUEST_SECONDS)
        options: dict[str, Any] = {
            "timeout": (min(seconds, self.settings.connect_timeout), min(seconds, self.settings.read_timeout)),
            "proxies": {} if guarded else self.proxies(url),
            "verify": self.settings.ca_bundle or True,
        }
        if ask.lifetime is not None:
            options["expire_after"] = ask.lifetime
        if ask.fresh_only:
            options["only_if_cached"] = True
        try:
            if method != "GET" or "Range" in request.headers:  # a cached whole would answer for a part
                options.pop("expire_after", None)
                response = self._http.get_adapter(request.url or url).send(request, **options)
            else:
                response = self._http.send(request, stream=True, allow_redirects=False, **options)
        except (requests.RequestException, ValueError) as error:  # requests reads ahead where a redirect leads
            raise FetchFailed("malformed", f"the answer leads nowhere ({type(error).__name__})") from error
        if ask.fresh_only and response.status_code == NOT_CACHED:
            raise FetchFailed("offline", "not fresh in the cache", retryable=True)
        stored = getattr(response, "from_cache", False) or getattr(response, "cache_key", None)
        if (
            response.status_code in REFUSALS
            and not stored
            and not is_rate_limit(response.status_code, response.headers)
        ):
            self._cache.forget(cache_key(request))  # else the old success would stand in when the server fails
        return self._reply(response, ask)

    def vouch(self, method: str, url: str, headers: Mapping[str, str], ask: Ask) -> None:
        """Take the answer that the cache holds as fresh, for this run: something else told that it still holds."""
        self._cache.vouched.add(cache_key(_prepare(method, url, headers, ask)))

    def doubt(self, method: str, url: str, headers: Mapping[str, str], ask: Ask) -> None:
        """Forget a refusal that the cache holds: what somebody asks for by name may be there by now."""
        if self.settings.offline:
            return
        key = cache_key(_prepare(method, url, headers, ask))
        found = self._cache.get_response(key)
        if found is not None and found.status_code in REFUSALS:
            self._cache.forget(key)

    def still_gated(self, method: str, url: str, headers: Mapping[str, str], ask: Ask) -> None:
        """Take a gate that was shut for a file as shut, whenever that was: the record was read, and says that it is.

        Never where all that can change is to be asked anew.
        """
        if self.settings.fresh_since is None:
            self._cache.gated.add(cache_key(_prepare(method, url, headers, ask)))

    def believe_refusals(self, seconds: timedelta) -> None:
        """Ask again only after so long for what was refused."""
        self._cache.refused_for = seconds

    def proxies(self, url: str) -> dict[str, str]:
        """The proxies for a URL."""
        if should_bypass_proxies(url, self.settings.no_proxy or None) or not self.settings.proxies:
            return {}
        return dict(self.settings.proxies) if select_proxy(url, dict(self.settings.proxies)) else {}

    def close(self) -> None:
        """Close connections and the cache."""
        self._closed = True
        self._http.close()  # type: ignore[no-untyped-call]  # requests-cache
        if self._cache.damaged:
            with contextlib.suppress(OSError):  # another run was faster
                aside = set_aside(self.settings.cache_file)
                _log.warning("the cache %s is damaged; it was renamed to %s", self.settings.cache_file, aside.name)
        if self._http.guard is not None:
            self._http.guard.close()

    def _admit(self, url: str, ask: Ask) -> bool:
        """Whether a request goes by the guard.

        Raises:
            FetchFailed: it may not go at all.
        """
        origin = origin_of(url)
        if origin in self._http.adapters:
            if ask.kind == "other" and origin not in _PUBLIC:  # a card must not steer us on a Hub of one's own
                raise _stranger(url)
            return False
        if origin.startswith("https://") and origin.endswith(self._suffixes):
            self.allow(url)
            return False
        if ask.kind != "other" or self._http.guard is None or not origin.startswith(("http://", "https://")):
            raise _stranger(url)
        return True

    def _cached(self, request: Prepared, ask: Ask) -> Reply:
        found = self._cache.get_response(cache_key(request))
        if found is None or (found.is_expired and found.status_code >= 400):
            raise FetchFailed("offline", "not in the cache, and the network was not to be asked", retryable=True)
        return self._reply(found, ask)

    def _reply(self, response: Any, ask: Ask) -> Reply:
        from_cache = bool(getattr(response, "from_cache", False))
        revalidated = bool(getattr(response, "revalidated", False))
        if from_cache and not revalidated:
            self.counts.hit()
            if ask.tally is not None:
                ask.tally.hit()
        headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
        created = getattr(response, "created_at", None)
        stamp = created.timestamp() if created is not None else time.time()
        return Reply(
            url=response.url or "",
            status=response.status_code,
            truncated=headers.pop(TRUNCATED.lower(), "") == "1",
            headers=headers,
            body=response.content or b"",
            retrieved_at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(stamp)),
            from_cache=from_cache,
            stale=from_cache and response.is_expired,
        )


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


def _stranger(url: str) -> FetchFailed:
    scheme = url.partition(":")[0]
    what = shown_host(url) if scheme in {"http", "https"} else f"an address of the kind {scheme}:"
    return FetchFailed("not-requested", f"{what} is not among the hosts this audit may ask")


def _prepare(method: str, url: str, headers: Mapping[str, str], ask: Ask) -> Prepared:
    """The request with header names in the spelling that redaction knows."""
    request = Prepared()
    request.ask = ask
    try:
        request.prepare(method=method, url=url, headers={name.title(): value for name, value in headers.items()})
    except (requests.RequestException, UnicodeError, ValueError) as error:
        raise FetchFailed("malformed", f"not a URL that can be asked: {error}") from error
    request.headers.pop("Cookie", None)
    request.headers.setdefault("Accept-Encoding", "gzip, deflate")
    return request
