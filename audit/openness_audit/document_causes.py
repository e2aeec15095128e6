"""Causes of what could not be read, worded for the audit document."""

from __future__ import annotations

from collections.abc import Iterable

from openness_audit.model.audit import UnknownDoc
from openness_audit.model.evidence import Cause


def unknown_docs(causes: Iterable[Cause]) -> tuple[UnknownDoc, ...]:
    """Word the causes, each once."""
    return tuple(
        UnknownDoc(code=c.code, source=c.source, retryable=c.retryable, detail=c.detail) for c in dict.fromkeys(causes)
    )
