"""Join Hub, GitHub and links, and say in words why a subject cannot be audited."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from openness_audit.errors import NoVerdictError, SourceUnreachableError, SubjectDisabledError, SubjectNotFoundError
from openness_audit.model.capture import Failure, RepoInfo
from openness_audit.sources.exchange import TEXT_CAP, failure
from openness_audit.sources.github import GitHub
from openness_audit.sources.hub import Hub
from openness_audit.sources.links import Links
from openness_audit.sources.reading import is_repo_id
from openness_audit.sources.refusals import Problem
from openness_audit.sources.settings import HUB

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ThreadPoolExecutor

    from openness_audit.model.capture import CodeAnswer, DatasetAnswer, Listing, PageAnswer, Refs, RepoKind, Text
    from openness_audit.sources.fetch import Fetcher
    from openness_audit.sources.settings import SourceSettings

T = TypeVar("T")


class JoinedSources:
    """All sources over one fetcher."""

    def __init__(
        self,
        fetcher: Fetcher,
        settings: SourceSettings,
        pool: ThreadPoolExecutor,
        on_network: Callable[[], None] | None = None,
    ) -> None:
        """Ask by `fetcher`; independent requests of one answer run in `pool`."""
        self._settings = settings
        self._pool = pool
        self._hub = Hub(fetcher, on_network)
        self._github = GitHub(fetcher, pool)
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
        self._hub.doubt(repo_id, revision)
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
            "not-recorded": "audit it anew, and save the evidence again",
        }
        hint = hints.get(cause.code, "check the network, HF_ENDPOINT and proxy settings")
        if "secure connection" in cause.detail:
            hint = "check --endpoint (HF_ENDPOINT), the clock, and REQUESTS_CA_BUNDLE if a proxy shows a certificate"
        return SourceUnreachableError(f"{repo_id} could not be read: {cause.detail}", hint=hint)


def _plain(answer: T | Problem) -> T | Failure:
    """The failure alone where there was a problem."""
    return answer.failure if isinstance(answer, Problem) else answer
