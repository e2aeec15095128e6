"""Audit one model of a call, its progress shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from openness_audit.cli.base.progress import progress

if TYPE_CHECKING:
    from openness_audit.cli.base.services import AuditModel, Services
    from openness_audit.cli.common.options import How
    from openness_audit.model.audit import Audit
    from openness_audit.ruleset import RuleSet
    from openness_audit.settings import Target


def asked_anew(how: How, services: Services) -> How:
    """Have everything that can change asked for anew, once: a Hub that is down is no reason to believe the cache.

    Offline there is nobody to ask: it stays as it is.
    """
    if how.settings.offline:
        return how
    return replace(how, settings=msgspec.structs.replace(how.settings, fresh_since=services.now()))


def audit_one(
    target: Target, how: How, services: Services, rules: RuleSet, label: str, *, audit_model: AuditModel | None = None
) -> Audit:
    """Audit one model.

    Args:
        target: the model.
        how: the shared options.
        services: what to call.
        rules: by which it is judged.
        label: what the progress line begins with.
        audit_model: what audits it; the service, unless something else is done on the way.

    Returns:
        The document, judged by the policy in force. Raises AuditError where there can be none.
    """
    with progress(label, services.environ, wanted=how.progress) as show:
        audit = (audit_model or services.audit_model)(
            target, how.settings, rules=rules, now=services.now(), as_of=how.as_of, progress=show
        )
    return how.gate.judge(audit, target.id if target.kind == "hub" else "")
