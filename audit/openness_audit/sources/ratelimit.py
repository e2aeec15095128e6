"""Read what a server tells of its limits: the IETF draft's headers, old and new, and GitHub's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 1_000_000_000  # what is larger is no number of requests or seconds
_ITEM = re.compile(r'\s*"?([A-Za-z0-9 _.-]{0,64})"?\s*((?:;[^;,]{0,80}){1,8})')
_PARAMETER = re.compile(r";\s*([a-z]{1,2})\s*=\s*(\d{1,12})\s*$")
_PAIR = re.compile(r"\b(limit|remaining|reset)\s*=\s*(\d{1,12})")
_NUMBER = re.compile(r"\s*(\d{1,12})\s*$")
_EPOCH = 100_000_000  # seconds: a greater number is a point in time, as GitHub gives


class Told(Struct, frozen=True, kw_only=True):
    """What one answer tells: `remaining` requests until `reset_s` seconds from now, of `quota` in `window_s`.

    `name` is the server's own word for the limit, such as `api`.
    """

    remaining: int
    reset_s: float
    name: str = ""
    quota: int | None = None
    window_s: float | None = None


def read_limit(headers: Mapping[str, str], now: float) -> Told | None:
    """Read the limit that an answer tells.

    Args:
        headers: those of the answer, by lower-case name.
        now: the time, in seconds since 1970.

    Returns:
        The limit that leaves least; None where the headers tell none, or nothing that can be read.
    """
    return _fields(headers) or _old_fields(headers, now)


def _fields(headers: Mapping[str, str]) -> Told | None:
    """`RateLimit: "api";r=10;t=55` and `RateLimit-Policy: "fixed window";"api";q=500;w=300`."""
    policies = dict(_items(headers.get("ratelimit-policy", "")))
    found = []
    for name, said in _items(headers.get("ratelimit", "")):
        if "r" not in said or "t" not in said:
            continue
        policy = policies.get(name) or (next(iter(policies.values())) if len(policies) == 1 else {})
        window = policy.get("w")
        found.append(
            Told(
                name=name,
                remaining=min(said["r"], policy.get("q", _MOST)),
                reset_s=float(said["t"]),
                quota=policy.get("q"),
                window_s=float(window) if window else None,
            )
        )
    return min(found, key=lambda one: (one.remaining, -one.reset_s), default=None)


def _items(text: str) -> list[tuple[str, dict[str, int]]]:
    """Read items with numbers as parameters; `"fixed window";"api";q=500` goes by its last word."""
    found = []
    for part in text[:2000].split(","):
        item = _ITEM.match(part)
        if item is None:
            continue
        name, said = item[1].strip(), dict[str, int]()
        for piece in item[2].split(";")[1:]:
            number = _PARAMETER.match(f";{piece}")
            if number:
                said[number[1]] = min(int(number[2]), _MOST)
            elif piece.strip().startswith('"'):
                name = piece.strip().strip('"')[:64]
        found.append((name, said))
    return found


def _old_fields(headers: Mapping[str, str], now: float) -> Told | None:
    """`RateLimit: limit=60, remaining=3, reset=20`, `RateLimit-Remaining: 3` ..., and the same with an `X-` before."""
    said = {name: min(int(number), 10 * _MOST) for name, number in _PAIR.findall(headers.get("ratelimit", "")[:500])}
    for name in ("limit", "remaining", "reset"):
        for prefix in ("ratelimit-", "x-ratelimit-"):
            number = _NUMBER.match(headers.get(prefix + name, ""))
            if number:
                said.setdefault(name, min(int(number[1]), 10 * _MOST))
    if "remaining" not in said or "reset" not in said:
        return None
    reset = said["reset"] - now if said["reset"] > _EPOCH else float(said["reset"])
    return Told(remaining=min(said["remaining"], _MOST), reset_s=max(0.0, reset), quota=said.get("limit"))
