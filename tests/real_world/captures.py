"""Recorded models as captures, kept on disk so that a second run needs no network.

What the stand-in Hub answers is asked for once and pickled outside the project (our own files, read by nobody else).
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from openness_audit.ancestors import Ancestor
from openness_audit.capturing import capture_model
from openness_audit.collect.assemble import Reading, complete, read
from openness_audit.model.audit import Audit, RequestsDoc, RunDoc
from openness_audit.model.capture import Failure, Listing, ModelCapture, RepoInfo
from openness_audit.model.evidence import Cause
from openness_audit.model.facts import Facts
from openness_audit.ruleset import RuleSet
from openness_audit.settings import Settings, Target
from openness_audit.stages import audit_facts, climb_from

if TYPE_CHECKING:
    from openness_audit.sources.api import Sources

AS_OF = date(2026, 11, 21)
KEPT = Path(tempfile.gettempdir()) / "openness-audit-captures"
RUN = RunDoc(started_at="", duration_s=0.0, endpoint="", requests=RequestsDoc(), cache_hits=0, offline=False)
T = TypeVar("T")


@dataclass(slots=True)
class World:
    """Answers by kind and name: from disk, else from the stand-in Hub, which is then kept."""

    endpoint: str
    github: str
    folder: Path = KEPT
    sources: Sources | None = None
    asked: int = 0
    facts: dict[str, Facts | None] = field(default_factory=dict)  # of ancestors

    def _open(self) -> Sources:
        self.asked += 1
        if self.asked % 40 == 0:  # one audit may send 2000 requests, and these sources see many models
            self.close()
        if self.sources is None:
            from openness_audit.sources.opening import open_sources  # noqa: PLC0415 - the network stack is slow to import

            settings = Settings(
                endpoint=self.endpoint, github_api_url=self.github, cache_dir=self.folder / "cache", timeout_s=36_000.0
            )
            self.sources = open_sources(settings, target=Target(kind="hub", id="any/model"))
        return self.sources

    def close(self) -> None:
        """Close the connection to the stand-in Hub, if there is one."""
        if self.sources is not None:
            self.sources.close()
        self.sources = None

    def _kept(self, kind: str, name: str, ask: Callable[[], Any]) -> Any:
        path = self.folder / kind / (sha256(name.encode("utf-8", "replace")).hexdigest()[:32] + ".pickle")
        if path.exists():
            return pickle.loads(path.read_bytes())  # noqa: S301 - our own file
        answer = ask()
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_bytes(pickle.dumps(answer))
        draft.replace(path)
        return answer

    def model(self, name: str) -> ModelCapture | None:
        """The capture of a model; None where the Hub does not know it."""

        def ask() -> ModelCapture | None:
            sources = self._open()
            info = sources.info("model", name)
            if isinstance(info, Failure) and info.cause.retryable:  # an outage is no answer to keep
                raise SystemExit(f"the stand-in Hub did not answer for {name}: {info.cause.detail}")
            return capture_model(sources, info)[0] if isinstance(info, RepoInfo) else None

        found: ModelCapture | None = self._kept("model", name, ask)
        return found

    def ancestor(self, name: str) -> Facts | None:
        """The facts of a base model, read once."""
        if name not in self.facts:
            if len(self.facts) > 400:
                self.facts.clear()
            capture = self.model(name)
            self.facts[name] = None if capture is None else complete(capture, read(capture))
        return self.facts[name]

    def answered(self, capture: ModelCapture, reading: Reading) -> ModelCapture:
        """Add what a changed text asks for and the capture has no answer to."""

        def fill(have: dict[str, T], wanted: Iterable[str], kind: str, ask: Callable[[str], T]) -> dict[str, T]:
            missing = [name for name in wanted if name not in have]
            return {**have, **{n: self._kept(kind, n, partial(ask, n)) for n in missing}}

        return msgspec.structs.replace(
            capture,
            datasets=fill(capture.datasets, reading.wanted_datasets(), "dataset", lambda n: self._open().dataset(n)),
            parents=fill(capture.parents, reading.wanted_parents(), "parent", lambda n: self._open().info("model", n)),
            code=fill(capture.code, reading.wanted_code(), "code", lambda n: self._open().code(*n.split("/")[1:3])),
        )


@dataclass(frozen=True, slots=True)
class Audited:
    """A capture with everything that was made of it."""

    capture: ModelCapture
    reading: Reading
    facts: Facts
    audit: Audit


class Answers(Protocol):
    """What an audit of a changed capture may still ask for."""

    def answered(self, capture: ModelCapture, reading: Reading) -> ModelCapture:
        """Add what a changed text asks for and the capture has no answer to."""
        ...

    def ancestor(self, name: str) -> Facts | None:
        """The facts of a base model."""
        ...


def audited(capture: ModelCapture, world: Answers, rules: RuleSet) -> Audited:
    """Read, complete, evaluate, judge and build one capture, as the pipeline does, without a network."""
    reading = read(capture)
    capture = world.answered(capture, reading)
    facts = complete(capture, reading)
    above: dict[str, Ancestor] = climb_from(facts, rules, world.ancestor)
    listing = capture.listing if isinstance(capture.listing, Listing) else None
    return Audited(capture, reading, facts, audit_facts(facts, rules, AS_OF, RUN, listing=listing, ancestors=above))


def failed(what: str) -> Failure:
    """A server that gives no answer."""
    detail = f"{what} could not be read: the server answered 503"
    return Failure(Cause(code="server-error", source=what, retryable=True, detail=detail))


def gone(what: str) -> Failure:
    """A server that knows of no such thing."""
    detail = f"{what} does not exist or is private"
    return Failure(Cause(code="not-found-or-private", source=what, retryable=False, detail=detail))
