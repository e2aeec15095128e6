"""Audit one model and keep what it was answered, as an evidence bundle."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from msgspec import Struct

from openness_audit.bundles.write import RULES, Packed, Recorded, write
from openness_audit.model.evidence_bundle import BundleSettingsDoc, BundleSubjectDoc, RulesDoc
from openness_audit.pipeline import audit_model
from openness_audit.render import json
from openness_audit.sources.recording import Recorder
from openness_audit.sources.settings import SourceSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from openness_audit.model.audit import Audit
    from openness_audit.model.evidence_bundle import JudgedDoc
    from openness_audit.ruleset import RuleSet
    from openness_audit.settings import Settings, Target


class Knowledge(Struct, frozen=True, kw_only=True):
    """The rules in force as a bundle keeps them: packed, with their digest in hex, and how many are one's own.

    `file` names the archive where it lies beside the bundles; None: each bundle holds it.
    """

    packed: bytes
    sha256: str
    own: int
    file: str | None = None


def record_model(
    target: Target,
    settings: Settings,
    *,
    rules: RuleSet,
    now: datetime,
    as_of: date,
    progress: Callable[[str], None],
) -> tuple[Audit, Recorder]:
    """Audit one model as `pipeline.audit_model` does.

    Args:
        target: which model, or which directory.
        settings: how to look.
        rules: the rule set.
        now: when the run starts.
        as_of: the date the audit is judged at.
        progress: told what is going on.

    Returns:
        The document, and what was asked and answered. Raises NoVerdictError as `audit_model` does.
    """
    recorder = Recorder(SourceSettings.of(settings))
    audit = audit_model(target, settings, rules=rules, now=now, as_of=as_of, progress=progress, recorder=recorder)
    return audit, recorder


def packed(
    target: Target, audit: Audit, recorder: Recorder, knowledge: Knowledge, policy: JudgedDoc | None = None
) -> Packed:
    """Put the bundle of an audit together.

    Args:
        target: what was asked for.
        audit: the document as the pipeline gave it, not judged by a policy.
        recorder: what was asked and answered.
        knowledge: the rules in force.
        policy: the policy that judges the audit afterwards.

    Returns:
        The bundle's bytes, and the digest of its manifest.
    """
    contents, bodies = recorder.contents()
    how = recorder.settings
    return write(
        Recorded(
            contents=contents,
            bodies=bodies,
            audit=json.render(audit),
            tool=f"modelaudit {version('openness-audit')}",
            recorded_at=audit.run.started_at,
            as_of=audit.as_of,
            subject=BundleSubjectDoc(
                kind=target.kind,
                asked=target.id if target.kind == "hub" else audit.subject.id,
                revision=target.revision,
                id=audit.subject.id,
                sha=audit.subject.sha,
            ),
            settings=BundleSettingsDoc(
                endpoint=how.endpoint,
                github_api=how.github_api,
                github_hosts=any(how.github_hosts or ()),
                signed_in=how.token is not None,
                github_signed_in=how.github_token is not None,
                offline=how.offline,
                cache=recorder.cache,
                check_links=how.check_links,
                timeout_s=how.timeout or 0.0,
            ),
            rules=RulesDoc(
                version=audit.tool.ruleset.version,
                digest=audit.tool.ruleset.digest,
                vocabulary_digest=audit.tool.vocabulary_digest,
                own=knowledge.own,
                path=RULES if knowledge.file is None else None,
                file=knowledge.file,
                sha256=knowledge.sha256,
            ),
            ruleset=knowledge.packed if knowledge.file is None else None,
            policy=policy,
        )
    )
