"""What tests of the sources share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from openness_audit.model.capture import Failure
from openness_audit.sources.live import LiveSources

T = TypeVar("T")
Opener = Callable[..., LiveSources]
INFO = "/api/models/acme/one"


def code(answer: object) -> str:
    """The cause's code of a failure, "answered" for anything else."""
    return answer.cause.code if isinstance(answer, Failure) else "answered"


def got(answer: T | Failure) -> T:
    """The answer, which must not be a failure."""
    assert not isinstance(answer, Failure), answer
    return answer
