"""Look up which answers the cache holds, without reading them: thousands in a second."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import quote

from requests.structures import CaseInsensitiveDict

from openness_audit.sources.adapter import Prepared
from openness_audit.sources.exchange import JSON_CAP, Ask, Deadline
from openness_audit.sources.session import cache_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openness_audit.sources.settings import SourceSettings

Kept: TypeAlias = Literal["fresh", "stale", "absent"]


def kept_records(settings: SourceSettings, models: Iterable[tuple[str, str | None]], now: float) -> Iterator[Kept]:
    """Say of each model whether the Hub's record of it is in the cache.

    Args:
        settings: where the cache is, and who asks.
        models: ids, each with the revision that is asked for, if any.
        now: the time in seconds since 1970.

    Yields:
        For each: `fresh` where it is used as it is, `stale` where the Hub is asked whether it changed. A cache that
        cannot be read holds nothing.
    """
    headers = {"Accept": "*/*"} | ({"Authorization": f"Bearer {settings.token}"} if settings.token else {})
    request = Prepared()  # by hand: to prepare one takes longer than all the rest
    request.method, request.headers = "GET", CaseInsensitiveDict(headers)
    request.ask = Ask(kind="hub_api", deadline=Deadline(None), max_bytes=JSON_CAP)
    line: sqlite3.Connection | None = None
    if settings.cache_file.exists():
        with contextlib.suppress(sqlite3.Error):
            line = sqlite3.connect(f"{settings.cache_file.resolve().as_uri()}?mode=ro", uri=True)
    try:
        for name, revision in models:
            if line is None:
                yield "absent"
                continue
            path = f"/api/models/{name}" + (f"/revision/{quote(revision, safe='')}" if revision else "")
            request.url = settings.endpoint + path
            yield _kept(line, cache_key(request), now)
    finally:
        if line is not None:
            line.close()


def _kept(line: sqlite3.Connection, key: str, now: float) -> Kept:
    try:
        row = line.execute("SELECT expires FROM responses WHERE key = ?", (key,)).fetchone()
    except sqlite3.Error:
        return "absent"
    if row is None:
        return "absent"
    return "fresh" if row[0] is None or row[0] > now else "stale"
