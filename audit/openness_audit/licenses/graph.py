"""The base models of a model as a graph: shortest ways up, cycles, and whose terms still bind at the end of them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from functools import cache

import msgspec
from msgspec import Struct

from openness_audit.model.chain import Link, Node, Step
from openness_audit.model.evidence import Cause
from openness_audit.packaged import read_as

__all__ = ["Graph", "Way", "bare_key", "graph_of", "named_after_another", "owner", "stated"]

MOST = 64  # models of one graph


class Way(Struct, frozen=True):
    """A shortest way from the audited model up: the keys of the models on it, and the steps between them."""

    keys: tuple[str, ...]
    steps: tuple[Step, ...]


class Graph(Struct, frozen=True):
    """Models by key (the id in lower case, a bare name as it is written), and the steps from each."""

    me: str
    nodes: dict[str, Node]
    edges: dict[str, tuple[tuple[str, Step], ...]]

    def ways(self, may_pass: Callable[[str], bool] = lambda _: True) -> dict[str, Way]:
        """Give the shortest way to every model that can be reached by way of models that may be passed.

        Of ways of one length the first by name counts, so the order in which base models are written does not matter.
        """
        found = {self.me: Way((self.me,), ())}
        waiting = deque([self.me])
        while waiting:
            here = waiting.popleft()
            if not may_pass(here):
                continue
            for key, step in self.edges.get(here, ()):
                if key not in found:
                    found[key] = Way((*found[here].keys, key), (*found[here].steps, step))
                    waiting.append(key)
        return found

    def cycle(self) -> tuple[str, ...]:
        """Give the ids of the models that lead back to themselves, sorted."""
        return tuple(sorted(self.nodes[key].id for key in self.nodes if self._reaches(key, key)))

    def _reaches(self, start: str, wanted: str) -> bool:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for key, _ in self.edges.get(waiting.pop(), ()):
                if key == wanted:
                    return True
                if key not in seen:
                    seen.add(key)
                    waiting.append(key)
        return False

    def binding_way(self, key: str) -> Way | None:
        """Give the shortest way by which a base model's terms reach the audited model, None where none does.

        Whoever owns a model may give what was made from it under other terms: a way that passes a model of the same
        publisher that states its terms ends there. Terms that the publisher had from somebody else are not its own to
        change, and of a model that could not be read nobody knows whose it was before.
        """
        node = self.nodes[key]
        whose = owner(node.id)
        if not whose or not _own_terms(node, whose) or node.how == "unknown":
            return self.ways().get(key)
        return self.ways(lambda k: owner(self.nodes[k].id) != whose or not stated(self.nodes[k])).get(key)


def owner(name: str) -> str:
    """Give the organisation of an id, empty where it has none."""
    return name.partition("/")[0].lower() if "/" in name else ""


def bare_key(name: str) -> str:
    """Give the key of a model that is known by its bare name only, which no id has."""
    return f"{name.lower()} "


def stated(node: Node | Link) -> bool:
    """Say whether a model's terms are known to be something: a licence, or words that restrict."""
    return node.expression not in ("NONE", "NOASSERTION") or node.family not in ("none-declared", "unknown")


class _Owned(Struct, frozen=True, forbid_unknown_fields=True):
    licenses: tuple[str, ...]
    publishers: tuple[str, ...]
    names: str | None = None


@cache
def _rows() -> tuple[_Owned, ...]:
    return read_as("vocabulary/license-owners.yaml", tuple[_Owned, ...])


@cache
def _owners() -> dict[str, tuple[str, ...]]:
    return {name: row.publishers for row in _rows() for name in row.licenses}


def named_after_another(node: Node) -> bool:
    """Say whether a model that names no base model bears the name of another vendor's, but not that vendor's terms."""
    org, _, name = node.id.lower()[:200].rpartition("/")
    return not node.steps and any(
        row.names
        and re.search(row.names, name)
        and org not in row.publishers
        and not set(node.known) & set(row.licenses)
        for row in _rows()
    )


def _own_terms(node: Node, whose: str) -> bool:
    """Say whether a model's terms are its publisher's own to change, not a licence another vendor wrote."""
    return all(whose in _owners().get(name, (whose,)) for name in node.known)


def graph_of(me: Node, above: Mapping[str, Node]) -> Graph:
    """Join a model and its ancestors.

    Args:
        me: the audited model.
        above: what is known of every ancestor, by the id its child writes, in lower case, or by `bare_key`.

    Returns:
        The graph of all that can be reached; a base model that `above` does not have is in it with unknown terms.
    """
    start = me.id.lower()
    nodes, edges = {start: me}, {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        rows: dict[str, Step] = {}
        for step in sorted(nodes[here].steps, key=lambda s: (s.said, s.name.lower(), s.relation)):
            node = _above(step, above)
            key = node.id.lower() if step.id else bare_key(step.name)
            if key not in nodes and len(nodes) >= MOST:
                continue
            rows.setdefault(key, step)
            if key not in nodes:
                nodes[key] = node
                waiting.append(key)
        edges[here] = tuple(sorted(rows.items(), key=lambda row: row[0]))
    return Graph(start, nodes, edges)


def _above(step: Step, above: Mapping[str, Node]) -> Node:
    """Give the base model a step leads to; of a bare name, what all models it may mean agree on."""
    if step.id is not None:
        known = above.get(step.id.lower())
        if known is not None:
            return known
        detail = f"the base model {step.id} was not looked up"
        cause = Cause(code="not-requested", source=f"models/{step.id}", retryable=True, detail=detail)
        return Node(id=step.id, expression="NOASSERTION", family="unknown", how="unknown", cause=cause, why=detail)
    told = [above[name.lower()] for name in step.candidates if name.lower() in above]
    told = [node for node in told if node.cause is None or node.cause.code != "not-found-or-private"]
    if told and len({(n.expression, n.family) for n in told}) == 1 and stated(told[0]):
        first = min(told, key=lambda n: n.id.lower())
        return msgspec.structs.replace(
            first, id=step.name, steps=(), why=f"every model that {step.name!r} may mean is under {first.expression}"
        )
    by_name = above.get(bare_key(step.name))
    if by_name is not None:
        return by_name
    detail = f"the base model is named only as {step.name!r}, without an id to look it up"
    cause = Cause(code="ancestor-not-identified", source=step.name, retryable=False, detail=detail)
    return Node(id=step.name, expression="NOASSERTION", family="unknown", how="unknown", cause=cause, why=detail)
