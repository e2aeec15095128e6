"""The Open Source AI Definition: is every required part there, and do the terms allow everything, asked apart."""

from __future__ import annotations

from collections.abc import Mapping

from openness_audit.model.profiles import ElementDoc, Met, OsaidDoc, OsaidVerdict
from openness_audit.profiles.basis import CLOSED, OPEN, Basis, Cover, Item, because, lowest, named, reaches
from openness_audit.profiles.data import OsaidComponent, OsaidRules, OsaidTerm

_OPEN_AXIS: dict[tuple[Met, Met], str] = {  # one axis decides; what is still open of the other
    ("not-determined", "not-met"): "; whether every part is there is not determined",
    ("not-met", "not-determined"): "; what the terms allow is not determined",
}
MOST = 5  # deciding elements that are named in the sentence; `decides` has all
_VERDICTS: dict[tuple[Met, Met], OsaidVerdict] = {
    ("met", "met"): "conforms",
    ("not-met", "not-met"): "fails-both",
}


def _element(status: Met, why: str, items: tuple[Item, ...]) -> ElementDoc:
    return ElementDoc(status=status, why=why, by=named(items))


def _described(element: OsaidComponent, items: tuple[Item, ...], basis: Basis) -> bool:
    """Say whether data that is not public is identified in part, and documented."""
    documents = basis.all(element.described_by)
    return (
        bool(documents)
        and all(item.bounds and item.bounds.low != "closed" for item in items)
        and all(item.bounds == OPEN for item in documents)
    )


def component(element: OsaidComponent, basis: Basis) -> ElementDoc:
    """Say whether a required part is there."""
    items = basis.all(element.source)
    bounds = lowest(items)
    if bounds is None:
        return _element("not-determined", basis.get(element.source[0]).why, ())
    if reaches(bounds.low, element.enough):
        return _element("met", because(items), items)
    if element.unless_open:
        instead = basis.all(element.unless_open)
        if instead and all(item.bounds == OPEN for item in instead):
            why = "all training data is public as it was used, and documented: nothing has to be prepared again"
            return _element("met", why, (*items, *instead))
        if bounds == CLOSED and all(item.bounds and item.bounds.high == "open" for item in instead):
            return _element("not-determined", because((*items, *instead)), (*items, *instead))
    if element.described_by and _described(element, items, basis):
        documents = basis.all(element.described_by)
        why = f"not all of it is public, but it is documented: {because(documents)}"
        return _element("met", why, (*items, *documents))
    if bounds.high == "closed":
        closed = tuple(item for item in items if item.bounds == CLOSED)
        return _element("not-met", because(closed), items)
    return _element("not-determined", because(items), items)


def _covers(items: tuple[Item, ...]) -> tuple[Cover, ...]:
    """Gather the licences of the parts that are there; a part without any leaves a gap."""
    rows: list[Cover] = []
    for item in items:
        if item.covers:
            rows += item.covers
        elif item.bounds is not None and item.bounds.high != "closed":
            rows += [Cover("NOASSERTION", "unknown", item.id.replace("-", " "))]
    return tuple(dict.fromkeys(rows))


def _named(cover: Cover, of: str) -> str:
    if cover.name == "NOASSERTION":
        return f"the licence{of} was not seen"
    if cover.expression == "NONE":
        return f"no licence{of}"
    return f"{cover.name}{of}{', as far as it is known' if cover.family == 'unknown' else ''}"


def _names(covers: list[Cover], subject: str) -> str:
    rows: dict[str, None] = {}
    for cover in covers:
        rows[_named(cover, "" if cover.of == subject else f" of {cover.of}")] = None
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    return ", ".join(list(rows)[:3]) + more


def term(element: OsaidTerm, basis: Basis) -> ElementDoc:
    """Say whether terms leave the four freedoms."""
    if element.gate:
        if basis.gated is None:
            return _element("not-determined", "whether access is gated is not known", ())
        why = "access has to be asked for" if basis.gated else "access is not gated"
        return _element("not-met" if basis.gated else "met", why, ())
    items = basis.all(element.source)
    covers = _covers(items)
    if not covers:
        return _element("not-determined", "there is nothing that a licence could cover", items)
    failing = [c for c in covers if c.family not in element.approved and c.family not in element.undecided]
    if failing:
        return _element("not-met", _names(failing, basis.subject), items)
    open_ = [c for c in covers if c.family in element.undecided]
    if open_:
        return _element("not-determined", _names(open_, basis.subject), items)
    return _element("met", _names(list(covers), basis.subject), items)


def axis(elements: Mapping[str, ElementDoc]) -> Met:
    """Fold an axis: one element that is not met decides, one that is not determined leaves it open."""
    states = {element.status for element in elements.values()}
    return "not-met" if "not-met" in states else "not-determined" if "not-determined" in states else "met"


def verdict(components: Met, terms: Met) -> OsaidVerdict:
    """Join both axes; an axis that fails decides even while the other is open."""
    if "not-met" in (components, terms):
        both = _VERDICTS.get((components, terms))
        return both or ("fails-components" if components == "not-met" else "fails-terms")
    return _VERDICTS.get((components, terms), "not-determined")


def osaid(rules: OsaidRules, basis: Basis) -> OsaidDoc:
    """Read the findings by the Open Source AI Definition.

    Args:
        rules: the checklist.
        basis: the findings.

    Returns:
        The verdict, the elements of both axes, and which of them decide: those not met, or else those not determined.
    """
    components = {element.id: component(element, basis) for element in rules.components}
    terms = {element.id: term(element, basis) for element in rules.terms}
    there, allowed = axis(components), axis(terms)
    words = {("components", e.id): e.missing for e in rules.components}
    words |= {("terms", e.id): e.failing for e in rules.terms}
    titles = {("components", e.id): e.title for e in rules.components}
    titles |= {("terms", e.id): e.title for e in rules.terms}
    rows = {("components", name): row for name, row in components.items()}
    rows |= {("terms", name): row for name, row in terms.items()}
    found = verdict(there, allowed)
    wanted: Met = "met" if found == "conforms" else "not-determined" if found == "not-determined" else "not-met"
    deciding = [key for key, row in rows.items() if row.status == wanted]
    said = words if wanted == "not-met" else titles
    lead = {
        "met": "every required part is there, under terms that allow everything",
        "not-met": "",
        "not-determined": "not determined: ",
    }
    told = [_told(key, said[key], rows[key]) for key in deciding] if wanted != "met" else []
    named = ", ".join(told[:MOST]) + (f" and {len(told) - MOST} more" if len(told) > MOST else "")
    return OsaidDoc(
        verdict=found,
        decides=tuple(f"{axis_}.{name}" for axis_, name in deciding) if wanted != "met" else (),
        why=lead[wanted] + named + (_OPEN_AXIS.get((there, allowed), "")),
        components_met=there,
        terms_met=allowed,
        components=components,
        terms=terms,
    )


def _told(key: tuple[str, str], words: str, row: ElementDoc) -> str:
    """Word a deciding element; of terms, which ones they are."""
    return f"{words} ({row.why})" if key[0] == "terms" and key[1] != "access" else words
