"""Ask GitHub sparingly: what is free of quota first, the whole tree in one request, texts by the raw host."""

from __future__ import annotations

import base64
import binascii
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from openness_audit.model.capture import CodeAnswer, Failure, FileEntry, GitRepo, Listing, Text
from openness_audit.sources.exchange import JSON_CAP, TEXT_CAP, FetchFailed, Reply, failure
from openness_audit.sources.reading import (
    MAX_FILES,
    as_dict,
    as_size,
    as_text,
    is_sha,
    json_of,
    origin,
    quoted_path,
    text_of,
)
from openness_audit.sources.retry import is_rate_limit
from openness_audit.sources.settings import GITHUB

if TYPE_CHECKING:
    from openness_audit.sources.fetch import Fetcher

HEAD_CAP = 4096  # the first reference of git's advertisement is HEAD; the rest can be megabytes
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_HEAD = re.compile(rb"([0-9a-f]{40}) HEAD\x00")
_README = re.compile(r"readme(?:\.(?:md|markdown|rst|txt|org|adoc))?", re.IGNORECASE)
_LICENSE = re.compile(r"(?:licen[sc]e|copying|unlicense)(?:[-_.][A-Za-z0-9_.-]{1,40})?", re.IGNORECASE)
_PROGRAMS = {".py", ".js", ".ts", ".sh", ".go", ".rs", ".json", ".yml", ".yaml", ".toml", ".java", ".c", ".h", ".svg"}
_README_ORDER = (".md", ".markdown", ".rst", ".txt", "")


class GitHub:
    """github.com, or a server that speaks its REST API; all URLs reported are those of github.com."""

    def __init__(self, fetcher: Fetcher, pool: ThreadPoolExecutor) -> None:
        """Ask by `fetcher`; independent requests of one answer run in `pool`."""
        settings = fetcher.session.settings
        self._fetch = fetcher
        self._pool = pool
        self._api = settings.github_api
        self._token = settings.github_token
        hosts = settings.github_hosts
        self._web, self._raw = hosts or ("", "")

    def code(self, owner: str, name: str) -> CodeAnswer:
        """A repository with its files, README and licence text: two requests of the quota, none if it is not there."""
        name = name.removesuffix(".git")
        page = f"{GITHUB}/{owner}/{name}"
        if not (_NAME.fullmatch(owner) and _NAME.fullmatch(name)) or name in {".", ".."} or owner in {".", ".."}:
            nowhere = failure("not-found-or-private", page, "not a repository of GitHub")
            return CodeAnswer(repo=nowhere, listing=nowhere)
        commit = self._head(owner, name)
        if isinstance(commit, Failure):
            return CodeAnswer(repo=commit, listing=commit)
        asked = self._pool.submit(self._repository, owner, name)
        listing = self._tree(owner, name, commit)
        repo = asked.result()
        if isinstance(listing, Failure):
            if listing.cause.code != "rate-limited" or not self._raw:
                return CodeAnswer(repo=repo, listing=listing)
            guess = self.text(owner, name, commit, "README.md")  # the raw host has no such quota
            return CodeAnswer(repo=repo, listing=listing, readme=guess)
        readme, license_file = _pick(listing, _README, _README_ORDER), _pick(listing, _LICENSE, ("", ".md", ".txt"))
        texts = [self._pool.submit(self.text, owner, name, commit, p) if p else None for p in (readme, license_file)]
        read = [text.result() if text else None for text in texts]
        return CodeAnswer(repo=repo, listing=listing, readme=read[0], license_text=read[1])

    def text(self, owner: str, name: str, commit: str | None, path: str, max_bytes: int = TEXT_CAP) -> Text | Failure:
        """A text file at a commit (None: where HEAD is)."""
        ref, quoted = commit or "HEAD", quoted_path(path)
        if quoted is None:
            return failure("malformed", f"{GITHUB}/{owner}/{name}", "not a path inside a repository")
        canonical = f"{GITHUB}/{owner}/{name}/blob/{quote(ref, safe='')}/{quoted}"
        if self._raw:
            raw = self._get(f"{self._raw}/{owner}/{name}/{quote(ref, safe='')}/{quoted}", max_bytes, canonical)
            if isinstance(raw, Reply):
                return text_of(raw, path, canonical, commit)
            if raw.cause.code != "not-found-or-private" or not self._token:
                return raw
        url = f"{self._api}/repos/{owner}/{name}/contents/{quoted}?ref={quote(ref, safe='')}"
        reply = self._get(url, max_bytes * 2 + 16_384, canonical)  # base64 and the fields around it
        return reply if isinstance(reply, Failure) else _contents(reply, path, canonical, commit, max_bytes)

    def _head(self, owner: str, name: str) -> str | Failure | None:
        """The commit at HEAD; None where it cannot be told; a Failure where there is no repository."""
        page = f"{GITHUB}/{owner}/{name}"
        if self._web:
            reply = self._get(f"{self._web}/{owner}/{name}.git/info/refs?service=git-upload-pack", HEAD_CAP, page)
            if isinstance(reply, Failure):
                gone = reply.cause.code in {"not-found-or-private", "unauthorized", "legal"}
                hidden = gone and not self._token  # git asks for a password where there is nothing to see
                return failure("not-found-or-private", page, "no such public repository") if hidden else None
            found = _HEAD.search(reply.body)
            return found[1].decode() if found else None
        reply = self._get(f"{self._api}/repos/{owner}/{name}/commits/HEAD", JSON_CAP, page)
        if isinstance(reply, Failure):
            return reply if reply.cause.code in {"not-found-or-private", "legal"} else None
        sha = as_dict(json_of(reply, page, dict, "a JSON object")).get("sha")
        return sha if is_sha(sha) else None

    def _repository(self, owner: str, name: str) -> GitRepo | Failure:
        page = f"{GITHUB}/{owner}/{name}"
        reply = self._get(f"{self._api}/repos/{owner}/{name}", JSON_CAP, page)
        if isinstance(reply, Failure):
            return reply
        record = json_of(reply, page, dict, "a JSON object")
        if isinstance(record, Failure):
            return record
        full = (as_text(record.get("full_name")) or f"{owner}/{name}").split("/")
        now = (full[0], full[1]) if len(full) == 2 and all(map(_NAME.fullmatch, full)) else (owner, name)
        renamed = "/".join(now).lower() != f"{owner}/{name}".lower()
        return GitRepo(
            host="github.com",
            owner=now[0],
            name=now[1],
            origin=origin(reply, f"{GITHUB}/{now[0]}/{now[1]}"),
            default_branch=as_text(record.get("default_branch")),
            description=as_text(record.get("description")),
            homepage=as_text(record.get("homepage")),
            license_spdx=as_text(as_dict(record.get("license")).get("spdx_id")),
            fork=record.get("fork") is True,
            archived=record.get("archived") is True,
            pushed_at=as_text(record.get("pushed_at")),
            renamed_from=f"{owner}/{name}" if renamed else None,
        )

    def _tree(self, owner: str, name: str, commit: str | None) -> Listing | Failure:
        ref = commit or "HEAD"
        page = f"{GITHUB}/{owner}/{name}/tree/{ref}"
        reply = self._get(f"{self._api}/repos/{owner}/{name}/git/trees/{ref}?recursive=1", JSON_CAP, page, empty=409)
        if isinstance(reply, Failure):
            return reply
        if reply.status == 409:  # "Git Repository is empty."
            return Listing(files=(), complete=True, origin=origin(reply, page))
        record = json_of(reply, page, dict, "a JSON object")
        if isinstance(record, Failure):
            return record
        rows = record.get("tree")
        if not isinstance(rows, list):
            return failure("malformed", page, "not a list of files")
        files = [entry for row in rows[:MAX_FILES] if (entry := _entry(as_dict(row)))]
        whole = record.get("truncated") is False and len(rows) <= MAX_FILES
        return Listing(files=tuple(files), complete=whole, origin=origin(reply, page), sha=commit)

    def _get(self, url: str, max_bytes: int, source: str, *, empty: int = 0) -> Reply | Failure:
        """One answer with status 200 (or `empty`); the token goes to the API alone."""
        api = url.startswith(self._api + "/")
        headers = {"Accept": "application/vnd.github+json" if api else "*/*"}
        if api and self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            reply = self._fetch.get(url, headers, self._fetch.ask("github", max_bytes))
        except FetchFailed as error:
            hint = "; a GITHUB_TOKEN raises the limit" if error.code == "rate-limited" and not self._token else ""
            return failure(error.code, source, error.detail + hint, retryable=error.retryable)
        return reply if reply.status in {200, empty} else _refusal(reply, source, signed_in=bool(self._token))


