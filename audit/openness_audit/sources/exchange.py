"""Name what one request asks, what it brings back, and how it fails."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from openness_audit.model.capture import Failure
from openness_audit.model.evidence import Cause, CauseCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Clock: TypeAlias = "Callable[[], float]"
RequestKind: TypeAlias = Literal["hub_api", "hub_files", "github", "other"]

JSON_CAP = 32 * 1024 * 1024  # the record of a data set with 100,000 files is about 10 MB
TEXT_CAP = 2 * 1024 * 1024  # cards above 1 MB exist and are mostly generated tables


class FetchFailed(ConnectionError):  # noqa: N818  # not an error of the program: it becomes a Failure
    """A request brought no answer; the fields are those of a Cause.

    It is no httpx2 error on purpose: retry loops of huggingface_hub must let it through at once.
    """

    def __init__(
        self, code: CauseCode, detail: str, *, retryable: bool = False, retry_after: float | None = None
    ) -> None:
        """Keep the cause, and in `retry_after` the seconds the server asked to wait."""
        super().__init__(detail)
        self.code: CauseCode = code
        self.detail = detail
        self.retryable = retryable
        self.retry_after = retry_after

    def failure(self, source: str) -> Failure:
        """The same as a capture records it."""
        return failure(self.code, source, self.detail, retryable=self.retryable)


class Deadline:
    """A point in time after which nothing is begun."""

    __slots__ = ("_clock", "_end", "_lock", "_since", "_waiting")

    def __init__(self, seconds: float | None = None, clock: Clock = time.monotonic) -> None:
        """Start now; None never ends."""
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds
        self._lock = threading.Lock()
        self._waiting = 0
        self._since = 0.0

    def left(self) -> float:
        """Seconds that remain; infinite without a limit, never below 0."""
        if self._end is None:
            return float("inf")
        with self._lock:
            return max(0.0, self._end - (self._since if self._waiting else self._clock()))

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Let no time pass while the block runs: waiting for a quota is nobody's fault."""
        with self._lock:
            if not self._waiting:
                self._since = self._clock()
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1
                if not self._waiting and self._end is not None:
                    self._end += self._clock() - self._since

    def check(self) -> None:
        """Do nothing while time remains.

        Raises:
            FetchFailed: code "timeout", when it does not.
        """
        if self.left() <= 0:
            raise FetchFailed("timeout", "the time limit of the audit was reached", retryable=True)


class Tally(Protocol):
    """Counts what one audit of several costs that share a session."""

    def sent(self, ask: Ask) -> None:
        """Count a request. Raises FetchFailed, code "budget", when it would be one too many."""
        ...

    def hit(self) -> None:
        """Count an answer of the cache."""
        ...


class Pacer(Protocol):
    """Told of every request that goes to a network, so that it can keep to a quota; called from any thread."""

    def before(self, url: str, ask: Ask) -> None:
        """Wait, if need be, until the request may go. Raises FetchFailed where it may not."""
        ...

    def after(self, url: str, ask: Ask, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer, in the thread that asked; header names are in lower case. Status 0: none came."""
        ...

    def close(self) -> None:
        """Have those who wait fail."""
        ...


@dataclass(frozen=True, slots=True)
class Ask:
    """How one request is to be carried out.

    `max_bytes` bounds the decoded body, which is cut there; `cached_only` answers from the cache at any age,
    `fresh_only` from what is fresh there; `lifetime` overrides, in seconds, how long the answer stays fresh. `tally`
    counts what the audit costs that asks, where several share a session.
    """

    kind: RequestKind
    deadline: Deadline
    max_bytes: int = JSON_CAP
    cached_only: bool = False
    fresh_only: bool = False
    lifetime: int | None = None
    tally: Tally | None = None

    def from_cache(self) -> Ask:
        """The same request, to be answered by the cache alone."""
        return replace(self, cached_only=True)

    def while_fresh(self) -> Ask:
        """The same request, to be answered without the network or not at all."""
        return replace(self, fresh_only=True)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `headers` has lower-case names, `url` is the one that answered in the end."""

    url: str
    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    retrieved_at: str
    truncated: bool = False
    from_cache: bool = False
    stale: bool = False

    @property
    def redirect(self) -> str | None:
        """Where a redirect leads, else None."""
        return self.headers.get("location") if self.status in {301, 302, 303, 307, 308} else None


def failure(code: CauseCode, source: str, detail: str, *, retryable: bool = False) -> Failure:
    """A Failure in one line; `detail` loses control characters and excess length."""
    clean = "".join(c if c.isprintable() else " " for c in detail)[:300]
    return Failure(Cause(code=code, source=source, retryable=retryable, detail=clean))


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, the port always written: what a token is bound to."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def shown_host(url: str) -> str:
    """A URL's host as people write it."""
    parts = urlsplit(url.partition(" ")[0])
    return (parts.hostname or "") + (f":{parts.port}" if parts.port not in {None, 80, 443} else "")
