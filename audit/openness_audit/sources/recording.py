"""Remember what was asked and what came of it, as it was used: answers, failures, files of a directory, records."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

from openness_audit.model.evidence_bundle import (
    Answered,
    Contents,
    Directory,
    Failed,
    Hop,
    LocalFile,
    LocalRead,
    LocalRef,
    Record,
    Request,
)
from openness_audit.sources.addresses import Addresses
from openness_audit.sources.exchange import FetchFailed, Reply
from openness_audit.sources.fetch import Fetcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.capture import Ref
    from openness_audit.sources.exchange import Ask, Deadline
    from openness_audit.sources.fetch import Send
    from openness_audit.sources.folder import Body, Folder, Listed
    from openness_audit.sources.retry import Patience
    from openness_audit.sources.session import CacheSession
    from openness_audit.sources.settings import SourceSettings

Key: TypeAlias = tuple[str, str, int]  # canonical URL, Accept, byte cap

_KEPT = {
    "content-type",
    "etag",
    "last-modified",
    "link",
    "location",
    "x-error-code",
    "x-error-message",
    "x-linked-etag",
    "x-linked-size",
    "x-repo-commit",
}
_LIMITS = {"retry-after", "x-ratelimit-remaining"}  # where they say why an answer was refused
_REFUSED = {403, 429}
# what GitHub puts behind the address of a raw file that this token may read
_RAW_TOKEN = re.compile(rb"([?&]token=)[A-Za-z0-9._%-]{1,400}")


class _Trail(threading.local):
    hops: list[Reply] | None = None


_trail = _Trail()


def exchanged(reply: Reply) -> None:
    """Be told of one answer of a session, in the thread that asked: redirects are part of the way."""
    if _trail.hops is not None:
        _trail.hops.append(reply)


class Recorder:
    """What one audit was answered; may be told from any thread.

    What was answered once is not asked again while it is recorded: an audit rests on one answer to one question.
    """

    def __init__(self, settings: SourceSettings) -> None:
        """Record a run of these settings; its tokens are blanked wherever a server sends them back."""
        self.settings = settings
        self.cache = True
        self._addresses = Addresses(settings)
        self._secrets = [token.encode() for token in (settings.token, settings.github_token) if token]
        self._lock = threading.Lock()
        self._turns: dict[Key, threading.Lock] = {}
        self._outcomes: dict[Key, tuple[Request, Reply | FetchFailed]] = {}
        self._bodies: dict[str, bytes] = {}
        self._folder: RecordedFolder | None = None
        self._records: dict[str, str] = {}

    def fetch(self, fetcher: RecordingFetcher, url: str, headers: dict[str, str], ask: Ask, send: Send | None) -> Reply:
        """The answer for a URL: what is recorded, else what the fetcher gets.

        Raises:
            FetchFailed: there is none.
        """
        key = (self._addresses.public(url), headers.get("Accept", ""), ask.max_bytes)
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:  # who comes second is told what the first one got
            known = self._outcomes.get(key)
            if known is None:
                known = self._ask(key, lambda: fetcher.get_anyway(url, headers, ask, send), ask)
                with self._lock:
                    self._outcomes[key] = known
        if isinstance(known[1], FetchFailed):
            raise known[1]
        return known[1]

    def _ask(self, key: Key, get: Callable[[], Reply], ask: Ask) -> tuple[Request, Reply | FetchFailed]:
        hops: list[Reply] = []
        _trail.hops = hops
        found: Reply | FetchFailed
        try:
            found = get()
        except FetchFailed as error:
            found = error
        finally:
            _trail.hops = None
        if isinstance(found, FetchFailed):
            failed = Failed(code=found.code, detail=found.detail, retryable=found.retryable)
            request = Request(kind=ask.kind, url=key[0], accept=key[1], max_bytes=key[2], failure=failed)
        else:
            found, redacted = self._clean(found, ask)
            answer = self._answered(found, _way(hops), redacted=redacted)
            request = Request(kind=ask.kind, url=key[0], accept=key[1], max_bytes=key[2], answer=answer)
        return request, found

    def folder(self, folder: Folder) -> RecordedFolder:
        """The directory that is the subject, with what is read of it remembered."""
        self._folder = RecordedFolder(folder, self)
        return self._folder

    def record(self, record_id: str, body: bytes) -> None:
        """Be told of a record that ships with the program and was used."""
        name = self.keep(body)
        with self._lock:
            self._records[record_id] = name

    def keep(self, body: bytes) -> str:
        """Keep bytes; their digest is their name."""
        name = sha256(body).hexdigest()
        with self._lock:
            self._bodies.setdefault(name, body)
        return name

    def contents(self) -> tuple[Contents, dict[str, bytes]]:
        """Everything so far, sorted, and the bytes that it names."""
        with self._lock:
            requests = tuple(request for _, (request, _) in sorted(self._outcomes.items(), key=lambda row: row[0]))
            records = tuple(Record(id=name, body=body) for name, body in sorted(self._records.items()))
        directory = self._folder.document() if self._folder is not None else None
        contents = Contents(requests=requests, directory=directory, records=records)
        named = {request.answer.body for request in requests if request.answer} | {r.body for r in records}
        named |= {read.body for read in directory.reads if read.body} if directory else set()
        return contents, {name: self._bodies[name] for name in sorted(named)}

    def _clean(self, reply: Reply, ask: Ask) -> tuple[Reply, bool]:
        """The answer without the tokens of this run, should a server have sent one back, and whether one was there."""
        body = reply.body
        if ask.kind == "github":
            body = _RAW_TOKEN.sub(rb"\1***", body)
        for secret in self._secrets:
            body = body.replace(secret, b"***")
        headers = {name: self._blank(value) for name, value in reply.headers.items()}
        url = self._blank(reply.url)
        clean = replace(reply, body=body, headers=headers, url=url)
        return clean, clean != reply

    def _blank(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret.decode(), "***")
        return text

    def _answered(self, reply: Reply, way: list[Reply], *, redacted: bool) -> Answered:
        return Answered(
            url=self._addresses.led_to(reply.url) if way else self._addresses.public(reply.url),
            status=reply.status,
            headers=self._headers(reply),
            body=self.keep(reply.body),
            retrieved_at=reply.retrieved_at,
            truncated=reply.truncated,
            from_cache=reply.from_cache,
            stale=reply.stale,
            redacted=redacted,
            hops=tuple(
                Hop(url=self._blank(self._addresses.led_to(hop.url)), status=hop.status, headers=self._headers(hop))
                for hop in way
            ),
        )

    def _headers(self, reply: Reply) -> dict[str, str]:
        """The headers that matter, in order; addresses in them as evidence names them."""
        kept = _KEPT | (_LIMITS if reply.status in _REFUSED else set())
        found = {name: self._blank(value) for name, value in sorted(reply.headers.items()) if name in kept}
        if "location" in found:
            found["location"] = self._addresses.led_to(found["location"])
        if "link" in found:
            found["link"] = re.sub(r"<([^<>]{1,2000})>", lambda m: f"<{self._addresses.public(m[1])}>", found["link"])
        return found


class RecordingFetcher(Fetcher):
    """A fetcher whose answers are remembered."""

    def __init__(self, session: CacheSession, patience: Patience, deadline: Deadline, recorder: Recorder) -> None:
        """Ask over `session` until `deadline`, and remember in `recorder`."""
        super().__init__(session, patience, deadline)
        self._recorder = recorder

    def get(self, url: str, headers: dict[str, str], ask: Ask, send: Send | None = None) -> Reply:
        """The final answer for a URL, as `Fetcher.get` gives it.

        Raises:
            FetchFailed: there is none.
        """
        return self._recorder.fetch(self, url, headers, ask, send)

    def get_anyway(self, url: str, headers: dict[str, str], ask: Ask, send: Send | None) -> Reply:
        """The answer, whether it is recorded or not.

        Raises:
            FetchFailed: there is none.
        """
        return super().get(url, headers, ask, send)


class RecordedFolder:
    """A directory, with everything that is read of it remembered; what was read once is not read again."""

    def __init__(self, folder: Folder, recorder: Recorder) -> None:
        """Read `folder`, and keep what it holds in `recorder`."""
        self._folder = folder
        self._recorder = recorder
        self._lock = threading.Lock()
        self._bodies: dict[tuple[str, int], Body] = {}
        self._listed: Listed | None = None
        self._refs: tuple[Ref, ...] | None = None
        self.id, self.sha = folder.id, folder.sha

    def closed(self) -> str:
        """Why it cannot be read; nothing where it can."""
        return self._folder.closed()

    def listing(self) -> Listed:
        """All its files, as they were at first."""
        with self._lock:
            self._listed = self._listed or self._folder.listing()
            return self._listed

    def refs(self) -> tuple[Ref, ...]:
        """The checkout's branches and tags, as they were at first."""
        with self._lock:
            self._refs = self._folder.refs() if self._refs is None else self._refs
            return self._refs

    def body(self, path: str, most: int) -> Body:
        """The first bytes of a file, as they were at first."""
        found = self._folder.body(path, most)
        with self._lock:
            return self._bodies.setdefault((path, most), found)

    def document(self) -> Directory:
        """All that was read."""
        listed, refs = self.listing(), self.refs()
        reads = [
            LocalRead(
                path=path,
                max_bytes=most,
                body=None if body.content is None else self._recorder.keep(body.content),
                problem=body.problem or None,
                retrieved_at=body.at,
            )
            for (path, most), body in sorted(self._bodies.items())
        ]
        return Directory(
            id=self.id,
            sha=self.sha,
            complete=listed.complete,
            listed_at=listed.at,
            files=tuple(LocalFile(path=entry.path, size=entry.size) for entry in listed.files),
            refs=tuple(
                LocalRef(kind=ref.kind, name=ref.name, sha=ref.sha or "") for ref in refs if ref.kind != "convert"
            ),
            reads=tuple(reads),
        )


def _way(answers: list[Reply]) -> list[Reply]:
    """The redirects before the last answer: those of earlier attempts end in an answer of their own."""
    way: list[Reply] = []
    for answer in reversed(answers[:-1]):
        if answer.redirect is None:
            break
        way.insert(0, answer)
    return way
