"""Checks on the weights, the intermediate checkpoints and the card as a whole."""

from __future__ import annotations

from msgspec import Struct

from openness_audit.checks.base import (
    Answer,
    CouldNot,
    NoArgs,
    NotSeen,
    check,
    file_words,
    listing_cut,
    listing_of,
    seen,
)
from openness_audit.model.card import FrontMatterState
from openness_audit.model.evidence import STRENGTHS, Cause, Observed, Place, Strength, Unavailable
from openness_audit.model.facts import Facts
from openness_audit.model.facts_files import FileFacts
from openness_audit.wording import plural

SERIES = 3  # checkpoints that make a public series (criteria.md 3)
LISTING = ("file listing",)


class WeightsArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`kinds`: any of the weight groups (weights-full, weights-quantized, weights-adapter, weights-delta ...)."""

    kinds: tuple[str, ...]


@check("weights", WeightsArgs)
def weights(facts: Facts, args: WeightsArgs) -> Answer:
    """The listing holds weight files of a kind: full precision, quantized, adapter or delta."""
    files = listing_of(facts)
    if not isinstance(files, FileFacts):
        return files
    groups = [g for g in files.weights.groups if g.kind in args.kinds]
    if groups:
        paths = [p for g in groups for p in g.paths]
        return seen(
            tuple(dict.fromkeys(p for g in groups for p in g.places)) + files.weights.precision_places,
            files.strength,
            object=paths[0],
            detail=files.weights.precision_why,
            **file_words(paths),
        )
    if not files.complete:
        return CouldNot(causes=(listing_cut(files),), searched=LISTING)
    return _unopened(files) or NotSeen(searched=LISTING)


def _unopened(files: FileFacts) -> CouldNot | None:
    """An archive or pickle may hold the weights; it counts as unread only where nothing else is there."""
    kinds = {g.kind for g in files.weights.groups}
    if kinds - {"weights-empty"} != {"weights-unknown"}:
        return None
    name = next(g.paths[0] for g in files.weights.groups if g.kind == "weights-unknown")
    detail = f"{name} may hold weights; archives and pickles are not opened"
    return CouldNot(
        causes=(Cause(code="not-requested", source=name, retryable=False, detail=detail),), searched=LISTING
    )


@check("missing-shards", NoArgs)
def missing_shards(facts: Facts, _: NoArgs) -> Answer:
    """A shard of the weights, named by the index or by the other shards, is not in the listing."""
    files = listing_of(facts)
    if not isinstance(files, FileFacts):
        return files
    lost = files.weights.missing
    if not lost:
        return NotSeen(searched=LISTING)
    if not files.complete:
        return CouldNot(causes=(listing_cut(files),), searched=LISTING)
    places = tuple(p for g in files.weights.groups if g.kind == "weights-full" for p in g.places) or (files.place,)
    return seen(places, "verified", object=lost[0], shards=plural(len(lost), "shard"), **file_words(lost))


@check("gated", NoArgs)
def gated(facts: Facts, _: NoArgs) -> Answer:
    """Access to the files needs a login and the acceptance of conditions, or the publisher's approval."""
    gate, place = facts.subject.gated, facts.subject.place
    if gate is None and not facts.subject.local:
        detail = "the Hub's record does not say whether access is gated"
        odd = Cause(code="malformed", source="model info", retryable=False, detail=detail)
        return CouldNot(causes=(facts.subject.gated_cause or odd,))
    if gate and place is not None:
        how = "the publisher approves each request" if gate == "manual" else "granted once its conditions are accepted"
        return seen((place,), "verified", object=gate, detail=how)
    return NotSeen(searched=("model info",))


class CheckpointArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`at_least`: how many distinct checkpoints must be named; `without`: not in statements with these attributes."""

    at_least: int = SERIES
    without: tuple[str, ...] = ()


@check("checkpoints", CheckpointArgs)
def checkpoints(facts: Facts, args: CheckpointArgs) -> Answer:
    """Intermediate checkpoints of this model's own training are named: branches, tags, folders, or in the card."""
    found = _named(facts, frozenset(args.without))
    causes = tuple(f.cause for f in (facts.refs, facts.files, facts.card) if isinstance(f, Unavailable))
    ranked: list[Strength] = ["verified", "declared", "claimed"]
    for strength in ranked[:2] if causes and args.at_least > 1 else ranked:  # what was not read may name them better
        names = {n: p for n, (s, p, _) in found.items() if STRENGTHS[s] >= STRENGTHS[strength]}
        count = sum(max(1, weight) for n, (s, _, weight) in found.items() if n in names)
        if names and count >= args.at_least:
            places = tuple(dict.fromkeys(p for place in names.values() for p in place))
            if places:
                return seen(places, strength, object=next(iter(names)), **file_words(list(names)))
    searched = (
        *facts.searched,
        *(LISTING if isinstance(facts.files, Observed) else ()),
        *(("branches and tags",) if isinstance(facts.refs, Observed) else ()),
    )
    searched = tuple(dict.fromkeys(searched))
    return CouldNot(causes=causes, searched=searched) if causes else NotSeen(searched=searched)


