"""What every part of the audit document is worded with: citing a place, and the causes of what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from openness_audit.model.audit_components import UnknownDoc
from openness_audit.model.evidence import Cause, Place, Strength

Cite: TypeAlias = Callable[[Iterable[Place], Strength], tuple[str, ...]]  # keeps the places, gives their ids


def unknown_docs(causes: Iterable[Cause]) -> tuple[UnknownDoc, ...]:
    """Word the causes, each once."""
    return tuple(
        UnknownDoc(code=c.code, source=c.source, retryable=c.retryable, detail=c.detail) for c in dict.fromkeys(causes)
    )
