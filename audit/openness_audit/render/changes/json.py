"""Write what changed as JSON: the same document, the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from openness_audit.render.json import dumps

if TYPE_CHECKING:
    from openness_audit.model.changes import ChangesDoc


def render(document: ChangesDoc) -> str:
    """Give the document, indented by two blanks."""
    return dumps(msgspec.to_builtins(document), indent=2)
