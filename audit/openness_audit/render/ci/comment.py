"""Tell models in Markdown for a comment on a pull request: one line when all is well, else as a summary, but short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.ci.summary import tell

if TYPE_CHECKING:
    from openness_audit.model.batch import Batch

MOST_BYTES = 60_000  # GitHub takes 65,536 characters


def render_batch(batch: Batch) -> str:
    """Tell the batch for a comment; its first line is a mark by which it is found again."""
    return tell(batch, MOST_BYTES, fold_all=True)
