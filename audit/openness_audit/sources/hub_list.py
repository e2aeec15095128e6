"""List the models of the Hub: an organisation's, those that fit a search, the first by downloads; page by page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from openness_audit.model.capture import Failure
from openness_audit.sources.exchange import JSON_CAP
from openness_audit.sources.hub import Hub
from openness_audit.sources.reading import as_dict, as_size, as_text, is_repo_id, is_sha, json_of
from openness_audit.sources.refusals import Problem
from openness_audit.sources.sameness import FIELDS, state_of
from openness_audit.sources.settings import HUB, SourceSettings
from openness_audit.sources.shared import SharedSources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.evidence import Cause
    from openness_audit.settings import Settings

PAGE = 1000  # the most that the Hub gives at a time
_EXPANDED = ("createdAt", "downloads", "likes", *FIELDS)
_SORTS = {"downloads": "downloads", "likes": "likes", "modified": "lastModified"}


class Query(Struct, frozen=True, kw_only=True):
    """Which models: the words of the Hub's own list. Without `sort` the Hub chooses the order."""

    author: str | None = None
    search: str | None = None
    tags: tuple[str, ...] = ()
    sort: str | None = None
    top: int | None = None


class Listed(Struct, frozen=True, kw_only=True):
    """One model of a list; `state` digests what can change of its record, as of `listed_at`."""

    id: str
    sha: str | None = None
    downloads: int | None = None
    likes: int | None = None
    created_at: str | None = None
    tags: tuple[str, ...] = ()
    state: str | None = None
    listed_at: str | None = None


class ListFailedError(Exception):
    """A page could not be read."""

    def __init__(self, cause: Cause) -> None:
        """Keep the cause."""
        super().__init__(cause.detail)
        self.cause = cause


def list_models(hub: Hub, query: Query) -> Iterator[Listed]:
    """List models, each once.

    Args:
        hub: whom to ask.
        query: which.

    Yields:
        The models in the order of the Hub. Raises ListFailedError where a page cannot be read; what came before it was
        right.
    """
    seen: set[str] = set()
    page: str | None = _first(query)
    while page:
        reply = hub.get("hub_api", page, JSON_CAP, f"{HUB}/api/models")
        if isinstance(reply, Problem):
            raise ListFailedError(reply.failure.cause)
        rows = json_of(reply, f"{HUB}/api/models", list, "a list of models")
        if isinstance(rows, Failure):
            raise ListFailedError(rows.cause)
        for one in (_listed(row, reply.retrieved_at) for row in rows):
            if one is None or one.id in seen:  # a model that moves while pages are turned comes twice
                continue
            seen.add(one.id)
            yield one
            if len(seen) == query.top:
                return
        following, _ = hub.next_page(reply)
        page = following if following != page and rows else None


def _first(query: Query) -> str:
    words: list[tuple[str, str | int]] = [("limit", min(query.top or PAGE, PAGE))]
    words += [(name, said) for name, said in (("author", query.author), ("search", query.search)) if said]
    words += [("filter", tag) for tag in query.tags]
    if query.sort:
        words += [("sort", _SORTS[query.sort]), ("direction", -1)]
    words += [("expand", name) for name in _EXPANDED]
    return f"/api/models?{urlencode(words)}"


def _listed(row: Any, listed_at: str) -> Listed | None:
    fields = as_dict(row)
    name = fields.get("id") or fields.get("modelId")
    if not isinstance(name, str) or not is_repo_id(name):
        return None
    tags = fields.get("tags")
    return Listed(
        id=name,
        sha=fields["sha"] if is_sha(fields.get("sha")) else None,
        downloads=as_size(fields.get("downloads")),
        likes=as_size(fields.get("likes")),
        created_at=as_text(fields.get("createdAt")),
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        state=state_of(fields),
        listed_at=listed_at,
    )


def answers(settings: Settings) -> bool:
    """Ask, past the cache, whether the Hub answers this caller at all."""
    now = msgspec.structs.replace(settings, fresh_since=datetime.now(UTC))
    shared = SharedSources(SourceSettings.of(now))
    try:
        return next(iter(list_models(shared.hub(), Query(top=1))), None) is not None
    except ListFailedError:
        return False
    finally:
        shared.close()
