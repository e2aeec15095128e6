"""Do the HTTP of the stand-in: send scripted or usual answers, well or badly."""

from __future__ import annotations

import hashlib
import json
import socket
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Answer:
    """What is sent back.

    `length` overrides Content-Length; `drop` closes the connection instead of answering; `wait` and `drip` are seconds
    before the answer and between its bytes; `chunked` sends the body in chunks without a length.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    drop: bool = False
    wait: float = 0.0
    drip: float = 0.0
    chunked: bool = False


@dataclass(frozen=True)
class Seen:
    """One request that came; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


def as_json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    sent = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return Answer(status, json.dumps(value).encode(), sent)


def problem(status: int, message: str, code: str = "") -> Answer:
    """An error answer, with the headers huggingface_hub chooses its exceptions by."""
    named = {"X-Error-Message": quote(message, safe=" '.,:;"), **({"X-Error-Code": code} if code else {})}
    return as_json({"error": message}, status, named)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    answer: Callable[[Seen], Answer]

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the tests."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "stand-in"

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the base class
        """Say nothing."""

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = cast("Server", self.server).answer(Seen(self.command, self.path, headers))
        if answer.wait:
            time.sleep(answer.wait)
        if answer.drop:
            self.close_connection = True
            return
        sent = dict(answer.headers)
        tag = sent.setdefault("ETag", f'"{hashlib.sha1(answer.body).hexdigest()}"') if answer.status == 200 else ""  # noqa: S324 - a tag, no secret
        if tag and headers.get("if-none-match") == tag:
            answer = Answer(304)
        self._send(answer, sent)

    do_HEAD = do_GET  # noqa: N815  # as the base class looks it up

    def _send(self, answer: Answer, headers: dict[str, str]) -> None:
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
        self.end_headers()
        if self.command == "HEAD":
            return
        size = 1 if answer.drip else 65536
        for start in range(0, len(answer.body), size):
            piece = answer.body[start : start + size]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if answer.chunked else piece)
            if answer.drip:
                self.wfile.flush()
                time.sleep(answer.drip)
        if answer.chunked:
            self.wfile.write(b"0\r\n\r\n")
        if answer.length is not None:
            self.close_connection = True
