"""What is worth knowing and is no contradiction: share-alike terms, and data that others' models wrote."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from openness_audit.licenses.families import COMMERCE
from openness_audit.licenses.ids import resolve
from openness_audit.licenses.terms import terms
from openness_audit.model.chain import Link, Node
from openness_audit.model.facts_licenses import LicenseConflict
from openness_audit.model.facts_origins import DataSet
from openness_audit.packaged import read_as

__all__ = ["beside_list", "data_notes", "share_alike_notes"]

_STAGES = ("pretraining", "finetuning")
_PLAIN = re.compile(r"[^a-z0-9]+")
_MOST = 12


class Provider(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose model wrote the sets, and what its terms ask."""

    provider: str
    asks: str
    url: str
    hub: tuple[str, ...]
    names: tuple[str, ...] = ()


def _plain(name: str) -> str:
    return _PLAIN.sub("", name.lower())


@cache
def _providers() -> dict[str, Provider]:
    """Read the sets that other providers' models wrote, by id in lower case and by plain name."""
    rows = read_as("vocabulary/data-outputs.yaml", tuple[Provider, ...])
    return {key: row for row in rows for key in (*map(str.lower, row.hub), *map(_plain, row.names))}


def _keeps(known: tuple[str, ...]) -> bool:
    """Say whether licences ask for the same terms on what is made from the work."""
    return any(terms(name).has("share-alike") for name in known)


def beside_list(one: DataSet, data: tuple[DataSet, ...]) -> bool:
    """Say whether only the card's body names a training set while the metadata lists others.

    Such bodies often tell of sister models and of what others trained on.
    """

    def listed(dataset: DataSet) -> bool:
        return any(place.text_kind == "yaml" for place in dataset.places)

    return not listed(one) and any(listed(d) for d in data if d.whose == "self" and d.stage in _STAGES)


def data_notes(me: str, tag: Node, data: tuple[DataSet, ...]) -> tuple[LicenseConflict, ...]:
    """Note training data that is share-alike under a tag that is not, and data that another provider's model wrote.

    Args:
        me: the audited model.
        tag: what its metadata declares.
        data: the data sets it names.
    """
    found = []
    for one in data:
        if one.whose != "self" or one.stage not in _STAGES or not one.places:
            continue
        name = one.id or one.name
        theirs = resolve(list(dict.fromkeys(n for n in (one.license, *one.licenses) if n)) or None)
        if _keeps(theirs.known) and theirs.family != "non-commercial" and not _keeps(tag.known):
            why = (
                f"the training data {name} is under {theirs.expression}, which asks for the same terms on changed works"
            )
            found.append(_note(me, tag, one, (tag.expression, str(theirs.expression)), why))
        if theirs.family == "non-commercial" and tag.family in COMMERCE and beside_list(one, data):
            why = f"the card names {name}, which is under {theirs.expression}, beside the data its metadata lists"
            found.append(_note(me, tag, one, (tag.expression, str(theirs.expression)), why))
        provider = _providers().get(name.lower()) or _providers().get(_plain(one.name))
        if provider is not None:
            why = f"the training data {name} was written by a model of {provider.provider}; {provider.asks}"
            found.append(_note(me, tag, one, (tag.expression, f"terms of {provider.provider}"), why))
    return tuple(found[:_MOST])


def _note(me: str, tag: Node, one: DataSet, between: tuple[str, ...], why: str) -> LicenseConflict:
    return LicenseConflict(
        kind="tag-data",
        between=between,
        why=f"{why}; whether that reaches the weights is unsettled",
        severity="note",
        confidence="medium",
        places=tuple(dict.fromkeys((*tag.places, *one.places[:2]))),
        path=(me, one.id or one.name),
    )


def share_alike_notes(tag: Node, binding: tuple[Link, ...]) -> tuple[LicenseConflict, ...]:
    """Note base models under open terms that ask for the same terms, under an open tag that does not."""
    if _keeps(tag.known) or not tag.known:
        return ()
    found: dict[str, LicenseConflict] = {}
    for link in binding[1:]:
        if link.choice or link.family not in ("osi", "open-data") or not _keeps(link.known):
            continue
        why = f"the base model {link.id} is under {link.expression}, which asks for the same terms on changed works"
        row = LicenseConflict(
            kind="tag-upstream",
            between=(tag.expression, link.expression),
            why=why,
            severity="note",
            confidence="medium",
            places=tuple(dict.fromkeys((*tag.places, *link.places))),
            path=link.path,
        )
        found.setdefault(link.expression, row)
    return tuple(found.values())
