"""Say where a fact was read, and how a fact that could not be read is told from one that is not there."""

from __future__ import annotations

from typing import Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct

T = TypeVar("T")

Level: TypeAlias = Literal["closed", "partial", "open"]
Availability: TypeAlias = Literal["open", "partial", "closed", "unknown", "not-applicable"]
Strength: TypeAlias = Literal["verified", "declared", "claimed", "none"]
Whose: TypeAlias = Literal["self", "base", "other", "generic"]
Polarity: TypeAlias = Literal["affirmed", "denied", "promised"]

PlaceKind: TypeAlias = Literal[
    "card",
    "metadata",
    "file",
    "listing",
    "refs",
    "dataset",
    "code-repository",
    "model-info",
    "page",
    "bundled",
    "license-terms",  # a licence text that the rules were read from, not a place of the model
]
TextKind: TypeAlias = Literal[
    "prose", "heading", "list", "table", "code", "link", "image", "html", "yaml", "json", "name", "licence-text", "none"
]
CauseCode: TypeAlias = Literal[
    "not-found-or-private",
    "gated",
    "disabled",
    "legal",
    "unauthorized",
    "rate-limited",
    "server-error",
    "network",
    "timeout",
    "too-large",
    "malformed",
    "not-text",  # a file that had to be read is a PDF, an archive, a picture ...
    "redirect-loop",
    "offline",
    "budget",
    "not-requested",
    "not-recorded",
    "ancestor-not-evaluated",
    "ancestor-not-identified",
    "license-not-named",
    "check-raised",
]

ORDER: dict[Level, int] = {"closed": 0, "partial": 1, "open": 2}
STRENGTHS: dict[Strength, int] = {"none": 0, "claimed": 1, "declared": 2, "verified": 3}


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One citation: the exact place where something was read.

    `repo` names the repository as the Hub or code host does (`allenai/OLMo-7B`, `datasets/allenai/dolma`,
    `github.com/allenai/OLMo`); `sha` is the commit that was read; `url` is canonical (huggingface.co, github.com)
    whatever endpoint answered; `line` counts from 1 in the whole file, front matter included; `sha256` is the digest
    of the bytes that were read, in hex; `excerpt` is at most 200 characters and is empty for bundled records.
    """

    kind: PlaceKind
    repo: str
    url: str
    sha: str | None = None
    path: str | None = None
    line: int | None = None
    line_end: int | None = None
    excerpt: str | None = None
    sha256: str | None = None
    text_kind: TextKind = "none"
    retrieved_at: str | None = None
    from_cache: bool = False


class Cause(Struct, frozen=True, kw_only=True):
    """Why something could not be read: a code, what was asked, whether trying again may help, and one sentence."""

    code: CauseCode
    source: str
    retryable: bool
    detail: str


class Observed(Struct, Generic[T], frozen=True, tag="observed"):
    """The value was read, at these places."""

    value: T
    places: tuple[Place, ...]


class Absent(Struct, frozen=True, tag="absent"):
    """Every place in `searched` was read, and it is not there."""

    searched: tuple[str, ...]


class Unavailable(Struct, frozen=True, tag="unavailable"):
    """A place that had to be read could not be."""

    cause: Cause


Fact: TypeAlias = Observed[T] | Absent | Unavailable
