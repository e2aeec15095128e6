"""Ask the Hub, GitHub and links over one cached session."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from openness_audit.errors import UsageError
from openness_audit.sources.api import RequestCounts
from openness_audit.sources.exchange import Deadline
from openness_audit.sources.fetch import Fetcher
from openness_audit.sources.joined import JoinedSources
from openness_audit.sources.links import GuardedAdapter
from openness_audit.sources.retry import Patience
from openness_audit.sources.session import CacheSession
from openness_audit.sources.settings import HUB

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.sources.adapter import Counts
    from openness_audit.sources.recording import Recorder
    from openness_audit.sources.settings import SourceSettings

HUB_DOMAINS = ("huggingface.co", "hf.co")  # where the Hub's own redirects lead


class LiveSources(JoinedSources):
    """Sources over the network and its cache."""

    def __init__(
        self,
        settings: SourceSettings,
        *,
        on_wait: Callable[[str], None] | None = None,
        on_network: Callable[[], None] | None = None,
        guard: Callable[[Counts], GuardedAdapter] = GuardedAdapter,
        patience: Patience | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        """Open the cache; nothing is asked yet.

        `on_network` is called before the Hub itself is asked; `guard` makes the adapter for links to other hosts;
        `patience` replaces the usual way of waiting; `recorder` is told everything that is asked and answered.

        Raises:
            UsageError: the certificates to trust are not where the environment says.
        """
        bundle = settings.ca_bundle
        if bundle and not os.path.exists(bundle):  # noqa: PTH110 - never raises; later it would look like a broken line
            raise UsageError(f"no certificates at {bundle}", hint="correct REQUESTS_CA_BUNDLE or SSL_CERT_FILE")
        self._session = CacheSession(settings)
        self._patience = patience or Patience(on_wait)
        if self._session.trouble and on_wait is not None:
            on_wait(self._session.trouble)
        self._session.allow(settings.endpoint)
        self._session.allow(settings.github_api)
        if settings.endpoint == HUB:
            self._session.allow_below(*HUB_DOMAINS)
        for host in settings.github_hosts or ():
            self._session.allow(host)
        if settings.check_links:
            self._session.guard_others(guard(self._session.counts))
        pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="sources")
        super().__init__(self._fetcher(Deadline(settings.timeout), recorder), settings, pool, on_network)

    def stats(self) -> RequestCounts:
        """What was asked so far."""
        counts = self._session.counts
        return RequestCounts(
            hub_api=counts.of("hub_api"),
            hub_files=counts.of("hub_files"),
            github=counts.of("github"),
            other=counts.of("other"),
            cache_hits=counts.cache_hits,
        )

    def close(self) -> None:
        """Close connections and the cache; waiting requests fail."""
        self._patience.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._hub.close()
        self._session.close()

    def _fetcher(self, deadline: Deadline, recorder: Recorder | None) -> Fetcher:
        if recorder is None:
            return Fetcher(self._session, self._patience, deadline)
        from openness_audit.sources.recording import RecordingFetcher, exchanged  # noqa: PLC0415 - rarely needed

        self._session.on_reply = exchanged
        return RecordingFetcher(self._session, self._patience, deadline, recorder)
