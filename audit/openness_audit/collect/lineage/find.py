"""Say what a model is made from: its parents, the kind of derivation, and whether it was tuned itself."""

from __future__ import annotations

from typing import Final

import msgspec

from openness_audit.collect.attribution.decide import whose
from openness_audit.collect.attribution.identity import Identity, identity
from openness_audit.collect.lineage.copies import copied_from, parent_said, related, says_copied, stated_relation
from openness_audit.collect.lineage.derivation import Seen, derivation_of, same_name, tuned_of
from openness_audit.collect.lineage.gates import block_gates
from openness_audit.collect.lineage.metadata import Metadata, from_config, from_files, metadata
from openness_audit.collect.lineage.refs import Statement
from openness_audit.collect.lineage.statements import linked, statements
from openness_audit.collect.lineage.words import lineage_patterns
from openness_audit.collect.places import info_place
from openness_audit.model.capture import Failure, RepoInfo, Text
from openness_audit.model.card import Card
from openness_audit.model.evidence import Absent, Observed, Place, Unavailable
from openness_audit.model.facts_origins import COPIES, Lineage, Parent

MAX_PARENTS: Final = 32
_GONE: Final = frozenset({"not-found-or-private"})


def _from_scratch(card: Card, me: Identity) -> bool:
    """Say whether the card tells of this very model that it was trained from scratch."""
    for block in card.blocks:
        if block.kind != "paragraph" or not block_gates().scratch.may(block.text):
            continue
        found = lineage_patterns().scratch.search(block.text[:2000])
        if found and whose(block.text, card.path_of(block), me, found.start()) == "self":
            return True
    return False


def find_lineage(
    card: Card | None, info: RepoInfo, listing_paths: tuple[str, ...], texts: dict[str, Text | Failure]
) -> Lineage:
    """Find the base models a model names, and how it was made from them.

    Args:
        card: the model card, None where there is none or it could not be read.
        info: the Hub's record; its tags and card data stand in for a card that could not be parsed.
        listing_paths: the files of the repository.
        texts: the small files that were read (adapter and merge configurations).

    Returns:
        The lineage: parents by metadata first, then by configuration files, then as the card links, writes or names
        them (criteria.md section 5). A bare name has no id.
    """
    me = identity(info.id)
    data = _listed_data(card, info)
    said = statements(card, me) if card is not None else ()
    said = tuple(s for s in said if s.ref.how == "card-link" or (s.ref.id or "").lower() not in data)
    given, parents = _named(card, info, texts, me, said)
    stated = stated_relation(given, parents, info, said)
    seen = Seen(
        card=card,
        info=info,
        paths=listing_paths,
        texts=texts,
        identity=identity(
            info.id, parent_ids=tuple(p.id for p in parents if p.id), parent_names=tuple(p.name for p in parents)
        ),
        parents=parents,
        relation=stated,
        statements=said,
        shrunk=stated != given.relation,
    )
    tuned, where = tuned_of(seen)
    derivation, same = derivation_of(seen, tuned=tuned)
    if derivation != "base" and derivation in COPIES and (stated is None or says_copied(said, derivation, info)):
        others = linked(card, me) if card is not None else ()
        parents = copied_from(parents, said, others, derivation, info)
    return Lineage(
        derivation=derivation,
        places=_places(given, parents, where, info),
        parents=related(parents, derivation),
        same_publisher=same,
        tuned=False if derivation in COPIES or derivation == "merge" else tuned,
        self_id=info.id,
    )


def _named(
    card: Card | None,
    info: RepoInfo,
    texts: dict[str, Text | Failure],
    me: Identity,
    said: tuple[Statement, ...],
) -> tuple[Metadata, tuple[Parent, ...]]:
    """Give the source that decides, metadata before files, and the base models named there, or else in prose."""
    given = metadata(card, info)
    elsewhere = given.elsewhere
    if not any(p.id for p in given.parents):
        filed = from_files(info, texts)
        given, elsewhere = filed if filed.parents else given, (*elsewhere, *filed.elsewhere)
    parents = _identified(given.parents or _of_statements(said) or elsewhere, from_config(info, texts))
    if card is not None and parents and not given.parents and _from_scratch(card, me):
        parents = ()  # what the card of a model made from scratch names in passing is another model's base
    return given, parents


