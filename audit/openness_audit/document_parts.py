"""The parts of the audit document that only retell facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import msgspec

from openness_audit.ancestors import Ancestor
from openness_audit.document_terms import chain_docs, obligation_docs, use_docs
from openness_audit.model import audit as doc
from openness_audit.model.assessment import Evaluation
from openness_audit.model.capture import Listing
from openness_audit.model.chain import Chain, Link
from openness_audit.model.evidence import Absent, Observed, Place, Strength, Unavailable
from openness_audit.model.facts import Facts, LicenseConflict, Parent

Cite: TypeAlias = Callable[[Iterable[Place], Strength], tuple[str, ...]]
MOST_FILES = 400  # files listed in the document; a repository may hold a hundred thousand


def subject_doc(facts: Facts) -> doc.SubjectDoc:
    """Word the subject."""
    s = facts.subject
    return doc.SubjectDoc(
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


def license_docs(facts: Facts, cite: Cite, chain: Chain | None = None) -> doc.LicensesDoc:
    """Word everything read about the licence; `chain` says what is left of it after upstream."""
    found = facts.licenses
    declared = found.declared.value if isinstance(found.declared, Observed) else None
    if declared is not None and isinstance(found.declared, Observed):
        cite(found.declared.places, "declared")
    for text in found.texts:
        cite((text.place,), "verified")
    return doc.LicensesDoc(
        declared=doc.DeclaredDoc(
            raw=declared.raw if declared else (),
            expression=declared.expression if declared else None,
            family=declared.family
            if declared
            else ("unknown" if isinstance(found.declared, Unavailable) else "none-declared"),
        ),
        texts=tuple(
            doc.LicenseTextDoc(
                path=t.path,
                expression=t.expression,
                family=t.family,
                match=t.match,
                similarity=t.similarity,
                changed=t.changed,
                sha256=t.sha256,
            )
            for t in sorted(found.texts, key=lambda t: t.path)
        ),
        prose=tuple(
            doc.LicenseProseDoc(expression=p.expression, family=p.family, scope=p.scope, line=p.place.line)
            for p in found.prose
        ),
        own=doc.ResolvedLicense(expression=found.own.expression, family=found.own.family, why=found.own.why),
        effective=_effective(facts, chain),
        obligations=obligation_docs(chain, cite) if chain else (),
        uses=use_docs(chain, found.conflicts, cite) if chain else (),
        chain=chain_docs(chain, cite) if chain else (),
        chain_complete=chain.complete if chain else None,
        conflicts=tuple(_conflict(c, cite) for c in found.conflicts),
        notes=tuple(_conflict(c, cite) for c in chain.notes) if chain else (),
    )


def _conflict(found: LicenseConflict, cite: Cite) -> doc.ConflictDoc:
    return doc.ConflictDoc(
        kind=found.kind,
        between=found.between,
        why=found.why,
        path=found.path,
        severity=found.severity,
        confidence=found.confidence,
        evidence=cite(found.places, "declared"),
        clauses=found.clauses,
    )


def _effective(facts: Facts, chain: Chain | None) -> doc.ResolvedLicense:
    if chain is None:
        own = facts.licenses.own
        return doc.ResolvedLicense(expression=own.expression, family=own.family, why=own.why)
    left = chain.effective
    return doc.ResolvedLicense(
        expression=left.expression, family=left.family, why=left.why, inherited_from=left.inherited_from
    )


def _access(parent: Parent) -> str:
    if parent.id is None:
        return "not-identified"
    if isinstance(parent.resolved, Observed):
        return "unknown" if parent.gated is None else "gated" if parent.gated else "public"
    if isinstance(parent.resolved, Absent):
        return "not-found-or-private"
    return parent.resolved.cause.code if isinstance(parent.resolved, Unavailable) else "not-requested"


def _edges(facts: Facts, cite: Cite) -> list[doc.EdgeDoc]:
    return [
        doc.EdgeDoc(from_=facts.subject.id, to=p.id or p.name, relation=p.relation, evidence=cite(p.places, "declared"))
        for p in facts.lineage.parents
    ]


def _node(facts: Facts, status: str) -> doc.NodeDoc:
    """Word a model whose facts are known."""
    return doc.NodeDoc(
        id=facts.subject.id,
        kind=facts.lineage.derivation,
        sha=facts.subject.sha,
        access="unknown" if facts.subject.gated is None else "gated" if facts.subject.gated else "public",
        license=facts.licenses.own.expression,
        family=facts.licenses.own.family,
        status=status,
    )


def _parent_node(parent: Parent) -> doc.NodeDoc:
    """Word a base model that was looked up at most, not evaluated."""
    looked_up = isinstance(parent.resolved, Observed)
    return doc.NodeDoc(
        id=parent.id or parent.name,
        kind="model",
        sha=(parent.resolved.value or None) if isinstance(parent.resolved, Observed) else None,
        access=_access(parent),
        license=parent.license,
        family=None,
        status="looked-up" if looked_up else "not-looked-up",
    )


def _link_node(link: Link, node: doc.NodeDoc | None) -> doc.NodeDoc:
    """Word a base model that was looked up for its terms; what was said of it already stays."""
    access = "unknown" if link.gated is None else "gated" if link.gated else "public"
    known = node or doc.NodeDoc(
        id=link.id,
        kind="model",
        sha=link.sha,
        access=link.cause.code if link.cause else access,
        license=None,
        family=None,
        status="not-looked-up" if link.sha is None else "looked-up",
    )
    return msgspec.structs.replace(known, license=link.expression, family=link.family)


def _link_edges(chain: Chain, told: list[doc.EdgeDoc], cite: Cite) -> list[doc.EdgeDoc]:
    """Word the steps of the chain that no model read in full tells."""
    known = {(edge.from_.lower(), edge.to.lower()) for edge in told}
    rows = []
    for link in chain.links[1:]:
        step = (link.path[-2], link.path[-1])
        if (step[0].lower(), step[1].lower()) not in known:
            row = doc.EdgeDoc(
                from_=step[0], to=step[1], relation=link.relations[-1], evidence=cite(link.places[-1:], "declared")
            )
            rows.append(row)
    return rows


def lineage_doc(
    facts: Facts, ancestors: Mapping[str, Ancestor], cite: Cite, chain: Chain | None = None
) -> doc.LineageDoc:
    """Word the base models, and theirs as far as they were evaluated or looked up for their terms."""
    parents = tuple(
        doc.ParentDoc(id=p.id, name=p.name, relation=p.relation, source=p.source, evidence=cite(p.places, "declared"))
        for p in facts.lineage.parents
    )
    nodes = {facts.subject.id: _node(facts, "audited")}
    edges = _edges(facts, cite)
    for name, ancestor in ancestors.items():
        node = _node(ancestor.facts, "evaluated")
        nodes[name] = msgspec.structs.replace(node, id=name)
        edges += [
            doc.EdgeDoc(from_=name, to=e.to, relation=e.relation, evidence=e.evidence)
            for e in _edges(ancestor.facts, cite)
        ]
    for model in (facts, *(a.facts for a in ancestors.values())):
        for parent in model.lineage.parents:
            nodes.setdefault(parent.id or parent.name, _parent_node(parent))
    if chain is not None:
        spelled = {name.lower(): name for name in nodes}
        for link in chain.links[1:]:
            name = spelled.get(link.id.lower(), link.id)
            nodes[name] = _link_node(link, nodes.get(name))
        edges += _link_edges(chain, edges, cite)
    me, *others = nodes.values()
    return doc.LineageDoc(
        parents=parents,
        nodes=(me, *sorted(others, key=lambda n: n.id)),
        edges=tuple(sorted(edges, key=lambda e: (e.from_ != me.id, e.from_, e.to))),
    )


_STAGED = {"public": "open", "gated": "partial", "missing": "closed", "unresolved": "unknown"}


def data_doc(facts: Facts, cite: Cite) -> tuple[doc.TrainingDataDoc, ...]:
    """Word the data sets named, in the order of stage, then name."""
    return tuple(
        doc.TrainingDataDoc(
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


def code_doc(facts: Facts, cite: Cite) -> tuple[doc.CodeRepositoryDoc, ...]:
    """Word the linked code repositories."""
    return tuple(
        doc.CodeRepositoryDoc(
            url=r.url,
            commit=r.commit,
            role=", ".join(sorted({role.role for role in r.roles})) or "no role found",
            whose=r.whose,
            license=r.license,
            evidence=cite(r.places, "verified" if isinstance(r.opened, Observed) else "declared"),
        )
        for r in sorted(facts.code, key=lambda r: r.key)
    )


def file_docs(facts: Facts, listing: Listing | None) -> tuple[doc.FileDoc, ...]:
    """Word the files that matter to the audit: those of a known kind, weights first."""
    if not isinstance(facts.files, Observed) or listing is None:
        return ()
    kinds: dict[str, str] = {
        path: group.kind for group in facts.files.value.groups for path in group.paths if group.kind != "other"
    }
    kinds |= {path: group.kind for group in facts.files.value.weights.groups for path in group.paths}
    rows = sorted(
        (
            doc.FileDoc(path=f.path, size=f.size, sha256=f.sha256, kind=kinds[f.path])
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
) -> tuple[doc.NotCheckedDoc, ...]:
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
    words = {doc.NotCheckedDoc(what=what, code=cause.code, why=cause.detail) for what, cause in rows}
    return tuple(sorted(words, key=lambda r: (r.what, r.code, r.why)))
