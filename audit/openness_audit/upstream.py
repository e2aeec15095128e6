"""Look up the terms of a model's base models, to the roots: one request each, all of one level at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from typing import TypeAlias

import msgspec

from openness_audit.ancestors import Ancestor
from openness_audit.collect.assemble import TURN
from openness_audit.collect.licenses.parents import (
    facts_node,
    named_node,
    parent_node,
    publisher_node,
    record_node,
    steps_of,
    tag_node,
    told_by_child,
    unread_node,
)
from openness_audit.collect.licenses.records import texts_node, wanted_of
from openness_audit.licenses.chain import build_chain
from openness_audit.licenses.graph import bare_key
from openness_audit.licenses.ids import resolve
from openness_audit.model.capture import Failure, RepoInfo, Text
from openness_audit.model.chain import Chain, Node, Step
from openness_audit.model.evidence import Cause, Unavailable
from openness_audit.model.facts import Facts, Unread

LEVELS = 12  # real chains are shorter; one that a stranger made may have no end
MOST = 24  # base models looked up for their terms in one audit
_UPSTREAM = "tag-upstream"

TEXTS = 6  # licence files and cards read of base models whose metadata names no terms

Ask: TypeAlias = Callable[[str], RepoInfo | Failure]
Read: TypeAlias = Callable[[RepoInfo, str], Text | Failure]


class Lookups:
    """What was asked so far, so that each base model is looked up once however often it is named."""

    def __init__(self, ask: Ask, pool: Executor, read_text: Read | None = None) -> None:
        """Ask for records by `ask` and for files by `read_text`, in the threads of `pool`."""
        self._ask = ask
        self._read_text = read_text
        self._pool = pool
        self._known: dict[str, Node] = {}
        self._records: dict[str, RepoInfo] = {}
        self._texts = TEXTS

    def climb(self, facts: Facts, read: Mapping[str, Ancestor] | None = None) -> dict[str, Node]:
        """Give every ancestor's terms, by the id its child writes, in lower case.

        Args:
            facts: the audited model's.
            read: ancestors that were read in full already: they are not asked for, and all that was read counts. Where
                it is given, the few others whose metadata names no terms are read for them.
        """
        full = {name.lower(): a.facts for name, a in (read or {}).items()}
        found: dict[str, Node] = {}
        level = _wanted(steps_of(facts.lineage.parents))
        for depth in range(LEVELS + 1):
            level = [
                i for i in dict.fromkeys(level) if i.lower() not in found and i.lower() != facts.subject.id.lower()
            ]
            if not level:
                break
            fresh = [i for i in level if i.lower() not in full]
            self._look_up(fresh, at_most=MOST if depth < LEVELS else 0)
            if read is not None:
                self._deepen(fresh)
            with TURN:
                found |= {i.lower(): facts_node(full[i.lower()]) for i in level if i.lower() in full}
            found |= {i.lower(): self._known[i.lower()] for i in fresh}
            level = [above for i in level for above in _wanted(found[i.lower()].steps)]
        return found

    def _look_up(self, names: Iterable[str], at_most: int) -> None:
        """Ask for those that are not known, all at once, as far as the caps allow."""
        new = [i for i in {n.lower(): n for n in names}.values() if i.lower() not in self._known]
        room = max(0, at_most - sum(_was_asked(node) for node in self._known.values()))
        answers = dict(zip(new[:room], self._pool.map(self._ask, new[:room]), strict=True))
        self._records |= {i.lower(): answer for i, answer in answers.items() if isinstance(answer, RepoInfo)}
        with TURN:
            self._known |= {i.lower(): record_node(i, answer) for i, answer in answers.items()}
            self._known |= {i.lower(): _left_out(i) for i in new[room:]}

    def _deepen(self, names: Iterable[str]) -> None:
        """Read the licence file and card of models whose record names no terms, while the allowance lasts."""
        if self._read_text is None:
            return
        wanted: list[tuple[RepoInfo, str]] = []
        for name in dict.fromkeys(n.lower() for n in names):
            info = self._records.get(name)
            if info is None or info.gated or self._known[name].how not in {"none", "unknown"}:
                continue
            files = [(info, path) for path in wanted_of(info)]
            wanted += files[: self._texts]
            self._texts -= len(files[: self._texts])
        read_text = self._read_text
        answers = list(self._pool.map(lambda row: read_text(*row), wanted))
        with TURN:
            for info in {info.id: info for info, _ in wanted}.values():
                texts = {path: text for (i, path), text in zip(wanted, answers, strict=True) if i.id == info.id}
                node = texts_node(info, texts)
                self._known |= {key: node for key, record in self._records.items() if record.id == info.id}


def _was_asked(node: Node) -> bool:
    return node.cause is None or node.cause.code != "budget"


def _left_out(name: str) -> Node:
    detail = f"the base model {name} was not looked up: an audit asks for {MOST} base models, {LEVELS} steps up at most"
    return unread_node(name, Cause(code="budget", source=f"models/{name}", retryable=False, detail=detail))


def _wanted(steps: Iterable[Step]) -> list[str]:
    """List the ids to look up; of a bare name those it may mean, unless their publisher's terms are known anyway."""
    return [i for step in steps for i in ((step.id,) if step.id else step.candidates)]


