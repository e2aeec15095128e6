"""Read a finished audit from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from openness_audit.errors import UsageError
from openness_audit.model.audit import SCHEMA_ID, Audit
from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 64 * 1024 * 1024  # bytes of a finished audit; the largest seen have one
NO_AUDIT = "give a document that `modelaudit MODEL -o audit.json` wrote"


def read_audit(path: Path) -> Audit:
    """Read a finished audit.

    Args:
        path: the file; a JSON document that this version of the program wrote.

    Returns:
        The document. Raises UsageError for a file that cannot be read or holds anything else.
    """
    shown = repr(clean(str(path)))
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{shown} is too large for an audit", hint=NO_AUDIT)
        found = msgspec.json.decode(path.read_bytes(), type=Audit)
    except OSError as problem:
        raise UsageError(f"{shown} cannot be read: {problem.strerror}", hint=NO_AUDIT) from problem
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise UsageError(
            f"{shown} is no audit of this version: {clean(str(problem))[:200]}", hint=NO_AUDIT
        ) from problem
    if found.schema != SCHEMA_ID:
        raise UsageError(
            f"{shown} is no audit of this version: its schema is {clean(found.schema)[:100]!r}", hint=NO_AUDIT
        )
    return found
