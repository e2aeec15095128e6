"""Ask the Hugging Face Hub, through huggingface_hub's client and error classes, and read its raw answers."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

import msgspec

from openness_audit.model.capture import DatasetAnswer, Failure, FileEntry, Listing, Refs, RepoInfo, RepoKind, Text
from openness_audit.sources.exchange import JSON_CAP, TEXT_CAP, Ask, FetchFailed, Reply, RequestKind, failure, origin_of
from openness_audit.sources.hubrecord import looks_like_a_record, parse_info, parse_refs
from openness_audit.sources.reading import (
    MAX_FILES,
    file_entry,
    is_repo_id,
    is_sha,
    json_of,
    origin,
    quoted_path,
    text_of,
)
from openness_audit.sources.refusals import Problem, classify
from openness_audit.sources.sameness import state_of
from openness_audit.sources.settings import HUB

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.sources.fetch import Fetcher

MAX_PAGES = {"model": 20, "dataset": 5}  # of up to 1,000 entries; data sets of a million files exist

_NEXT = re.compile(r'<([^<>\s]{1,2000})>\s*;\s*rel="?next"?')


class Hub:
    """The Hub at the configured endpoint; all URLs it reports are those of huggingface.co."""

    def __init__(self, fetcher: Fetcher, on_network: Callable[[], None] | None = None) -> None:
        """Ask by `fetcher`; `on_network` is called before the first request that the cache does not answer."""
        settings = fetcher.session.settings
        self._fetch = fetcher
        self._endpoint = settings.endpoint
        self._token = settings.token
        self._offline = settings.offline
        self._on_network = on_network
        self._gates: set[tuple[RepoKind, str]] = set()  # repositories whose record says that they are gated
        self._bridged = False  # whether huggingface_hub's client goes over our session

    def info(self, kind: RepoKind, repo_id: str, revision: str | None = None) -> RepoInfo | Problem:
        """The record of a repository at a revision."""
        if not is_repo_id(repo_id):
            return Problem(failure("not-found-or-private", repo_id, "not a repository id of the Hub"), "repository")
        path = _record_path(kind, repo_id, revision)
        reply = self.get("hub_api", path, JSON_CAP, f"{HUB}{path}")
        if isinstance(reply, Problem):
            return reply
        if reply.truncated:  # a listing of names too long to read: ask for the rest without it
            info = self._short_info(kind, repo_id, revision, path)
        else:
            info = _record(kind, repo_id, revision, reply, f"{HUB}{path}")
        if isinstance(info, RepoInfo) and info.gated:
            self._gates.add((kind, info.id))
        return info

    def doubt(self, repo_id: str, revision: str | None) -> None:
        """Forget that a model was refused: somebody asks for it by name."""
        if is_repo_id(repo_id):
            url = self._endpoint + _record_path("model", repo_id, revision)
            self._fetch.doubt(url, self._headers(), self._fetch.ask("hub_api", JSON_CAP))

    def vouch(self, repo_id: str, state: str) -> bool:
        """Take the record of a model as fresh if it is in the cache and a list told the same state; say whether."""
        url, headers = f"{self._endpoint}/api/models/{repo_id}", self._headers()
        ask = self._fetch.ask("hub_api", JSON_CAP)
        try:
            reply = self._fetch.session.exchange("GET", url, headers, ask.from_cache())
        except FetchFailed:
            return False
        record = json_of(reply, url, dict, "the record of a repository") if reply.status == 200 else None
        if not isinstance(record, dict) or record.get("id") != repo_id or state_of(record) != state:
            return False
        self._fetch.session.vouch("GET", url, headers, ask)
        return True

    def _headers(self) -> dict[str, str]:
        return {"Accept": "*/*"} | ({"Authorization": f"Bearer {self._token}"} if self._token else {})

    def _short_info(self, kind: RepoKind, repo_id: str, revision: str | None, path: str) -> RepoInfo | Problem:
        names = ("cardData", "disabled", "gated", "lastModified", "private", "sha", "tags")
        query = path + "?" + "&".join(f"expand={name}" for name in names)
        reply = self.get("hub_api", query, JSON_CAP, f"{HUB}{path}")
        if isinstance(reply, Problem):
            return reply
        info = _record(kind, repo_id, revision, reply, f"{HUB}{path}")
        if isinstance(info, Problem):
            return info
        return msgspec.structs.replace(info, odd=(*info.odd, "siblings"))

    def listing(self, kind: RepoKind, repo_id: str, sha: str | None) -> Listing | Failure:
        """All files at a commit, page by page up to a cap."""
        at = quote(sha or "main", safe="")
        page: str | None = f"/api/{kind}s/{repo_id}/tree/{at}?recursive=true&expand=false"
        canonical = f"{HUB}/{_prefix(kind)}{repo_id}/tree/{at}"
        files: list[FileEntry] = []
        digest, first, odd, more, pages = sha256(), None, False, False, 0
        while page and pages < MAX_PAGES[kind] and len(files) < MAX_FILES:
            reply = self.get("hub_api", page, JSON_CAP, canonical)
            rows = _rows(reply, canonical)
            if isinstance(rows, Failure):
                if first is None:
                    return rows
                break
            assert isinstance(reply, Reply)  # noqa: S101  # _rows answers a Problem with a Failure
            first, pages = first or reply, pages + 1
            digest.update(reply.body)
            entries = [file_entry(row) for row in rows]
            odd |= any(e is None and not _is_folder(row) for e, row in zip(entries, rows, strict=True))
            files += [entry for entry in entries if entry]
            page, more = self.next_page(reply)
        assert first is not None  # noqa: S101  # the first page always is asked for
        whole = origin(first, canonical)
        return Listing(
            files=tuple(files),
            complete=page is None and not more and not odd,
            origin=msgspec.structs.replace(whole, sha256=digest.hexdigest()),
            sha=sha,
        )

    def refs(self, repo_id: str) -> Refs | Failure:
        """Branches and tags of a model."""
        path = f"/api/models/{repo_id}/refs"
        reply = self.get("hub_api", path, JSON_CAP, f"{HUB}{path}")
        if isinstance(reply, Problem):
            return reply.failure
        record = json_of(reply, f"{HUB}{path}", dict, "a list of branches")
        if isinstance(record, Failure):
            return record
        if not isinstance(record.get("branches"), list):
            return failure("malformed", f"{HUB}{path}", "not a list of branches")
        return Refs(refs=parse_refs(record), origin=origin(reply, f"{HUB}{path}"))

    def text(
        self, kind: RepoKind, repo_id: str, sha: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Problem:
        """A text file at a commit."""
        quoted = quoted_path(path)
        if quoted is None or not is_repo_id(repo_id):
            return Problem(failure("malformed", f"{repo_id}/{path}", "not a path inside a repository"), "file")
        at = quote(sha or "main", safe="")
        canonical = f"{HUB}/{_prefix(kind)}{repo_id}/blob/{at}/{quoted}"
        where = f"/{_prefix(kind)}{repo_id}/resolve/{at}/{quoted}"
        if self._token is None and is_sha(sha) and (kind, repo_id) in self._gates:  # a signed-in caller may be let in
            ask = self._fetch.ask("hub_files", max_bytes)
            self._fetch.still_gated(self._endpoint + where, self._headers(), ask)
        reply = self.get("hub_files", where, max_bytes, canonical)
        return reply if isinstance(reply, Problem) else text_of(reply, path, canonical, sha)

    def dataset(self, repo_id: str) -> DatasetAnswer:
        """The record and card of a data set."""
        info = self.info("dataset", repo_id)
        if isinstance(info, Problem):
            return DatasetAnswer(info=info.failure)
        if "README.md" not in info.siblings and "siblings" not in info.odd:
            return DatasetAnswer(info=info)
        card = self.text("dataset", info.id, info.sha, "README.md")
        if isinstance(card, Problem):
            return DatasetAnswer(info=info, card=None if card.missing == "file" else card.failure)
        return DatasetAnswer(info=info, card=card)

    def close(self) -> None:
        """Give huggingface_hub its own clients back, if ours were ever needed."""
        if self._bridged:
            from openness_audit.sources.transport import uninstall  # noqa: PLC0415 - loaded by then

            uninstall(self._fetch.session)

    def get(self, kind: RequestKind, path: str, max_bytes: int, canonical: str) -> Reply | Problem:
        """One answer with status 200."""
        try:
            reply = self._fetch.get(
                self._endpoint + path, self._headers(), self._fetch.ask(kind, max_bytes), self._send
            )
        except FetchFailed as error:
            return Problem(error.failure(canonical))
        return reply if reply.status == 200 else classify(reply, canonical, signed_in=self._token is not None)

    def _send(self, url: str, headers: dict[str, str], ask: Ask) -> Reply:
        """One attempt: what is kept and fresh, else what the network says."""
        if self._offline or ask.cached_only:
            return self._fetch.follow(url, headers, ask)
        try:
            return self._fetch.follow(url, headers, ask.while_fresh())
        except FetchFailed as error:
            if error.code != "offline":
                raise
        return self._send_by_client(url, headers, ask)

    def _send_by_client(self, url: str, headers: dict[str, str], ask: Ask) -> Reply:
        """One attempt by huggingface_hub's client, which follows redirects and strips the token off the host."""
        import httpx2  # noqa: PLC0415 - with huggingface_hub 0.15 s, which an audit from the cache does not need

        from openness_audit.sources.transport import ASK, SESSION, bridged_client, install, reply_of  # noqa: PLC0415 - only here

        install(self._fetch.session)
        if not self._bridged and self._on_network is not None:
            self._on_network()
        self._bridged = True
        extensions = {SESSION: self._fetch.session, ASK: ask}
        try:
            response = bridged_client().get(url, headers=headers, extensions=extensions)
        except httpx2.TooManyRedirects:
            raise FetchFailed("redirect-loop", "more redirects than any honest answer has") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise FetchFailed("malformed", f"the answer cannot be followed ({type(error).__name__})") from error
        return reply_of(response)

    def next_page(self, reply: Reply) -> tuple[str | None, bool]:
        """The path of the next page, if it is on the same host, and whether there is one at all."""
        link = _NEXT.search(reply.headers.get("link", ""))
        if link is None:
            return None, False
        try:
            url = urljoin(reply.url, link[1])
            at_home = origin_of(url) == origin_of(self._endpoint)
        except ValueError:
            return None, True
        mirrored = HUB if url.startswith(HUB + "/") else ""  # a mirror may pass the Hub's own links on
        here = self._endpoint if at_home else mirrored
        return (url.removeprefix(here) if here and url.startswith(here + "/") else None), True


def _record(kind: RepoKind, repo_id: str, revision: str | None, reply: Reply, canonical: str) -> RepoInfo | Problem:
    record = json_of(reply, canonical, dict, "the record of a repository")
    if isinstance(record, Failure):
        return Problem(record)
    if not looks_like_a_record(record):
        return Problem(failure("malformed", canonical, "not the record of a repository"))
    return parse_info(kind, repo_id, revision, record, origin(reply, canonical))


def _record_path(kind: RepoKind, repo_id: str, revision: str | None) -> str:
    return f"/api/{kind}s/{repo_id}" + (f"/revision/{quote(revision, safe='')}" if revision else "")


def _rows(reply: Reply | Problem, canonical: str) -> list[Any] | Failure:
    """The rows of one page of a listing."""
    if isinstance(reply, Problem):
        return reply.failure
    return json_of(reply, canonical, list, "a list of files")


def _is_folder(row: object) -> bool:
    return isinstance(row, dict) and row.get("type") == "directory"


def _prefix(kind: RepoKind) -> str:
    return "datasets/" if kind == "dataset" else ""
