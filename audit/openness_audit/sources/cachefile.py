"""Keep answers in one SQLite file that never hangs, never crashes and never holds a secret."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from requests.cookies import RequestsCookieJar
from requests_cache.backends.base import BaseCache
from requests_cache.backends.sqlite import SQLiteCache, SQLiteDict
from requests_cache.models.request import CachedRequest
from requests_cache.models.response import CachedResponse
from requests_cache.serializers.pipeline import SerializerPipeline, Stage
from requests_cache.serializers.preconf import json_preconf_stage

from openness_audit.sources.adapter import TRUNCATED
from openness_audit.sources.exchange import origin_of
from openness_audit.sources.retry import is_rate_limit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from requests import Response

LOCK_WAIT_S = 2.0  # then the answer is simply not kept
BUSY_MS = 20  # of one attempt, while other threads wait
PAUSE_S = 30.0  # and nothing is written for this long
MEMORY_ENTRIES = 512
MAX_CUT = 8 * 1024 * 1024  # of a text the beginning is of use, of a JSON record it is not
FUTURE = timedelta(hours=1)  # an answer from later than this says that a clock is wrong
REFUSED_FOR = timedelta(minutes=10)  # a refusal is believed; one audit is run again when something was mended
SCAN_REFUSED_FOR = timedelta(hours=1)  # of what many models of a scan name, as long as what was answered
KEPT = (200, 301, 302, 303, 307, 308, 401, 403, 404, 409, 410, 451)

_NOT_A_DATABASE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNREADABLE = (sqlite3.Error, ExceptionGroup, ValueError, TypeError, KeyError, AttributeError, RecursionError)

# never pickle: a cache file from elsewhere must not be able to run code
_SERIALIZER = SerializerPipeline([json_preconf_stage, Stage(dumps=json.dumps, loads=json.loads)], name="json")


class CacheBusyError(sqlite3.OperationalError):
    """Another process holds the write lock."""


class _Table(SQLiteDict):
    """A table whose write lock is waited for only so long: requests-cache would try for ever.

    Threads wait side by side, and what one of them found out holds for all.
    """

    _locked_until = 0.0

    @contextmanager
    def _acquire_sqlite_lock(self) -> Iterator[None]:
        self._begin()
        self._active_transaction = True
        try:
            yield
            self._connection.commit()  # type: ignore[union-attr]  # begun on it
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()  # type: ignore[union-attr]  # begun on it
            raise
        finally:
            self._active_transaction = False
            self._lock.release()

    def _begin(self) -> None:
        """Begin a transaction and keep the threads' lock; while waiting, others may read.

        Raises:
            CacheBusyError: another process does not let go of the file.
        """
        end = time.monotonic() + LOCK_WAIT_S
        while True:
            self._lock.acquire()
            try:
                self._open().execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                self._lock.release()
                now = time.monotonic()
                if now >= end and now >= self._locked_until:
                    self._locked_until = now + PAUSE_S
                if now < self._locked_until or self._connection is None:
                    raise CacheBusyError(str(error)) from error
                time.sleep(0.02)
            except BaseException:
                self._lock.release()
                raise
            else:
                return

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise CacheBusyError("the cache is closed")
        return self._connection


class _Discreet(BaseCache):
    """What both kinds of cache share: which answers are kept, for how long, and what of them."""

    _paused_until = 0.0
    damaged = False
    since: datetime | None = None  # what can change and was kept before is not fresh
    refused_for = REFUSED_FOR

    def __init__(self, **options: Any) -> None:
        """Nothing is forgotten yet, and nothing confirmed."""
        BaseCache.__init__(self, **options)
        self._forgotten: set[str] = set()
        self._confirmed: set[str] = set()  # an answer that is still the same keeps its date
        self.vouched: set[str] = set()  # what a list told to be still the same is fresh
        self.gated: set[str] = set()  # files of a commit whose gate is still shut

    def get_response(self, key: str, default: CachedResponse | None = None) -> CachedResponse | None:
        """The stored answer; an entry or a file that cannot be read is a miss."""
        if key in self._forgotten:
            return default
        try:
            found = self.responses.get(key)
        except _UNREADABLE as error:
            self._note(error)
            return default
        if not isinstance(found, CachedResponse) or not isinstance(found._content, bytes):  # noqa: SLF001 - no public way
            return default
        now = datetime.now(UTC)
        if key in self.vouched and found.status_code == HTTPStatus.OK:
            found.expires = now + FUTURE
            return found
        if key in self.gated and found.headers.get("X-Error-Code") == "GatedRepo":
            found.expires = now + FUTURE
            return found
        age = now - _aware(found.created_at)
        if found.expires is not None and age < -FUTURE:  # a clock was or is wrong
            found.expires = now - FUTURE
        if found.expires is not None and found.status_code >= HTTPStatus.BAD_REQUEST and age > self.refused_for:
            found.expires = now - FUTURE
        old = self.since is not None and _aware(found.created_at) < self.since and key not in self._confirmed
        if found.expires is not None and old:
            found.expires = now - FUTURE
        return found

    def save_response(self, response: Response, cache_key: str | None = None, expires: datetime | None = None) -> None:
        """Keep an answer unless it is fleeting; a cache that cannot be written is left alone for a while."""
        if cache_key is None or _fleeting(response) or time.monotonic() < self._paused_until:
            return
        self._confirmed.add(cache_key)
        kept = CachedResponse.from_response(response, expires=_expiry(response, expires))
        # requests keeps the follow-up request of a redirect, token included, and requests-cache stores it unredacted
        kept._next = None  # noqa: SLF001 - no public way
        kept.request = CachedRequest(method=kept.request.method, url=kept.request.url)
        kept.cookies, kept.history = RequestsCookieJar(), []
        if kept.status_code != 200:
            for validator in ("ETag", "Last-Modified"):  # an error must not be confirmed by a 304
                kept.headers.pop(validator, None)
        try:
            self.responses[cache_key] = kept
            self._forgotten.discard(cache_key)
        except _UNREADABLE as error:
            self._note(error)
            self._paused_until = time.monotonic() + PAUSE_S

    def _note(self, error: BaseException) -> None:
        """Remember that the file is no whole database, so that the next run gets a new one."""
        self.damaged = self.damaged or _is_damage(error)

    def forget(self, key: str) -> None:
        """Drop an answer that is no longer true; if that fails, at least this run does not use it."""
        self._forgotten.add(key)
        with contextlib.suppress(*_UNREADABLE):
            del self.responses[key]


class FileCache(_Discreet, SQLiteCache):
    """The cache in a file."""

    def __init__(self, path: Path) -> None:
        """Open or create it.

        Raises:
            sqlite3.Error: it is locked, no database, or its folder cannot be written.
            OSError: its folder cannot be made.
        """
        _Discreet.__init__(self, cache_name=str(path))
        options: dict[str, Any] = {"wal": True, "busy_timeout": BUSY_MS, "timeout": 1.0}
        self.responses = _Table(path, table_name="responses", serializer=_SERIALIZER, **options)
        self.redirects = _Table(
            path,
            table_name="redirects",
            lock=self.responses._lock,  # noqa: SLF001  # one connection writes at a time
            serializer=None,
            **options,
        )


class MemoryCache(_Discreet):
    """The cache of a run that has no file: the newest answers only."""

    def save_response(self, response: Response, cache_key: str | None = None, expires: datetime | None = None) -> None:
        """Keep an answer, at the cost of the oldest one when full."""
        with contextlib.suppress(RuntimeError, KeyError, StopIteration):  # another thread was faster
            while len(self.responses) >= MEMORY_ENTRIES:
                del self.responses[next(iter(self.responses))]
        super().save_response(response, cache_key, expires)


def open_cache(path: Path) -> tuple[FileCache | MemoryCache, str | None]:
    """The cache at `path` and None, or a stand-in and a sentence saying why.

    A file that is no database is renamed aside and a fresh one begun; one that is locked or cannot be written is left
    alone and the run remembers answers in memory.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # answers may come from private repositories
        return _opened(path), None
    except sqlite3.Error as error:
        if not _is_damage(error):
            return MemoryCache(), f"the cache {path} cannot be used ({error}); going on without it"
    except OSError as error:
        return MemoryCache(), f"the cache {path} cannot be used ({error.strerror}); going on without it"
    try:
        aside = set_aside(path)
        return _opened(path), f"the cache {path} was damaged; it was renamed to {aside.name} and a new one begun"
    except (sqlite3.Error, OSError):
        return MemoryCache(), f"the cache {path} is damaged and cannot be replaced; going on without it"


