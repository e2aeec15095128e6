"""Checks of results and compute that need more than one kind of mention."""

from __future__ import annotations

from msgspec import Struct

from openness_audit.checks.base import (
    Answer,
    CouldNot,
    NotSeen,
    Seen,
    check,
    from_mentions,
    mentions_of,
    texts_searched,
    texts_unread,
)
from openness_audit.model.evidence import STRENGTHS
from openness_audit.model.facts import Facts

PUBLIC = frozenset({"public", "hub-id"})


class DisclosedArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`topics`: each of them must be stated about the subject itself; `without`: not in statements with these attrs."""

    topics: tuple[str, ...]
    without: tuple[str, ...] = ()


@check("all-mentioned", DisclosedArgs)
def all_mentioned(facts: Facts, args: DisclosedArgs) -> Answer:
    """Each of several topics is stated about this model."""
    answers: list[Seen] = []
    for topic in args.topics:
        own = tuple(m for m in mentions_of(facts, topic) if m.whose == "self" and m.polarity == "affirmed")
        own = tuple(m for m in own if not set(args.without) & m.attrs)
        answer = from_mentions(facts, own)
        if not isinstance(answer, Seen):
            return answer
        answers.append(answer)
    if not answers:
        return NotSeen(searched=texts_searched(facts))
    weakest = min(answers, key=lambda a: STRENGTHS[a.strength])
    objects = [a.words.get("object", "") for a in answers]
    return Seen(
        places=tuple(dict.fromkeys(place for a in answers for place in a.places)),
        strength=weakest.strength,
        words={"object": objects[0], "names": ", ".join(o for o in objects if o), "detail": objects[-1]},
    )


class BenchmarkArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`every`: each reported benchmark must be a public data set, not just one; `without`: one lacks these attrs."""

    every: bool = False
    without: tuple[str, ...] = ()


@check("public-benchmarks", BenchmarkArgs)
def public_benchmarks(facts: Facts, args: BenchmarkArgs) -> Answer:
    """Results of this model are reported on public data sets."""
    own = [m for m in mentions_of(facts, "benchmark") if m.whose == "self" and m.polarity == "affirmed"]
    public = tuple(m for m in own if m.attrs & PUBLIC)
    if args.every and len(public) < len(own):
        causes = texts_unread(facts)
        return CouldNot(causes=causes) if causes and not own else NotSeen(searched=texts_searched(facts))
    if all(set(args.without) & m.attrs for m in public):
        public = ()
    return from_mentions(facts, public)
