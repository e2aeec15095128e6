"""Send requests through the one cached session: keyed by caller, capped in bytes and time, no redirects, no cookies."""

from __future__ import annotations

import contextlib
import logging
from datetime import UTC
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING

import requests
from requests.utils import select_proxy, should_bypass_proxies

from openness_audit.sources.adapter import REQUEST_SECONDS, TRUNCATED, CappedAdapter, Counts, Prepared
from openness_audit.sources.answer import aware
from openness_audit.sources.cachefile import KEPT, open_cache, set_aside
from openness_audit.sources.exchange import Ask, FetchFailed, Pacer, Reply, origin_of
from openness_audit.sources.sending import EXPIRY, REFUSALS, Http, cache_key, prepared, stranger
from openness_audit.sources.settings import GITHUB, GITHUB_RAW, HUB

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from openness_audit.sources.answer import Kept
    from openness_audit.sources.sending import Whence
    from openness_audit.sources.settings import SourceSettings

_log = logging.getLogger("openness_audit")

SECRET_HEADERS = ("Authorization", "authorization", "Cookie", "cookie", "Proxy-Authorization", "proxy-authorization")
_PUBLIC = {origin_of(host) for host in (HUB, GITHUB, GITHUB_RAW)}


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
        self._http = Http(
            backend=self._cache,
            expire_after=settings.fresh_for,
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

    def guard_others(self, adapter: CappedAdapter) -> None:
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
        request = prepared(method, url, headers, ask)
        if ask.cached_only or self.settings.offline:
            return self._cached(request, ask)
        ask.deadline.check()
        guarded = self._admit(request.url or url, ask)
        seconds = min(ask.deadline.left(), REQUEST_SECONDS)
        try:
            answer, whence = self._http.send(
                request,
                expire_after=self._lifetime(request.url or url, ask),
                only_if_cached=ask.fresh_only,
                timeout=(min(seconds, self.settings.connect_timeout), min(seconds, self.settings.read_timeout)),
                proxies={} if guarded else self.proxies(url),
                verify=self.settings.ca_bundle or True,
            )
        except (requests.RequestException, ValueError) as error:
            raise FetchFailed("malformed", f"the answer leads nowhere ({type(error).__name__})") from error
        return self._reply(answer, ask, whence)

    def _lifetime(self, url: str, ask: Ask) -> float:
        """For how many seconds an answer is fresh, in requests-cache's words for never and always."""
        if ask.lifetime is not None:
            return ask.lifetime
        return next((seconds for pattern, seconds in EXPIRY.items() if pattern.search(url)), self.settings.fresh_for)

    def vouch(self, method: str, url: str, headers: Mapping[str, str], ask: Ask) -> None:
        """Take the answer that the cache holds as fresh, for this run: something else told that it still holds."""
        self._cache.vouched.add(cache_key(prepared(method, url, headers, ask)))

    def doubt(self, method: str, url: str, headers: Mapping[str, str], ask: Ask) -> None:
        """Forget a refusal that the cache holds: what somebody asks for by name may be there by now."""
        if self.settings.offline:
            return
        key = cache_key(prepared(method, url, headers, ask))
        found = self._cache.get_response(key)
        if found is not None and found.status_code in REFUSALS:
            self._cache.forget(key)

    def still_gated(self, method: str, url: str, headers: Mapping[str, str], ask: Ask) -> None:
        """Take a gate that was shut for a file as shut, whenever that was: the record was read, and says that it is.

        Never where all that can change is to be asked anew.
        """
        if self.settings.fresh_since is None:
            self._cache.gated.add(cache_key(prepared(method, url, headers, ask)))

    def believe_refusals(self, seconds: timedelta) -> None:
        """Ask again only after so long for what was refused."""
        self._cache.refused_for = seconds

    def proxies(self, url: str) -> dict[str, str]:
        """The proxies for a URL."""
        if not self.settings.proxies or should_bypass_proxies(url, self.settings.no_proxy or None):
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
                raise stranger(url)
            return False
        if origin.startswith("https://") and origin.endswith(self._suffixes):
            self.allow(url)
            return False
        if ask.kind != "other" or self._http.guard is None or not origin.startswith(("http://", "https://")):
            raise stranger(url)
        return True

    def _cached(self, request: Prepared, ask: Ask) -> Reply:
        found = self._cache.get_response(cache_key(request))
        if found is None or (found.is_expired and found.status_code >= 400):
            raise FetchFailed("offline", "not in the cache, and the network was not to be asked", retryable=True)
        return self._reply(found, ask, "cache")

    def _reply(self, answer: Kept, ask: Ask, whence: Whence) -> Reply:
        if whence == "cache":
            self.counts.hit()
            if ask.tally is not None:
                ask.tally.hit()
        headers = answer.lowered()
        return Reply(
            url=answer.url,
            status=answer.status_code,
            truncated=headers.pop(TRUNCATED.lower(), "") == "1",
            headers=headers,
            body=answer.content,
            retrieved_at=f"{aware(answer.created_at).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            from_cache=whence != "network",
            stale=whence == "cache" and answer.is_expired,
        )
