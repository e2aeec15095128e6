"""Every kind of slowness ends with the time limit: no server can hold an audit by speaking slowly."""

from __future__ import annotations

import json
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openness_audit.errors import SourceUnreachableError
from openness_audit.sources.live import LiveSources
from openness_audit.sources.settings import SourceSettings
from outside_kit import MODEL, RawServer, run, small_hub
from standin_http import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LIMIT_S = 1.5
LONGEST_S = 15.0  # a guard: each of these servers would go on for minutes or for ever
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def dripping(start: bytes, pieces: Iterable[bytes], pause: float = 0.1) -> Callable[[socket.socket], None]:
    """A server that begins well and then sends a little at a time."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


SLOW = {
    "says nothing": lambda _: time.sleep(60),
    "drips its status": dripping(b"", [b"H"] + [b"T"] * 600),
    "drips one header": dripping(OK, [b"X"] * 600),
    "drips many headers": dripping(OK, [b"X-%d: 1\r\n" % n for n in range(600)], 0.05),
    "tells to continue for ever": dripping(b"", [b"HTTP/1.1 100 Continue\r\n\r\n"] * 3000, 0.02),
    "drips a body": dripping(OK + b"Content-Length: 9999\r\n\r\n", [b" "] * 600),
    "drips a body without end": dripping(OK + b"\r\n", [b" "] * 600),
    "drips chunks": dripping(CHUNKED, [b"1\r\n \r\n"] * 600),
    "drips the length of a chunk": dripping(CHUNKED, [b"0"] * 600),
    "drips what follows the body": dripping(CHUNKED + b"2\r\n{}\r\n0\r\n", [b"X: y\r\n"] * 3000, 0.02),
    "packs nothing into much": dripping(
        OK + b"Content-Encoding: gzip\r\nContent-Length: 9999\r\n\r\n\x1f\x8b\x08", [b"\x00"] * 600
    ),
}


@pytest.mark.parametrize("how", SLOW)
def test_a_slow_server_is_left_at_the_time_limit(tmp_path: Path, how: str) -> None:
    with RawServer(SLOW[how]) as server:
        settings = SourceSettings(endpoint=server.endpoint, cache_dir=tmp_path, timeout=LIMIT_S)
        sources = LiveSources(settings)
        started = time.monotonic()
        with pytest.raises(SourceUnreachableError, match="could not be read") as failed:
            sources.subject(MODEL, None)
        sources.close()

    assert time.monotonic() - started < LONGEST_S
    assert failed.value.hint


def test_a_secure_greeting_that_never_comes_is_not_waited_for(tmp_path: Path) -> None:
    with RawServer(lambda _: time.sleep(60)) as server:
        endpoint = server.endpoint.replace("http:", "https:")
        sources = LiveSources(SourceSettings(endpoint=endpoint, cache_dir=tmp_path, timeout=LIMIT_S))
        started = time.monotonic()
        with pytest.raises(SourceUnreachableError, match="in time"):
            sources.subject(MODEL, None)
        sources.close()

    assert time.monotonic() - started < LONGEST_S


def test_a_look_up_that_never_ends_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(60) and [])
    sources = LiveSources(SourceSettings(endpoint="http://hub.example", cache_dir=tmp_path, timeout=LIMIT_S))
    started = time.monotonic()
    with pytest.raises(SourceUnreachableError, match="in time"):
        sources.subject(MODEL, None)
    over.set()
    sources.close()

    assert time.monotonic() - started < LONGEST_S


@pytest.mark.parametrize(
    ("pattern", "code"),
    [("*", 3), ("*/tree/*", 3), ("*/refs", 0), ("*/README.md", 0), ("/api/datasets/*", 0), ("/github/*", 0)],
)
def test_what_did_not_answer_in_time_is_told_and_the_rest_judged(tmp_path: Path, pattern: str, code: int) -> None:
    with small_hub() as hub:
        hub.script(pattern, Answer(200, b"[]", wait=45), forever=True)
        started = time.monotonic()
        done = run(tmp_path, MODEL, "-q", "-f", "json", "--timeout", "4", env=hub.environ)

        assert time.monotonic() - started < LONGEST_S * 2
    assert done.returncode == code, done.stderr
    if code == 0:
        document = json.loads(done.stdout)
        assert "timeout" in {row["code"] for row in document["not_checked"]}
        assert document["score"]["value"] is None or pattern == "*/refs"
    else:
        assert "did not answer in time" in done.stderr


def test_many_slow_links_share_one_time_limit(tmp_path: Path) -> None:
    links = "\n".join(f"- trained on https://huggingface.co/datasets/acme/d{n}" for n in range(60))
    with small_hub() as hub:
        hub.repos["models"]["acme/many"] = {"files": {"README.md": f"# Many\n\n## Training data\n\n{links}\n"}}
        for number in range(60):
            hub.repos["datasets"][f"acme/d{number}"] = {"files": {"README.md": "# D"}}
        hub.script("/api/datasets/*", Answer(200, b"{}", wait=45), forever=True)
        started = time.monotonic()
        done = run(tmp_path, "acme/many", "-q", "-f", "json", "--timeout", "4", env=hub.environ)

        assert time.monotonic() - started < LONGEST_S * 2
    assert done.returncode == 0, done.stderr
