"""Audit models of the Hub, several at a time, over one session; what they share is looked up once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

from openness_audit.capturing import Pools, quiet
from openness_audit.errors import NoVerdictError
from openness_audit.model.audit import RequestsDoc, RunDoc
from openness_audit.model.capture import Failure
from openness_audit.offline import Offline, audit_kept
from openness_audit.scan.memo import Memo
from openness_audit.stages import CLIMBERS, ancestor, audit_facts, look_above, subject

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from openness_audit.model.audit import Audit
    from openness_audit.model.capture import CodeAnswer, DatasetAnswer, RepoInfo, RepoKind
    from openness_audit.model.evidence import Cause
    from openness_audit.model.facts import Facts
    from openness_audit.ruleset import RuleSet
    from openness_audit.settings import Target
    from openness_audit.sources.api import Sources
    from openness_audit.sources.shared import OneAudit, SharedSources

READERS = 32  # requests in flight
FACTS = 128  # base models whose facts are kept: some 200 kB each
RECORDS = 2_000  # records of models, data sets and code that are kept


class Shared:
    """What the audits of one process share beside the session."""

    def __init__(self) -> None:
        """Nothing is known."""
        self.facts: Memo[Facts | None] = Memo(FACTS)
        self.infos: Memo[RepoInfo | Failure] = Memo(RECORDS)
        self.datasets: Memo[DatasetAnswer] = Memo(RECORDS)
        self.code: Memo[CodeAnswer] = Memo(RECORDS)


class Remembering:
    """The sources of one audit, which ask nothing that another audit of the process knows already.

    Only what is linked is remembered; the model's own record and files are asked for once anyway.
    """

    def __init__(self, sources: OneAudit, shared: Shared) -> None:
        """Ask `sources` for what is not in `shared`."""
        self._sources = sources
        self._shared = shared
        self.record: RepoInfo | None = None

    def __getattr__(self, name: str) -> Any:
        """Pass on what is not remembered."""
        return getattr(self._sources, name)

    def subject(self, repo_id: str, revision: str | None) -> RepoInfo:
        """The record of the model to be audited. Raises NoVerdictError where there is none."""
        self.record = self._sources.subject(repo_id, revision)
        return self.record

    def info(self, kind: RepoKind, repo_id: str, revision: str | None = None) -> RepoInfo | Failure:
        """The Hub's record of a base model or data set."""
        key = (kind, repo_id.lower(), revision)
        return self._shared.infos.get(key, lambda: self._sources.info(kind, repo_id, revision), _settled)

    def dataset(self, repo_id: str) -> DatasetAnswer:
        """A data set's record and card."""
        return self._shared.datasets.get(repo_id, lambda: self._sources.dataset(repo_id), _dataset_settled)

    def code(self, owner: str, name: str) -> CodeAnswer:
        """A GitHub repository's record, files, README and licence text."""
        key = (owner.lower(), name.lower())
        return self._shared.code.get(key, lambda: self._sources.code(owner, name), _code_settled)


class LiveAuditor:
    """Audits models of the Hub; `audit` may be called from several threads."""

    def __init__(self, sources: SharedSources, rules: RuleSet, as_of: date) -> None:
        """Ask `sources`, judge by `rules` as of a day."""
        self._sources = sources
        self._rules = rules
        self._as_of = as_of
        self._shared = Shared()
        self._pools = Pools(
            ThreadPoolExecutor(READERS, thread_name_prefix="reading"),
            ThreadPoolExecutor(CLIMBERS * 2, thread_name_prefix="climbing"),
            ThreadPoolExecutor(CLIMBERS * 2, thread_name_prefix="aside"),
        )

    def audit(self, target: Target, now: datetime) -> tuple[Audit, RepoInfo]:
        """Audit one model.

        Args:
            target: the model.
            now: when its audit starts.

        Returns:
            The document, and the Hub's record of the model. Raises RefusedError where there can be none.
        """
        started = time.monotonic()
        one = self._sources.one()
        sources = Remembering(one, self._shared)
        if self._sources.settings.offline:
            return self._offline(target, sources, lambda: _run_doc(one, now, started))
        try:
            found = subject(
                cast("Sources", sources),
                target,
                quiet,
                check_links=self._sources.settings.check_links,
                pools=self._pools,
            )
        except NoVerdictError as problem:
            raise RefusedError(problem, one.refused) from problem
        above = look_above(
            found.facts,
            self._rules,
            lambda name: self._ancestor(sources, name),
            lambda name: sources.info("model", name),
            lambda info, path: sources.text("model", info.id, info.sha or "main", path),
            pools=self._pools,
        )
        run = _run_doc(one, now, started)
        audit = audit_facts(
            found.facts,
            self._rules,
            self._as_of,
            run,
            listing=found.listing,
            ancestors=above.ancestors,
            terms=above.terms,
        )
        assert sources.record is not None  # noqa: S101 - `subject` looked it up
        return audit, sources.record

    def _offline(self, target: Target, sources: Remembering, run: Callable[[], RunDoc]) -> tuple[Audit, RepoInfo]:
        """Audit one model on what the cache holds, else on what ships with the program, as a single audit does."""
        offline = Offline(cast("Sources", sources), {})
        try:
            audit = audit_kept(offline, target, rules=self._rules, as_of=self._as_of, run=run, progress=quiet)
        except NoVerdictError as problem:
            raise RefusedError(problem, None) from problem
        kept = offline.bundled(target.id)
        record = sources.record or (kept.info if kept is not None else None)
        assert record is not None  # noqa: S101 - the cache or the program had it
        return audit, record

    def close(self) -> None:
        """End the threads."""
        for pool in (self._pools.climbing, self._pools.aside, self._pools.reading):
            pool.shutdown(wait=False, cancel_futures=True)

    def _ancestor(self, sources: Remembering, name: str) -> Facts | None:
        """Give the facts of a base model; one that could not be read now is asked for again by the next."""
        look = lambda: ancestor(cast("Sources", sources), name, quiet, pools=self._pools)  # noqa: E731 - said once
        return self._shared.facts.get(name.lower(), look, lambda facts: facts is not None and _whole(facts))


def _whole(facts: Facts) -> bool:
    return not any(row.cause.retryable for row in facts.unread)


def _run_doc(one: OneAudit, now: datetime, started: float) -> RunDoc:
    counts = one.stats()
    return RunDoc(
        started_at=now.isoformat(timespec="seconds"),
        duration_s=round(time.monotonic() - started, 3),
        endpoint=one.endpoint,
        requests=RequestsDoc(
            hub_api=counts.hub_api, hub_files=counts.hub_files, github=counts.github, other=counts.other
        ),
        cache_hits=counts.cache_hits,
        offline=one.offline,
    )


class RefusedError(Exception):
    """A model could not be audited; `cause` is why, where one is known."""

    def __init__(self, problem: NoVerdictError, cause: Cause | None) -> None:
        """Keep both."""
        super().__init__(problem.message)
        self.problem = problem
        self.cause = cause


def _settled(answer: object) -> bool:
    return not (isinstance(answer, Failure) and answer.cause.retryable)


def _dataset_settled(answer: DatasetAnswer) -> bool:
    return _settled(answer.info) and _settled(answer.card)


def _code_settled(answer: CodeAnswer) -> bool:
    return all(map(_settled, (answer.repo, answer.listing, answer.readme, answer.license_text)))
