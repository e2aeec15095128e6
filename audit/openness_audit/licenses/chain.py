"""Join the terms of a model and of everything it was made from: what binds, what is left, and what contradicts."""

from __future__ import annotations

from collections.abc import Mapping

from openness_audit.licenses.chain_conflicts import tag_upstream
from openness_audit.licenses.chain_effective import ALONE, effective
from openness_audit.licenses.graph import Graph, Way, graph_of, named_after_another
from openness_audit.licenses.notes import data_notes, share_alike_notes
from openness_audit.model.chain import Chain, Link, Node
from openness_audit.model.evidence import Cause
from openness_audit.model.facts_origins import DataSet

__all__ = ["build_chain"]

_NAMESAKE = "namesake"  # of another vendor's model, under other terms than that vendor's


def build_chain(
    me: Node,
    above: Mapping[str, Node],
    derivation: str = "finetune",
    tag: Node | None = None,
    *,
    data: tuple[DataSet, ...] = (),
    beside: frozenset[str] = frozenset(),
) -> Chain:
    """Build the chain of terms of a model. Pure.

    Args:
        me: the audited model's own terms and base models.
        above: what is known of every ancestor, by the id its child writes, in lower case; one that is missing is
            reported as not looked up.
        derivation: how the audited model was made; a mere copy passes on what its original grants. `unread` where no
            base model is known and the card was not read.
        tag: what the metadata declares, which is what conflicts; None where it declares nothing.
        data: the data sets the model names.
        beside: ids of the licences that its licence files and card name beside the tag.

    Returns:
        All links with the shortest way to each, those that bind, what is left of the licence, and every conflict of the
        model's own declaration with what stands upstream.
    """
    if derivation in ALONE and named_after_another(me):
        derivation = _NAMESAKE
    graph = graph_of(me, above)
    ways = graph.ways()
    keys = _order(ways)
    links = tuple(_link(graph, key, ways[key]) for key in keys)
    binding = tuple(_bound(graph, keys, links[0]))
    lost = _lost(links, derivation)
    return Chain(
        links=links,
        binding=binding if lost is None else (*binding, lost),
        effective=effective(links, binding, derivation),
        conflicts=tag_upstream(graph, tag, binding, beside) if tag is not None else (),
        complete=lost is None and all(link.how != "unknown" for link in links[1:]),
        cycle=graph.cycle(),
        notes=(*share_alike_notes(tag, binding), *data_notes(me.id, tag, data)) if tag is not None else (),
    )


def _lost(links: tuple[Link, ...], derivation: str) -> Link | None:
    """Stand in for the base model of a model that surely was made from one, or may have been, where none is named."""
    if len(links) > 1 or derivation in ALONE:
        return None
    me, unread = links[0], derivation == "unread"
    name = "a base model that the unread card may name" if unread else "the model it was made from"
    detail = "the card was not read" if unread else "nothing says which model this one was made from"
    if derivation == _NAMESAKE:
        detail = f"{me.id} bears the name of another vendor's model, and {detail}"
    cause = Cause(code="ancestor-not-identified", source=me.id, retryable=unread, detail=detail)
    return Link(
        id=name,
        path=(me.id, name),
        relations=("unknown" if unread or derivation == _NAMESAKE else derivation,),
        expression="NOASSERTION",
        family="unknown",
        how="unknown",
        places=me.places,
        cause=cause,
    )


def _order(ways: Mapping[str, Way]) -> list[str]:
    """Sort the audited model first, then the nearest, then by name."""
    return sorted(ways, key=lambda key: (len(ways[key].keys), key))


def _link(graph: Graph, key: str, way: Way) -> Link:
    node = graph.nodes[key]
    return Link(
        id=node.id,
        path=tuple(graph.nodes[k].id for k in way.keys),
        relations=tuple(step.relation for step in way.steps),
        expression=node.expression,
        family=node.family,
        how=node.how,
        known=node.known,
        choice=node.choice,
        gated=node.gated,
        sha=node.sha,
        places=tuple(dict.fromkeys((*node.places, *(way.steps[-1].places if way.steps else ())))),
        cause=node.cause,
    )


def _bound(graph: Graph, keys: list[str], me: Link) -> list[Link]:
    """Give the links whose terms reach the audited model, each with the shortest way by which they do."""
    found = [me]
    for key in keys[1:]:
        way = graph.binding_way(key)
        if way is not None:
            found.append(_link(graph, key, way))
    return found
