"""The base models, worded for the audit document: those that were read in full, looked up, or only named."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from openness_audit.ancestors import Ancestor
from openness_audit.document.causes import Cite
from openness_audit.model.audit_origins import EdgeDoc, LineageDoc, NodeDoc, ParentDoc
from openness_audit.model.chain import Chain, Link
from openness_audit.model.evidence import Absent, Observed, Unavailable
from openness_audit.model.facts import Facts
from openness_audit.model.facts_origins import Parent


def _access(parent: Parent) -> str:
    if parent.id is None:
        return "not-identified"
    if isinstance(parent.resolved, Observed):
        return "unknown" if parent.gated is None else "gated" if parent.gated else "public"
    if isinstance(parent.resolved, Absent):
        return "not-found-or-private"
    return parent.resolved.cause.code if isinstance(parent.resolved, Unavailable) else "not-requested"


def _edges(facts: Facts, cite: Cite) -> list[EdgeDoc]:
    return [
        EdgeDoc(from_=facts.subject.id, to=p.id or p.name, relation=p.relation, evidence=cite(p.places, "declared"))
        for p in facts.lineage.parents
    ]


def _node(facts: Facts, status: str) -> NodeDoc:
    """Word a model whose facts are known."""
    return NodeDoc(
        id=facts.subject.id,
        kind=facts.lineage.derivation,
        sha=facts.subject.sha,
        access="unknown" if facts.subject.gated is None else "gated" if facts.subject.gated else "public",
        license=facts.licenses.own.expression,
        family=facts.licenses.own.family,
        status=status,
    )


def _parent_node(parent: Parent) -> NodeDoc:
    """Word a base model that was looked up at most, not evaluated."""
    looked_up = isinstance(parent.resolved, Observed)
    return NodeDoc(
        id=parent.id or parent.name,
        kind="model",
        sha=(parent.resolved.value or None) if isinstance(parent.resolved, Observed) else None,
        access=_access(parent),
        license=parent.license,
        family=None,
        status="looked-up" if looked_up else "not-looked-up",
    )


def _link_node(link: Link, node: NodeDoc | None) -> NodeDoc:
    """Word a base model that was looked up for its terms; what was said of it already stays."""
    access = "unknown" if link.gated is None else "gated" if link.gated else "public"
    known = node or NodeDoc(
        id=link.id,
        kind="model",
        sha=link.sha,
        access=link.cause.code if link.cause else access,
        license=None,
        family=None,
        status="not-looked-up" if link.sha is None else "looked-up",
    )
    return msgspec.structs.replace(known, license=link.expression, family=link.family)


def _link_edges(chain: Chain, told: list[EdgeDoc], cite: Cite) -> list[EdgeDoc]:
    """Word the steps of the chain that no model read in full tells."""
    known = {(edge.from_.lower(), edge.to.lower()) for edge in told}
    rows = []
    for link in chain.links[1:]:
        step = (link.path[-2], link.path[-1])
        if (step[0].lower(), step[1].lower()) not in known:
            row = EdgeDoc(
                from_=step[0], to=step[1], relation=link.relations[-1], evidence=cite(link.places[-1:], "declared")
            )
            rows.append(row)
    return rows


def lineage_doc(facts: Facts, ancestors: Mapping[str, Ancestor], cite: Cite, chain: Chain | None = None) -> LineageDoc:
    """Word the base models, and theirs as far as they were evaluated or looked up for their terms."""
    parents = tuple(
        ParentDoc(id=p.id, name=p.name, relation=p.relation, source=p.source, evidence=cite(p.places, "declared"))
        for p in facts.lineage.parents
    )
    nodes = {facts.subject.id: _node(facts, "audited")}
    edges = _edges(facts, cite)
    for name, ancestor in ancestors.items():
        node = _node(ancestor.facts, "evaluated")
        nodes[name] = msgspec.structs.replace(node, id=name)
        edges += [
            EdgeDoc(from_=name, to=e.to, relation=e.relation, evidence=e.evidence) for e in _edges(ancestor.facts, cite)
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
    return LineageDoc(
        parents=parents,
        nodes=(me, *sorted(others, key=lambda n: n.id)),
        edges=tuple(sorted(edges, key=lambda e: (e.from_ != me.id, e.from_, e.to))),
    )
