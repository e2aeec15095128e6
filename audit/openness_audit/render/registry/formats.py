"""The formats the report of a scan, and what changed between two, can be told in."""

from __future__ import annotations

from typing import Final

from openness_audit.model.registry_changes import ScanChanges
from openness_audit.model.registry_report import Report
from openness_audit.render.formats import Formats

REPORTED: Final[Formats[Report]] = Formats(
    {
        "text": "openness_audit.render.registry.text",
        "json": "openness_audit.render.registry.json",
        "html": "openness_audit.render.registry.html",
        "csv": "openness_audit.render.registry.csv",
    },
    of="the report of a scan",
)
MOVED: Final[Formats[ScanChanges]] = Formats(
    {
        "text": "openness_audit.render.registry.history_text",
        "json": "openness_audit.render.registry.json",
        "csv": "openness_audit.render.registry.csv",
    },
    of="what changed between two scans",
)
