"""Write CycloneDX 1.7 as JSON: what 1.6 says, for readers that ask for the newer version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render import json
from openness_audit.render.bom import build as bom_build
from openness_audit.render.cyclonedx import v1_6 as cyclonedx

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch
    from openness_audit.render.bom.bill import Bom

VERSION = "1.7"


def render(audit: Audit) -> str:
    """Give the document of one model."""
    return of_bom(bom_build.of_audit(audit))


def render_batch(batch: Batch) -> str:
    """Give one document of several models."""
    return of_bom(bom_build.of_batch(batch))


def of_bom(bom: Bom) -> str:
    """Give the document of a bill of materials."""
    return json.indented(cyclonedx.document(bom, VERSION))
