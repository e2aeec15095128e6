"""The parts of the audit document that only retell facts."""

from __future__ import annotations

from collections.abc import Mapping

from openness_audit.ancestors import Ancestor
from openness_audit.document.causes import Cite
from openness_audit.document.terms import chain_docs, obligation_docs, use_docs
from openness_audit.model.assessment import Evaluation
from openness_audit.model.audit import FileDoc, NotCheckedDoc, SubjectDoc
from openness_audit.model.audit_licenses import (
    ConflictDoc,
    DeclaredDoc,
    LicenseProseDoc,
    LicensesDoc,
    LicenseTextDoc,
    ResolvedLicense,
)
from openness_audit.model.audit_origins import (
    CodeRepositoryDoc,
    TrainingDataDoc,
)
from openness_audit.model.capture import Listing
from openness_audit.model.chain import Chain
from openness_audit.model.evidence import Observed, Unavailable
from openness_audit.model.facts import Facts
from openness_audit.model.facts_licenses import LicenseConflict, LicenseFacts

MOST_FILES = 400  # files listed in the document; a repository may hold a hundred thousand


def subject_doc(facts: Facts) -> SubjectDoc:
    """Word the subject."""
    s = facts.subject
    return SubjectDoc(
        kind="directory" if s.local else "model",
        id=s.id,
        revision=s.revision,
        sha=s.sha,
        url=s.url,
        last_modified=s.last_modified,
        gated=s.gated,
        pipeline_tag=s.pipeline_tag,
        library=s.library,
    )


def declared_doc(found: LicenseFacts) -> DeclaredDoc:
    """Word the metadata's licence."""
    declared = found.declared.value if isinstance(found.declared, Observed) else None
    if declared is None:
        family = "unknown" if isinstance(found.declared, Unavailable) else "none-declared"
        return DeclaredDoc(raw=(), expression=None, family=family)
    return DeclaredDoc(raw=declared.raw, expression=declared.expression, family=declared.family)


def license_docs(facts: Facts, cite: Cite, chain: Chain | None = None) -> LicensesDoc:
    """Word everything read about the licence; `chain` says what is left of it after upstream."""
    found = facts.licenses
    declared = found.declared.value if isinstance(found.declared, Observed) else None
    if declared is not None and isinstance(found.declared, Observed):
        cite(found.declared.places, "declared")
    for text in found.texts:
        cite((text.place,), "verified")
    return LicensesDoc(
        declared=declared_doc(found),
        texts=tuple(
            LicenseTextDoc(
                path=t.path,
                expression=t.expression,
                family=t.family,
                match=t.match,
                similarity=t.similarity,
                changed=t.changed,
                sha256=t.sha256,
                version=t.version,
                reason=t.reason,
            )
            for t in sorted(found.texts, key=lambda t: t.path)
        ),
        prose=tuple(
            LicenseProseDoc(expression=p.expression, family=p.family, scope=p.scope, line=p.place.line)
            for p in found.prose
        ),
        own=ResolvedLicense(expression=found.own.expression, family=found.own.family, why=found.own.why),
        effective=_effective(facts, chain),
        obligations=obligation_docs(chain, cite) if chain else (),
        uses=use_docs(chain, found.conflicts, cite) if chain else (),
        chain=chain_docs(chain, cite) if chain else (),
        chain_complete=chain.complete if chain else None,
        conflicts=tuple(_conflict(c, cite) for c in found.conflicts),
        notes=tuple(_conflict(c, cite) for c in chain.notes) if chain else (),
    )


def _conflict(found: LicenseConflict, cite: Cite) -> ConflictDoc:
    return ConflictDoc(
        kind=found.kind,
        between=found.between,
        why=found.why,
        path=found.path,
        severity=found.severity,
        confidence=found.confidence,
        evidence=cite(found.places, "declared"),
        clauses=found.clauses,
    )


def _effective(facts: Facts, chain: Chain | None) -> ResolvedLicense:
    if chain is None:
        own = facts.licenses.own
        return ResolvedLicense(expression=own.expression, family=own.family, why=own.why)
    left = chain.effective
    return ResolvedLicense(
        expression=left.expression, family=left.family, why=left.why, inherited_from=left.inherited_from
    )


_STAGED = {"public": "open", "gated": "partial", "missing": "closed", "unresolved": "unknown"}


def data_doc(facts: Facts, cite: Cite) -> tuple[TrainingDataDoc, ...]:
    """Word the data sets named, in the order of stage, then name."""
    return tuple(
        TrainingDataDoc(
            id=d.id,
            name=d.name,
            url=d.url,
            stage=d.stage,
            availability="closed" if d.how == "undisclosed" else _STAGED.get(d.access, "unknown"),
            access=d.access,
            licenses=d.licenses or ((d.license,) if d.license else ()),
            evidence=cite(d.places, "declared"),
        )
        for d in sorted(facts.data, key=lambda d: (d.stage, d.name.lower(), d.url or ""))
        if d.whose == "self"
    )


def code_doc(facts: Facts, cite: Cite) -> tuple[CodeRepositoryDoc, ...]:
    """Word the linked code repositories."""
    return tuple(
        CodeRepositoryDoc(
            url=r.url,
            commit=r.commit,
            role=", ".join(sorted({role.role for role in r.roles})) or "no role found",
            whose=r.whose,
            license=r.license,
            evidence=cite(r.places, "verified" if isinstance(r.opened, Observed) else "declared"),
        )
        for r in sorted(facts.code, key=lambda r: r.key)
    )


def file_docs(facts: Facts, listing: Listing | None) -> tuple[FileDoc, ...]:
    """Word the files that matter to the audit: those of a known kind, weights first."""
    if not isinstance(facts.files, Observed) or listing is None:
        return ()
    kinds: dict[str, str] = {
        path: group.kind for group in facts.files.value.groups for path in group.paths if group.kind != "other"
    }
    kinds |= {path: group.kind for group in facts.files.value.weights.groups for path in group.paths}
    rows = sorted(
        (
            FileDoc(path=f.path, size=f.size, sha256=f.sha256, kind=kinds[f.path])
            for f in listing.files
            if f.path in kinds
        ),
        key=lambda f: (not f.kind.startswith("weights"), f.path),
    )
    return tuple(rows[:MOST_FILES])


def _same_place(source: str, listed: set[str]) -> bool:
    """Say whether a cause speaks of a place that is listed already, by its path, id or address."""
    return any(source == what or source.endswith(f"/{what}") or what.endswith(f"/{source}") for what in listed)


def not_checked(
    facts: Facts, found: Evaluation, ancestors: Mapping[str, Ancestor] | None = None
) -> tuple[NotCheckedDoc, ...]:
    """List what should have been looked at and could not be, of the model and its base models, each place once."""
    rows = [(u.what, u.cause) for u in facts.unread]
    rows += [(f"{name}: {u.what}", u.cause) for name, a in (ancestors or {}).items() for u in a.facts.unread]
    listed = {what for what, _ in rows}
    later = [
        (f"datasets/{d.id}" if d.id else d.name, d.cause) for d in facts.data if d.access == "unavailable" and d.cause
    ]
    later += [(c.source, c) for a in found.assessments.values() for c in a.causes]
    later += [(c.source, c) for causes in found.unknown_findings.values() for c in causes]
    rows += [(what, cause) for what, cause in later if not _same_place(what, listed)]
    words = {NotCheckedDoc(what=what, code=cause.code, why=cause.detail) for what, cause in rows}
    return tuple(sorted(words, key=lambda r: (r.what, r.code, r.why)))
