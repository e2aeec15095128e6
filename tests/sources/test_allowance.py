"""Laws of a limit: never more than the server allows, nobody waits for ever, and who came first goes first."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openness_audit.sources.allowance import AWAY_S, LOST_S, Allowance
from openness_audit.sources.ratelimit import Told, read_limit

CAP = 900.0
BEAT_S = 10.0  # a waiting request looks again


@dataclass
class Server:
    """Counts requests in fixed windows, and tells the truth."""

    quota: int
    window: float
    start: float = -1e9
    used: int = 0
    refusals: int = 0
    served: list[float] = field(default_factory=list)

    def take(self, now: float) -> Told | None:
        if now - self.start >= self.window:
            self.start, self.used = now, 0
        self.used += 1
        if self.used > self.quota:
            self.refusals += 1
            return None
        self.served.append(now)
        reset = int(self.window - (now - self.start))
        return Told(name="api", remaining=self.quota - self.used, reset_s=reset, quota=self.quota)


@dataclass
class World:
    """Requests that want to go at given times, each under way for a while, on a clock of their own."""

    server: Server
    wants: list[float]
    delays: list[float]
    state: Allowance = field(default_factory=Allowance)
    arrived: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    end: float = 0.0

    def run(self, events: int = 200_000) -> None:
        line: list[tuple[float, int, str, str, Told | None]] = []
        for number, at in enumerate(self.wants):
            heapq.heappush(line, (1e6 + at, number, "ask", f"{number}", None))
        turn = len(self.wants)
        while line and events:
            events -= 1
            turn += 1
            now, _, what, ticket, told = heapq.heappop(line)
            self.end = now - 1e6
            delay = self.delays[int(ticket) % len(self.delays)]
            if what == "ask":
                if ticket not in self.arrived:
                    self.arrived.append(ticket)
                wait = self.state.admit(ticket, now)
                if wait:
                    heapq.heappush(line, (now + min(wait, BEAT_S), turn, "ask", ticket, None))
                else:
                    self.went.append(ticket)
                    heapq.heappush(line, (now + delay / 2, turn, "serve", ticket, None))
            elif what == "serve":
                answer = self.server.take(now)
                heapq.heappush(line, (now + delay / 2, turn, "answer" if answer else "refuse", ticket, answer))
            elif what == "answer":
                self.state.answered(ticket, told, now, CAP)
            else:
                self.state.refused(ticket, 1.0, now, CAP)
                heapq.heappush(line, (now, turn, "ask", ticket, None))
        assert events, "it never ends"


WORLDS = st.builds(
    World,
    st.builds(Server, st.integers(1, 12), st.sampled_from([5.0, 30.0, 300.0])),
    st.lists(st.floats(0, 40), min_size=1, max_size=24),
    st.lists(st.floats(0.001, 1.0), min_size=1, max_size=5),
)


@settings(max_examples=25, deadline=None)
@given(WORLDS)
def test_no_request_is_refused_and_all_are_served(world: World) -> None:
    world.run()

    assert (world.server.refusals, len(world.server.served)) == (0, len(world.wants))


@settings(max_examples=25, deadline=None)
@given(WORLDS)
def test_all_go_in_no_more_windows_than_needed(world: World) -> None:
    world.run()

    windows = (len(world.wants) - 1) // world.server.quota + 1
    slack = 2 + 2 * 1.0 + BEAT_S  # the rounded second and the margin, answers under way, and a heartbeat
    assert world.end <= max(world.wants) + windows * (world.server.window + slack)


@settings(max_examples=12, deadline=None)
@given(st.integers(2, 40), st.integers(1, 7))
def test_nobody_is_overtaken_by_more_than_one_window_lets_go(count: int, quota: int) -> None:
    world = World(Server(quota, 30.0), [0.001 * number for number in range(count)], [0.5])

    world.run()

    assert max(world.went.index(one) - place for place, one in enumerate(world.arrived)) < quota


def test_of_many_that_know_nothing_one_goes_first() -> None:
    state = Allowance()

    assert [bool(state.admit(f"{n}", 1000.0)) for n in range(5)] == [False, True, True, True, True]


def test_a_server_without_limits_holds_nobody_up() -> None:
    state = Allowance()
    state.admit("first", 1000.0)
    state.answered("first", None, 1000.1, CAP)

    assert [state.admit(f"{n}", 1000.2) for n in range(50)] == [0.0] * 50


def test_a_process_that_died_holds_nothing() -> None:
    state = Allowance(told=1, until=5000.0)
    state.admit("dead", 1000.0)
    state.admit("gone", 1000.0)

    assert state.admit("next", 1000.0 + AWAY_S / 2) > 0
    assert state.admit("next", 1000.0 + LOST_S + 1) == 0.0


def test_what_others_of_the_same_caller_use_counts() -> None:
    state = Allowance()
    state.admit("a", 1000.0)
    state.answered("a", Told(remaining=50, reset_s=100), 1000.0, CAP)
    state.admit("b", 1001.0)
    state.answered("b", Told(remaining=0, reset_s=99), 1001.0, CAP)

    assert 98 < state.admit("c", 1002.0) <= 100


def test_answers_that_overtake_each_other_do_not_raise_what_is_left() -> None:
    state = Allowance(flights=dict.fromkeys("abc", 1000.0))
    state.answered("c", Told(remaining=1, reset_s=100), 1000.0, CAP)
    state.answered("a", Told(remaining=3, reset_s=100), 1000.1, CAP)
    state.answered("b", Told(remaining=2, reset_s=100), 1000.1, CAP)

    assert (state.told, state.admit("d", 1001.0), bool(state.admit("e", 1001.0))) == (1, 0.0, True)


@given(st.floats(0, 1e12), st.integers(0, 5))
@example(365 * 24 * 3600.0, 0)
def test_no_server_is_believed_that_it_opens_in_a_year(reset: float, remaining: int) -> None:
    state = Allowance()
    state.admit("a", 1e9)
    state.answered("a", Told(remaining=remaining, reset_s=reset), 1e9, CAP)

    assert state.until <= 1e9 + CAP + 1
    assert state.admit("b", 1e9 + CAP + 2) == 0.0


def test_a_limit_that_changes_is_learnt() -> None:
    state = Allowance()
    state.admit("a", 1000.0)
    state.answered("a", Told(remaining=0, reset_s=300), 1000.0, CAP)
    state.answered(None, Told(remaining=90, reset_s=60, quota=100), 1301.0, CAP)

    assert (state.told, state.until, state.quota) == (90, 1362.0, 100)


def test_after_a_refusal_one_goes_first() -> None:
    state = Allowance(free_until=1060.0)
    for name in "abc":
        state.admit(name, 1000.0)
    for name in "abc":
        state.refused(name, 30.0, 1000.5, CAP)

    assert state.until == 1030.5
    assert [state.admit(name, 1031.0) > 0 for name in "abc"] == [False, True, True]


def test_a_clock_that_is_set_back_holds_nobody_up() -> None:
    state = Allowance(told=0, until=1e9, flights={"a": 1e9}, queue={"b": 1e9}, refused_until=1e9)

    assert (state.admit("c", 1000.0), state.closed_for(1000.0)) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {"ratelimit": '"api";r=3;t=55', "ratelimit-policy": '"fixed window";"api";q=500;w=300'},
            Told(name="api", remaining=3, reset_s=55, quota=500, window_s=300),
        ),
        (
            {
                "ratelimit": '"burst";r=5;t=1, "day";r=2;t=3600',
                "ratelimit-policy": '"burst";q=10;w=1,"day";q=9;w=86400',
            },
            Told(name="day", remaining=2, reset_s=3600, quota=9, window_s=86400),
        ),
        (
            {"ratelimit": '"api";r=900;t=5', "ratelimit-policy": '"api";q=500'},
            Told(name="api", remaining=500, reset_s=5, quota=500),
        ),
        ({"ratelimit": "limit=60, remaining=4, reset=20"}, Told(remaining=4, reset_s=20, quota=60)),
        ({"ratelimit-remaining": "4", "ratelimit-reset": "20"}, Told(remaining=4, reset_s=20)),
        (
            {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000100"},
            Told(remaining=0, reset_s=100, quota=60),
        ),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "1600000000"}, Told(remaining=1, reset_s=0)),
        ({"ratelimit": '"api";r=-3;t=55'}, None),
        ({"ratelimit": '"api";r=3'}, None),
        ({"ratelimit": "soon"}, None),
        ({"ratelimit": '"api";r=3;t=' + "9" * 400}, None),
        ({}, None),
    ],
)
def test_limits_are_read_in_all_their_forms(headers: dict[str, str], expected: Told | None) -> None:
    assert read_limit(headers, 1_700_000_000) == expected


NAMES = ("ratelimit", "ratelimit-policy", "x-ratelimit-reset", "x-ratelimit-remaining")
WORDS = st.text() | st.from_regex(r'"a";r=[0-9]{0,20};t=[-0-9.]{0,20}', fullmatch=True)


@given(st.dictionaries(st.sampled_from(NAMES), WORDS))
def test_whatever_a_server_tells_is_read_or_passed_over(headers: dict[str, str]) -> None:
    told = read_limit(headers, 1_700_000_000)

    assert told is None or (told.remaining >= 0 and told.reset_s >= 0)
