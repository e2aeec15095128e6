"""Checks on references that lead nowhere."""

from __future__ import annotations

from openness_audit.checks.base import (
    Answer,
    CouldNot,
    NoArgs,
    NotSeen,
    check,
    seen,
    subject_place,
    texts_searched,
    texts_unread,
)
from openness_audit.model.evidence import Absent, Unavailable
from openness_audit.model.facts import Facts


@check("dead-repository", NoArgs)
def dead_repository(facts: Facts, args: NoArgs) -> Answer:  # noqa: ARG001 - every check has this shape
    """A linked code repository of the publisher does not exist any more."""
    dead = [repo for repo in facts.code if repo.whose == "self" and isinstance(repo.opened, Absent)]
    if dead:
        places = tuple(place for repo in dead for place in repo.places)
        return seen(places, "verified", object=dead[0].url, names=", ".join(r.url for r in dead), count=str(len(dead)))
    causes = tuple(r.opened.cause for r in facts.code if r.whose == "self" and isinstance(r.opened, Unavailable))
    return CouldNot(causes=causes) if causes else NotSeen(searched=texts_searched(facts))


@check("dead-dataset", NoArgs)
def dead_dataset(facts: Facts, args: NoArgs) -> Answer:  # noqa: ARG001 - every check has this shape
    """A data set that the card or its metadata names by id does not resolve."""
    dead = [data for data in facts.data if data.access == "missing"]
    if dead:
        places = tuple(place for data in dead for place in data.places)
        names = ", ".join(dict.fromkeys(d.id or d.name for d in dead))
        return seen(places, "verified", object=dead[0].id or dead[0].name, names=names, count=str(len(dead)))
    causes = tuple(d.cause for d in facts.data if d.access == "unavailable" and d.cause)
    return CouldNot(causes=causes) if causes else NotSeen(searched=texts_searched(facts))


@check("dead-parent", NoArgs)
def dead_parent(facts: Facts, args: NoArgs) -> Answer:  # noqa: ARG001 - every check has this shape
    """A base model that is named by id does not resolve."""
    dead = [parent for parent in facts.lineage.parents if parent.id and isinstance(parent.resolved, Absent)]
    if dead:
        places = tuple(place for parent in dead for place in parent.places)
        return seen(places, "verified", object=dead[0].id or "", names=", ".join(p.id or "" for p in dead))
    causes = tuple(p.resolved.cause for p in facts.lineage.parents if isinstance(p.resolved, Unavailable))
    return CouldNot(causes=causes) if causes else NotSeen(searched=texts_searched(facts))


_MADE = {
    "adapter": "an adapter",
    "merge": "a merge",
    "quantized": "a quantized copy",
    "conversion": "a converted copy",
    "reupload": "a copy",
}


@check("base-not-named", NoArgs)
def base_not_named(facts: Facts, args: NoArgs) -> Answer:  # noqa: ARG001 - every check has this shape
    """The model cannot be without another one, and none is named."""
    made = _MADE.get(facts.lineage.derivation)
    if made is None or facts.lineage.parents:
        return NotSeen(searched=texts_searched(facts))
    causes = texts_unread(facts)
    if causes:
        return CouldNot(causes=causes)
    places = facts.lineage.places or (subject_place(facts),)
    return seen(places, "verified", object=facts.lineage.derivation, detail=made)
