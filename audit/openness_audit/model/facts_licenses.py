"""Facts about the licence: the tag, the texts, the prose, and where they disagree."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from openness_audit.model.evidence import Fact, Place, Whose


class LicenseText(Struct, frozen=True, kw_only=True):
    """What one licence file is.

    `version` is that of a vendor's text; `reason` says why there is no more than this ("a PDF", "empty").
    """

    path: str
    expression: str | None
    family: str
    match: Literal["exact", "equivalent", "modified", "closest", "none"]
    similarity: float | None
    changed: tuple[str, ...]
    sha256: str
    place: Place
    engine: str = ""
    role: Literal["license", "use-policy", "notice"] = "license"
    similar_to: str | None = None  # of a modified or closest text: the known licence it resembles
    version: str = ""
    reason: str = ""


class LicenseProse(Struct, frozen=True, kw_only=True):
    """A licence statement in the body of the card.

    `scope` says what it applies to. `restricts` is true for words that bind the licensee ("for research purposes
    only"), false for a grant ("released under Apache 2.0") or mere advice.
    """

    expression: str | None
    family: str
    scope: Literal["model", "weights", "code", "data", "outputs", "base", "unknown"]
    whose: Whose
    restricts: bool
    text: str
    place: Place


class DeclaredLicense(Struct, frozen=True, kw_only=True):
    """The metadata's licence: raw values as written and what they resolve to (a list is a set of candidates)."""

    raw: tuple[str, ...]
    expression: str | None
    family: str
    candidates: tuple[str, ...]
    places: tuple[Place, ...]
    name: str | None = None  # license_name
    link: str | None = None  # license_link


class OwnLicense(Struct, frozen=True, kw_only=True):
    """What this repository itself grants: tag, text and prose together."""

    expression: str
    family: str
    why: str
    places: tuple[Place, ...] = ()


class LicenseConflict(Struct, frozen=True, kw_only=True):
    """Two statements that cannot both hold.

    `path` leads from the audited model to the model or data set whose terms disagree, the shortest way; `clauses` names
    the clauses that the tag leaves out ("Llama 2 Community License Agreement, section 1.b.i: ...").
    """

    kind: Literal["tag-text", "tag-prose", "tag-upstream", "tag-data", "code-host"]
    between: tuple[str, ...]
    why: str
    severity: Literal["error", "warning", "note"]
    confidence: Literal["high", "medium", "low"]
    places: tuple[Place, ...]
    path: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


class LicenseFacts(Struct, frozen=True, kw_only=True):
    """All that was read about the licence."""

    declared: Fact[DeclaredLicense]
    texts: tuple[LicenseText, ...]
    prose: tuple[LicenseProse, ...]
    own: OwnLicense
    conflicts: tuple[LicenseConflict, ...]
    texts_searched: Fact[bool]  # Observed(True): listing read and every licence file read; Unavailable: not
