"""Audit models on the Hub, several at a time, over one session for all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from openness_audit import regexcode
from openness_audit.errors import NoVerdictError, OutputError
from openness_audit.scan.finisher import Finisher, code_of, failed, unforeseen
from openness_audit.scan.live_audit import LiveAuditor, RefusedError
from openness_audit.scan.outcome import Job, Known, Outcome, Spec
from openness_audit.settings import Target
from openness_audit.sources.settings import SourceSettings
from openness_audit.sources.shared import SharedSources

if TYPE_CHECKING:
    from collections.abc import Callable


_KNOWN = msgspec.json.Decoder(Known)  # made once: msgspec cannot learn a type in two threads at a time


class HubWorker:
    """Audits models on the Hub, over one session for all."""

    def __init__(self, spec: Spec, on_wait: Callable[[str], None]) -> None:
        """Open the session."""
        self._finisher = Finisher(spec)
        self._sources = SharedSources(SourceSettings.of(spec.settings), on_wait=on_wait)
        self._offline = spec.settings.offline
        self._auditor = LiveAuditor(self._sources, self._finisher.rules, spec.as_of)

    def do(self, job: Job) -> list[Outcome]:
        """Audit the models of a job."""
        return [self._one(seq, item) for seq, item in zip(job.seqs, job.items, strict=True)]

    def _one(self, seq: int, item: bytes) -> Outcome:
        asked = _KNOWN.decode(item)
        now = datetime.now(UTC)
        stamp = now.isoformat(timespec="seconds")
        about = {"revision": asked.revision, "audited_at": stamp, "downloads": asked.downloads, "likes": asked.likes}
        about["created_at"] = asked.created_at
        if asked.revision is None:
            self._sources.vouch(asked.id, asked.state, asked.listed_at)
        try:
            audit, info = self._auditor.audit(Target(kind="hub", id=asked.id, revision=asked.revision), now)
            # what a list told is newer than a kept record
            told = {"downloads": info.downloads, "likes": info.likes, "created_at": info.created_at}
            about |= {name: value for name, value in told.items() if about[name] is None}
            return self._finisher.finished(seq, audit, asked.id, **about)
        except RefusedError as refused:
            if self._offline:  # it would be the same another time
                return failed(seq, asked.id, "offline", refused.problem.message, retryable=False, **about)
            code, retryable = code_of(refused.problem), isinstance(refused.problem, NoVerdictError)
            if refused.cause is not None:
                code, retryable = refused.cause.code, refused.cause.retryable or refused.cause.code == "unauthorized"
            return failed(seq, asked.id, code, refused.problem.message, retryable=retryable, **about)
        except OutputError:
            raise
        except Exception as problem:  # noqa: BLE001 - one model nobody foresaw must not lose the others
            return unforeseen(seq, asked.id, problem, **about)

    def close(self) -> None:
        """End connections."""
        self._auditor.close()
        self._sources.close()
        regexcode.codes().keep()
