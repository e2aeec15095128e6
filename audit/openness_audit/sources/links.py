"""Follow links to other hosts, on request only, to public addresses only: cards are written by strangers."""

from __future__ import annotations

import ipaddress
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from openness_audit.model.capture import Failure, PageAnswer
from openness_audit.sources.adapter import CappedAdapter, Counts
from openness_audit.sources.connection import Judge, Resolver, pool_classes, resolve
from openness_audit.sources.exchange import Deadline, FetchFailed, RequestKind, failure, origin_of
from openness_audit.sources.reading import origin
from openness_audit.sources.settings import HUB

if TYPE_CHECKING:
    from openness_audit.sources.fetch import Fetcher

PAGE_CAP = 64 * 1024  # whether a page answers shows in its first bytes
PAGE_S = 10.0  # for one page, its redirects and a second attempt
ALL_PAGES_S = 40.0  # for all pages of one run
PAGE_FRESH_S = 24 * 3600
PORTS = frozenset({80, 443, 8080, 8443})  # where pages live; others are services


def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet.

    An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) is judged too: a gateway would reach it.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner: list[Any] = []
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip.ipv4_mapped is not None:  # the wrapper itself is never global
            return is_public(str(ip.ipv4_mapped))
    if ip.is_multicast or not ip.is_global:
        return False
    return all(is_public(str(each)) for each in inner if each is not None)


class GuardedAdapter(CappedAdapter):
    """Connects to an address only after judging that very address; no proxy, no second look-up in between."""

    def __init__(self, counts: Counts, *, resolver: Resolver = resolve, judge: Judge = is_public) -> None:
        """Look hosts up by `resolver`, and connect where `judge` agrees to every address."""
        super().__init__(counts, pools=pool_classes(resolver, judge), pool_connections=8, pool_maxsize=4)


class Links:
    """Pages on hosts other than the Hub and GitHub."""

    def __init__(self, fetcher: Fetcher, *, ports: frozenset[int] | None = None) -> None:
        """Ask by `fetcher`, whose session must have a guard if links are to be checked."""
        self._fetch = fetcher
        self._settings = fetcher.session.settings
        self._ports = PORTS if ports is None else ports
        self._lock = threading.Lock()
        self._all: Deadline | None = None

    def page(self, url: str) -> PageAnswer | Failure:
        """Whether a page answers; 404 and 410 are no, a refusal or an error is no answer to the question."""
        if not self._settings.check_links:
            return failure("not-requested", url, "links to other hosts are followed only with --check-links")
        target = self._rewritten(url)
        if isinstance(target, Failure):
            return target
        kind: RequestKind = "hub_files" if self._of_the_hub(url) else "other"
        ask = replace(self._fetch.ask(kind, PAGE_CAP, PAGE_FRESH_S), deadline=self._deadline())
        try:
            reply = self._fetch.get(target, {"Accept": "text/html,*/*;q=0.5"}, ask)
        except FetchFailed as error:
            return error.failure(url)
        if reply.status in {404, 410}:
            return PageAnswer(url=url, alive=False, origin=origin(reply, url))
        if reply.status >= 400:
            code = "legal" if reply.status == 451 else "unauthorized" if reply.status < 500 else "server-error"
            return failure(code, url, f"the server answered {reply.status}", retryable=reply.status >= 500)  # type: ignore[arg-type]  # all are codes
        return PageAnswer(url=url, alive=True, origin=origin(reply, url))

    def _of_the_hub(self, url: str) -> bool:
        """Whether a page of huggingface.co is to be asked of another Hub."""
        return self._settings.endpoint != HUB and origin_of(url) == origin_of(HUB)

    def _deadline(self) -> Deadline:
        """When the next page has to have answered: none may take long, and all together not much longer."""
        with self._lock:
            if self._all is None:
                self._all = Deadline(ALL_PAGES_S)
        return Deadline(min(PAGE_S, self._all.left(), self._fetch.deadline.left()))

    def _rewritten(self, url: str) -> str | Failure:
        """The URL to ask: the Hub's go to the configured endpoint."""
        try:
            parts = urlsplit(url)
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        except ValueError:
            return failure("malformed", url, "not a URL")
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
            return failure("malformed", url, "not a plain http(s) URL")
        if self._of_the_hub(url):
            return self._settings.endpoint + urlunsplit(("", "", parts.path, parts.query, ""))
        if port not in self._ports:
            return failure("not-requested", url, f"port {port} is not asked")
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))