def _opened(path: Path) -> FileCache:
    path.touch(mode=0o600)
    return FileCache(path)


def _is_damage(error: BaseException) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in _NOT_A_DATABASE


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def set_aside(path: Path) -> Path:
    """Rename a bad file and drop its companions."""
    aside = path.with_name(f"{path.name}.damaged-{os.getpid()}-{time.time_ns()}")
    path.rename(aside)
    for companion in ("-wal", "-shm"):
        path.with_name(path.name + companion).unlink(missing_ok=True)
    return aside


def _fleeting(response: Response) -> bool:
    """Whether an answer is not worth its room: a rate limit, a signed link to another host, a record cut short."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    if is_rate_limit(response.status_code, headers):
        return True
    if len(response.content) > MAX_CUT and TRUNCATED.lower() in headers:
        return True
    target = headers.get("location", "")
    return response.is_redirect and "://" in target and origin_of(target) != origin_of(response.url or "")


def _expiry(response: Response, by_url: datetime | None) -> datetime | None:
    """Errors are believed for an hour at most, but a file's absence at a commit for ever."""
    if response.status_code < 400:
        return by_url
    if by_url is None and response.headers.get("X-Error-Code") == "EntryNotFound":
        return None
    soon = datetime.now(UTC) + SCAN_REFUSED_FOR
    return soon if by_url is None else min(soon, by_url)
