"""Tell by the Hub's list that a model's record, as it was read before, still holds: then it need not be asked for."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec

from openness_audit.sources.reading import is_sha

# all of a record that an audit reads and that can change while the commit stays; the rest belongs to the commit
FIELDS = ("disabled", "gated", "lastModified", "library_name", "pipeline_tag", "private", "sha", "tags")
_NEEDED = ("gated", "lastModified", "sha", "tags")
BELIEVED_S = 12 * 3600.0  # a scan takes a night; what a list said longer ago is asked for again


def state_of(record: dict[str, Any]) -> str | None:
    """Digest what can change of a record.

    Args:
        record: the Hub's record of a model, or its row of a list.

    Returns:
        A digest that is the same where all of it is; None where something is not told.
    """
    if not is_sha(record.get("sha")) or any(record.get(name) is None for name in _NEEDED):
        return None
    told = [record.get(name) or None for name in FIELDS]
    return sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()[:24]
