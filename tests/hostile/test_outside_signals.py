"""Ctrl-C and being told to stop, at any moment: at once, in one line, with nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from outside_kit import HANG_S, MODEL, run, small_hub, start
from standin_http import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

OUTPUTS = ("-o", "a.json", "-o", "b.html", "-o", "c.md")
AT_ONCE_S = 5.0  # a tenth of this on an idle machine; what is excluded is the wait for a server's 20 s


def wait_until_listening(process: subprocess.Popen[str]) -> None:
    """Return when the program runs: what comes while Python itself is starting is Python's to answer."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        time.sleep(1.0)
        return
    term = 1 << (signal.SIGTERM - 1)
    for _ in range(HANG_S * 100):
        caught = next((line for line in status.read_text("utf-8").splitlines() if line.startswith("SigCgt")), "x 0")
        if int(caught.split()[1], 16) & term or process.poll() is not None:
            return
        time.sleep(0.01)


def interrupted(
    folder: Path, delay: float, env: Mapping[str, str], number: int = signal.SIGINT, *, twice: bool = False
) -> tuple[int, str, set[str], float]:
    """Exit code, standard error, files written and seconds from the signal to the end."""
    folder.mkdir()
    process = start(folder, MODEL, "-q", *OUTPUTS, env=env)
    wait_until_listening(process)
    time.sleep(delay)
    process.send_signal(number)
    sent = time.monotonic()
    if twice:
        time.sleep(0.01)
        process.send_signal(number)
    try:
        _, err = process.communicate(timeout=HANG_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, err, {p.name for p in folder.iterdir() if p.name != "cache"}, time.monotonic() - sent


def test_ctrl_c_at_any_moment_ends_at_once_and_leaves_all_or_nothing(tmp_path: Path) -> None:
    with small_hub() as hub, ThreadPoolExecutor(4) as several:
        hub.latency_s = 0.05
        found = several.map(
            lambda step: interrupted(tmp_path / str(step), step * 0.08, hub.environ, twice=step % 2 == 1), range(32)
        )
        outcomes = list(found)

    nothing, everything = frozenset[str](), frozenset({"a.json", "b.html", "c.md"})
    assert {(code, err, frozenset(files)) for code, err, files, _ in outcomes} <= {
        (130, "interrupted\n", nothing),
        (130, "interrupted\n", everything),
        (0, "", everything),  # done before the signal came
    }
    assert max(took for *_, took in outcomes) < AT_ONCE_S
    assert outcomes[0][0] == 130


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated"), (signal.SIGHUP, 129, "hung up")],
)
def test_a_server_that_says_nothing_holds_nobody(tmp_path: Path, number: int, code: int, word: str) -> None:
    with small_hub() as hub:
        hub.script("*", Answer(wait=60), forever=True)
        found = interrupted(tmp_path / "w", 3.0, hub.environ, number)

    assert found[:3] == (code, f"{word}\n", set())
    assert found[3] < AT_ONCE_S


def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    with small_hub() as hub:
        hub.latency_s = 0.1
        process = start(
            tmp_path, MODEL, "-q", "-o", "a.json", env=hub.environ,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        )  # fmt: skip
        wait_until_listening(process)
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=HANG_S)

    assert process.returncode == 0
    assert json.loads((tmp_path / "a.json").read_bytes())["subject"]["id"] == MODEL


def test_a_cache_that_was_interrupted_is_whole(tmp_path: Path) -> None:
    with small_hub() as hub:
        for step in range(4):
            process = start(tmp_path, MODEL, "-q", env=hub.environ)
            wait_until_listening(process)
            time.sleep(0.4 + step * 0.2)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=HANG_S)
        done = run(tmp_path, MODEL, "-q", "-f", "json", env=hub.environ)

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert not list((tmp_path / "cache").glob("*.damaged-*"))
