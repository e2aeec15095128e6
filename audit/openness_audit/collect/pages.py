"""Name the pages on other hosts that a card links to, and those that were asked for in vain (`--check-links`)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from openness_audit.model.capture import Failure, PageAnswer
from openness_audit.model.evidence import Cause
from openness_audit.model.facts import Unread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openness_audit.model.card import Card

MOST = 40  # links of one card; badges and citations of long cards run into the hundreds
LONGEST = 2000
_LOOKED_AT_ANYWAY = ("huggingface.co", "hf.co", "github.com", "githubusercontent.com")


def pages_to_check(card: Card | None) -> tuple[str, ...]:
    """Give the addresses in the order of the card, each once; those of the Hub and of GitHub are read as what they are.

    Args:
        card: the model card, None where there is none.

    Returns:
        At most `MOST` http(s) addresses, without fragments.
    """
    found: dict[str, None] = {}
    for block in card.blocks if card is not None else ():
        for link in block.links:
            url = _elsewhere(link.url)
            if url is not None and len(found) < MOST:
                found[url] = None
    return tuple(found)


def pages_unread(pages: Mapping[str, PageAnswer | Failure]) -> tuple[Unread, ...]:
    """Give every linked page that is gone, or of which it could not be told."""
    rows = []
    for url, page in sorted(pages.items()):
        if isinstance(page, Failure):
            rows.append(Unread(what=url, scope="page", cause=page.cause))
        elif not page.alive:
            gone = Cause(code="not-found-or-private", source=url, retryable=False, detail="the linked page is gone")
            rows.append(Unread(what=url, scope="page", cause=gone))
    return tuple(rows)


def _elsewhere(url: str) -> str | None:
    """An address on another host, None for anything else."""
    if len(url) > LONGEST or not url.lower().startswith(("http://", "https://")):
        return None
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return url  # no address at all: whoever asks says so
    known = any(host == name or host.endswith(f".{name}") for name in _LOOKED_AT_ANYWAY)
    return None if known else urldefrag(url)[0]
