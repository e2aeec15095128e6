"""Write CycloneDX 1.7 as JSON: what 1.6 says, for readers that ask for the newer version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render import bom_build, cyclonedx, json

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch

VERSION = "1.7"


def render(audit: Audit) -> str:
    """Give the document of one model."""
    return json.indented(cyclonedx.document(bom_build.of_audit(audit), VERSION))


def render_batch(batch: Batch) -> str:
    """Give one document of several models."""
    return json.indented(cyclonedx.document(bom_build.of_batch(batch), VERSION))