def chain_of(facts: Facts, ancestors: Mapping[str, Ancestor], terms: Mapping[str, Node] | None = None) -> Chain:
    """Build the chain of terms from what was read: full facts before records, records before what a child tells.

    Args:
        facts: the audited model's.
        ancestors: those that were read in full, by the id their child writes.
        terms: what `Lookups.climb` gave.
    """
    with TURN:
        above = {p.id.lower(): node for p in facts.lineage.parents if p.id and (node := parent_node(p)) is not None}
        above |= terms or {}
        above |= {name.lower(): facts_node(a.facts) for name, a in ancestors.items()}
        me = facts_node(facts)
        for step in [s for node in (me, *above.values()) for s in node.steps if s.id is None]:
            named = {i.lower(): node for i in step.candidates if (node := publisher_node(i)) is not None}
            by_name = named_node(step.name)
            above = named | ({bare_key(step.name): by_name} if by_name is not None else {}) | above
        for parent in facts.lineage.parents:
            key = parent.id.lower() if parent.id else bare_key(parent.name)
            if key in above:
                above = {**above, key: told_by_child(facts, above[key])}
        unread = not facts.lineage.parents and isinstance(facts.card, Unavailable)
        kind = "unread" if unread else facts.lineage.derivation
        return build_chain(me, above, kind, tag_node(facts), data=facts.data, beside=_beside(facts))


def _beside(facts: Facts) -> frozenset[str]:
    """Give the licences that the licence files, and the card's words on the model or its base, name."""
    files = [t.expression for t in facts.licenses.texts if t.role == "license" and t.match != "closest"]
    told = [
        p.expression for p in facts.licenses.prose if p.scope in {"model", "weights", "base"} and p.whose != "other"
    ]
    return frozenset(name for said in (*files, *told) if said for name in resolve(said).known)


def with_chain(facts: Facts, chain: Chain) -> Facts:
    """Give the facts with the conflicts that the chain shows, and with the base models whose terms were not read."""
    kept = tuple(c for c in facts.licenses.conflicts if c.kind != _UPSTREAM)
    listed = {row.what.lower() for row in facts.unread}
    unread = tuple(
        Unread(what=link.id, scope="parent", cause=link.cause)
        for link in chain.links[1:]
        if link.cause is not None and link.id.lower() not in listed
    )
    licenses = msgspec.structs.replace(facts.licenses, conflicts=(*kept, *chain.conflicts))
    return msgspec.structs.replace(facts, licenses=licenses, unread=(*facts.unread, *unread))
