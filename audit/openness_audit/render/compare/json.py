"""Write a comparison as JSON: the same comparison, the same bytes, and never one that does not fit its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from openness_audit.render.json import dumps

if TYPE_CHECKING:
    from openness_audit.model.compare import Comparison


def render(comparison: Comparison) -> str:
    """Give the document, indented by two blanks."""
    return dumps(msgspec.to_builtins(comparison), indent=2)
