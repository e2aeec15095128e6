"""Keeping to quotas: waits on a clock of the test's own, and shares what is known among processes."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from openness_audit.sources.exchange import Ask, Deadline, FetchFailed, RequestKind
from openness_audit.sources.ledger import FileLedger, Ledger, MemoryLedger
from openness_audit.sources.pacing import GITHUB_CAP_S, HUB_CAP_S, QuotaPacer

HUB = "https://huggingface.co/api/models/acme/one"
FILE = "https://huggingface.co/acme/one/resolve/main/README.md"
GITHUB = "https://api.github.com/repos/acme/one"


class Desk:
    """A pacer on a clock that only waiting moves."""

    def __init__(self, ledger: Ledger | None = None, token: str | None = None, patience: float = 300.0) -> None:
        self.now = 1_800_000_000.0
        self.told: list[str] = []
        callers = {"hub_api": token, "hub_files": token, "github": None}
        self.deadline = Deadline(10.0, lambda: self.now)
        self.pacer = QuotaPacer(
            ledger or MemoryLedger(), callers, on_wait=self.told.append, github_patience_s=patience,
            clock=lambda: self.now, pause=self.pause,
        )  # fmt: skip

    def pause(self, seconds: float) -> bool:
        self.now += seconds
        return False

    def ask(self, url: str = HUB, kind: RequestKind = "hub_api", status: int = 200, **headers: str) -> float:
        """Ask, be answered, and give the seconds that were waited."""
        began, ask = self.now, Ask(kind=kind, deadline=self.deadline)
        self.pacer.before(url, ask)
        waited = self.now - began
        self.pacer.after(url, ask, status, {name.replace("_", "-"): said for name, said in headers.items()})
        return waited


def limit(left: int, seconds: int, name: str = "api") -> str:
    return f'"{name}";r={left};t={seconds}'


def test_the_last_request_of_a_window_goes_and_the_next_waits_for_the_next_window() -> None:
    desk = Desk()

    waits = [desk.ask(ratelimit=limit(left, 60)) for left in (1, 0, 9)]

    assert waits[:2] == [0, 0]
    assert 60 <= waits[2] <= 63
    assert [line.partition(" until ")[0] for line in desk.told[:1]] == ["waiting for quota"]


def test_waiting_for_a_quota_costs_an_audit_none_of_its_time() -> None:
    desk = Desk()
    desk.ask(ratelimit=limit(0, 200))

    desk.ask(ratelimit=limit(9, 300))

    assert desk.deadline.left() == 10.0


def test_files_and_records_have_limits_of_their_own() -> None:
    desk = Desk()
    desk.ask(ratelimit=limit(0, 60))

    assert desk.ask(FILE, "hub_files", ratelimit=limit(5, 60, "resolvers")) == 0


def test_a_request_that_the_hub_counts_elsewhere_counts_there() -> None:
    desk = Desk()
    desk.ask(FILE, "hub_files", ratelimit=limit(0, 60, "api"))

    assert (desk.ask(FILE, "hub_files", ratelimit=limit(5, 60, "resolvers")), desk.ask() > 59) == (0, True)


def test_callers_have_limits_of_their_own() -> None:
    ledger = MemoryLedger()
    Desk(ledger).ask(ratelimit=limit(0, 60))

    assert (Desk(ledger, token="hf_x").ask(), Desk(ledger).ask() > 59) == (0, True)


@pytest.mark.parametrize("said", ["", "soon", '"api";r=-1;t=x'])
def test_headers_that_say_nothing_hold_nothing_up(said: str) -> None:
    desk = Desk()

    assert [desk.ask(ratelimit=said) for _ in range(100)] == [0] * 100


def test_a_reset_in_a_year_is_waited_for_as_long_as_any_is() -> None:
    desk = Desk()
    desk.ask(ratelimit=limit(0, 31_536_000))

    assert HUB_CAP_S <= desk.ask() <= HUB_CAP_S + 3


def test_a_hub_that_refuses_for_a_year_is_not_waited_for() -> None:
    desk = Desk()
    desk.ask(status=429, retry_after="31536000")

    with pytest.raises(FetchFailed) as refused:
        desk.ask()

    assert (refused.value.code, refused.value.retryable) == ("rate-limited", True)


def test_a_hub_that_refuses_whenever_it_is_asked_is_given_up() -> None:
    desk = Desk()

    for _ in range(5):
        desk.ask(status=429, retry_after="30")
    with pytest.raises(FetchFailed):
        desk.ask()

    assert 4 * 30 <= desk.now - 1_800_000_000.0 <= 5 * 33


def test_a_refusal_that_names_no_time_is_waited_out() -> None:
    desk = Desk()
    desk.ask(status=429)

    assert 60 <= desk.ask() <= 63


def test_the_quota_of_github_is_not_waited_for_unless_it_opens_soon_or_that_is_wanted() -> None:
    soon, late, patient = Desk(), Desk(), Desk(patience=GITHUB_CAP_S + 2)
    for desk, seconds in ((soon, 100), (late, 3000), (patient, 3000)):
        reset = f"{desk.now + seconds:.0f}"
        desk.ask(GITHUB, "github", x_ratelimit_reset=reset, x_ratelimit_remaining="0", x_ratelimit_limit="60")

    assert 100 <= soon.ask(GITHUB, "github") <= 104
    assert 3000 <= patient.ask(GITHUB, "github") <= 3004
    with pytest.raises(FetchFailed, match=r"quota of api\.github\.com is used up; it opens again in 50 min"):
        late.ask(GITHUB, "github")
    assert late.told[0].endswith("the quota is used up (api.github.com)")


def test_a_request_without_an_answer_gives_its_place_back() -> None:
    desk = Desk()
    desk.ask(ratelimit=limit(2, 60))

    assert [desk.ask(status=0), desk.ask(status=0), desk.ask() > 59] == [0, 0, True]


def test_links_to_other_hosts_are_not_paced() -> None:
    desk = Desk()

    assert [desk.ask("https://acme.example", "other", 429) for _ in range(3)] == [0, 0, 0]


def test_a_run_that_is_ended_waits_no_longer() -> None:
    desk = Desk()
    desk.ask(ratelimit=limit(0, 60))
    desk.pacer.close()

    with pytest.raises(FetchFailed) as ended:
        desk.ask()

    assert ended.value.code == "budget"


def test_processes_keep_to_one_quota_by_a_file(tmp_path: Path) -> None:
    path = tmp_path / "quota.sqlite"
    one, two = Desk(FileLedger(path)), Desk(FileLedger(path))

    one.ask(ratelimit=limit(1, 60))

    assert [two.ask(ratelimit=limit(0, 60)), one.ask() > 59] == [0, True]


def test_a_file_of_something_else_is_done_without(tmp_path: Path) -> None:
    path = tmp_path / "quota.sqlite"
    path.write_bytes(b"no database, but long enough to look like the head of one" * 20)
    desk = Desk(FileLedger(path))
    desk.ask(ratelimit=limit(0, 60))

    assert desk.ask() > 59


def test_a_state_of_another_version_is_forgotten(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path / "quota.sqlite")
    Desk(ledger).ask(ratelimit=limit(0, 60))
    with contextlib.closing(sqlite3.connect(tmp_path / "quota.sqlite", isolation_level=None)) as other:
        other.execute("UPDATE limits SET state = ?", (b'{"told": "many"}',))

    assert Desk(ledger).ask() == 0
