"""Read the licence out of a badge: the image's address, else its alternative text."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote_plus, urlsplit

from openness_audit.model.card import Link

__all__ = ["badge_words"]

_LICENSE = re.compile(r"licen[cs]e", re.IGNORECASE)
_LONGEST = 300


def badge_words(image: Link) -> str | None:
    """Give "Code License: MIT" for a badge that says so; None for any other image.

    Args:
        image: an image of the card. Its address is only read, never fetched.

    Returns:
        Label and message as one labelled line; None where the picture says nothing of a licence, or where its words are
        drawn by a service from another repository.
    """
    if not image.image or len(image.url) > _LONGEST:
        return None
    try:
        parts = urlsplit(image.url)
        query = parse_qs(parts.query, max_num_fields=20)
    except ValueError:
        return None
    if "shields.io" in parts.netloc or "badge" in parts.netloc:
        path = parts.path
        if path.startswith("/badge/"):
            text = unquote_plus(re.sub(r"\.(?:svg|png)$", "", path[len("/badge/") :]))
            pieces = [p.replace("\0", "-").replace("_", " ") for p in text.replace("--", "\0").split("-")]
            label, message = (pieces[0], pieces[1]) if len(pieces) >= 2 else ("", pieces[0])
        elif path.startswith("/static/"):
            label, message = query.get("label", [""])[0], query.get("message", [""])[0]
        else:
            return None  # "github/license/somebody/something": what it shows is drawn when it is looked at
        said = f"{label}: {message}".strip()
        return said if _LICENSE.search(label) else f"License: {message}" if _LICENSE.search(message) else None
    return None
