"""An audit in the few fields that a document about many models gives of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, TypedDict

from openness_audit import exits
from openness_audit.model.scan import UnmetDoc

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_verdict import ScoreDoc
    from openness_audit.model.rules import Severity

__all__ = ["InShort", "in_short"]

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


class InShort(TypedDict):
    """The fields that `ScannedDoc` and `NamedModelDoc` have in common, of a model that was audited."""

    sha: str | None
    class_: str | None
    sentence: str | None
    score: ScoreDoc | None
    use: str | None
    use_verdict: str | None
    policy: Literal["met", "violated", "no-verdict"] | None
    clauses: tuple[UnmetDoc, ...]
    findings: dict[Severity, int]
    offline: bool
    bundled: bool
    exit_code: int


def in_short(audit: Audit) -> InShort:
    """Give verdict, score, wanted use, policy and findings of an audit; findings that are waived do not count."""
    policy = audit.verdict.policy
    counts = Counter(f.severity for f in audit.findings if f.waiver is None)
    return InShort(
        sha=audit.subject.sha,
        class_=audit.verdict.class_,
        sentence=audit.verdict.sentence,
        score=audit.score,
        use=audit.verdict.wanted,
        use_verdict=next((u.verdict for u in audit.licenses.uses if u.use == audit.verdict.wanted), None),
        policy=policy.result if policy else None,
        clauses=tuple(
            UnmetDoc(id=c.id, met=c.met, why=c.why)
            for c in (policy.clauses if policy else ())
            if c.met != "met" and not c.accepted
        ),
        findings={name: counts[name] for name in _SEVERITIES if counts[name]},
        offline=audit.run.offline,
        bundled=bool(audit.run.bundled),
        exit_code=exits.of_audit(audit)[0],
    )