def _refusal(reply: Reply, source: str, *, signed_in: bool) -> Failure:
    """What a status other than 200 means at GitHub."""
    status = reply.status
    if is_rate_limit(status, reply.headers):
        return failure("rate-limited", source, "GitHub limits requests", retryable=True)
    if status in {404, 410}:
        return failure("not-found-or-private", source, "there is no such repository or file, or it is private")
    if status == 401:
        return failure("unauthorized", source, "GITHUB_TOKEN is not accepted" if signed_in else "sign-in is asked for")
    if status == 451:
        return failure("legal", source, "withheld for legal reasons")
    if status == 403:
        blocked = b'"block"' in reply.body[:4000]
        return failure("disabled" if blocked else "unauthorized", source, "GitHub refuses access")
    if status >= 500:
        return failure("server-error", source, f"the server answered {status}", retryable=True)
    return failure("malformed", source, f"the server answered {status}")


def _entry(row: dict[str, Any]) -> FileEntry | None:
    """One file of a tree; folders and submodules are no files."""
    path = as_text(row.get("path"))
    if row.get("type") != "blob" or path is None:
        return None
    return FileEntry(path=path, size=as_size(row.get("size")), oid=as_text(row.get("sha")))


def _pick(listing: Listing, pattern: re.Pattern[str], order: tuple[str, ...]) -> str | None:
    """The file at the top (or in .github or docs) whose name fits best."""
    found = []
    for entry in listing.files:
        folder, _, name = entry.path.rpartition("/")
        if folder not in {"", ".github", "docs"} or not pattern.fullmatch(name):
            continue
        ending = name[name.rfind(".") :].lower() if "." in name else ""
        if ending in _PROGRAMS:
            continue
        rank = order.index(ending) if ending in order else len(order)
        found.append((("", ".github", "docs").index(folder), rank, entry.path))
    return min(found)[2] if found else None


def _contents(reply: Reply, path: str, canonical: str, commit: str | None, max_bytes: int) -> Text | Failure:
    """The text inside an answer of the contents API."""
    record = json_of(reply, canonical, dict, "a JSON object")
    if isinstance(record, Failure):
        return record
    content = record.get("content")
    if record.get("encoding") != "base64" or not isinstance(content, str):
        return failure("too-large", canonical, "the API does not send a file of this size or kind")
    try:
        body = base64.b64decode(content)
    except (binascii.Error, ValueError):
        return failure("malformed", canonical, "not base64")
    cut = len(body) > max_bytes
    whole = Reply(
        url=reply.url, status=200, headers={}, body=body[:max_bytes], retrieved_at=reply.retrieved_at,
        truncated=cut, from_cache=reply.from_cache, stale=reply.stale,
    )  # fmt: skip
    return text_of(whole, path, canonical, commit)
