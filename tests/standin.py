"""Serve a Hub and a GitHub made of Python dicts on loopback, with scripted faults.

    with StandIn(models={"acme/one": {"files": {"README.md": "# One"}}}) as hub:
        run("modelaudit", "acme/one", env=os.environ | hub.environ)

A model or data set: `files` (path -> text, bytes, or a size in bytes for a weight file), and optionally `sha`, `gated`
("auto", "manual"), `card` (cardData), `tags`, `branches` and `git_tags` (names), `renamed_to`, `disabled`, `legal`, and
`info` (fields laid over the record). A GitHub repository: `files`, and optionally `license` (SPDX id), `branch`, `sha`,
`description`, `fork`, `archived`, `renamed_to`, `empty`.
"""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from standin_http import Answer, Handler, Seen, Server, as_json, problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

Record = dict[str, Any]
GRANTED = "hf_granted"  # this token may read gated repositories


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324  # ids as git has them


class StandIn:
    """A server on 127.0.0.1; a context manager."""

    def __init__(
        self,
        models: Mapping[str, Record] | None = None,
        datasets: Mapping[str, Record] | None = None,
        github: Mapping[str, Record] | None = None,
        *,
        page_size: int = 1000,
    ) -> None:
        self.repos: dict[str, dict[str, Record]] = {"models": dict(models or {}), "datasets": dict(datasets or {})}
        self.github_repos = dict(github or {})
        self.page_size = page_size
        self.seen: list[Seen] = []
        self.latency_s = 0.0  # added to every answer
        self.down = False  # True: every connection is closed unanswered
        self._scripts: list[tuple[str, deque[Answer], bool]] = []
        self._lock = threading.Lock()
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.answer = self.answer
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def github_api(self) -> str:
        return f"{self.endpoint}/github"

    @property
    def github_hosts(self) -> tuple[str, str]:
        """In place of github.com and its raw host."""
        return f"{self.endpoint}/web", f"{self.endpoint}/raw"

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs to ask here instead of the real hosts."""
        return {"HF_ENDPOINT": self.endpoint, "GITHUB_API_URL": self.github_api, "HF_TOKEN": "", "GITHUB_TOKEN": ""}

    def script(self, pattern: str, *answers: Answer, forever: bool = False) -> None:
        """Answer requests whose path and query fit `pattern` (a glob) by these, one after the other; then as usual.

        With `forever` the last one is repeated.
        """
        with self._lock:
            self._scripts.insert(0, (pattern, deque(answers), forever))

    def heal(self) -> None:
        """Answer as usual from now on."""
        with self._lock:
            self._scripts.clear()

    def count(self, pattern: str = "*") -> int:
        """Requests whose path and query fit a glob."""
        return sum(fnmatch.fnmatchcase(seen.path, pattern) for seen in list(self.seen))

    def answer(self, request: Seen) -> Answer:
        """What a request gets; the server asks here."""
        with self._lock:
            self.seen.append(request)
        if self.latency_s:
            time.sleep(self.latency_s)
        return Answer(drop=True) if self.down else self._scripted(request)

    def _scripted(self, request: Seen) -> Answer:
        with self._lock:
            for pattern, answers, forever in self._scripts:
                if answers and fnmatch.fnmatchcase(request.path, pattern):
                    return answers[0] if forever and len(answers) == 1 else answers.popleft()
        return self._usual(request)

    def _usual(self, request: Seen) -> Answer:
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        segments = [unquote(part) for part in parts.path.strip("/").split("/")]
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        match segments:
            case ["github", "repos", owner, name, *rest]:
                return self._github(f"{owner}/{name}", rest)
            case ["raw", owner, name, _, *path]:
                return self._raw(f"{owner}/{name}", "/".join(path))
            case ["web", owner, name, "info", "refs"]:
                return self._advertise(f"{owner}/{name.removesuffix('.git')}")
            case ["api", ("models" | "datasets") as kind, *rest]:
                return self._api(kind, rest, query, parts.path)
            case ["datasets", *rest]:
                return self._file("datasets", rest, token)
            case _:
                return self._file("models", segments, token)

    def _find(self, kind: str, segments: list[str]) -> tuple[str, Record, list[str]] | Answer:
        """(id, record, rest of the path) of a repository, or what there is instead."""
        for width in (2, 1):
            repo_id = "/".join(segments[:width])
            record = self.repos[kind].get(repo_id)
            if record is None:
                continue
            if "renamed_to" in record:
                return self._moved(repo_id, record["renamed_to"], segments[width:], kind)
            if record.get("disabled"):
                return problem(403, "Access to this resource is disabled.")
            if record.get("legal"):
                return problem(451, "Unavailable For Legal Reasons")
            return repo_id, record, segments[width:]
        return problem(401, "Invalid username or password.", "RepoNotFound")

    def _moved(self, old: str, new: str, rest: list[str], kind: str) -> Answer:
        tail = "".join("/" + quote(part, safe="") for part in rest)
        prefix = "" if rest and rest[0] == "resolve" else f"/api/{kind}"
        data = "/datasets" if kind == "datasets" and not prefix else ""
        return Answer(307, f"{old} is now {new}".encode(), {"Location": f"{prefix}{data}/{new}{tail}"})

    def _list(self, kind: str, query: dict[str, str]) -> Answer:
        """The models of an author, or whose id has a text in it, page by page."""
        fitting = [
            describe(name, record, commit(name, record))
            for name, record in self.repos[kind].items()
            if query.get("author") in (None, name.partition("/")[0]) and query.get("search", "") in name
        ]
        start = int(query.pop("cursor", "0"))
        end = start + min(self.page_size, int(query.get("limit", "1000")))
        link = f'<{self.endpoint}/api/{kind}?{urlencode(query | {"cursor": str(end)})}>; rel="next"'
        return as_json(fitting[start:end], headers={"Link": link} if end < len(fitting) else {})

    def _api(self, kind: str, segments: list[str], query: dict[str, str], path: str) -> Answer:
        if not segments:
            return self._list(kind, query)
        found = self._find(kind, segments)
        if isinstance(found, Answer):
            return found
        repo_id, record, rest = found
        shas = {"main": commit(repo_id, record)}
        shas |= {name: sha1(f"{repo_id}@{name}") for name in (*record.get("branches", ()), *record.get("git_tags", ()))}
        if rest and rest[0] in {"revision", "tree"} and rest[1] not in {*shas, *shas.values()}:
            return problem(404, f"Invalid rev id: {rest[1]}", "RevisionNotFound")
        match rest:
            case [] | ["revision", _]:
                return as_json(describe(repo_id, record, shas.get(rest[1], rest[1]) if rest else shas["main"]))
            case ["refs"]:
                named = {
                    group: [{"name": n, "ref": f"refs/{n}", "targetCommit": shas[n]} for n in names]
                    for group, names in (
                        ("branches", ["main", *record.get("branches", ())]),
                        ("tags", record.get("git_tags", ())),
                    )
                }
                return as_json({"converts": [], **named})
            case ["tree", _, *_]:
                rows = [tree_row(name, content) for name, content in record.get("files", {}).items()]
                start = int(query.get("cursor", "0"))
                end = start + self.page_size
                link = f'<{self.endpoint}{path}?recursive=true&cursor={end}>; rel="next"'
                return as_json(rows[start:end], headers={"Link": link} if end < len(rows) else {})
        return problem(404, "Not Found")

    def _file(self, kind: str, segments: list[str], token: str) -> Answer:
        found = self._find(kind, segments)
        if isinstance(found, Answer):
            return found
        repo_id, record, rest = found
        if len(rest) < 3 or rest[0] != "resolve":
            return problem(404, "Not Found")
        path = "/".join(rest[2:])
        if record.get("gated") and path != "README.md" and token != GRANTED:
            return problem(403 if token else 401, f"Access to {repo_id} is restricted.", "GatedRepo")
        content = record.get("files", {}).get(path)
        if content is None or isinstance(content, int):
            return problem(404, "Entry not found", "EntryNotFound")
        return Answer(200, raw(content), {"X-Repo-Commit": commit(repo_id, record), "Content-Type": "text/plain"})

    def _github(self, name: str, rest: list[str]) -> Answer:
        record = self.github_repos.get(name)
        if record is None:
            return as_json({"message": "Not Found"}, 404)
        if "renamed_to" in record:
            tail = "".join("/" + quote(part, safe="") for part in rest)
            return Answer(301, b"", {"Location": f"{self.github_api}/repos/{record['renamed_to']}{tail}"})
        match rest:
            case []:
                spdx = record.get("license")
                shown = {k: record.get(k) for k in ("description", "homepage", "fork", "archived", "pushed_at")}
                known = {"full_name": name, "default_branch": record.get("branch", "main")}
                return as_json({**shown, **known, "license": {"spdx_id": spdx} if spdx else None})
            case ["commits", *_]:
                return as_json({"sha": commit(name, record)})
            case ["git", "trees", *_]:
                if record.get("empty"):
                    return as_json({"message": "Git Repository is empty."}, 409)
                rows = [{"path": p, "type": "blob", "sha": sha1(p), "size": len(raw(c))} for p, c in files(record)]
                return as_json({"sha": sha1(f"{name} tree"), "tree": rows, "truncated": bool(record.get("truncated"))})
            case ["contents", *parts] if "/".join(parts) in record.get("files", {}):
                body = raw(record["files"]["/".join(parts)])
                return as_json({"type": "file", "encoding": "base64", "content": base64.encodebytes(body).decode()})
        return as_json({"message": "Not Found"}, 404)

    def _raw(self, name: str, path: str) -> Answer:
        content = self.github_repos.get(name, {}).get("files", {}).get(path)
        return Answer(404, b"404: Not Found") if content is None else Answer(200, raw(content))

    def _advertise(self, name: str) -> Answer:
        """Git's list of references, as `git ls-remote` reads it."""
        record = self.github_repos.get(name)
        if record is None:
            return Answer(401, b"", {"WWW-Authenticate": 'Basic realm="GitHub"'})
        if "renamed_to" in record:
            return Answer(301, b"", {"Location": f"{self.endpoint}/web/{record['renamed_to']}.git/info/refs"})
        line = f"{commit(name, record)} HEAD\0multi_ack symref=HEAD:refs/heads/main\n".encode()
        rest = b"".join(b"003f" + sha1(str(n)).encode() + b" refs/pull/1\n" for n in range(1000))
        return Answer(200, b"001e# service=git-upload-pack\n0000%04x" % (len(line) + 4) + line + rest + b"0000")


