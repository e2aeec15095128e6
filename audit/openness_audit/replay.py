"""Audit once more what an evidence bundle holds: the same stages, no network, today's rules or others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from openness_audit import regexcode
from openness_audit.capturing import quiet
from openness_audit.errors import BundleError
from openness_audit.model.audit import ReplayDoc, RequestsDoc, RuleSet, RunDoc
from openness_audit.model.bundle import Bundle as KeptRecord
from openness_audit.offline import Offline, audit_kept
from openness_audit.settings import Target
from openness_audit.sources.local import LocalSources
from openness_audit.sources.replaying import KeptFolder, ReplayedSources
from openness_audit.stages import audit_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from openness_audit.bundles.read import Bundle
    from openness_audit.model.audit import Audit
    from openness_audit.ruleset import RuleSet as Rules
    from openness_audit.sources.api import Sources


def target_of(bundle: Bundle) -> Target:
    """Give the model as it was asked for; of a directory its name."""
    asked = bundle.manifest.subject
    return Target(kind=asked.kind, id=asked.asked, revision=asked.revision)


def sources_of(bundle: Bundle) -> Sources:
    """Open a bundle as sources that know what it holds and ask nobody; `close()` them when done."""
    remote = ReplayedSources(bundle.contents, bundle.bodies, bundle.manifest.settings)
    directory = bundle.contents.directory
    return remote if directory is None else LocalSources(KeptFolder(directory, bundle.bodies), remote)


def replay(
    bundle: Bundle,
    *,
    rules: Rules,
    now: datetime,
    as_of: date,
    progress: Callable[[str], None] = quiet,
) -> Audit:
    """Audit once more what a bundle holds.

    Args:
        bundle: the evidence; its digests were checked when it was read.
        rules: the rule set to judge by.
        now: when the run starts (for `run` only).
        as_of: the date the audit is judged at.
        progress: told what is going on.

    Returns:
        The audit document; `run.replay` names the bundle. By the rules and the day of the recording it is the recorded
        audit but for `run`, `retrieved_at` and `from_cache`. Raises NoVerdictError where these rules need what the
        bundle does not hold to judge anything at all, BundleError where a record in it cannot be read.
    """
    started = time.monotonic()
    target, how = target_of(bundle), bundle.manifest.settings
    sources = sources_of(bundle)

    def run() -> RunDoc:
        return _run_doc(bundle, now, time.monotonic() - started)

    try:
        if how.offline:
            find = _records(bundle)
            offline = Offline(sources if how.cache else None, {}, find)
            return audit_kept(offline, target, rules=rules, as_of=as_of, run=run, progress=progress)
        return audit_sources(
            sources, target, rules=rules, as_of=as_of, run=run, progress=progress, check_links=how.check_links
        )
    finally:
        sources.close()
        regexcode.codes().keep()


def _records(bundle: Bundle) -> Callable[[str], KeptRecord | None]:
    """Give what finds a record that shipped with the program which recorded, by its id in any case."""
    try:
        kept = {
            record.id.lower(): msgspec.json.decode(bundle.bodies[record.body], type=KeptRecord)
            for record in bundle.contents.records
        }
    except msgspec.MsgspecError as problem:
        raise BundleError(
            f"a record in the bundle is not as this modelaudit reads it: {problem}",
            hint="read it with the release of modelaudit that made it",
        ) from problem
    return lambda name: kept.get(name.lower())


def _run_doc(bundle: Bundle, now: datetime, seconds: float) -> RunDoc:
    """Word the run: nothing was asked, and what was replayed."""
    made = bundle.manifest
    return RunDoc(
        started_at=now.isoformat(timespec="seconds"),
        duration_s=round(seconds, 3),
        endpoint=made.settings.endpoint,
        requests=RequestsDoc(),
        cache_hits=0,
        offline=made.settings.offline,
        replay=ReplayDoc(
            manifest=bundle.name,
            recorded_at=made.recorded_at,
            ruleset=RuleSet(version=made.rules.version, digest=made.rules.digest),
            vocabulary_digest=made.rules.vocabulary_digest,
        ),
    )
