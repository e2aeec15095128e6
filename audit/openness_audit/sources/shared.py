"""One session for all audits of a run: each counts and has its time for itself, and nothing is asked for twice."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from openness_audit.errors import UsageError
from openness_audit.sources.adapter import Counts
from openness_audit.sources.api import RequestCounts
from openness_audit.sources.cachefile import SCAN_REFUSED_FOR
from openness_audit.sources.exchange import Deadline
from openness_audit.sources.fetch import Fetcher, Flights
from openness_audit.sources.hub import Hub
from openness_audit.sources.joined import JoinedSources
from openness_audit.sources.links import GuardedAdapter
from openness_audit.sources.live import HUB_DOMAINS
from openness_audit.sources.pacing import PACED, open_pacer
from openness_audit.sources.refusals import Problem
from openness_audit.sources.retry import Patience
from openness_audit.sources.sameness import BELIEVED_S
from openness_audit.sources.session import CacheSession
from openness_audit.sources.settings import HUB

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.errors import NoVerdictError
    from openness_audit.model.evidence import Cause
    from openness_audit.sources.exchange import Pacer
    from openness_audit.sources.settings import SourceSettings

_WITHOUT_END = 2**62  # requests of a whole run; each audit has its own limit


class OneAudit(JoinedSources):
    """The sources of one audit: a view of the session that all share. `refused` is why there is no subject."""

    def __init__(self, shared: SharedSources, fetcher: Fetcher, tally: Counts) -> None:
        """Ask by `fetcher`, which counts in `tally`."""
        super().__init__(fetcher, shared.settings, shared.pool)
        self._tally = tally
        self.refused: Cause | None = None

    def stats(self) -> RequestCounts:
        """What this audit asked so far."""
        return RequestCounts(
            hub_api=self._tally.of("hub_api"),
            hub_files=self._tally.of("hub_files"),
            github=self._tally.of("github"),
            other=self._tally.of("other"),
            cache_hits=self._tally.cache_hits,
        )

    def close(self) -> None:
        """Leave everything open: other audits go on."""

    def _refusal(self, repo_id: str, revision: str | None, problem: Problem) -> NoVerdictError:
        self.refused = problem.failure.cause
        return super()._refusal(repo_id, revision, problem)


class SharedSources:
    """The Hub, GitHub and (on request) other hosts behind one cache, for any number of audits at a time."""

    def __init__(
        self,
        settings: SourceSettings,
        *,
        on_wait: Callable[[str], None] | None = None,
        pacer: Pacer | None = None,
        guard: Callable[[Counts], GuardedAdapter] = GuardedAdapter,
    ) -> None:
        """Open the cache; nothing is asked yet.

        Args:
            settings: where to ask; `timeout` and `max_requests` are those of one audit.
            on_wait: told in one sentence, from any thread, what is being waited for.
            pacer: told of every request before it goes; by default one that keeps to the servers' quotas.
            guard: makes the adapter for links to other hosts.

        Raises:
            UsageError: the certificates to trust are not where the environment says.
        """
        bundle = settings.ca_bundle
        if bundle and not os.path.exists(bundle):  # noqa: PTH110 - never raises
            raise UsageError(f"no certificates at {bundle}", hint="correct REQUESTS_CA_BUNDLE or SSL_CERT_FILE")
        self.settings = settings
        self._own_pacer = open_pacer(settings, on_wait) if pacer is None else None
        self.session = CacheSession(replace(settings, max_requests=_WITHOUT_END), pacer or self._own_pacer)
        self.session.believe_refusals(SCAN_REFUSED_FOR)
        self.pool = ThreadPoolExecutor(max_workers=settings.threads, thread_name_prefix="sources")
        self._patience = Patience(on_wait, paced=PACED)
        self._flights = Flights()
        if self.session.trouble and on_wait is not None:
            on_wait(self.session.trouble)
        self.session.allow(settings.endpoint)
        self.session.allow(settings.github_api)
        if settings.endpoint == HUB:
            self.session.allow_below(*HUB_DOMAINS)
        for host in settings.github_hosts or ():
            self.session.allow(host)
        if settings.check_links:
            self.session.guard_others(guard(self.session.counts))

    def one(self) -> OneAudit:
        """Open a view for one audit; its time runs from now."""
        tally = Counts(self.settings.max_requests)
        return OneAudit(self, self._fetcher(Deadline(self.settings.timeout), tally), tally)

    def hub(self) -> Hub:
        """Open the Hub itself, without a limit of time: for its lists."""
        return Hub(self._fetcher(Deadline(None), None))

    def vouch(self, repo_id: str, state: str | None, listed_at: str | None) -> bool:
        """Use the record of a model that is kept, if the Hub's list told not long ago that it still holds.

        Args:
            repo_id: the model.
            state: what the list told of it (`sameness.state_of`).
            listed_at: when it did.

        Returns:
            Whether it is used.
        """
        if state is None or listed_at is None:
            return False
        age = datetime.now(UTC) - datetime.fromisoformat(listed_at)
        return abs(age.total_seconds()) < BELIEVED_S and self.hub().vouch(repo_id, state)

    def close(self) -> None:
        """Close connections and the cache; waiting requests fail."""
        self._patience.close()
        if self._own_pacer is not None:
            self._own_pacer.close()
        self.pool.shutdown(wait=True, cancel_futures=True)
        bridge = sys.modules.get("openness_audit.sources.transport")
        if bridge is not None:  # huggingface_hub was needed, and gets its own clients back
            bridge.uninstall(self.session)
        self.session.close()

    def _fetcher(self, deadline: Deadline, tally: Counts | None) -> Fetcher:
        return Fetcher(self.session, self._patience, deadline, flights=self._flights, tally=tally)
