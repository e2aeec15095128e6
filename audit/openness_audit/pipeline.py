"""resolve -> collect -> evaluate -> judge -> the audit document, for one model."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from openness_audit import regexcode, warm
from openness_audit.capturing import quiet
from openness_audit.model.audit import Audit
from openness_audit.ruleset import RuleSet
from openness_audit.settings import Settings, Target
from openness_audit.stages import audit_sources, run_doc

if TYPE_CHECKING:
    from threading import Thread

    from openness_audit.sources.recording import Recorder


def audit_model(
    target: Target,
    settings: Settings,
    *,
    rules: RuleSet,
    now: datetime,
    as_of: date,
    progress: Callable[[str], None] = quiet,
    recorder: Recorder | None = None,
) -> Audit:
    """Audit one model.

    Args:
        target: which model, or which directory.
        settings: how to look; `timeout_s` bounds the whole audit.
        rules: the rule set.
        now: when the run starts (for `run` only).
        as_of: the date the audit is judged at.
        progress: told what is going on, and when a rate limit makes it wait.
        recorder: told everything that is asked and answered.

    Returns:
        The audit document. Raises NoVerdictError where there is nothing to judge: not found or private, disabled, the
        Hub unreachable, or neither card nor listing readable.
    """
    from openness_audit.sources.opening import open_sources  # noqa: PLC0415 - the network stack is slow to import

    if settings.offline:
        from openness_audit.offline import audit_offline  # noqa: PLC0415 - rarely needed

        return audit_offline(target, settings, rules=rules, now=now, as_of=as_of, progress=progress, recorder=recorder)
    started = time.monotonic()
    warming: list[Thread] = []  # an audit from the cache waits for nothing, and compiles what it needs itself
    sources = open_sources(
        settings,
        target=target,
        on_wait=progress,
        on_network=lambda: warming.append(warm.begin()),
        recorder=recorder,
    )
    try:
        return audit_sources(
            sources,
            target,
            rules=rules,
            as_of=as_of,
            run=lambda: run_doc(settings, sources, now, started),
            progress=progress,
            check_links=settings.check_links,
        )
    finally:
        sources.close()
        for thread in warming:
            thread.join()
        regexcode.codes().keep()
