"""Identify the licence files of a repository, and say whether all of them could be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from openness_audit.collect.card.frontmatter import normalized
from openness_audit.collect.places import listing_place
from openness_audit.licenses.identify import identify
from openness_audit.licenses.normalise import MAX_CHARACTERS, readable
from openness_audit.licenses.paths import license_role
from openness_audit.model.capture import Failure, Listing, RepoInfo, Text
from openness_audit.model.evidence import Absent, Cause, Fact, Observed, Place, Unavailable
from openness_audit.model.facts import Unread
from openness_audit.model.facts_licenses import LicenseText

__all__ = ["collect_texts", "left_out", "text_scope", "texts_searched", "unreadable"]

TextScope: TypeAlias = Literal["model", "code", "data", "unknown"]
_WORDS = re.compile(r"[a-z]+")
_SCOPES: dict[TextScope, frozenset[str]] = {
    "model": frozenset({"model", "models", "weight", "weights", "checkpoint", "checkpoints"}),
    "code": frozenset({"code", "source", "software"}),
    "data": frozenset({"data", "dataset", "datasets", "docs", "documentation"}),
}
_MOST = 12  # licence files of one repository that are identified


def text_scope(path: str) -> TextScope:
    """Say what a licence file applies to, by its name (`LICENSE-CODE`, `MODEL_LICENSE`)."""
    words = set(_WORDS.findall(path.lower()))
    return next((scope for scope, names in _SCOPES.items() if words & names), "unknown")


def _place(info: RepoInfo, text: Text) -> Place:
    head = normalized(text.text[:4000]).split("\n")
    line, said = next(((n, raw.strip()) for n, raw in enumerate(head, 1) if raw.strip()), (1, ""))
    local = not text.origin.url.startswith("http")
    return Place(
        kind="file",
        repo=info.id,
        url=text.origin.url if local else f"https://huggingface.co/{info.id}/blob/{text.sha or 'main'}/{text.path}",
        sha=text.sha,
        path=text.path,
        line=line,
        excerpt=" ".join(said.split())[:200],
        sha256=text.origin.sha256,
        text_kind="licence-text",
        retrieved_at=text.origin.retrieved_at,
        from_cache=text.origin.from_cache,
    )


def unreadable(text: Text) -> Cause | None:
    """Give the cause why the words of a licence file, or those of its end, were not read; None when all were."""
    told = readable(text.text)[1]
    if told:
        detail = f"{text.path} is {told}; open it to see its terms"
        return Cause(code="not-text", source=text.path, retryable=False, detail=detail)
    if text.truncated or len(text.text) > MAX_CHARACTERS:
        detail = f"{text.path} is longer than an audit reads: its end was not looked at"
        return Cause(code="too-large", source=text.path, retryable=False, detail=detail)
    return None


def collect_texts(info: RepoInfo, texts: dict[str, Text | Failure]) -> tuple[LicenseText, ...]:
    """Identify every licence, use-policy and notice file that was read, sorted by path."""
    found: list[LicenseText] = []
    for path, text in sorted(texts.items()):
        role = license_role(path)
        if role is None or isinstance(text, Failure) or len(found) >= _MOST:
            continue
        known = identify(text.text)
        found.append(
            LicenseText(
                path=path,
                expression=known.expression,
                family=known.family,
                match=known.match,
                similarity=known.similarity,
                changed=known.changed,
                sha256=text.origin.sha256,
                place=_place(info, text),
                engine=known.engine,
                role="use-policy" if known.use_policy else role,
                similar_to=known.similar_to,
                version=known.version,
                reason=known.reason,
            )
        )
    return tuple(found)


def texts_searched(info: RepoInfo, listing: Listing | Failure, texts: dict[str, Text | Failure]) -> Fact[bool]:
    """Say whether the listing was read whole and every licence file in it with it."""
    if isinstance(listing, Failure):
        return Unavailable(listing.cause)
    wanted = [entry.path for entry in listing.files if license_role(entry.path) == "license"]
    for path in wanted:
        text = texts.get(path)
        if isinstance(text, Failure):
            return Unavailable(text.cause)
        if text is None and len(wanted) <= _MOST:
            detail = f"{path} was not read"
            return Unavailable(Cause(code="not-requested", source=path, retryable=False, detail=detail))
        if text is not None and (cause := unreadable(text)) is not None:
            return Unavailable(cause)
    if not listing.complete:
        detail = "the listing was cut at a cap"
        capped = Cause(code="too-large", source="file listing", retryable=False, detail=detail)
        return Unavailable(listing.cut or capped)
    if not wanted and not listing.files:
        return Absent(("file listing",))
    return Observed(value=True, places=(listing_place(info, listing),))


def left_out(listing: Listing | Failure, texts: Mapping[str, Text | Failure]) -> tuple[Unread, ...]:
    """Name the licence files whose words were not read.

    Some were not asked for, being too large or more than an audit reads; some are no text, or longer than is read.
    """
    found = [
        Unread(what=path, scope="license-text", cause=cause)
        for path, text in sorted(texts.items())
        if license_role(path) and isinstance(text, Text) and (cause := unreadable(text)) is not None
    ]
    if isinstance(listing, Failure):
        return tuple(found)
    paths = sorted(entry.path for entry in listing.files if license_role(entry.path) and entry.path not in texts)
    if paths:
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        detail = "a licence file above the size that is read, or one of more files than are read"
        cause = Cause(code="too-large", source=paths[0], retryable=False, detail=detail)
        found.append(Unread(what=f"{paths[0]}{more}", scope="license-text", cause=cause))
    return tuple(found)
