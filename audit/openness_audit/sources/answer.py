"""An answer as the cache keeps it: the JSON object that requests-cache writes, read and written by msgspec."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct, field

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Asked(Struct, frozen=True, kw_only=True):
    """What was asked: never with its headers, which may hold a token."""

    method: str | None = None
    url: str | None = None


class Kept(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer, its body decoded; `expires` None: it holds for ever."""

    content: bytes = field(name="_content")
    created_at: datetime
    expires: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    request: Asked = field(default_factory=Asked)
    status_code: int
    url: str = ""

    @property
    def is_expired(self) -> bool:
        """Whether it has to be asked for again."""
        return self.expires is not None and aware(self.expires) <= datetime.now(UTC)

    @property
    def is_redirect(self) -> bool:
        """Whether it leads elsewhere."""
        return self.status_code in REDIRECTS and "location" in self.lowered()

    @property
    def expires_unix(self) -> int | None:
        """When it expires, in seconds since 1970: the column of that name."""
        return None if self.expires is None else round(aware(self.expires).timestamp())

    def lowered(self) -> dict[str, str]:
        """Give the headers by names in lower case."""
        return {name.lower(): value for name, value in self.headers.items()}

    def validators(self) -> dict[str, str]:
        """Give the headers that ask whether it is still the same; none where the server gave nothing to ask by."""
        told = self.lowered()
        asked = {"If-None-Match": told.get("etag"), "If-Modified-Since": told.get("last-modified")}
        return {name: value for name, value in asked.items() if value}

    def confirmed(self, by: Kept) -> Kept:
        """Give the answer as of the server's word that it is the same: with that word's headers."""
        fresh = by.lowered()
        old = {name: value for name, value in self.headers.items() if name.lower() not in fresh}
        headers = old | by.headers
        if "transfer-encoding" in fresh or any(name.lower() == "transfer-encoding" for name in old):
            headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
        return msgspec.structs.replace(self, headers=headers)

    def expiring(self, at: datetime | None) -> Kept:
        """Give the answer with another end."""
        return self if at == self.expires else msgspec.structs.replace(self, expires=at)


_DECODER = msgspec.json.Decoder(Kept)  # made once: msgspec cannot learn a type in two threads at a time


def encode(kept: Kept) -> str:
    """Write it down."""
    return msgspec.json.encode(kept).decode()


def decode(text: str | bytes) -> Kept:
    """Read it. Raises ValueError where it is no answer."""
    return _DECODER.decode(text)


def aware(moment: datetime) -> datetime:
    """Give a time with its zone: one that names none is of UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def ends(now: datetime, seconds: float) -> datetime | None:
    """Give when what holds for so many seconds expires; None for requests-cache's -1, which is never."""
    return None if seconds < 0 else now + timedelta(seconds=seconds)