def _identified(parents: tuple[Parent, ...], saved: Parent | None) -> tuple[Parent, ...]:
    """Give a bare name the id of that name that the configuration was saved from."""
    if saved is None or any(p.id for p in parents):
        return parents
    return tuple(
        msgspec.structs.replace(p, id=saved.id, places=(*p.places, *saved.places))
        if same_name(str(saved.id), p.name)
        else p
        for p in parents
    )


def _listed_data(card: Card | None, info: RepoInfo) -> frozenset[str]:
    """Give the data sets of the metadata: "fine-tuned on" one of them names no base model."""
    front = card.front_matter.values if card is not None else {}
    said = front.get("datasets") or (info.card_data or {}).get("datasets") or ()
    rows = said if isinstance(said, list | tuple) else (said,)
    return frozenset(row.strip().lower() for row in rows if isinstance(row, str))


def _places(
    given: Metadata, parents: tuple[Parent, ...], where: tuple[Place, ...], info: RepoInfo
) -> tuple[Place, ...]:
    """Cite what the lineage rests on; with nothing said, the Hub's record."""
    found = (*given.places, *(p.places[0] for p in parents), *where)
    return tuple(dict.fromkeys(found))[:20] or (info_place(info),)


def _of_statements(said: tuple[Statement, ...]) -> tuple[Parent, ...]:
    """Choose the parents among a card's statements: what is said outright before what is hinted, ids before names."""
    for wanted in (
        [s for s in said if s.relation == "merge" and s.ref.id],
        [s for s in said if s.strong and s.ref.id],
        [s for s in said if s.ref.id],
        [s for s in said if s.strong],
        list(said),
    ):
        if wanted:
            merge = wanted[0].relation == "merge"
            parts = [s for s in said if s.relation == "merge" and (s.ref.id or _unless_named(s, wanted))]
            first = (parts or wanted) if merge else [s for s in wanted if _together(s, wanted[0])]
            rows = {(s.ref.id or s.ref.name).lower(): parent_said(s) for s in reversed(first)}
            return tuple(reversed(rows.values()))[:MAX_PARENTS]
    return ()


def _unless_named(one: Statement, named: list[Statement]) -> bool:
    """Say whether a bare name in a merge is none of the models named by id: it bounds what the merge can inherit."""
    name = one.ref.name.lower()
    return one.strong and not any(s.ref.id and s.ref.id.lower().rpartition("/")[2] in name for s in named)


def _together(one: Statement, first: Statement) -> bool:
    """Say whether two models are named in one statement."""
    return one.place.line == first.place.line and one.relation == first.relation


def resolve_parents(lineage: Lineage, answers: dict[str, RepoInfo | Failure]) -> Lineage:
    """Add what the Hub answered about the parents.

    Args:
        lineage: as `find_lineage` gave it.
        answers: the Hub's record, or why there is none, by id as written; what was not asked for stays as it is.

    Returns:
        The lineage with `resolved`, `gated`, `license` and, after a rename, the present id of each parent.
    """
    return msgspec.structs.replace(lineage, parents=tuple(_resolved(p, answers) for p in lineage.parents))


def _resolved(parent: Parent, answers: dict[str, RepoInfo | Failure]) -> Parent:
    answer = answers.get(parent.id) if parent.id else None
    if answer is None:
        return parent
    if isinstance(answer, Failure):
        gone = answer.cause.code in _GONE
        fact = Absent((f"models/{parent.id}",)) if gone else Unavailable(answer.cause)
        return msgspec.structs.replace(parent, resolved=fact)
    place = info_place(answer)
    return msgspec.structs.replace(
        parent,
        id=answer.id,
        resolved=Observed(answer.sha or "", (place,)),
        gated=None if answer.gated is None else answer.gated is not False,
        license=_license(answer),
    )


def _license(info: RepoInfo) -> str | None:
    """Give the licence the Hub's record declares."""
    value = (info.card_data or {}).get("license")
    if isinstance(value, list):
        value = next((v for v in value if isinstance(v, str)), None)
    if isinstance(value, str) and value.strip():
        return value.strip()
    return next((t.partition(":")[2] for t in info.tags if t.startswith("license:")), None)
