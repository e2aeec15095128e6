"""Follow links to other hosts, on request only, to public addresses only: cards are written by strangers."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from openness_audit.model.capture import Failure, PageAnswer
from openness_audit.sources.adapter import CappedAdapter, Counts
from openness_audit.sources.exchange import FetchFailed, failure, origin_of
from openness_audit.sources.reading import origin
from openness_audit.sources.settings import HUB

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openness_audit.sources.fetch import Fetcher

Resolver: TypeAlias = "Callable[[str, int], Sequence[str]]"
Judge: TypeAlias = "Callable[[str], bool]"

PAGE_CAP = 64 * 1024  # whether a page answers shows in its first bytes
PAGE_FRESH_S = 24 * 3600
PORTS = frozenset({80, 443, 8080, 8443})  # where pages live; others are services


def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host, by the system's resolver.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


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
        self._resolver, self._judge = resolver, judge
        super().__init__(counts, pool_connections=8, pool_maxsize=4)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """A pool manager whose connections are guarded."""
        super().init_poolmanager(*args, **options)
        resolver, judge = self._resolver, self._judge

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self, resolver, judge)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self, resolver, judge)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


class Links:
    """Pages on hosts other than the Hub and GitHub."""

    def __init__(self, fetcher: Fetcher, *, ports: frozenset[int] | None = None) -> None:
        """Ask by `fetcher`, whose session must have a guard if links are to be checked."""
        self._fetch = fetcher
        self._settings = fetcher.session.settings
        self._ports = PORTS if ports is None else ports

    def page(self, url: str) -> PageAnswer | Failure:
        """Whether a page answers; 404 and 410 are no, a refusal or an error is no answer to the question."""
        if not self._settings.check_links:
            return failure("not-requested", url, "links to other hosts are followed only with --check-links")
        target = self._rewritten(url)
        if isinstance(target, Failure):
            return target
        ask = self._fetch.ask("other", PAGE_CAP, PAGE_FRESH_S)
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

    def _rewritten(self, url: str) -> str | Failure:
        """The URL to ask: the Hub's go to the configured endpoint."""
        try:
            parts = urlsplit(url)
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        except ValueError:
            return failure("malformed", url, "not a URL")
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
            return failure("malformed", url, "not a plain http(s) URL")
        if origin_of(url) == origin_of(HUB) and self._settings.endpoint != HUB:
            return self._settings.endpoint + urlunsplit(("", "", parts.path, parts.query, ""))
        if port not in self._ports:
            return failure("not-requested", url, f"port {port} is not asked")
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))


def _connect(connection: HTTPConnection, resolver: Resolver, judge: Judge) -> socket.socket:
    """A socket to the first address that answers, if all addresses of the host are public.

    All, not one: a name that leads to both kinds is made to slip through.
    """
    host, port = connection.host.strip("[]"), connection.port or 80
    try:
        addresses = list(resolver(host, port))
    except (OSError, UnicodeError) as error:
        raise urllib3.exceptions.NewConnectionError(connection, f"{host} has no address: {error}") from error
    if not addresses or not all(judge(address) for address in addresses):
        raise FetchFailed("not-requested", f"{host} leads to an address that is not public")
    last: OSError | None = None
    timeout = connection.timeout if isinstance(connection.timeout, int | float) else 6.0
    for address in addresses[:4]:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            last = error
    raise urllib3.exceptions.NewConnectionError(connection, f"{host} cannot be reached: {last}")
