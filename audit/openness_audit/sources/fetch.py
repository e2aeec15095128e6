"""Ask once for what several threads want, with patience; fall back to an old answer only when none comes."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urljoin

from openness_audit.sources.exchange import Ask, Deadline, FetchFailed, Reply, RequestKind, Tally, origin_of
from openness_audit.sources.retry import Patience

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.sources.session import CacheSession

Send: TypeAlias = "Callable[[str, dict[str, str], Ask], Reply]"

MAX_REDIRECTS = 5
USER_AGENT = "openness-audit"
STALE_FOR = {"server-error", "network", "timeout"}


Key: TypeAlias = "tuple[str, str, int]"


class Flights:
    """The requests under way, so that what several threads want is asked for once."""

    def __init__(self) -> None:
        """Nothing is under way."""
        self._flying: dict[Key, Future[Reply]] = {}
        self._lock = threading.Lock()

    def join(self, key: Key) -> tuple[Future[Reply], bool]:
        """Give the request for a key, and whether the caller has to carry it out."""
        with self._lock:
            flight = self._flying.get(key)
            if flight is not None:
                return flight, False
            flight = self._flying[key] = Future()
            return flight, True

    def leave(self, key: Key) -> None:
        """Note that it is done."""
        with self._lock:
            self._flying.pop(key, None)


class Fetcher:
    """Gets URLs for one run; may be used from any thread."""

    def __init__(
        self,
        session: CacheSession,
        patience: Patience,
        deadline: Deadline,
        *,
        flights: Flights | None = None,
        tally: Tally | None = None,
    ) -> None:
        """Ask over `session` until `deadline`; audits that share a session share `flights`, and count by `tally`."""
        self.session = session
        self.patience = patience
        self.deadline = deadline
        self._flights = flights or Flights()
        self._tally = tally

    def ask(self, kind: RequestKind, max_bytes: int, lifetime: int | None = None) -> Ask:
        """A request of this run."""
        return Ask(kind=kind, deadline=self.deadline, max_bytes=max_bytes, lifetime=lifetime, tally=self._tally)

    def get(self, url: str, headers: dict[str, str], ask: Ask, send: Send | None = None) -> Reply:
        """The final answer for a URL, redirects followed; the same URL in flight is asked once.

        Raises:
            FetchFailed: there is none.
        """
        key = (url, headers.get("Accept", ""), ask.max_bytes)
        flight, mine = self._flights.join(key)
        if not mine:
            return flight.result()
        try:
            reply = self._persist(url, {"User-Agent": USER_AGENT, **headers}, ask, send or self.follow)
        except BaseException as error:
            flight.set_exception(error)
            raise
        else:
            flight.set_result(reply)
            return reply
        finally:
            self._flights.leave(key)

    def doubt(self, url: str, headers: dict[str, str], ask: Ask) -> None:
        """Forget that something was refused, as the session does."""
        self.session.doubt("GET", url, headers, ask)

    def still_gated(self, url: str, headers: dict[str, str], ask: Ask) -> None:
        """Take a gate that was shut as shut, as the session does."""
        self.session.still_gated("GET", url, headers, ask)

    def follow(self, url: str, headers: dict[str, str], ask: Ask) -> Reply:
        """One attempt over the session itself; a token does not leave its host.

        Raises:
            FetchFailed: no answer, or too many redirects.
        """
        home, sent = origin_of(url), dict(headers)
        for _ in range(MAX_REDIRECTS + 1):
            reply = self.session.exchange("GET", url, sent, ask)
            if reply.redirect is None:
                return reply
            try:
                url = urljoin(url, reply.redirect)
                at_home = origin_of(url) == home
            except ValueError:
                raise FetchFailed("malformed", "the answer leads nowhere") from None
            if not at_home:
                sent.pop("Authorization", None)
        raise FetchFailed("redirect-loop", "more redirects than any honest answer has")

    def _persist(self, url: str, headers: dict[str, str], ask: Ask, send: Send) -> Reply:
        if self.session.settings.offline:
            return send(url, headers, ask)
        try:
            return self.patience.call(url, self.deadline, lambda: send(url, headers, ask), ask.kind)
        except FetchFailed as error:
            if error.code not in STALE_FOR or self.session.settings.fresh_since is not None:
                raise
            try:
                return send(url, headers, ask.from_cache())
            except FetchFailed:
                raise error from None
