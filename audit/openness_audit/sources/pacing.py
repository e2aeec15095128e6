"""Keep to the quotas that the Hub and GitHub tell, together with all other workers of this machine."""

from __future__ import annotations

import itertools
import os
import threading
import time
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from openness_audit.sources.exchange import Ask, FetchFailed, origin_of, shown_host
from openness_audit.sources.ledger import QUOTA_FILE, FileLedger, Ledger
from openness_audit.sources.ratelimit import read_limit
from openness_audit.sources.retry import asked_wait, is_rate_limit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openness_audit.sources.exchange import Clock, RequestKind
    from openness_audit.sources.settings import SourceSettings

HUB_CAP_S = 900.0  # three of the Hub's windows: no Hub is believed that it opens later
GITHUB_CAP_S = 3900.0  # GitHub's window is an hour
GITHUB_PATIENCE_S = 300.0  # an hour for the code of one model would hold up all the others
HEARTBEAT_S = 2.0  # who waits looks again this often: limits change
TELL_S = 10.0  # between two lines about one limit
SILENT_S = 1.0  # shorter waits are not worth a line
FREE_LOOK_S = 1.0  # a limit that is not there is not asked about more often

_NAMES = {"hub_api": "api", "hub_files": "resolvers", "github": "github"}  # the Hub's own words
PACED = frozenset(_NAMES)  # the kinds of requests
_OTHERS = {"api", "resolvers"}
_numbers = itertools.count()


class Limit(NamedTuple):
    """What a server told: `left` of `quota` requests until the window of `window_s` ends in `opens_in_s` seconds."""

    quota: int | None
    window_s: float | None
    left: int | None
    opens_in_s: float


class _Turn(NamedTuple):
    """A request that wants to go: the limit it counts against, and who it is."""

    name: str
    ticket: str
    url: str
    ask: Ask


