"""The formats a comparison can be told in."""

from __future__ import annotations

from typing import Final

from openness_audit.model.compare import Comparison
from openness_audit.render.formats import Formats

COMPARED: Final[Formats[Comparison]] = Formats(
    {
        "text": "openness_audit.render.compare.text",
        "json": "openness_audit.render.compare.json",
        "html": "openness_audit.render.compare.html",
        "markdown": "openness_audit.render.compare.markdown",
    },
    of="a comparison",
)
