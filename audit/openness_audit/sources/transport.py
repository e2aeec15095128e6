"""Carry the requests of huggingface_hub's httpx2 client over the cached session."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

import httpx2
from huggingface_hub import get_session, set_client_factory

from openness_audit.sources.exchange import Ask, Deadline, Reply

if TYPE_CHECKING:
    from openness_audit.sources.session import CacheSession

MAX_REDIRECTS = 5
SESSION, ASK, REPLY = "openness_audit.session", "openness_audit.ask", "openness_audit.reply"

_UNWANTED = {"host", "connection", "content-length", "accept-encoding", "x-amzn-trace-id"}
_open_sessions: list[CacheSession] = []
_lock = threading.Lock()


class Transport(httpx2.BaseTransport):
    """A thin bridge, made anew at will: closing it closes nothing.

    Which session and which limits a request goes by travels in its extensions, so that several runs in one process
    share huggingface_hub's one client; a call of huggingface_hub's own goes by the session that joined last.
    """

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request; redirects are the client's business.

        Raises:
            FetchFailed: there is no answer.
        """
        session: CacheSession = request.extensions.get(SESSION) or _latest()
        ask: Ask = request.extensions.get(ASK) or Ask("hub_files", Deadline(None))
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _UNWANTED}
        reply = session.exchange(request.method, str(request.url), headers, ask)
        kept = {name: value for name, value in reply.headers.items() if name not in {"x-hf-warning", "content-length"}}
        length = reply.headers.get("content-length") if request.method == "HEAD" else str(len(reply.body))
        if length is not None:
            kept["content-length"] = length
        return httpx2.Response(
            reply.status, headers=_ascii(kept), content=_Body(reply.body), request=request, extensions={REPLY: reply}
        )

    def close(self) -> None:
        """Leave the session open: other threads may be using it."""


class _Body(httpx2.SyncByteStream):
    """A body already read; unlike `content=bytes`, it leaves Content-Length alone."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204  # httpx2's own signature
        yield self._body


class BridgedClient(httpx2.Client):
    """A client that goes over our sessions."""


def build_client() -> BridgedClient:
    """What huggingface_hub uses as its client, as often as it asks for one."""
    return BridgedClient(
        transport=Transport(), follow_redirects=True, max_redirects=MAX_REDIRECTS, timeout=60.0, trust_env=False
    )


@cache
def _own_client() -> BridgedClient:
    return build_client()


def bridged_client() -> httpx2.Client:
    """huggingface_hub's shared client, or one of ours if others closed it or put their own in its place."""
    client = get_session()
    return client if isinstance(client, BridgedClient) and not client.is_closed else _own_client()


def install(session: CacheSession) -> None:
    """Give huggingface_hub clients that go over `session`, if they do not yet."""
    with _lock:
        if session not in _open_sessions:
            _open_sessions.append(session)
            set_client_factory(build_client)


def uninstall(session: CacheSession) -> None:
    """Take `session` back; with the last one, huggingface_hub gets its own clients again."""
    with _lock:
        if session in _open_sessions:
            _open_sessions.remove(session)
        if not _open_sessions:
            set_client_factory(_plain_client)


def _plain_client() -> httpx2.Client:
    """A client as huggingface_hub makes it by default; that function has no public name."""
    return httpx2.Client(follow_redirects=True, timeout=None)  # as there


def reply_of(response: httpx2.Response) -> Reply:
    """The answer behind a response."""
    reply: Reply = response.extensions[REPLY]
    return reply


def _latest() -> CacheSession:
    with _lock:
        return _open_sessions[-1]


def _ascii(headers: dict[str, str]) -> dict[str, str]:
    """Headers httpx2 can encode: requests reads them as Latin-1."""
    return {name: value.encode("latin-1", "replace").decode("latin-1") for name, value in headers.items()}
