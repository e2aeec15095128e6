"""Audit document -> what is kept of it to be compared later. Pure."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Literal

from openness_audit.document.parts import MOST_FILES
from openness_audit.licenses.paths import license_role
from openness_audit.model.lock import (
    BaseMark,
    CardMark,
    CodeMark,
    CriterionMark,
    DataMark,
    FileMark,
    FindingMark,
    LicenseMark,
    ObligationMark,
    PlaceMark,
    PolicyMark,
    RulesMark,
    Snapshot,
    TextMark,
    UseMark,
    WeightsMark,
)
from openness_audit.policy.digests import license_digest

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_licenses import ObligationDoc, ResolvedLicense
    from openness_audit.model.audit_origins import CodeRepositoryDoc

CARD = "readme.md"
LISTING = "file listing"  # as `not_checked` calls it
_WEIGHTS = "weights"  # the kinds of files of weights begin so
_NO_CARD, _DEAD_CODE = "no-card", "dead-repository"  # findings
_DUTY = {"applies": 0, "conditional": 1, "unknown": 2}


def snapshot(audit: Audit) -> Snapshot:
    """Keep of an audit what a later one is compared with.

    Args:
        audit: the document, judged by a policy or not.

    Returns:
        What the lock stores; the same document gives the same snapshot. What could not be looked at is kept as such.
    """
    said, terms = audit.licenses, audit.verdict
    policy = terms.policy
    unread = {place.what for place in audit.not_checked}
    return Snapshot(
        id=audit.subject.id,
        asked=audit.subject.revision,
        sha=audit.subject.sha,
        as_of=audit.as_of,
        gated=audit.subject.gated,
        card=_card(audit, unread),
        declared=LicenseMark(expression=said.declared.expression, family=said.declared.family, raw=said.declared.raw),
        texts=tuple(
            TextMark(path=t.path, sha256=t.sha256, expression=t.expression, match=t.match)
            for t in sorted(said.texts, key=lambda t: t.path)
        ),
        texts_read=LISTING not in unread and not any(_is_license(what) for what in unread),
        own=_license(said.own),
        effective=_license(said.effective),
        terms_read=bool(said.chain_complete) and all(u.verdict != "not-determined" for u in said.uses),
        weights=_weights(audit, unread),
        base_models=_base_models(audit),
        training_data=_data(audit),
        code_repositories=_code(audit, unread),
        criteria=tuple(
            CriterionMark(id=c.id, status=c.status, low=c.points_low, high=c.points_high) for c in audit.criteria
        ),
        score_low=audit.score.low,
        score_high=audit.score.high,
        class_=terms.class_,
        terms=terms.terms,
        extent=terms.extent,
        osaid=terms.osaid,
        uses=tuple(UseMark(use=u.use, verdict=u.verdict) for u in said.uses),
        obligations=_obligations(audit),
        findings=_findings(audit),
        undecided=tuple(sorted({u.rule for u in audit.undecided})),
        license_digest=license_digest(audit),
        policy=PolicyMark(name=policy.name, digest=policy.digest, path=policy.path, result=policy.result)
        if policy
        else None,
        not_checked=tuple(sorted({PlaceMark(what=n.what, code=n.code) for n in audit.not_checked}, key=_place)),
        rules=RulesMark(
            program=audit.tool.version,
            version=audit.tool.ruleset.version,
            digest=audit.tool.ruleset.digest,
            vocabulary_digest=audit.tool.vocabulary_digest,
        ),
    )


def _place(mark: PlaceMark) -> tuple[str, str]:
    return mark.what, mark.code


def _license(found: ResolvedLicense) -> LicenseMark:
    return LicenseMark(expression=found.expression, family=found.family)


def _is_license(what: str) -> bool:
    """Say whether a place that was not read is a licence file of the model itself."""
    elsewhere = ": " in what or "://" in what or what.startswith(("github.com/", "datasets/"))
    return not elsewhere and license_role(what.partition(" and ")[0]) is not None


def _card(audit: Audit, unread: set[str]) -> CardMark:
    """Give the digest of the card's bytes, which every citation of the card carries."""
    digests = {
        e.sha256 for e in audit.evidence if e.repo == audit.subject.id and (e.path or "").lower() == CARD and e.sha256
    }
    if digests:
        return CardMark(state="present", sha256=min(digests))
    if any(what.lower() == CARD or what == LISTING for what in unread):
        return CardMark(state="unknown")
    return CardMark(state="absent" if any(f.rule == _NO_CARD for f in audit.findings) else "present")


