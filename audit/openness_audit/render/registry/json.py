"""Write the report of a scan, or what changed between two, as JSON: the same scans, the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from openness_audit.render.json import dumps

if TYPE_CHECKING:
    from openness_audit.model.registry_changes import ScanChanges
    from openness_audit.model.registry_report import Report


def render(document: Report | ScanChanges) -> str:
    """Give the document, indented by two blanks."""
    return dumps(msgspec.to_builtins(document), indent=2)
