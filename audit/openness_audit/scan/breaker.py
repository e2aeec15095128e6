"""Stop a run that fails again and again for one reason: a dead Hub or a revoked token is no fact about the models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.errors import NoVerdictError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openness_audit.scan.outcome import Outcome

LIKE = 20  # failures in a row, at least
_WORDS = {
    "network": "the Hub cannot be reached",
    "timeout": "the Hub does not answer in time",
    "server-error": "the Hub answers with errors",
    "rate-limited": "the Hub allows no further requests",
    "unauthorized": "the Hub does not accept the token",
}
_HINTS = {
    "unauthorized": "set HF_TOKEN to a valid token, then go on with --resume",
    "rate-limited": "set HF_TOKEN, or wait; then go on with --resume",
}


class StoppedError(NoVerdictError):
    """The run was stopped because everything fails alike; what was finished is kept."""


class Breaker:
    """Holds back failures that may pass, until something succeeds: then they are facts about their models."""

    def __init__(self, at_a_time: int, alive: Callable[[], bool] = lambda: False) -> None:
        """Begin.

        Args:
            at_a_time: how many models are under way, which all may fail before the first is told.
            alive: asks whether the source answers at all; if so, the failures are their models' own.
        """
        self._most = max(LIKE, 2 * at_a_time)
        self._alive = alive
        self._held: list[Outcome] = []
        self.stopped: StoppedError | None = None

    def take(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Give what may be entered now; sets `stopped` when too many failed alike, and none succeeded between."""
        free: list[Outcome] = []
        for one in outcomes:
            if one.cause is None or not one.retryable:
                free += self.release() if one.cause is None else []
                free.append(one)
                continue
            if self._held and self._held[-1].cause != one.cause:
                free += self.release()
            self._held.append(one)
            if len(self._held) >= self._most:
                if self._alive():
                    free += self.release()
                else:
                    self.stopped = _stopped(one.cause, len(self._held))
        return free

    def release(self) -> list[Outcome]:
        """Give what was held back, unless the run was stopped for it: then those models are not finished."""
        held, self._held = self._held, []
        return held if self.stopped is None else []


def _stopped(cause: str, count: int) -> StoppedError:
    return StoppedError(
        f"stopped: {_WORDS.get(cause, 'every model fails')} ({count} models in a row)",
        hint=_HINTS.get(cause, "look at the network and HF_ENDPOINT, then go on with --resume"),
    )
