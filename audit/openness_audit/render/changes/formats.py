"""The formats in which changes can be told."""

from __future__ import annotations

from typing import Final

from openness_audit.model.changes import ChangesDoc
from openness_audit.render.formats import Formats

CHANGED: Final[Formats[ChangesDoc]] = Formats(
    {
        "text": "openness_audit.render.changes.text",
        "json": "openness_audit.render.changes.json",
        "markdown": "openness_audit.render.changes.markdown",
        "sarif": "openness_audit.render.changes.sarif",
    },
    of="changes",
)
