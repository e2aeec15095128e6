"""Wait and try again within a total time limit, as servers ask, never longer than allowed."""

from __future__ import annotations

import re
import threading
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from openness_audit.sources.exchange import Clock, Deadline, FetchFailed, Reply, origin_of, shown_host

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openness_audit.model.evidence import CauseCode


ATTEMPTS = 4
SLOW_ATTEMPTS = 2  # for a server that lets us wait
BASE_WAIT_S = 0.5  # then doubled: 0.5 + 1 + 2 s for a server that stays down
MAX_WAIT_S = 310.0  # one window of the Hub's limits is 300 s; longer waits (GitHub's hour) end the attempt at once
LINK_WAIT_S = 5.0  # no page of a third party is worth more
SILENT_WAIT_S = 0.6  # shorter waits are not worth a line
DOWN_S = 30.0  # a host that failed every attempt gets single attempts for this long
RETRIED = {408, 429, 500, 502, 503, 504}

_RATE_LIMIT = re.compile(r"r\s*=\s*(\d{1,9})\s*;\s*t\s*=\s*(\d{1,9})")


class Patience:
    """Carries out attempts, shared by all threads of a run: what one learns about a host, all respect."""

    def __init__(
        self,
        on_wait: Callable[[str], None] | None = None,
        *,
        max_wait: float = MAX_WAIT_S,
        base_wait: float = BASE_WAIT_S,
        paced: frozenset[str] = frozenset(),
        clock: Clock = time.monotonic,
    ) -> None:
        """`on_wait` is told in one sentence before every wait longer than a second.

        Under the allowances `paced`, a Pacer sees to it that nothing is asked before the server allows it.
        """
        self._on_wait = on_wait
        self._max_wait = max_wait
        self._base_wait = base_wait
        self._paced = paced
        self._clock = clock
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._not_before: dict[str, float] = {}
        self._down_until: dict[str, float] = {}

    def close(self) -> None:
        """Wake everyone who waits; their attempts fail."""
        self._closing.set()

    def call(self, url: str, deadline: Deadline, attempt: Callable[[], Reply], allowance: str = "") -> Reply:
        """The first answer of `attempt` that is worth keeping, or the last one when patience ends.

        Requests under the same `allowance` of a host share its limits: the Hub counts API and file requests apart.

        Raises:
            FetchFailed: the last attempt brought no answer, or waiting as long as the server asks is not allowed.
        """
        host = f"{origin_of(url)} {allowance}"
        most = LINK_WAIT_S if allowance == "other" else self._max_wait
        number = 0
        while True:
            number += 1
            self._wait_turn(host, deadline, most)
            answer: Reply | FetchFailed
            try:
                answer = attempt()
            except FetchFailed as error:
                if not error.retryable or error.code in {"budget", "rate-limited"} or deadline.left() <= 0:
                    raise
                answer = error
            asked = _wait_asked(answer)
            if asked is None:
                self._down_until.pop(host, None)
                return answer  # type: ignore[return-value]  # a failure always asks to wait
            if not self._again(host, answer, asked, number, min(most, deadline.left())):
                return _settle(answer)

    def _again(self, host: str, answer: Reply | FetchFailed, asked: float, number: int, most: float) -> bool:
        """Whether to try again, having waited for it; what is learnt of the host holds for all threads."""
        wait = asked or self._base_wait * 2 ** (number - 1)
        limited = _rate_limited(answer)
        if limited and host.rpartition(" ")[2] in self._paced:
            return number < ATTEMPTS
        if limited:
            with self._lock:
                self._not_before[host] = max(self._not_before.get(host, 0.0), self._clock() + wait)
        down = self._down_until.get(host, 0.0) > self._clock()
        slow = isinstance(answer, FetchFailed) and answer.code == "timeout" and number >= SLOW_ATTEMPTS
        if number >= ATTEMPTS or down or slow:
            if isinstance(answer, FetchFailed):  # not for a status: one bad repository is not a bad host
                self._down_until[host] = self._clock() + DOWN_S
            return False
        if wait >= most:
            return False
        if not limited:
            self._sleep(wait, f"{shown_host(host)} did not answer properly; trying again in {wait:.0f} s")
        return True

    def _wait_turn(self, host: str, deadline: Deadline, most: float) -> None:
        """Wait until the host's own limit allows the next request."""
        deadline.check()
        wait = self._not_before.get(host, 0.0) - self._clock()
        if wait <= 0:
            return
        if wait > most or wait >= deadline.left():
            raise FetchFailed(
                "rate-limited",
                f"{shown_host(host)} allows no further request for {wait:.0f} s",
                retryable=True,
                retry_after=wait,
            )
        self._sleep(wait, f"{shown_host(host)} limits requests; waiting {wait:.0f} s")

    def _sleep(self, seconds: float, message: str) -> None:
        if self._on_wait is not None and seconds > SILENT_WAIT_S:
            self._on_wait(message)
        if self._closing.wait(seconds):
            raise FetchFailed("budget", "the run was ended", retryable=True)


def asked_wait(status: int, headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer asks to wait, None when it names none.

    Read are `Retry-After` (seconds or a date), the Hub's `RateLimit: "api";r=0;t=55` and GitHub's
    `X-RateLimit-Remaining: 0` with `X-RateLimit-Reset`.
    """
    text = headers.get("retry-after", "").strip()
    if text.isdecimal() and len(text) < 10:
        return float(text)
    if text:
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
        except (ValueError, TypeError, OverflowError):
            pass
    limit = _RATE_LIMIT.search(headers.get("ratelimit", ""))
    if limit and limit[1] == "0" and status == 429:
        return float(limit[2]) + 1  # the window's last second is still closed
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal() and len(reset) < 12:
        return max(0.0, float(reset) - time.time()) + 1
    return None


def is_rate_limit(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer means "too many requests": GitHub also says it by 403."""
    if status == 429:
        return True
    return status == 403 and (headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers)


def _rate_limited(answer: Reply | FetchFailed) -> bool:
    return isinstance(answer, Reply) and is_rate_limit(answer.status, answer.headers)


def _wait_asked(answer: Reply | FetchFailed) -> float | None:
    """None: take the answer as it is; 0: try again after the usual wait; else after so many seconds."""
    if isinstance(answer, FetchFailed):
        return answer.retry_after or 0.0
    if answer.status in RETRIED or is_rate_limit(answer.status, answer.headers):
        return asked_wait(answer.status, answer.headers) or 0.0
    return None


def _settle(answer: Reply | FetchFailed) -> Reply:
    """What remains when patience ends.

    Raises:
        FetchFailed: no attempt brought an answer, or the answer is only that there is none now.
    """
    if isinstance(answer, FetchFailed):
        raise answer
    host = shown_host(answer.url)
    if _rate_limited(answer):
        wait = asked_wait(answer.status, answer.headers)
        later = f"; it opens again in {wait:.0f} s" if wait else ""
        raise FetchFailed("rate-limited", f"{host} limits requests{later}", retryable=True, retry_after=wait)
    cause: CauseCode = "timeout" if answer.status in {408, 504} else "server-error"
    raise FetchFailed(cause, f"{host} answered {answer.status}", retryable=True)
