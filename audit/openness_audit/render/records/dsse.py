"""Write in-toto Statements in signed envelopes (DSSE): one, or one a line (an in-toto bundle).

https://github.com/secure-systems-lab/dsse; https://github.com/in-toto/attestation/blob/main/spec/v1/bundle.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from openness_audit.errors import NoVerdictError
from openness_audit.render.records import intoto

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.audit import Audit
    from openness_audit.model.batch import Batch

    Sign: TypeAlias = Callable[[bytes], str]  # a Statement's bytes -> its signed envelope, on one line

PAYLOAD_TYPE = "application/vnd.in-toto+json"


def render(audit: Audit, sign: Sign) -> str:
    """Give the envelope on one line; its payload is the Statement, byte for byte as `intoto.line` writes it."""
    return sign(intoto.line(audit).encode("utf-8"))


def render_batch(batch: Batch, sign: Sign) -> str:
    """Give an envelope a line for every model that was audited; one without an audit has none.

    Raises NoVerdictError where no model was audited: an empty file would look like a Statement of nothing.
    """
    audits = [item.audit for item in batch.items if item.audit]
    if not audits:
        raise NoVerdictError("no model was audited, so there is nothing to sign", hint="see why above")
    return "".join(render(audit, sign) for audit in audits)