def _weights(audit: Audit, unread: set[str]) -> WeightsMark:
    """Keep the files of weights; a listing that was not read, or not to its end, has no digest."""
    files = tuple(
        FileMark(path=f.path, size=f.size, sha256=f.sha256)
        for f in sorted(audit.files, key=lambda f: f.path)
        if f.kind.startswith(_WEIGHTS)
    )
    if LISTING in unread:
        return WeightsMark(digest=None, files=files)
    rows = json.dumps([[f.path, f.size, f.sha256] for f in files], ensure_ascii=True, separators=(",", ":"))
    cut = len(audit.files) >= MOST_FILES
    return WeightsMark(digest=f"sha256:{hashlib.sha256(rows.encode()).hexdigest()}", files=files, cut=cut)


def _base_models(audit: Audit) -> tuple[BaseMark, ...]:
    """Keep every model of the lineage but the audited one; several ways to one are one mark."""
    me = audit.subject.id.lower()
    relations: dict[str, list[str]] = {}
    for edge in audit.lineage.edges:
        relations.setdefault(edge.to.lower(), []).append(edge.relation)
    direct = {(p.id or p.name).lower() for p in audit.lineage.parents}
    marks = {
        node.id.lower(): BaseMark(
            id=node.id,
            relation=", ".join(sorted(set(relations.get(node.id.lower(), [])))),
            license=node.license,
            family=node.family,
            access=node.access,
            direct=node.id.lower() in direct,
        )
        for node in audit.lineage.nodes
        if node.id.lower() != me
    }
    return tuple(marks[name] for name in sorted(marks))


def _data(audit: Audit) -> tuple[DataMark, ...]:
    marks = {
        (name.lower(), row.stage): DataMark(
            name=name,
            stage=row.stage,
            availability=row.availability,
            access=row.access,
            licenses=tuple(sorted(set(row.licenses))),
        )
        for row in audit.training_data
        if (name := row.id or row.name)
    }
    return tuple(marks[key] for key in sorted(marks))


def _code(audit: Audit, unread: set[str]) -> tuple[CodeMark, ...]:
    """Keep the publisher's repositories; one that is neither read nor said to be dead could not be looked at."""
    dead = {word.strip(",") for f in audit.findings if f.rule == _DEAD_CODE for word in f.message.lower().split()}
    left = {what.lower() for what in unread}

    def state(row: CodeRepositoryDoc) -> Literal["read", "gone", "unknown"]:
        if row.url.lower() in dead:
            return "gone"
        return "read" if row.commit and row.url.partition("://")[2].lower() not in left else "unknown"

    marks = {
        row.url.lower(): CodeMark(url=row.url, state=state(row), commit=row.commit, license=row.license)
        for row in audit.code_repositories
        if row.whose == "self"
    }
    return tuple(marks[url] for url in sorted(marks))


def _obligations(audit: Audit) -> tuple[ObligationMark, ...]:
    """Keep each kind of demand once: whose terms make it is told by the first that does, and says little."""
    rows: dict[str, list[ObligationDoc]] = {}
    for row in audit.licenses.obligations:
        rows.setdefault(row.id, []).append(row)
    return tuple(
        ObligationMark(
            id=name,
            status=min((row.status for row in rows[name]), key=_DUTY.__getitem__),
            values=tuple(sorted({row.value for row in rows[name] if row.value})),
            sources=tuple(sorted({row.source for row in rows[name]})),
        )
        for name in sorted(rows)
    )


def _findings(audit: Audit) -> tuple[FindingMark, ...]:
    levels = {a.rule for a in audit.assessments} | {c.id for c in audit.components}
    marks = {f.id: FindingMark(id=f.id, severity=f.severity) for f in audit.findings if f.rule not in levels}
    return tuple(marks[name] for name in sorted(marks))
