"""The chain of base models as a tree: each model once, with how it was used, its licence and what was seen of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from openness_audit.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_origins import EdgeDoc, NodeDoc

MOST_MODELS = 60  # of the tree
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.\-]{0,95}(?:/[\w.\-]{1,96})?", re.ASCII)
RELATIONS = {
    "finetune": "fine-tuned from",
    "merge": "merged from",
    "quantized": "quantised from",
    "adapter": "adapter for",
    "conversion": "converted from",
    "reupload": "copied from",
    "unknown": "made from",
}
SOURCES = {
    "metadata": "named in the metadata",
    "card-link": "linked in the card",
    "card-id": "named in the card by its id",
    "card-name": "named in the card, without an id",
    "files": "named in a file",
}
ACCESS = {
    "not-found-or-private": "not found on the Hub, or private",
    "not-requested": "not looked up",
    "not-identified": "named without an id, so it could not be looked up",
}
STATUSES = {
    "audited": "this model",
    "evaluated": "its own card and files were read",
    "looked-up": "licence and access looked up only",
}


class Branch(NamedTuple):
    """A model of the tree: how the one above was made from it, where that is said, and whether it was drawn before."""

    name: str
    url: str | None
    relation: str
    evidence: tuple[str, ...]
    node: NodeDoc | None
    source: str = ""
    children: tuple[Branch, ...] = ()
    again: bool = False


def hub_url(name: str, node: NodeDoc | None = None) -> str | None:
    """Give the address of a model at its commit, or None where there is nothing to see."""
    if not _HUB_ID.fullmatch(name) or ".." in name or node is None or node.access in ACCESS:
        return None
    return f"https://huggingface.co/{name}" + (f"/tree/{node.sha}" if node.sha else "")


class _Tree:
    """Draws each model once, the subject first."""

    def __init__(self, audit: Audit, most: int) -> None:
        self._most = most
        self._nodes = {n.id: n for n in audit.lineage.nodes}
        self._sources = {p.id or p.name: SOURCES.get(p.source, clean(p.source)) for p in audit.lineage.parents}
        self._edges: dict[str, list[EdgeDoc]] = {}
        for edge in audit.lineage.edges:
            self._edges.setdefault(edge.from_, []).append(edge)
        self.drawn: set[str] = set()

    def branch(self, name: str, relation: str = "", evidence: tuple[str, ...] = (), depth: int = 0) -> Branch:
        again = name in self.drawn
        self.drawn.add(name)
        children = [] if again or depth > self._most else list(self._children(name, depth))
        node = self._nodes.get(name)
        source = self._sources.get(name, "") if depth == 1 else ""
        return Branch(clean(name), hub_url(name, node), relation, evidence, node, source, tuple(children), again)

    def _children(self, name: str, depth: int) -> Iterator[Branch]:
        for edge in self._edges.get(name, ()):
            if len(self.drawn) < self._most:
                relation = RELATIONS.get(edge.relation, clean(edge.relation))
                yield self.branch(edge.to, relation, edge.evidence, depth + 1)


def grow(audit: Audit, most: int = MOST_MODELS) -> tuple[Branch, int]:
    """Give the chain of base models from the subject down, and how many models are left out."""
    grown = _Tree(audit, most)
    root = grown.branch(audit.subject.id)
    every = {n.id for n in audit.lineage.nodes} | {e.to for e in audit.lineage.edges}
    return root, len(every - grown.drawn)
