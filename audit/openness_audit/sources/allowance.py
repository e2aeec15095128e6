"""One limit of one server: how many requests it still allows, who is under way, and who is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from openness_audit.sources.ratelimit import Told

LOST_S = 70.0  # a request takes at most 60 s; what is under way longer belonged to a process that died
AWAY_S = 15.0  # who waits says so every few seconds
FREE_S = 60.0  # for so long, a server that named no limit is believed to have none
POLL_S = 0.02  # between two looks for an answer that is under way
MARGIN_S = 1.0  # servers round down the seconds until a limit opens
SAME_S = 2.0  # two ends of a window that lie as near as this are one
LONGEST_S = 4000.0  # the longest that any wait is believed; GitHub's window is an hour
IN_VAIN = 4  # a server that refuses although it was waited for so often, with no answer between, means it
SHUT_S = 60.0  # for so long nobody waits for such a server
UNTOLD_S = 60.0  # to wait where a server refuses and does not say for how long


class Allowance(Struct):
    """The state of one limit; times are those of the clock on the wall, which processes share.

    `told` is the least that an answer said to be left of this window, `until` its end; None: not known.
    `flights` are the requests under way, and `queue` those that wait, in the order they came. `refusals` counts windows
    that began with one.
    """

    told: int | None = None
    until: float = 0.0
    quota: int | None = None
    window_s: float | None = None
    free_until: float = 0.0
    refused_until: float = 0.0
    refusals: int = 0
    flights: dict[str, float] = field(default_factory=dict)
    queue: dict[str, float] = field(default_factory=dict)

    def admit(self, ticket: str, now: float) -> float:
        """Let a request go, or queue it.

        Args:
            ticket: whose turn is asked for.
            now: the time.

        Returns:
            0 if the request may go: then `answered` must be called for it. Else the seconds after which to ask again.
        """
        self._tidy(now)
        room = self._room(now)
        place = list(self.queue).index(ticket) if ticket in self.queue else len(self.queue)
        if room is None or place < room:
            self.queue.pop(ticket, None)
            self.flights[ticket] = now
            return 0.0
        self.queue[ticket] = now
        if self.told is None or self.told > 0:  # an answer under way decides
            return POLL_S
        return max(POLL_S, self.until - now)

    def leave(self, ticket: str) -> None:
        """Forget a request that waits no longer."""
        self.queue.pop(ticket, None)

    def answered(self, ticket: str | None, told: Told | None, now: float, cap_s: float) -> None:
        """Learn from an answer.

        Args:
            ticket: the request; None where it counts against another limit.
            told: what the answer said of the limit, if anything.
            now: the time.
            cap_s: no server is believed that it opens later than in so many seconds.
        """
        if ticket is not None:
            self.flights.pop(ticket, None)
            self.refusals = 0
        if told is None:
            if self.told is None or now >= self.until:
                self.told, self.free_until = None, now + FREE_S
            elif ticket is not None:
                self.told = max(0, self.told - 1)
            return
        self.free_until = 0.0
        self.quota, self.window_s = told.quota or self.quota, told.window_s or self.window_s
        end = now + min(told.reset_s, cap_s) + MARGIN_S
        if self.told is None or now >= self.until or end > self.until + SAME_S:
            self.told, self.until = told.remaining, end
        else:
            self.told, self.until = min(self.told, told.remaining), min(self.until, end)

    def lost(self, ticket: str) -> None:
        """Note that a request brought no answer; the server may have counted it."""
        if self.flights.pop(ticket, None) is not None and self.told is not None:
            self.told = max(0, self.told - 1)

    def refused(self, ticket: str | None, wait_s: float | None, now: float, cap_s: float) -> None:
        """Learn that the server refused a request: nothing goes until it opens, and then one first."""
        if ticket is not None:
            self.flights.pop(ticket, None)
        wait = self.window_s or UNTOLD_S if wait_s is None else wait_s
        same = self.told == 0 and now < self.until <= now + min(wait, cap_s) + SAME_S
        self.refusals += not same
        if wait > cap_s or self.refusals > IN_VAIN:
            self.refused_until = now + SHUT_S
        wait = min(wait, cap_s)
        self.told, self.until, self.free_until = 0, self.until if same else now + max(wait, MARGIN_S), 0.0

    def closed_for(self, now: float) -> float:
        """Seconds for which the server said that it refuses, beyond what anybody would wait; 0 if it did not."""
        return max(0.0, self.refused_until - now)

    def _room(self, now: float) -> int | None:
        """How many may go now; None: as many as want to. Where nothing is known, one goes first and finds out."""
        if self.told is not None and now >= self.until:
            self.told = None
        if self.told is not None:
            return self.told - len(self.flights)
        return None if now < self.free_until else 1 - len(self.flights)

    def _tidy(self, now: float) -> None:
        """Forget those who died, and times that a clock set back makes absurd."""
        self.flights = {one: at for one, at in self.flights.items() if -AWAY_S < now - at < LOST_S}
        self.queue = {one: at for one, at in self.queue.items() if -AWAY_S < now - at < AWAY_S}
        if self.free_until > now + FREE_S:
            self.free_until = 0.0
        if self.until > now + LONGEST_S:
            self.told = None
        if self.refused_until > now + LONGEST_S:
            self.refused_until = 0.0
