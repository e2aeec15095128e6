"""Licence files whose terms nobody knows: the tag beside them may not be all that binds."""

from __future__ import annotations

from openness_audit.collect.licenses.texts import text_scope
from openness_audit.licenses.paths import license_role
from openness_audit.model.audit import Audit
from openness_audit.wording import listed

__all__ = ["not_read", "unread_texts"]

_SURE = ("exact", "equivalent")
_BEYOND = ("code", "data")  # what a file named for these says is not about the model


def unread_texts(audit: Audit) -> tuple[str, ...]:
    """Name the licence files of a repository that are no text anybody knows, or that could not be read.

    Args:
        audit: the finished document.

    Returns:
        Their paths. Where a whole known text is the licence that is declared, only those named for the model count:
        another is some component's (the same reading as in the licence part).
    """
    found = audit.licenses
    whole = any(t.match in _SURE and t.expression == found.own.expression for t in found.texts)
    paths = [t.path for t in found.texts if t.match in ("none", "closest")]
    paths += [row.what for row in audit.not_checked]
    return tuple(
        path
        for path in dict.fromkeys(paths)
        if license_role(path) == "license"
        and text_scope(path) not in _BEYOND
        and (not whole or text_scope(path) == "model")
    )


def not_read(audit: Audit) -> str:
    """Word them as the reason why a clause cannot be met; nothing where there is none."""
    paths = unread_texts(audit)
    return f"{listed(paths, 2)}: terms that were not read or not recognised, which may say otherwise" if paths else ""
