"""Write a scan as JSON: the same scan, the same bytes, and never one that does not fit its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from openness_audit.render.json import dumps

if TYPE_CHECKING:
    from openness_audit.model.scan import Scan


def render(scan: Scan) -> str:
    """Give the document, indented by two blanks."""
    return dumps(msgspec.to_builtins(scan), indent=2)
