"""Answer from an evidence bundle alone: the same sources, and no network behind them."""

from __future__ import annotations

import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openness_audit.model.capture import FileEntry, Ref
from openness_audit.sources.addresses import Addresses
from openness_audit.sources.api import RequestCounts
from openness_audit.sources.exchange import Deadline, FetchFailed, Reply
from openness_audit.sources.fetch import Fetcher
from openness_audit.sources.folder import Body, Listed
from openness_audit.sources.joined import JoinedSources
from openness_audit.sources.retry import Patience
from openness_audit.sources.settings import SourceSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openness_audit.model.evidence_bundle import BundleSettingsDoc, Contents, Directory, LocalRead, Request
    from openness_audit.sources.exchange import Ask
    from openness_audit.sources.fetch import Send

NOT_HELD = "not in the evidence bundle: it was not asked when the bundle was made"
_A_TOKEN = "recorded"  # noqa: S105 - stands for one that was used then; it goes nowhere


def settings_of(recorded: BundleSettingsDoc) -> SourceSettings:
    """The settings of the run that was recorded.

    Args:
        recorded: what the bundle says of them.

    Returns:
        Settings that ask nobody. Raises UsageError for an endpoint that is no address.
    """
    settings = SourceSettings(
        endpoint=recorded.endpoint,
        token=_A_TOKEN if recorded.signed_in else None,
        github_api=recorded.github_api,
        github_token=_A_TOKEN if recorded.github_signed_in else None,
        offline=True,
        check_links=recorded.check_links,
        timeout=None,
    )
    return settings if recorded.github_hosts else replace(settings, github_hosts=("", ""))


@dataclass(frozen=True, slots=True)
class _Nobody:
    """What stands for a session: it has settings, and asks nobody."""

    settings: SourceSettings


class ReplayFetcher(Fetcher):
    """Gives what was recorded; what was not is a failure of its own kind."""

    def __init__(self, contents: Contents, bodies: Mapping[str, bytes], settings: SourceSettings) -> None:
        """Answer for `contents`, whose bytes are in `bodies`."""
        super().__init__(_Nobody(settings), Patience(), Deadline())  # type: ignore[arg-type]  # nothing is sent over it
        self._addresses = Addresses(settings)
        self._bodies = bodies
        self._requests: dict[str, list[Request]] = defaultdict(list)
        for request in contents.requests:
            self._requests[request.url].append(request)

    def get(self, url: str, headers: dict[str, str], ask: Ask, send: Send | None = None) -> Reply:  # noqa: ARG002 - as Fetcher's
        """The answer for a URL as it was used then.

        Raises:
            FetchFailed: there was none then either; or code "not-recorded", nobody asked.
        """
        known = self._requests.get(self._addresses.public(url), [])
        exact = [r for r in known if (r.accept, r.max_bytes) == (headers.get("Accept", ""), ask.max_bytes)]
        # another version of the program may read more or less of a file: a whole answer serves any cap
        request = next(iter(exact or [r for r in known if self._serves(r, ask.max_bytes)]), None)
        if request is None:
            raise FetchFailed("not-recorded", NOT_HELD)
        if request.failure is not None:
            failed = request.failure
            raise FetchFailed(failed.code, failed.detail, retryable=failed.retryable)
        return self._reply(request, ask.max_bytes)

    def doubt(self, url: str, headers: dict[str, str], ask: Ask) -> None:
        """Nothing: what was recorded stays."""

    def still_gated(self, url: str, headers: dict[str, str], ask: Ask) -> None:
        """Nothing: what was recorded stays."""

    def _serves(self, request: Request, most: int) -> bool:
        answer = request.answer
        return answer is None or not answer.truncated or len(self._bodies[answer.body]) >= most

    def _reply(self, request: Request, most: int) -> Reply:
        answer = request.answer
        assert answer is not None  # noqa: S101  # reading a bundle refuses requests with neither
        body = self._bodies[answer.body]
        headers = dict(answer.headers)
        if "link" in headers:
            headers["link"] = re.sub(
                r"<([^<>]{1,2000})>", lambda found: f"<{self._addresses.asked(found[1])}>", headers["link"]
            )
        return Reply(
            url=self._addresses.asked(answer.url),
            status=answer.status,
            headers=headers,
            body=body[:most],
            retrieved_at=answer.retrieved_at,
            truncated=answer.truncated or len(body) > most,
            from_cache=answer.from_cache,
            stale=answer.stale,
        )


class ReplayedSources(JoinedSources):
    """Sources over what a bundle holds."""

    def __init__(self, contents: Contents, bodies: Mapping[str, bytes], recorded: BundleSettingsDoc) -> None:
        """Answer for `contents`; `recorded` says how it was asked then."""
        settings = settings_of(recorded)
        pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="replay")
        super().__init__(ReplayFetcher(contents, bodies, settings), replace(settings, offline=recorded.offline), pool)

    def stats(self) -> RequestCounts:
        """What was asked: nothing."""
        return RequestCounts()

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class KeptFolder:
    """A directory as it was when it was recorded."""

    def __init__(self, kept: Directory, bodies: Mapping[str, bytes]) -> None:
        """Give what `kept` holds, its bytes from `bodies`."""
        self._kept = kept
        self._bodies = bodies
        self._reads = {(read.path, read.max_bytes): read for read in kept.reads}
        self.id, self.sha = kept.id, kept.sha

    def closed(self) -> str:
        """Why it cannot be read: it can."""
        return ""

    def listing(self) -> Listed:
        """All its files."""
        files = tuple(FileEntry(path=file.path, size=file.size) for file in self._kept.files)
        return Listed(files=files, complete=self._kept.complete, at=self._kept.listed_at)

    def refs(self) -> tuple[Ref, ...]:
        """The checkout's branches and tags."""
        return tuple(Ref(name=ref.name, kind=ref.kind, sha=ref.sha) for ref in self._kept.refs)

    def body(self, path: str, most: int) -> Body:
        """The first bytes of a file, if they were read then."""
        found = self._reads.get((path, most)) or self._whole(path)
        if found is None:
            return Body(content=None, problem=NOT_HELD, at=self._kept.listed_at, held=False)
        if found.body is None:
            return Body(content=None, problem=found.problem or "", at=found.retrieved_at)
        return Body(content=self._bodies[found.body][:most], problem="", at=found.retrieved_at)

    def _whole(self, path: str) -> LocalRead | None:
        """A read of the file by another cap, if it reached the end."""
        for (name, most), read in self._reads.items():
            if name == path and (read.body is None or len(self._bodies[read.body]) < most):
                return read
        return None
