"""The part of an audit that a replay has to give again: all but `run`, `retrieved_at` and `from_cache`."""

from __future__ import annotations

import hashlib
import json
from typing import Any

_OF_THE_RUN = frozenset({"retrieved_at", "from_cache"})  # DESIGN 5.2: only these and `run` may differ


def canonical(document: str | bytes) -> bytes:
    """Give an audit's bytes without what may differ between two audits of the same answers.

    Args:
        document: the audit as JSON, indented or not.

    Returns:
        JSON without blanks. Raises ValueError for what is no JSON object.
    """
    found = json.loads(document)
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004 - as for anything else that is no audit
    found.pop("run", None)
    return json.dumps(_kept(found), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def digest(document: str | bytes) -> str:
    """Give the digest of those bytes: `sha256:` and 64 hex digits. Raises ValueError as `canonical` does."""
    return f"sha256:{hashlib.sha256(canonical(document)).hexdigest()}"


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _kept(inner) for key, inner in value.items() if key not in _OF_THE_RUN}
    return [_kept(inner) for inner in value] if isinstance(value, list) else value
