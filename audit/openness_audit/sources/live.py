"""Join Hub, GitHub and links over one session, and say in words why a subject cannot be audited."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from openness_audit.errors import (
    NoVerdictError,
    SourceUnreachableError,
    SubjectDisabledError,
    SubjectNotFoundError,
    UsageError,
)
from openness_audit.model.capture import Failure, RepoInfo
from openness_audit.sources.api import RequestCounts
from openness_audit.sources.exchange import TEXT_CAP, Deadline, failure
from openness_audit.sources.fetch import Fetcher
from openness_audit.sources.github import GitHub
from openness_audit.sources.hub import Hub, Problem
from openness_audit.sources.links import GuardedAdapter, Links
from openness_audit.sources.reading import is_repo_id
from openness_audit.sources.retry import Patience
from openness_audit.sources.session import CacheSession
from openness_audit.sources.settings import HUB

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.capture import CodeAnswer, DatasetAnswer, Listing, PageAnswer, Refs, RepoKind, Text
    from openness_audit.sources.adapter import Counts
    from openness_audit.sources.settings import SourceSettings

T = TypeVar("T")

HUB_DOMAINS = ("huggingface.co", "hf.co")  # where the Hub's own redirects lead


class LiveSources:
    """Sources over the network and its cache."""

    def __init__(
        self,
        settings: SourceSettings,
        *,
        on_wait: Callable[[str], None] | None = None,
        on_network: Callable[[], None] | None = None,
        guard: Callable[[Counts], GuardedAdapter] = GuardedAdapter,
        patience: Patience | None = None,
    ) -> None:
        """Open the cache; nothing is asked yet.

        `on_network` is called before the Hub itself is asked; `guard` makes the adapter for links to other hosts;
        `patience` replaces the usual way of waiting.

        Raises:
            UsageError: the certificates to trust are not where the environment says.
        """
        bundle = settings.ca_bundle
        if bundle and not os.path.exists(bundle):  # noqa: PTH110 - never raises; later it would look like a broken line
            raise UsageError(f"no certificates at {bundle}", hint="correct REQUESTS_CA_BUNDLE or SSL_CERT_FILE")
        self._settings = settings
        self._session = CacheSession(settings)
        self._patience = patience or Patience(on_wait)
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="sources")
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
        fetcher = Fetcher(self._session, self._patience, Deadline(settings.timeout))
        self._hub = Hub(fetcher, on_network)
        self._github = GitHub(fetcher, self._pool)
        self._links = Links(fetcher)

    @property
    def endpoint(self) -> str:
        """The Hub that is asked."""
        return self._settings.endpoint

    @property
    def offline(self) -> bool:
        """Whether only the cache is asked."""
        return self._settings.offline

    def info(self, kind: RepoKind, repo_id: str, revision: str | None = None) -> RepoInfo | Failure:
        """The Hub's record of a model or data set."""
        return _plain(self._hub.info(kind, repo_id, revision))

    def subject(self, repo_id: str, revision: str | None) -> RepoInfo:
        """The record of the model to be audited.

        Raises:
            SubjectNotFoundError: there is no such model or revision, or this caller may not see it.
            SubjectDisabledError: the Hub withholds it.
            SourceUnreachableError: the Hub gave no usable answer in time.
        """
        info = self._hub.info("model", repo_id, revision)
        if isinstance(info, Problem):
            raise self._refusal(repo_id, revision, info)
        if info.disabled:
            raise SubjectDisabledError(f"{repo_id} is disabled on the Hub", hint="its page may say why")
        return info

    def listing(self, kind: RepoKind, repo_id: str, sha: str | None) -> Listing | Failure:
        """All files at a commit."""
        if not is_repo_id(repo_id):
            return failure("not-found-or-private", repo_id, "not a repository id of the Hub")
        return self._hub.listing(kind, repo_id, sha)

    def refs(self, repo_id: str) -> Refs | Failure:
        """Branches and tags of a model."""
        if not is_repo_id(repo_id):
            return failure("not-found-or-private", repo_id, "not a repository id of the Hub")
        return self._hub.refs(repo_id)

    def text(
        self, kind: RepoKind, repo_id: str, sha: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Failure:
        """A text file at a commit, cut at `max_bytes`."""
        return _plain(self._hub.text(kind, repo_id, sha, path, max_bytes))

    def dataset(self, repo_id: str) -> DatasetAnswer:
        """A data set's record and card."""
        return self._hub.dataset(repo_id)

    def code(self, owner: str, name: str) -> CodeAnswer:
        """A GitHub repository's record, files, README and licence text."""
        return self._github.code(owner, name)

    def code_text(
        self, owner: str, name: str, commit: str | None, path: str, max_bytes: int = TEXT_CAP
    ) -> Text | Failure:
        """A text file of a GitHub repository (`commit` None: at HEAD)."""
        return self._github.text(owner, name, commit, path, max_bytes)

    def page(self, url: str) -> PageAnswer | Failure:
        """Whether a page on any other host answers."""
        return self._links.page(url)

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

    def _refusal(self, repo_id: str, revision: str | None, problem: Problem) -> NoVerdictError:
        """Why there is nothing to audit, and what to do next."""
        cause = problem.failure.cause
        host = self._settings.endpoint.partition("://")[2]
        signed_in = "HF_TOKEN" if self._settings.token else "no token"
        if problem.missing == "revision":
            return SubjectNotFoundError(
                f"{repo_id} has no revision {revision!r}", hint=f"see its branches at {HUB}/{repo_id}/tree/main"
            )
        if cause.code == "not-found-or-private":
            return SubjectNotFoundError(
                f"{repo_id} was not found on {host}, or is private ({signed_in})",
                hint="check the spelling (org/name); for a private model set HF_TOKEN to a token that may read it",
            )
        if cause.code in {"disabled", "legal"}:
            return SubjectDisabledError(f"{repo_id} is withheld by {host}: {cause.detail}", hint="its page may say why")
        hints = {
            "gated": "ask the owner for access on the model's page, then set HF_TOKEN",
            "unauthorized": "check HF_TOKEN, or unset it to ask anonymously",
            "rate-limited": "wait, or set HF_TOKEN: signed-in callers have a larger allowance",
            "offline": "run once without --offline to fill the cache",
            "malformed": "check --endpoint (HF_ENDPOINT), and that no proxy or sign-in page answers in its place",
            "timeout": "raise --timeout, or check the network, HF_ENDPOINT and proxy settings",
            "server-error": "the fault is on the server's side: try again later",
            "redirect-loop": "check --endpoint (HF_ENDPOINT): its answers lead in a circle",
            "budget": "run it again: what was read is in the cache",
        }
        hint = hints.get(cause.code, "check the network, HF_ENDPOINT and proxy settings")
        if "secure connection" in cause.detail:
            hint = "check --endpoint (HF_ENDPOINT), the clock, and REQUESTS_CA_BUNDLE if a proxy shows a certificate"
        return SourceUnreachableError(f"{repo_id} could not be read: {cause.detail}", hint=hint)


def _plain(answer: T | Problem) -> T | Failure:
    """The failure alone where there was a problem."""
    return answer.failure if isinstance(answer, Problem) else answer