def _by_files(facts: Facts) -> list[tuple[str, Strength, tuple[Place, ...], int]]:
    if not isinstance(facts.files, Observed):
        return []
    files = facts.files.value
    return [
        (path, files.strength, tuple(p for p in group.places if p.path == path) or group.places[:1], 1)
        for group in files.groups
        if group.kind == "checkpoint-folder"
        for path in group.paths
    ]


def _by_refs(facts: Facts) -> list[tuple[str, Strength, tuple[Place, ...], int]]:
    if not isinstance(facts.refs, Observed):
        return []
    refs = facts.refs.value
    cited = {p.excerpt: p for p in refs.places}
    return [(name, "declared", (cited[name],) if name in cited else refs.places[:1], 1) for name in refs.intermediate]


def _by_mentions(facts: Facts, without: frozenset[str]) -> list[tuple[str, Strength, tuple[Place, ...], int]]:
    return [
        (m.object, m.strength, (m.place,), SERIES if "series" in m.attrs else 1)
        for m in facts.mentions
        if m.topic == "checkpoint" and m.whose == "self" and m.polarity == "affirmed" and not without & m.attrs
    ]


def _named(facts: Facts, without: frozenset[str]) -> dict[str, tuple[Strength, tuple[Place, ...], int]]:
    """Give the distinct checkpoints by name: how sure, where, and how many one name stands for."""
    found: dict[str, tuple[Strength, tuple[Place, ...], int]] = {}
    for name, strength, places, weight in (*_by_files(facts), *_by_refs(facts), *_by_mentions(facts, without)):
        old = found.get(name.lower())
        if old is None or STRENGTHS[strength] > STRENGTHS[old[0]]:
            found[name.lower()] = (strength, places, weight)
    return found


@check("no-card", NoArgs)
def no_card(facts: Facts, _: NoArgs) -> Answer:
    """The repository has no README.md."""
    if isinstance(facts.card, Unavailable):
        return CouldNot(causes=(facts.card.cause,))
    if isinstance(facts.card, Observed):
        return NotSeen(searched=("README.md",))
    place = facts.files.value.place if isinstance(facts.files, Observed) else facts.subject.place
    return seen((place,), "verified") if place is not None else NotSeen(searched=facts.card.searched)


class FrontMatterArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`states`: any of the states of the metadata block."""

    states: tuple[FrontMatterState, ...]


@check("front-matter", FrontMatterArgs)
def front_matter(facts: Facts, args: FrontMatterArgs) -> Answer:
    """The card's metadata block is in one of the given states."""
    if isinstance(facts.card, Unavailable):
        return CouldNot(causes=(facts.card.cause,))
    if isinstance(facts.card, Observed) and facts.card.value.front_matter in args.states:
        card = facts.card.value
        return seen((card.place,), "verified", object=card.front_matter, detail=card.problem or "")
    return NotSeen(searched=("README.md",))


class TemplateArgs(Struct, frozen=True, forbid_unknown_fields=True):
    """`sections`: least number of sections left as the template has them; `share`: of all sections."""

    sections: int
    share: float


@check("template-card", TemplateArgs)
def template_card(facts: Facts, args: TemplateArgs) -> Answer:
    """Sections of the card hold nothing but the template's placeholders."""
    if isinstance(facts.card, Unavailable):
        return CouldNot(causes=(facts.card.cause,))
    if isinstance(facts.card, Observed):
        card = facts.card.value
        empty = card.template_sections
        if empty >= args.sections and empty >= args.share * max(1, card.sections):
            return seen((card.place,), "verified", count=str(empty), object=str(card.sections))
    return NotSeen(searched=("README.md",))
