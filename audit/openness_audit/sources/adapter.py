"""Send one request and read its body within the caps; keep neither cookies nor secrets."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING, Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from openness_audit.sources.connection import pool_classes, until
from openness_audit.sources.decoding import BadEncodingError, Decoder
from openness_audit.sources.exchange import Ask, FetchFailed, Pacer, shown_host

if TYPE_CHECKING:
    from collections.abc import Mapping

TRUNCATED = "X-Openness-Truncated"  # our own mark on a stored answer that was cut
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

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send one request and read its answer.

        Raises:
            FetchFailed: no usable answer, or no right to ask.
        """
        ask: Ask = request.ask  # type: ignore[attr-defined]  # only Prepared requests come here
        ask.deadline.check()
        self._counts.sent(ask)
        if ask.tally is not None:
            ask.tally.sent(ask)
        if self._pacer is not None:
            self._pacer.before(request.url or "", ask)
        options["stream"] = True
        end = time.monotonic() + min(REQUEST_SECONDS, ask.deadline.left())
        try:
            with until(end):
                response = super().send(request, *args, **options)
                self._learn(response, ask)
                return _read(response, ask, end)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _failed(error, request.url or "") from error
        finally:
            if self._pacer is not None:  # it knows whether it was told of an answer
                self._pacer.after(request.url or "", ask, 0, {})

    def _learn(self, response: requests.Response, ask: Ask) -> None:
        if self._pacer is not None:
            headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
            self._pacer.after(response.url or "", ask, response.status_code, headers)

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """A response without cookies; without `Vary`, since the key says all that our requests vary by."""
        for name in ("Set-Cookie", "Set-Cookie2", "Vary", TRUNCATED):
            resp.headers.pop(name, None)
        resp._original_response = None  # noqa: SLF001  # requests would take the cookies from there
        return super().build_response(req, resp)


def _read(response: requests.Response, ask: Ask, end: float) -> requests.Response:
    """The response with its body read, decoded, and cut at the cap."""
    raw, host = response.raw, shown_host(response.url)
    body, cut = bytearray(), False
    try:
        decoder = Decoder(response.headers.get("Content-Encoding", ""))
        while response.request.method != "HEAD" and (data := raw.read1(CHUNK, decode_content=False)):
            body += decoder.feed(data, ask.max_bytes + 1 - len(body))
            if len(body) > ask.max_bytes:
                cut = True
                break
            _in_time(end, host)
        if not cut:
            decoder.finish()
    except BadEncodingError as error:
        raw.close()
        raise FetchFailed("malformed", f"{host} sent a body {error}") from error
    except BaseException:
        raw.close()
        raise
    if cut:
        raw.close()
        del body[ask.max_bytes :]
        response.headers[TRUNCATED] = "1"
    raw.release_conn()
    for name in ("Content-Encoding", "Transfer-Encoding"):
        response.headers.pop(name, None)
    if response.status_code == 304:  # its headers replace those of the stored answer
        response.headers.pop("Content-Length", None)
    elif response.request.method != "HEAD":
        response.headers["Content-Length"] = str(len(body))
    content = bytes(body)
    response._content = content  # noqa: SLF001 - as requests does after reading
    response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001 - likewise
    response.raw = urllib3.HTTPResponse(
        body=BytesIO(content),
        headers=dict(response.headers),
        status=response.status_code,
        preload_content=False,
        request_url=response.url,
    )
    return response


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
