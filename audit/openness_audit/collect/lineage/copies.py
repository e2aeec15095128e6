"""Say which model a quantization, a conversion or a re-upload is a copy of."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from openness_audit.collect.attribution.names import tokens_of
from openness_audit.collect.lineage.derivation import same_name
from openness_audit.collect.lineage.metadata import Metadata
from openness_audit.collect.lineage.refs import Statement
from openness_audit.collect.lineage.words import lineage_patterns
from openness_audit.collect.places import info_place
from openness_audit.model.capture import RepoInfo
from openness_audit.model.facts_origins import COPIES, Derivation, Parent, Relation

_ALIKE: Final = (2, 3)  # of the words of two names that both have


def _last_part(name: str) -> str:
    return name.rpartition("/")[2]


def _name(info: RepoInfo) -> str:
    return _last_part(info.id)


def stated_relation(
    given: Metadata, parents: tuple[Parent, ...], info: RepoInfo, said: tuple[Statement, ...] = ()
) -> Relation | None:
    """Give the relation that somebody states.

    The Hub takes every repository of quantized files for a copy of its `base_model`, a copied card or a fine-tune that
    is published quantized as well: what it derived so counts where the two share a name. A quantizer's metadata names
    the original's base where the card links another original that is called like the copy.
    """
    if given.relation != "quantized" or any(same_name(p.id or p.name, _name(info)) for p in parents):
        return given.relation
    ids = {p.id for p in parents}
    other = any(_original(s, info) and s.ref.id not in ids for s in said)
    return None if given.guessed or other else given.relation


def _original(said: Statement, info: RepoInfo) -> bool:
    """Say whether a card links a model as the original or base that is called nearly as the copy: `owl2` for `owl`."""
    if said.ref.how != "card-link" or not said.strong or said.relation not in {"unknown", "quantized"}:
        return False
    theirs, own = tokens_of(_last_part(said.ref.id or "")), tokens_of(bare_name(_name(info)))
    return bool(theirs) and len(theirs & own) * _ALIKE[1] >= max(len(theirs), len(own)) * _ALIKE[0]


def says_copied(said: tuple[Statement, ...], derivation: Derivation, info: RepoInfo) -> bool:
    """Say whether the card states outright that it is a copy of a model of its own name."""
    return any(s.ref.id and s.strong and s.relation == derivation and same_name(s.ref.id, _name(info)) for s in said)


def parent_said(said: Statement) -> Parent:
    """Make a parent of what a card says."""
    return Parent(
        id=said.ref.id,
        name=said.ref.id or said.ref.name,
        relation=said.relation,
        source=said.ref.how,
        places=(said.place,),
    )


def copied_from(
    parents: tuple[Parent, ...],
    said: tuple[Statement, ...],
    others: tuple[Statement, ...],
    relation: Relation,
    info: RepoInfo,
) -> tuple[Parent, ...]:
    """Give a copy's own ancestor: the metadata of such cards are often copied with them and name an earlier one.

    A link to a model of the copy's own name counts too, and one that is no quantization itself comes first. Where
    there is none, and no statement says what was copied, the ancestor is kept by that name without an id, or by the id
    of nearly that name that the card links, beside what that one was made from: what depends on it is then unknown.
    """
    name, quantized = _name(info), lineage_patterns().quantized
    bare = bare_name(name)

    def alike(other: str) -> bool:
        return same_name(other, name) or same_name(other, bare)

    same = [p for p in parents if alike(p.id or p.name)]
    if any(p.source in {"metadata", "files"} or not quantized.search(_last_part(p.name)) for p in same):
        return tuple(msgspec.structs.replace(p, relation=relation) if p in same else p for p in parents)
    named = [s for s in said if s.ref.id and alike(s.ref.id)]
    named += [s for s in said if s.ref.id and s.relation == relation and s.strong]
    linked = [s for s in others if s.ref.id and alike(s.ref.id)]
    named += [s for s in linked if not lineage_patterns().formats.search(_last_part(s.ref.name))]
    if named:
        return (parent_said(min(named, key=lambda s: quantized.search(_last_part(s.ref.name)) is not None)),)
    if relation == "reupload":
        return parents
    at = info_place(info, info.id)
    own = Parent(id=None, name=bare, relation=relation, source="files", places=(at,))
    nearly = [s for s in said if _original(s, info) and s.ref.id not in {p.id for p in parents}]
    own = msgspec.structs.replace(parent_said(nearly[0]), relation=relation) if nearly else own
    earlier = (msgspec.structs.replace(p, relation=_earlier(p.relation)) for p in parents)
    return (*earlier, own)


def _earlier(relation: Relation) -> Relation:
    """Give how the original was made from what a copied card names."""
    return "finetune" if relation == "unknown" or relation in COPIES else relation


def bare_name(name: str) -> str:
    """Give the name that a copy's original must have: without the words for its format and what stands behind them."""
    quantized, formats = lineage_patterns().quantized, lineage_patterns().formats
    found = quantized.search(name)
    before = name[: found.start()].strip("-_. ") if found else name
    if found and before and (re.search(r"[-_. ]", before) or not formats.sub("", name[found.start() :]).strip("-_. ")):
        bare = before  # what stands behind the format says more of it: group size, number of the upload
    else:
        bare = quantized.sub("", name)
    while (end := _last(formats, bare)) is not None and not bare[end.end() :].strip("-_. ") and end.start() > 0:
        bare = bare[: end.start()]
    return re.sub(r"[-_. ]{2,}", "-", bare).strip("-_. ") or name


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(reversed(list(pattern.finditer(text)))), None)


def related(parents: tuple[Parent, ...], derivation: Derivation) -> tuple[Parent, ...]:
    """Give every parent without a stated relation the derivation; a copy was not merged from its original."""
    if derivation in COPIES and len(parents) > 1 and any(p.relation == derivation for p in parents):
        return parents
    relation: Relation = "unknown" if derivation == "base" else derivation
    unsaid = {"unknown", "merge"} if derivation == "quantized" else {"unknown"}
    return tuple(msgspec.structs.replace(p, relation=relation) if p.relation in unsaid else p for p in parents)
