"""Serve made-up models with latency and quotas, and log requests; takes the options of live.py's recorded world."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CARD = "---\nlicense: {}\ndatasets:\n- made/data-{}\n---\n# {}\n\nTrained on the data set below, for {} hours.\n"
LICENSES = ("apache-2.0", "mit", "cc-by-nc-4.0", "openrail")


class World:
    """The models, the limits and the log."""

    def __init__(self, said: argparse.Namespace) -> None:
        self.said = said
        self.lock = threading.Lock()
        self.log = Path(said.log).open("ab", buffering=0)  # noqa: SIM115 - open as long as the server
        with gzip.open(Path(__file__).parent / "data" / "models.jsonl.gz", "rt", encoding="utf-8") as stream:
            self.models = {json.loads(line)["id"]: n for n, line in enumerate(stream)}
        self.reset()

    def reset(self) -> None:
        self.used = {"api": 0, "resolvers": 0}
        self.start = time.monotonic()

    def limit(self, bucket: str) -> tuple[bool, dict[str, str]]:
        """Count a request; gives whether it may be answered, and the headers that tell."""
        if not self.said.rate_limit:
            return True, {}
        with self.lock:
            window = self.said.rate_window
            if time.monotonic() - self.start >= window:
                self.reset()
            most = self.said.rate_limit * (6 if bucket == "resolvers" else 1)
            self.used[bucket] += 1
            left, reset = max(0, most - self.used[bucket]), max(1, int(window - (time.monotonic() - self.start)))
            told = {"RateLimit": f'"{bucket}";r={left};t={reset}'}
            told["RateLimit-Policy"] = f'"fixed window";"{bucket}";q={most};w={int(window)}'
            return self.used[bucket] <= most, told

    def answer(self, path: str) -> tuple[int, bytes]:
        """Give the status and the body for a path."""
        bare = path.removeprefix("/api/models/").strip("/")
        name = "/".join((bare if path.startswith("/api/") else path.strip("/")).split("/")[:2])
        number = self.models.get(name)
        if number is None:
            return 404, b'{"error": "Repository not found"}'
        card = CARD.format(LICENSES[number % 4], number % 9, name, number).encode()
        sha = hashlib.sha1(card).hexdigest()  # noqa: S324 - ids as git has them
        files = [".gitattributes", "README.md", "config.json", "model.safetensors"]
        if "/resolve/" in path:
            return 200, card if path.endswith("README.md") else b"{}"
        if "/tree/" in path:
            listed = [{"type": "file", "path": one, "size": 100, "oid": sha} for one in files]
            return 200, json.dumps(listed).encode()
        if path.endswith("/refs"):
            return 200, json.dumps({"branches": [{"name": "main", "targetCommit": sha}], "tags": []}).encode()
        terms = {"license": LICENSES[number % 4], "datasets": [f"made/data-{number % 9}"]}
        record: dict[str, Any] = {"id": name, "sha": sha, "gated": False, "private": False, "disabled": False}
        record |= {"cardData": terms, "tags": [], "siblings": [{"rfilename": one} for one in files]}
        record["lastModified"] = "2026-01-01T00:00:00.000Z"
        return 200, json.dumps(record).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    world: World

    def do_GET(self) -> None:
        world, path, now = self.world, urlsplit(self.path).path, time.time()
        if path.startswith("/__"):
            world.reset()
            self.give(200, b"{}", {})
            return
        bucket = "resolvers" if "/resolve/" in path else "api"
        allowed, told = world.limit(bucket)
        time.sleep(world.said.latency_ms / 1000)
        status, body = world.answer(path) if allowed else (429, b"")
        tag = f'"{hashlib.sha1(body).hexdigest()}"'  # noqa: S324 - no secret
        if status == 200:
            told["ETag"] = tag
            if self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
        elif status == 404:
            told["X-Error-Code"] = "RepoNotFound"
        row = {"time": now, "status": status, "kind": "models/resolve" if bucket == "resolvers" else "models/api"}
        world.log.write(json.dumps(row).encode() + b"\n")
        self.give(status, body, told)

    do_POST = do_GET  # noqa: N815 - the name is http.server's

    def give(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def main() -> None:
    """Serve until the process is ended."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--log", required=True)
    words.add_argument("--latency-ms", type=float, default=0)
    words.add_argument("--rate-limit", type=int)
    words.add_argument("--rate-window", type=float, default=300)
    Handler.world = World(words.parse_args())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    at = f"http://127.0.0.1:{server.server_port}"
    print(f"HF_ENDPOINT={at} GITHUB_API_URL={at}/github", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