def commit(name: str, record: Record) -> str:
    return str(record.get("sha") or sha1(name))


def files(record: Record) -> list[tuple[str, Any]]:
    return list(record.get("files", {}).items())


def raw(content: str | bytes | int) -> bytes:
    return bytes(content) if isinstance(content, int) else content.encode() if isinstance(content, str) else content


def describe(repo_id: str, record: Record, sha: str) -> Record:
    """A repository as the Hub's API shows it."""
    known: Record = {
        "_id": sha1(repo_id)[:24], "id": repo_id, "sha": sha, "private": False, "disabled": False,
        "gated": record.get("gated", False), "lastModified": "2026-01-01T00:00:00.000Z",
        "tags": record.get("tags", []), "siblings": [{"rfilename": path} for path, _ in files(record)],
    }  # fmt: skip
    if "card" in record:
        known["cardData"] = record["card"]
    return {**known, **record.get("info", {})}


def tree_row(path: str, content: str | bytes | int) -> Record:
    row: Record = {"type": "file", "path": path, "oid": sha1(path)}
    if isinstance(content, int):  # a weight file, kept by LFS
        return row | {"size": content, "lfs": {"oid": hashlib.sha256(path.encode()).hexdigest(), "size": content}}
    return row | {"size": len(raw(content))}