class QuotaPacer:
    """Lets requests go as fast as the servers allow, in the order they came; may be used from any thread."""

    def __init__(
        self,
        ledger: Ledger,
        callers: Mapping[str, str | None],
        *,
        on_wait: Callable[[str], None] | None = None,
        github_patience_s: float = GITHUB_PATIENCE_S,
        clock: Clock = time.time,
        pause: Callable[[float], bool] | None = None,
    ) -> None:
        """Pace.

        Args:
            ledger: holds the limits.
            callers: the token for each kind of request: limits are those of a caller.
            on_wait: told, from any thread, until when a limit makes requests wait.
            github_patience_s: how long a request to GitHub may wait for its quota before it is given up.
            clock: the time in seconds since 1970.
            pause: waits so many seconds, and says whether the run was ended meanwhile.
        """
        self._ledger = ledger
        self._callers = {kind: sha256((token or "").encode()).hexdigest()[:12] for kind, token in callers.items()}
        self._on_wait = on_wait
        self._github_patience_s = github_patience_s
        self._clock = clock
        self._closing = threading.Event()
        self._pause = pause or self._closing.wait
        self._mine = threading.local()  # the request of each thread
        self._free: dict[str, float] = {}
        self._told: dict[str, float] = {}

    def before(self, url: str, ask: Ask) -> None:
        """Wait until the request may go.

        Raises:
            FetchFailed: code "rate-limited" where that would take too long, "budget" when the run was ended.
        """
        self._mine.request = None
        if ask.kind not in _NAMES:
            return
        name = self._name(url, ask.kind)
        if self._clock() < self._free.get(name, 0.0):
            return
        turn = _Turn(name, f"{os.getpid()}-{next(_numbers)}", url, ask)
        wait = self._look(turn)
        if wait:
            with ask.deadline.paused():
                self._queue(turn, wait)
        self._mine.request = (name, turn.ticket)

    def _queue(self, turn: _Turn, wait: float) -> None:
        try:
            while wait:
                self._tell(turn.name, turn.url, wait)
                if self._closing.is_set() or self._pause(min(wait, HEARTBEAT_S)):
                    _end()
                wait = self._look(turn)
        except BaseException:
            with self._ledger.change(turn.name) as state:
                state.leave(turn.ticket)
            raise

    def _look(self, turn: _Turn) -> float:
        """Give the seconds to wait; 0 if the request may go. Raises FetchFailed where it would take too long."""
        patience = self._github_patience_s if turn.ask.kind == "github" else HUB_CAP_S + HEARTBEAT_S
        with self._ledger.change(turn.name) as state:
            now = self._clock()
            wait = state.admit(turn.ticket, now)
            shut = state.closed_for(now) if wait else 0.0
            if shut or wait > patience:
                state.leave(turn.ticket)
        if shut or wait > patience:
            if turn.ask.kind == "github":
                self._tell(turn.name, turn.url, wait, "code is not read before {}: the quota is used up ({})")
            raise _closed(turn.url, turn.ask, shut or wait)
        return wait

    def after(self, url: str, ask: Ask, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer; status 0 means that there was none."""
        request: tuple[str, str] | None = getattr(self._mine, "request", None)
        self._mine.request = None
        if ask.kind not in _NAMES or (status == 0 and request is None):
            return
        now = self._clock()
        told = read_limit(headers, now)
        name, ticket = request or (self._name(url, ask.kind), None)
        cap = GITHUB_CAP_S if ask.kind == "github" else HUB_CAP_S
        limited = is_rate_limit(status, headers)
        if request is None and told is None and not limited:
            return  # there was no limit, and there is none
        if told is not None and told.name in _OTHERS and told.name != _NAMES[ask.kind] and ask.kind != "github":
            with self._ledger.change(name) as state:  # the Hub counts it elsewhere, and says so
                state.answered(ticket, None, now, cap)
            name, ticket = name.replace(f" {_NAMES[ask.kind]} ", f" {told.name} "), None
        with self._ledger.change(name) as state:
            if limited:
                state.refused(ticket, _asked(status, headers, told.reset_s if told else None), now, cap)
            elif status == 0:
                state.lost(ticket or "")
            else:
                state.answered(ticket, told, now, cap)
            free = state.free_until
        if free:
            self._free[name] = min(free, now + FREE_LOOK_S)
        else:
            self._free.pop(name, None)

    def limit(self, url: str, kind: RequestKind) -> Limit:
        """Say what is known of the limit that a request counts against."""
        with self._ledger.change(self._name(url, kind)) as state:
            now = self._clock()
            open_ = state.told is not None and now < state.until
            return Limit(
                quota=state.quota,
                window_s=state.window_s,
                left=state.told if open_ else None,
                opens_in_s=max(0.0, state.until - now) if open_ else 0.0,
            )

    def close(self) -> None:
        """Wake everyone who waits: their requests fail."""
        self._closing.set()
        self._ledger.close()

    def _name(self, url: str, kind: str) -> str:
        return f"{origin_of(url)} {_NAMES[kind]} {self._callers.get(kind, '')}"

    def _tell(self, name: str, url: str, wait: float, words: str = "waiting for quota until {} ({})") -> None:
        now = self._clock()
        if self._on_wait is None or wait < SILENT_S or now - self._told.get(name, 0.0) < TELL_S:
            return
        self._told[name] = now
        until = datetime.fromtimestamp(now + wait).astimezone()
        self._on_wait(words.format(f"{until:%H:%M:%S}", shown_host(url)))


def open_pacer(settings: SourceSettings, on_wait: Callable[[str], None] | None) -> QuotaPacer:
    """Open the pacer of a run; all runs of this machine that have the same cache keep to the quotas together."""
    callers = {"hub_api": settings.token, "hub_files": settings.token, "github": settings.github_token}
    patience = GITHUB_CAP_S + HEARTBEAT_S if settings.wait_for_code else GITHUB_PATIENCE_S
    ledger = FileLedger(settings.cache_file.with_name(QUOTA_FILE))
    return QuotaPacer(ledger, callers, on_wait=on_wait, github_patience_s=patience)


def _end() -> NoReturn:
    raise FetchFailed("budget", "the run was ended", retryable=True)


def _asked(status: int, headers: Mapping[str, str], reset_s: float | None) -> float | None:
    """How long a refusal asks to wait."""
    asked = asked_wait(status, headers)
    return reset_s if asked is None else asked


def _closed(url: str, ask: Ask, wait: float) -> FetchFailed:
    until = f"{wait:.0f} s" if wait < 120 else f"{wait / 60:.0f} min"
    used = "is used up" if ask.kind == "github" else "allows no further request"
    return FetchFailed(
        "rate-limited", f"the quota of {shown_host(url)} {used}; it opens again in {until}", retryable=True
    )
