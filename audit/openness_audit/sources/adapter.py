"""Send one request and read its body within the caps; keep neither cookies nor secrets."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from openness_audit.sources.answer import Asked, Kept
from openness_audit.sources.connection import pool_classes, until
from openness_audit.sources.decoding import BadEncodingError, Decoder
from openness_audit.sources.exchange import Ask, FetchFailed, Pacer, shown_host

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3.connectionpool import HTTPConnectionPool

TRUNCATED = "X-Openness-Truncated"  # our own mark on a stored answer that was cut
# no cookies are kept; the key of an answer says all that our requests vary by; the mark is ours to set
_UNWANTED = {"set-cookie", "set-cookie2", "vary", TRUNCATED.lower()}
CHUNK = 65536
REQUEST_SECONDS = 60.0  # for one answer, however slowly it drips

_BAD_PROXY = (
    requests.exceptions.InvalidProxyURL,
    requests.exceptions.InvalidSchema,  # a SOCKS proxy, which needs another library
    urllib3.exceptions.ProxySchemeUnknown,
    urllib3.exceptions.ProxySchemeUnsupported,
    urllib3.exceptions.LocationParseError,
)
_BROKEN_OFF = (http.client.IncompleteRead, http.client.RemoteDisconnected)


class Prepared(requests.PreparedRequest):
    """A request that knows how it is to be carried out."""

    ask: Ask


class Counts:
    """How many requests were sent and how many were answered by the cache."""

    def __init__(self, most: int) -> None:
        """`most` requests may be sent."""
        self._lock = threading.Lock()
        self._most = most
        self._sent: Counter[str] = Counter()
        self.cache_hits = 0

    def sent(self, ask: Ask) -> None:
        """Count one.

        Raises:
            FetchFailed: code "budget", when it would be one too many.
        """
        with self._lock:
            if self._sent.total() >= self._most:
                raise FetchFailed("budget", f"the limit of {self._most} requests was reached", retryable=True)
            self._sent[ask.kind] += 1

    def hit(self) -> None:
        """Count an answer of the cache."""
        with self._lock:
            self.cache_hits += 1

    def of(self, kind: str) -> int:
        """Requests of a kind so far."""
        with self._lock:
            return self._sent[kind]


class CappedAdapter(HTTPAdapter):
    """Reads bodies itself, decoded, within the caps of the request; keeps neither cookies nor `Vary`."""

    def __init__(
        self, counts: Counts, pools: Mapping[str, Any] | None = None, pacer: Pacer | None = None, **options: Any
    ) -> None:
        """Count what is sent in `counts`, connect by `pools`, keep to `pacer`; other options are HTTPAdapter's."""
        self._counts = counts
        self._pacer = pacer
        self._pools = pools or pool_classes()
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """A pool manager whose connections keep to the time of their request."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """The same for what goes by a proxy."""
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def send(  # type: ignore[override]  # requests' own way there and back takes as long as the request itself
        self,
        request: Prepared,
        *,
        timeout: tuple[float, float],
        proxies: dict[str, str],
        verify: bool | str,
    ) -> Kept:
        """Send one request and read its answer.

        Raises:
            FetchFailed: no usable answer, or no right to ask.
        """
        ask, url = request.ask, request.url or ""
        ask.deadline.check()
        self._counts.sent(ask)
        if ask.tally is not None:
            ask.tally.sent(ask)
        if self._pacer is not None:
            self._pacer.before(url, ask)
        end = time.monotonic() + min(REQUEST_SECONDS, ask.deadline.left())
        try:
            with until(end):
                raw = self._begin(request, urllib3.Timeout(*timeout), proxies, verify)
                headers = {name: raw.headers[name] for name in raw.headers if name.lower() not in _UNWANTED}
                if self._pacer is not None:
                    self._pacer.after(url, ask, raw.status, {name.lower(): value for name, value in headers.items()})
                return _read(request, raw, headers, end)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _failed(error, url) from error
        finally:
            if self._pacer is not None:  # it knows whether it was told of an answer
                self._pacer.after(url, ask, 0, {})

    def _begin(
        self, request: Prepared, timeout: urllib3.Timeout, proxies: dict[str, str], verify: bool | str
    ) -> urllib3.BaseHTTPResponse:
        """The answer as far as its headers, by a connection of the pool."""
        url = request.url or ""
        pool: HTTPConnectionPool = self.get_connection_with_tls_context(request, verify, proxies=proxies)  # type: ignore[assignment]  # always one of these
        if url.lower().startswith("https:"):
            self.cert_verify(pool, url, verify, None)  # type: ignore[no-untyped-call]  # requests
        return pool.urlopen(
            request.method or "GET",
            self.request_url(request, proxies),
            headers=request.headers,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
            retries=self.max_retries,
            timeout=timeout,
        )


def _read(request: Prepared, raw: urllib3.BaseHTTPResponse, headers: dict[str, str], end: float) -> Kept:
    """The answer with its body read, decoded, and cut at the cap."""
    ask, url = request.ask, request.url or ""
    body, cut = bytearray(), False
    try:
        decoder = Decoder(raw.headers.get("Content-Encoding", ""))
        while request.method != "HEAD" and (data := raw.read1(CHUNK, decode_content=False)):
            body += decoder.feed(data, ask.max_bytes + 1 - len(body))
            if len(body) > ask.max_bytes:
                cut = True
                break
            _in_time(end, shown_host(url))
        if not cut:
            decoder.finish()
    except BadEncodingError as error:
        raw.close()
        raise FetchFailed("malformed", f"{shown_host(url)} sent a body {error}") from error
    except BaseException:
        raw.close()
        raise
    if cut:
        raw.close()
        del body[ask.max_bytes :]
    raw.release_conn()
    dropped = {"content-encoding", "transfer-encoding"} | (set() if request.method == "HEAD" else {"content-length"})
    told = {name: value for name, value in headers.items() if name.lower() not in dropped}
    if request.method != "HEAD" and raw.status != HTTPStatus.NOT_MODIFIED:  # its headers join those of what is kept
        told["Content-Length"] = str(len(body))
    return Kept(
        content=bytes(body),
        created_at=datetime.now(UTC),
        headers=told | ({TRUNCATED: "1"} if cut else {}),
        reason=raw.reason,
        request=Asked(method=request.method, url=request.url),
        status_code=raw.status,
        url=url,
    )


def _in_time(end: float, host: str) -> None:
    if time.monotonic() > end:
        raise FetchFailed("timeout", f"an answer of {host} did not end in time", retryable=True)


def _failed(error: Exception, url: str) -> FetchFailed:
    """What a library's error means: the libraries wrap each other's, so the innermost that says something counts."""
    host = shown_host(url)
    chain = _chain(error)
    certain = next((known for each in chain if (known := _certain(each, host))), None)
    if certain:
        return certain
    if any(isinstance(each, urllib3.exceptions.ProxyError) for each in chain):
        return FetchFailed("network", f"{host} cannot be reached by the proxy that is set", retryable=True)
    # before timeouts: urllib3 makes NewConnectionError one of them
    if any(isinstance(each, urllib3.exceptions.NewConnectionError | ConnectionRefusedError) for each in chain):
        return FetchFailed("network", f"{host} cannot be reached", retryable=True)
    if any(isinstance(each, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError) for each in chain):
        return FetchFailed("timeout", f"{host} did not answer in time", retryable=True)
    return FetchFailed("network", f"{host} broke the connection off", retryable=True)


def _certain(error: BaseException, host: str) -> FetchFailed | None:
    """What an error means that will come again however often it is tried."""
    if isinstance(error, FetchFailed):
        return error
    if isinstance(error, _BAD_PROXY):
        return FetchFailed("network", f"{host} cannot be asked by the proxy that is set: it is no http(s) address")
    if isinstance(error, ssl.SSLError):
        return FetchFailed("network", f"no secure connection to {host} ({_reason(error)})")
    if isinstance(error, http.client.HTTPException) and not isinstance(error, _BROKEN_OFF):
        return FetchFailed("malformed", f"{host} does not answer as HTTP asks ({type(error).__name__})")
    return None


def _reason(error: ssl.SSLError) -> str:
    """Why a certificate or a greeting was refused, without the library's file and line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not accepted: {error.verify_message}"
    return (error.reason or "the other side does not speak TLS").replace("_", " ").lower()


def _chain(error: BaseException) -> list[BaseException]:
    """An error and those inside it, outermost first."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < 20:
        each = waiting.pop(0)
        if each is not None and each not in found:
            found.append(each)
            inside = [arg for arg in each.args if isinstance(arg, BaseException)]
            reason = getattr(each, "reason", None)
            waiting += [
                *inside,
                reason if isinstance(reason, BaseException) else None,
                each.__cause__,
                each.__context__,
            ]
    return [each for each in found if isinstance(each, Exception)]
