"""What was read in the repository that its card's metadata leaves out: the only values a fix ever fills in. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openness_audit.licenses.terms import by_expression
from openness_audit.model.evidence import Observed
from openness_audit.model.fixes import Addition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.model.evidence import Place
    from openness_audit.model.facts import Facts
    from openness_audit.model.facts_licenses import LicenseText
    from openness_audit.model.facts_origins import DataSet, Parent

__all__ = ["known_values"]

_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9_][\w.-]{0,95}")
_PATH = re.compile(r"[\w.-][\w./ -]{0,120}")
_SURE = ("exact", "equivalent")  # a modified text is another licence
_RELATIONS = {"finetune", "adapter", "quantized", "merge"}
_SLUG = re.compile(r"[^a-z0-9.]+")


def known_values(facts: Facts) -> dict[str, tuple[Addition, ...]]:
    """Give the lines of metadata that the evidence backs, by what they are (`license`, `parents`, `data-sets` ...)."""
    text = _text(facts)
    known = {
        **(_license(text) if text is not None else {}),
        "parents": _parents(facts),
        "relation": _relation(facts),
        "data-sets": _data(facts),
    }
    return {name: rows for name, rows in known.items() if rows}


def _line(key: str, text: str, places: Iterable[Place]) -> tuple[Addition, ...]:
    return (Addition(where="front-matter", key=key, text=text, filled=True, places=tuple(places)),)


def _text(facts: Facts) -> LicenseText | None:
    """Give the licence file that says which licence it is, where all agree and nothing in the card contradicts it."""
    texts = [t for t in facts.licenses.texts if t.role == "license"]
    named = {t.expression for t in texts}
    if len(named) != 1 or any(t.match not in _SURE for t in texts) or facts.licenses.conflicts:
        return None
    told = {p.expression for p in facts.licenses.prose if p.whose == "self" and p.scope in {"model", "weights"}}
    return texts[0] if texts[0].expression and not told - named - {None} else None


def _license(text: LicenseText) -> dict[str, tuple[Addition, ...]]:
    """Give the tag of a licence file: the Hub's id, else `other` with its name and file."""
    terms = by_expression(text.expression or "")
    if terms is None or not terms.precise:
        return {}
    if terms.hub and terms.expression.lower() == (text.expression or "").lower():
        return {"license": _line("license", f"license: {terms.id}", (text.place,))}
    if not _PATH.fullmatch(text.path):
        return {}
    slug = _SLUG.sub("-", terms.name.lower()).strip("-")
    return {
        "license": _line("license", "license: other", (text.place,)),
        "license-name": _line("license_name", f"license_name: {slug}", (text.place,)),
        "license-link": _line("license_link", f"license_link: {text.path}", (text.place,)),
    }


def _is_backed(parent: Parent) -> bool:
    """Say whether files name a base model, or the card does by an id that leads to a model."""
    if parent.id is None or not _ID.fullmatch(parent.id):
        return False
    resolved = isinstance(parent.resolved, Observed)
    return parent.source == "files" or (parent.source in {"card-link", "card-id"} and resolved and parent.tied)


def _parents(facts: Facts) -> tuple[Addition, ...]:
    parents = facts.lineage.parents
    if not parents or any(p.source == "metadata" for p in parents) or not all(_is_backed(p) for p in parents):
        return ()
    ids = tuple(dict.fromkeys(p.id for p in parents if p.id))
    places = [place for p in parents for place in p.places[:1]]
    said = f"base_model: {ids[0]}" if len(ids) == 1 else "base_model:\n" + "\n".join(f"- {i}" for i in ids)
    return _line("base_model", said, places)


def _relation(facts: Facts) -> tuple[Addition, ...]:
    found = facts.lineage
    if found.derivation not in _RELATIONS or not found.sure or not found.places:
        return ()
    return _line("base_model_relation", f"base_model_relation: {found.derivation}", found.places[:1])


def _is_unlisted(data: DataSet) -> bool:
    """Say whether a data set of the model's own is named by id outside the metadata, and is there."""
    trained = data.whose == "self" and data.stage in {"pretraining", "finetuning"}
    listed = data.how == "metadata" or any(p.kind in {"metadata", "model-info"} for p in data.places)
    there = data.how == "link" and data.access in {"public", "gated"} and data.tied
    return trained and there and not listed and bool(data.id) and bool(_ID.fullmatch(data.id or ""))


def _data(facts: Facts) -> tuple[Addition, ...]:
    found = {d.id: d for d in facts.data if _is_unlisted(d)}
    if not found:
        return ()
    said = "datasets:\n" + "\n".join(f"- {name}" for name in sorted(filter(None, found)))
    return _line("datasets", said, [place for d in found.values() for place in d.places[:1]])
