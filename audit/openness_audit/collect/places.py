"""Cite the Hub's record of a repository, and its file listing."""

from __future__ import annotations

from openness_audit.model.capture import Listing, RepoInfo
from openness_audit.model.evidence import Place


def info_place(info: RepoInfo, excerpt: str = "") -> Place:
    """Cite the Hub's record of a repository, with what it says there, if anything is quoted."""
    return Place(
        kind="model-info",
        repo=info.id,
        url=info.origin.url,
        sha=info.sha,
        excerpt=excerpt[:200] or None,
        sha256=info.origin.sha256,
        text_kind="json",
        retrieved_at=info.origin.retrieved_at,
        from_cache=info.origin.from_cache,
    )


def listing_place(info: RepoInfo, listing: Listing) -> Place:
    """Cite the file listing of a repository."""
    return Place(
        kind="listing",
        repo=info.id,
        url=listing.origin.url,
        sha=listing.sha or info.sha,
        sha256=listing.origin.sha256,
        text_kind="name",
        retrieved_at=listing.origin.retrieved_at,
        from_cache=listing.origin.from_cache,
    )
