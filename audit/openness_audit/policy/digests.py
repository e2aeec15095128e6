"""Digests that waivers, locks and reports name: of a model's licence, and of a policy."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import msgspec

from openness_audit.model.audit import Audit
from openness_audit.model.policy import AnyClause, Override, Waiver

__all__ = ["license_digest", "policy_digest"]


def license_digest(audit: Audit) -> str:
    """Give the digest of what states a model's licence: its licence texts, and the tag as written.

    Args:
        audit: a finished audit.

    Returns:
        `sha256:` and 64 hex digits; another text, another name of a file, or another tag gives another one.
    """
    found = audit.licenses
    texts = sorted([text.path, text.sha256] for text in found.texts)
    return _digest({"declared": list(found.declared.raw), "texts": texts})


def policy_digest(
    name: str,
    use: str | None,
    clauses: dict[str, AnyClause],
    overrides: tuple[Override, ...],
    waivers: tuple[Waiver, ...],
) -> str:
    """Give the digest of a policy's content; comments, layout, order of keys and where it was read do not count."""
    content = {"name": name, "use": use, "clauses": clauses, "overrides": overrides, "waivers": waivers}
    return _digest(msgspec.to_builtins(content))


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode('ascii')).hexdigest()}"
