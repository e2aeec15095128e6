"""Audit without a network: from the cache where the subject is in it, else from the facts shipped with the program."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from openness_audit import regexcode
from openness_audit.collect.assemble import TURN
from openness_audit.errors import SourceUnreachableError
from openness_audit.model.audit import BundledDoc
from openness_audit.model.bundle import Bundle
from openness_audit.model.capture import Failure
from openness_audit.model.evidence import Cause
from openness_audit.sources.api import Sources
from openness_audit.sources.offline import Backed, bundled_ids, find, raw
from openness_audit.sources.settings import CACHE_FILE
from openness_audit.stages import Found, ancestor, audit_facts, look_above, run_doc, subject

if TYPE_CHECKING:
    from datetime import date, datetime

    from openness_audit.model.audit import Audit, RunDoc
    from openness_audit.model.bundle import Part
    from openness_audit.model.capture import RepoInfo
    from openness_audit.model.facts import Facts
    from openness_audit.ruleset import RuleSet
    from openness_audit.settings import Settings, Target
    from openness_audit.sources.recording import Recorder


def has_cache(settings: Settings) -> bool:
    """Say whether anything was ever kept: if not, the network stack need not be loaded."""
    return (settings.cache_dir / CACHE_FILE).exists()


class Offline(Struct):
    """One audit without a network; `used` remembers the bundled records that were taken, which `find` gives by id."""

    sources: Sources | None
    used: dict[str, Bundle]
    find: Callable[[str], Bundle | None] = find

    def subject(self, target: Target, progress: Callable[[str], None]) -> Found:
        """Give the facts of the model to be audited.

        Args:
            target: which model, or which directory.
            progress: told what is being read.

        Returns:
            Its facts and listing. Raises SourceUnreachableError where neither the cache nor the program has it.
        """
        if self.sources is not None:
            try:
                return subject(Backed(self.sources, self.bundled), target, progress)
            except SourceUnreachableError:
                if target.kind == "directory":
                    raise
        kept = self.bundled(target.id) if target.revision in (None, "main") else None
        if kept is None:
            raise _nothing_kept(target)
        return Found(facts=kept.facts, listing=kept.listing)

    def ancestor(self, name: str, progress: Callable[[str], None]) -> Facts | None:
        """Give the facts of a base model, None where neither the cache nor the program has it."""
        kept = ancestor(self.sources, name, progress) if self.sources is not None else None
        if kept is not None:
            return kept
        found = self.bundled(name)
        return found.facts if found else None

    def record(self, name: str) -> RepoInfo | Failure:
        """Give the Hub's record of a base model as the cache or the program has it, else why there is none."""
        if self.sources is not None:
            return Backed(self.sources, self.bundled).info("model", name)
        found = self.bundled(name)
        if found is not None:
            return found.info
        detail = f"{name} is not bundled with the program, and the network was not to be asked"
        return Failure(Cause(code="offline", source=f"models/{name}", retryable=True, detail=detail))

    def bundled(self, name: str) -> Bundle | None:
        """Give the bundled record of a model, and remember that it was used."""
        with TURN:  # see there: decoding a type for the first time must not meet another thread
            found = self.find(name)
        if found is not None:
            self.used[found.id] = found
        return found

    def documents(self) -> tuple[BundledDoc, ...]:
        """Word the records that were taken, the subject's first, then by id: threads take them in any order."""
        kept = list(self.used.values())
        return tuple(bundled_doc(one) for one in (*kept[:1], *sorted(kept[1:], key=lambda one: one.id)))


def bundled_doc(kept: Bundle) -> BundledDoc:
    """Word one record: when and from what it was recorded, and what is missing."""
    return BundledDoc(
        id=kept.id,
        recorded=tuple(sorted({part.recorded for part in kept.parts if part.recorded})),
        sources=tuple(dict.fromkeys(_source(part) for part in kept.parts)),
        missing=kept.missing,
    )


def _source(part: Part) -> str:
    what = part.what if part.what == part.source else f"{part.what}: {part.source}"
    return f"{what} at commit {part.commit[:12]}" if part.commit else what


def _nothing_kept(target: Target) -> SourceUnreachableError:
    wanted = f"{target.id}@{target.revision}" if target.revision else target.id
    if target.revision and find(target.id) is not None:
        return SourceUnreachableError(
            f"{wanted} is not in the cache, and the evidence bundled with the program is not of that revision",
            hint=f"ask for {target.id} without a revision, or run once without --offline",
        )
    return SourceUnreachableError(
        f"{wanted} is neither in the cache nor bundled with the program",
        hint=f"run once without --offline to fill the cache; bundled are {', '.join(bundled_ids())}",
    )


def audit_kept(
    offline: Offline,
    target: Target,
    *,
    rules: RuleSet,
    as_of: date,
    run: Callable[[], RunDoc],
    progress: Callable[[str], None],
) -> Audit:
    """Audit one model on what is kept; `run` words the cost when all is looked up.

    Raises NoVerdictError where there is nothing to judge.
    """
    found = offline.subject(target, progress)
    above = look_above(found.facts, rules, lambda name: offline.ancestor(name, progress), offline.record)
    worded = msgspec.structs.replace(run(), bundled=offline.documents())
    return audit_facts(
        found.facts, rules, as_of, worded, listing=found.listing, ancestors=above.ancestors, terms=above.terms
    )


def audit_offline(
    target: Target,
    settings: Settings,
    *,
    rules: RuleSet,
    now: datetime,
    as_of: date,
    progress: Callable[[str], None],
    recorder: Recorder | None = None,
) -> Audit:
    """Audit one model as `pipeline.audit_model` does, asking no network.

    Args:
        target: which model, or which directory.
        settings: where the cache is.
        rules: the rule set.
        now: when the run starts (for `run` only).
        as_of: the date the audit is judged at.
        progress: told what is going on.
        recorder: told everything that the cache answers, and which records were taken.

    Returns:
        The document; `run.bundled` names the bundled records it rests on. Raises NoVerdictError as `audit_model` does.
    """
    from openness_audit.sources.opening import open_sources  # noqa: PLC0415 - the network stack is slow to import

    started = time.monotonic()
    needed = target.kind == "directory" or has_cache(settings)
    sources = open_sources(settings, target=target, on_wait=progress, recorder=recorder) if needed else None
    try:
        offline = Offline(sources, {})
        audit = audit_kept(
            offline,
            target,
            rules=rules,
            as_of=as_of,
            run=lambda: run_doc(settings, offline.sources, now, started),
            progress=progress,
        )
        if recorder is not None:
            recorder.cache = needed
            for name in offline.used:
                recorder.record(name, raw(name))
        return audit
    finally:
        if sources is not None:
            sources.close()
        regexcode.codes().keep()
