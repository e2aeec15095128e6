"""Say under which terms a base model stands: by its own record, its licence file, or its publisher."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import msgspec
from msgspec import Struct

from openness_audit.collect.lineage.metadata import metadata
from openness_audit.collect.places import info_place
from openness_audit.errors import RuleError
from openness_audit.licenses.families import RESTRICTED
from openness_audit.licenses.ids import Resolved, resolve
from openness_audit.licenses.paths import license_role
from openness_audit.licenses.terms import terms
from openness_audit.model.capture import Failure, RepoInfo
from openness_audit.model.chain import How, Node, Step
from openness_audit.model.evidence import Absent, Cause, Observed, Unavailable
from openness_audit.model.facts import Facts
from openness_audit.model.facts_origins import Parent
from openness_audit.packaged import read_as

__all__ = [
    "facts_node", "named_node", "parent_node", "publisher_node", "record_node", "steps_of",
    "tag_node", "told_by_child", "unread_node",
]  # fmt: skip

_JOIN = re.compile(r"[\s_-]+")
_SAID = {"metadata": "declared", "files": "declared", "card-link": "linked", "card-id": "linked", "card-name": "named"}


class _Known(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    pattern: str = ""
    name: str = ""


@cache
def _known() -> tuple[tuple[re.Pattern[str] | None, re.Pattern[str] | None, str], ...]:
    """Read the patterns of ids, those of bare names, and the licences they tell of."""
    rows = read_as("vocabulary/license-parents.yaml", tuple[_Known, ...])
    try:
        return tuple(
            (re.compile(r.pattern) if r.pattern else None, re.compile(r.name) if r.name else None, r.id) for r in rows
        )
    except re.error as problem:
        raise RuleError(f"vocabulary/license-parents.yaml: {problem}") from problem


def steps_of(parents: Iterable[Parent]) -> tuple[Step, ...]:
    """Give the steps up that base models stand for."""
    return tuple(
        Step(
            id=p.id,
            name=p.name,
            relation=p.relation,
            said=_SAID[p.source],  # type: ignore[arg-type]  # every source is in the table
            candidates=p.candidates,
            places=p.places[:2],
        )
        for p in parents
    )


def publisher_node(name: str, base: Node | None = None) -> Node | None:
    """Give the terms that a publisher's own repositories are known to bear, None where nothing is known.

    Args:
        name: the model's id.
        base: what was read of it besides; its base models and places are kept.
    """
    known = next((found for pattern, _, found in _known() if pattern and pattern.search(name.lower())), None)
    if known is None:
        return None
    return _as_published(name, known, base)


def named_node(name: str) -> Node | None:
    """Give the terms that every model of a bare name is known to stand under, None where nothing is known."""
    plain = _JOIN.sub(" ", name.lower()[:100]).strip()
    known = next((found for _, pattern, found in _known() if pattern and pattern.search(plain)), None)
    return _as_published(name, known, None) if known is not None else None


def _as_published(name: str, known: str, base: Node | None) -> Node:
    node = base or Node(id=name, expression="NOASSERTION", family="unknown", how="unknown")
    return msgspec.structs.replace(
        node,
        expression=terms(known).expression,
        family=terms(known).family,
        how="publisher",
        known=(known,),
        cause=None,
        why="its publisher's models of this name are known to stand under these terms",
    )


def unread_node(name: str, cause: Cause) -> Node:
    """Give a base model whose record could not be read: its terms are unknown, unless its publisher's are known."""
    node = Node(id=name, expression="NOASSERTION", family="unknown", how="unknown", cause=cause, why=cause.detail)
    return publisher_node(name, node) or node


def _declared(info: RepoInfo) -> Resolved:
    """Resolve what the Hub's record declares: the card's metadata, else the Hub's tags."""
    values = info.card_data or {}
    raw = next((values[key] for key in ("license", "licenses", "licence") if values.get(key) is not None), None)
    if raw is None and values.get("license_name") is None:
        raw = [tag.partition(":")[2] for tag in info.tags if tag.startswith("license:")] or None
    return resolve(raw, values.get("license_name"), values.get("license_link"))


def record_node(name: str, answer: RepoInfo | Failure) -> Node:
    """Give a base model's terms and base models by the Hub's record of it alone.

    Args:
        name: the id as its child writes it.
        answer: the record, or why there is none.

    Returns:
        The node; where the metadata names no terms, those known of its publisher, else `none` where nothing is
        declared, and `unknown` with the cause where it is not said which.
    """
    if isinstance(answer, Failure):
        return unread_node(name, answer.cause)
    found = _declared(answer)
    raw = ", ".join(found.raw)
    how: How = "declared"
    cause, why = None, f"its metadata says {raw}"
    if found.expression == "NOASSERTION":
        how, why = "unknown", f"its metadata says {raw!r}, which names no terms"
        cause = Cause(code="license-not-named", source=f"models/{name}", retryable=False, detail=why)
    elif found.expression is None:
        how, why = "none", "its metadata declares no licence"
        file = next((path for path in answer.siblings if license_role(path) == "license"), None)
        if file is not None:
            how, why = "unknown", f"{why}; its {file} was not read"
            cause = Cause(code="not-requested", source=f"models/{name}/{file}", retryable=False, detail=why)
    node = Node(
        id=answer.id,
        expression=found.expression or ("NONE" if how == "none" else "NOASSERTION"),
        family=found.family if found.expression else "none-declared" if how == "none" else "unknown",
        how=how,
        steps=steps_of(metadata(None, answer).parents),
        known=found.known if how == "declared" else (),
        choice=" OR " in (found.expression or ""),
        gated=None if answer.gated is None else answer.gated is not False,
        sha=answer.sha,
        places=(info_place(answer, f"license: {raw}" if raw else ""),),
        cause=cause,
        why=why,
    )
    return node if how == "declared" else publisher_node(answer.id, node) or node


