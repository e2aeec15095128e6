"""What commands call, handed to them in the Click context, so that tests give functions of their own."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path
    from typing import Unpack

    from openness_audit.model.audit import Audit
    from openness_audit.model.capture import Failure, Text
    from openness_audit.ruleset import RuleSet
    from openness_audit.settings import Settings, Target
    from openness_audit.sources.recording import Recorder


class Run(TypedDict):
    """What an audit is given beside its target and how to look."""

    rules: RuleSet
    now: datetime  # when the run starts
    as_of: date  # the date it is judged at
    progress: Callable[[str], None]  # told what is going on


class AuditModel(Protocol):
    """Audits one model; every failure of a source is in the document or a NoVerdictError."""

    def __call__(self, target: Target, settings: Settings, **run: Unpack[Run]) -> Audit:
        """Give the document."""
        ...


class RecordModel(Protocol):
    """Audits one model, and remembers what was asked and answered."""

    def __call__(self, target: Target, settings: Settings, **run: Unpack[Run]) -> tuple[Audit, Recorder]:
        """Give the document and the record."""
        ...


def _audit_model(target: Target, settings: Settings, **run: Unpack[Run]) -> Audit:
    from openness_audit.pipeline import audit_model  # noqa: PLC0415 - loads the network stack

    return audit_model(target, settings, **run)


def _record_model(target: Target, settings: Settings, **run: Unpack[Run]) -> tuple[Audit, Recorder]:
    from openness_audit.recorded import record_model  # noqa: PLC0415 - loads the network stack

    return record_model(target, settings, **run)


def _read_card(target: Target, settings: Settings, sha: str | None) -> Text | Failure | None:
    from openness_audit.sources.opening import open_sources  # noqa: PLC0415 - the network stack is slow to import

    sources = open_sources(settings, target=target)
    try:
        info = sources.subject(target.id, target.revision)
        return sources.text("model", info.id, sha or info.sha or "main", "README.md")
    finally:
        sources.close()


def _read_head(target: Target, settings: Settings) -> str | None:
    from openness_audit.errors import AuditError  # noqa: PLC0415 - only here
    from openness_audit.sources.opening import open_sources  # noqa: PLC0415 - the network stack is slow to import

    if settings.offline:
        return None
    sources = open_sources(settings, target=target)
    try:
        return sources.subject(target.id, None).sha
    except AuditError:  # the audit has told what it could not read; the head is told beside it where it is known
        return None
    finally:
        sources.close()


def _load_rules(extra: Path | None) -> RuleSet:
    from openness_audit.ruleset import load_rules  # noqa: PLC0415 - loads every check

    return load_rules(extra)


def _folder() -> Path:
    from pathlib import Path  # noqa: PLC0415 - only here

    try:
        return Path.cwd()
    except OSError:  # it was removed: nothing lies in it, and nothing above it can be found
        return Path()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The functions behind the commands, and the environment they read."""

    audit_model: AuditModel = _audit_model
    record_model: RecordModel = _record_model
    read_card: Callable[[Target, Settings, str | None], Text | Failure | None] = _read_card
    read_head: Callable[[Target, Settings], str | None] = _read_head  # the present commit of a model, where it is known
    load_rules: Callable[[Path | None], RuleSet] = _load_rules
    now: Callable[[], datetime] = _now
    folder: Callable[[], Path] = _folder  # where a policy is looked for, upward
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    arguments: tuple[str, ...] = ()  # the words of the call
