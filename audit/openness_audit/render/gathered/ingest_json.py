"""Write an ingest as JSON: the same documents and answers, the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from openness_audit.render.json import dumps

if TYPE_CHECKING:
    from openness_audit.model.ingest import Ingest


def render(ingest: Ingest) -> str:
    """Give the document, indented by two blanks."""
    return dumps(msgspec.to_builtins(ingest), indent=2)