def parent_node(parent: Parent) -> Node | None:
    """Give what the facts of a child tell of a base model's terms, None where it was not looked up."""
    if parent.id is None or parent.resolved is None:
        return None
    if isinstance(parent.resolved, Unavailable):
        return unread_node(parent.id, parent.resolved.cause)
    if isinstance(parent.resolved, Absent):
        detail = f"the base model {parent.id} could not be found on the Hub (renamed, deleted or private)"
        cause = Cause(code="not-found-or-private", source=f"models/{parent.id}", retryable=False, detail=detail)
        return unread_node(parent.id, cause)
    found = resolve(parent.license)
    node = Node(
        id=parent.id,
        expression=found.expression or "NONE",
        family=found.family,
        how="declared" if found.expression not in (None, "NOASSERTION") else "none",
        known=found.known,
        gated=parent.gated,
        sha=parent.resolved.value or None,
        places=parent.resolved.places,
    )
    return node if node.how == "declared" else publisher_node(parent.id, node) or node


def facts_node(facts: Facts) -> Node:
    """Give a model's own terms and base models by everything that was read of it."""
    own = facts.licenses.own
    resolved = resolve(own.expression)
    node = Node(
        id=facts.subject.id,
        expression=own.expression,
        family=own.family,
        how=_how(facts),
        steps=steps_of(facts.lineage.parents),
        known=resolved.known if own.expression not in ("NONE", "NOASSERTION") else (),
        choice=" OR " in own.expression,
        gated=None if facts.subject.gated is None else facts.subject.gated is not False,
        sha=facts.subject.sha,
        places=own.places or ((facts.subject.place,) if facts.subject.place else ()),
        cause=_unsaid(facts),
        why=own.why,
    )
    nothing = own.expression in ("NONE", "NOASSERTION") and own.family in ("none-declared", "unknown")
    return (publisher_node(facts.subject.id, node) if nothing else None) or node


def told_by_child(facts: Facts, node: Node) -> Node:
    """Give a base model whose terms are not known the restricted ones that its child's card says it is under.

    Only where there is one base model can the words be about no other; and words of a child open nothing.
    """
    said = [p for p in facts.licenses.prose if p.scope == "base" and p.expression and p.family in RESTRICTED]
    if len(facts.lineage.parents) != 1 or len({p.expression for p in said}) != 1 or node.how not in ("unknown", "none"):
        return node
    return msgspec.structs.replace(
        node,
        expression=said[0].expression or "NOASSERTION",
        family=said[0].family,
        how="prose",
        known=resolve(said[0].expression).known,
        places=(*node.places, said[0].place),
        cause=None,
        why=f"the card of {facts.subject.id} says so",
    )


def tag_node(facts: Facts) -> Node | None:
    """Give what a model's metadata declares, None where it declares nothing or could not be read."""
    declared = facts.licenses.declared
    if not isinstance(declared, Observed) or declared.value.expression is None:
        return None
    found = resolve(list(declared.value.raw) or None, declared.value.name, declared.value.link)
    return Node(
        id=facts.subject.id,
        expression=declared.value.expression,
        family=declared.value.family,
        how="declared",
        known=found.known,
        choice=" OR " in declared.value.expression,
        places=declared.value.places,
    )


def _how(facts: Facts) -> How:
    """Say where the terms of a model were read."""
    own = facts.licenses.own
    if own.expression == "NONE":
        return "none"
    if any(p.kind in ("file", "bundled") and p.text_kind == "licence-text" for p in own.places):
        return "text"
    declared = getattr(facts.licenses.declared, "value", None)
    if declared is not None and declared.expression == own.expression != "NOASSERTION":
        return "declared"
    if any(t.place in own.places for t in facts.licenses.texts):
        return "text"
    if any(p.place in own.places for p in facts.licenses.prose):
        return "prose"
    return "unknown" if own.expression == "NOASSERTION" else "declared"


def _unsaid(facts: Facts) -> Cause | None:
    """Give the cause why a model's own terms are not known, None where they are."""
    own = facts.licenses.own
    if own.expression != "NOASSERTION" or own.family != "unknown":
        return None
    unread = getattr(facts.licenses.declared, "cause", None)
    if unread is not None:
        return unread  # type: ignore[no-any-return]  # a Cause: the declaration could not be read
    return Cause(code="license-not-named", source=f"models/{facts.subject.id}", retryable=False, detail=own.why)
