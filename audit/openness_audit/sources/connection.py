"""Connections whose every step ends when the request's time is over: look-up, connecting, headers and body.

Time limits of sockets hold for one read alone, so that a server which sends a byte now and then is never too slow.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import threading
import time
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from openness_audit.sources.exchange import FetchFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Resolver: TypeAlias = "Callable[[str, int], Sequence[str]]"
Judge: TypeAlias = "Callable[[str], bool]"

ADDRESSES = 4  # of one host are tried
CONNECT_S = 6.0  # where the connection itself names no limit


class _Current(threading.local):
    """When the request of this thread has to end."""

    end = float("inf")


_current = _Current()


@contextmanager
def until(end: float) -> Iterator[None]:
    """Let what this thread reads and connects to end at `end`, a time of the monotonic clock."""
    before, _current.end = _current.end, end
    try:
        yield
    finally:
        _current.end = before


def left(most: float) -> float:
    """Seconds the next step may take.

    Raises:
        TimeoutError: no time is left.
    """
    seconds = min(_current.end - time.monotonic(), most)
    if seconds <= 0:
        raise TimeoutError("the time of the request is over")
    return seconds


def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host, by the system's resolver.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def pool_classes(resolver: Resolver = resolve, judge: Judge | None = None) -> dict[str, type[HTTPConnectionPool]]:
    """What a pool manager of urllib3 makes its pools of.

    Hosts are looked up by `resolver`; with a `judge` they are connected to only if it agrees to every address.
    """

    class Plain(HTTPConnection):
        response_class = _Response

        def _new_conn(self) -> socket.socket:
            return _connect(self, resolver, judge)

    class Secure(HTTPSConnection):
        response_class = _Response

        def _new_conn(self) -> socket.socket:
            return _connect(self, resolver, judge)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Response(http.client.HTTPResponse):
    """Reads status, headers and body under the request's limit."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp: Any = io.BufferedReader(_Timed(self.fp, sock))


class _Timed(io.RawIOBase):
    """A socket's stream that waits no longer than the request may still take."""

    def __init__(self, stream: Any, sock: socket.socket) -> None:
        self._stream = stream
        self._sock = sock
        self._most = sock.gettimeout() or float("inf")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        seconds = left(self._most)
        self._sock.settimeout(None if seconds == float("inf") else seconds)
        return int(self._stream.readinto1(buffer))

    def close(self) -> None:
        self._stream.close()
        super().close()


def _connect(connection: HTTPConnection, resolver: Resolver, judge: Judge | None) -> socket.socket:
    """A socket to the first address that answers, if the judge agrees to all addresses of the host.

    All, not one: a name that leads to both kinds is made to slip through. What was judged is connected to, with no
    second look-up in between that could answer differently.
    """
    host, port = connection.host.strip("[]"), connection.port or 80
    most = connection.timeout if isinstance(connection.timeout, int | float) else CONNECT_S
    end = time.monotonic() + left(most)
    try:
        addresses = _addresses(resolver, host, port, left(most))
    except TimeoutError as error:
        raise urllib3.exceptions.ConnectTimeoutError(f"the address of {host} was not found in time") from error
    except (OSError, UnicodeError) as error:
        raise urllib3.exceptions.NewConnectionError(connection, f"{host} has no address: {error}") from error
    if judge is not None and not (addresses and all(judge(address) for address in addresses)):
        raise FetchFailed("not-requested", f"{host} leads to an address that is not public")
    last: OSError | None = None
    for address in addresses[:ADDRESSES]:
        seconds = min(left(most), end - time.monotonic())
        if seconds <= 0:
            break
        try:
            sock = socket.create_connection((address, port), seconds)
        except OSError as error:
            last = error
            continue
        for option in connection.socket_options or ():
            sock.setsockopt(*option)
        return sock
    if last is None or isinstance(last, TimeoutError):
        raise urllib3.exceptions.ConnectTimeoutError(f"{host} did not answer in time") from last
    raise urllib3.exceptions.NewConnectionError(connection, f"{host} cannot be reached: {last}") from last


def _addresses(resolver: Resolver, host: str, port: int, seconds: float) -> list[str]:
    """What a look-up finds within so many seconds; the system's resolver knows no time limit of its own."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    else:
        return list(resolver(host, port))
    found: Future[list[str]] = Future()

    def look() -> None:
        try:
            found.set_result(list(resolver(host, port)))
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            found.set_exception(error)

    threading.Thread(target=look, name="look-up", daemon=True).start()
    return found.result(seconds)
