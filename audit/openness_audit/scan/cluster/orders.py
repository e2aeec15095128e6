"""What goes to the workers of a cluster beside the jobs, and what they answer."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from openness_audit.model.audit import Tool
from openness_audit.model.registry import SourceDoc
from openness_audit.scan.outcome import Outcome, Spec


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker must know of a run: how to audit, of what, and with which version of the program and its rules.

    `run` tells runs apart; `begun_at` is in the manifest of the run's folder, by which a worker knows that folder.
    """

    run: str
    spec: Spec
    source: SourceDoc
    tool: Tool
    begun_at: str


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """What came of a job."""

    outcomes: tuple[Outcome, ...]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Why a worker cannot audit anything of this run."""

    message: str
    hint: str
    exit_code: int


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """A job met an error that nobody foresaw: its kind, and where it arose."""

    why: str


Answer: TypeAlias = Finished | Refused | Broken

encode = msgspec.msgpack.Encoder().encode
_ANSWERS: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def answer_of(data: bytes) -> Answer:
    """Read an answer. Raises msgspec.MsgspecError for what is none."""
    return _ANSWERS.decode(data)
