"""The European Open Source AI Index: twelve dimensions, a point each."""

from __future__ import annotations

from openness_audit.inherit import blend_bounds
from openness_audit.model.assessment import UNKNOWN, Bounds
from openness_audit.model.evidence import Level
from openness_audit.model.profiles import DimensionDoc, OsaiDoc
from openness_audit.profiles.basis import CLOSED, Basis, Item, because, blended, named
from openness_audit.profiles.data import Dimension, OsaiRules

POINTS: dict[Level, float] = {"closed": 0.0, "partial": 0.5, "open": 1.0}


def _dimension(bounds: Bounds, why: str, by: tuple[str, ...]) -> DimensionDoc:
    return DimensionDoc(
        status=bounds.low if bounds.known else "unknown",
        low=POINTS[bounds.low],
        high=POINTS[bounds.high],
        why=why,
        by=by,
    )


def _license(item: Item, rules: OsaiRules) -> Bounds:
    """Say how far one part is there under open licences."""
    if item.bounds is None or item.bounds == CLOSED:
        return CLOSED
    families = [cover.family for cover in item.covers]
    good = [family in rules.open_families for family in families]
    maybe = [family in rules.open_families or family in rules.undecided_families for family in families]
    if not families:
        return Bounds("closed", item.bounds.high)
    low: Level = item.bounds.low if all(good) else "partial" if any(good) and item.bounds.low != "closed" else "closed"
    high: Level = item.bounds.high if all(maybe) else "partial" if any(maybe) else "closed"
    return Bounds(low, high)


def _at(groups: list[Bounds], end: str) -> Level:
    """Give the level of three parts: open if all are, partial if at least two are, fully or partly."""
    levels = [getattr(group, end) for group in groups]
    if all(level == "open" for level in levels):
        return "open"
    return "partial" if sum(level != "closed" for level in levels) >= 2 else "closed"


def _licenses(dimension: Dimension, rules: OsaiRules, basis: Basis) -> DimensionDoc:
    groups, told = [], []
    by: list[str] = []
    for names in dimension.licensed:
        items = basis.all(names)
        bounds = blend_bounds([_license(item, rules) for item in items]) if items else CLOSED
        groups.append(bounds)
        by += named(items)
        level = bounds.low if bounds.known else "not determined"
        terms = ", ".join(list(dict.fromkeys(c.name for item in items for c in item.covers))[:3])
        told.append(f"{names[0]}: {level}" + (f" ({terms})" if terms else ""))
    return _dimension(
        Bounds(_at(groups, "low"), _at(groups, "high")), "under open licences: " + "; ".join(told), tuple(by)
    )


def dimensions(rules: OsaiRules, basis: Basis) -> dict[str, DimensionDoc]:
    """Give every dimension."""
    found: dict[str, DimensionDoc] = {}
    for row in rules.dimensions:
        if row.licensed:
            found[row.id] = _licenses(row, rules, basis)
            continue
        items = basis.all(row.source)
        bounds = blended(items)
        if bounds is None and row.mirrors:
            found[row.id] = found[row.mirrors]
        elif bounds is None:
            found[row.id] = _dimension(UNKNOWN, basis.get(row.source[0]).why, named(map(basis.get, row.source)))
        else:
            found[row.id] = _dimension(bounds, because(items), named(items))
    return found


def osai(rules: OsaiRules, basis: Basis) -> OsaiDoc:
    """Read the findings by the index's twelve dimensions; the total is an interval while any is not determined."""
    rows = dimensions(rules, basis)
    low, high = sum(row.low for row in rows.values()), sum(row.high for row in rows.values())
    return OsaiDoc(total=low if low == high else None, low=low, high=high, of=len(rows), dimensions=rows)
