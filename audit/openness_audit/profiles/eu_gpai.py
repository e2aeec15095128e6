"""The EU AI Act's evidence for general-purpose models: found or not found, never a conclusion."""

from __future__ import annotations

from openness_audit.model.profiles import EuGpaiDoc, EuItemDoc, EuResult
from openness_audit.profiles.basis import Basis, Cover, because, lowest, named, reaches
from openness_audit.profiles.data import EuItem, EuRules


def _doc(item: EuItem, result: EuResult, why: str, by: tuple[str, ...] = ()) -> EuItemDoc:
    return EuItemDoc(id=item.id, question=item.question, result=result, why=why, by=by)


def _gate(item: EuItem, basis: Basis) -> EuItemDoc:
    if basis.gated is None:
        return _doc(item, "not-determined", "whether access is gated is not known")
    if basis.gated:
        return _doc(item, "not-found", "access is gated: who asks for personal data or agreement to terms may lose it")
    return _doc(item, "found", "access is not gated")


def _named(cover: Cover) -> str:
    return cover.name if cover.name.endswith(" terms") else f"{cover.expression} ({cover.family})"


def _licence(item: EuItem, basis: Basis) -> EuItemDoc:
    items = basis.all(item.licensed)
    covers = [cover for row in items for cover in row.covers]
    by = named(items)
    said = ", ".join(dict.fromkeys(_named(c) for c in covers))
    if any(c.family not in (*item.approved, *item.undecided) for c in covers):
        return _doc(item, "not-found", f"{said} does not allow all four", by)
    if not covers or any(c.family in item.undecided for c in covers):
        return _doc(
            item,
            "not-determined",
            f"whether {said} allows all four takes a reader" if said else "no licence was read",
            by,
        )
    return _doc(item, "found", said, by)


def _evidence(item: EuItem, basis: Basis) -> EuItemDoc:
    if item.gate:
        return _gate(item, basis)
    if item.licensed:
        return _licence(item, basis)
    rows = [basis.get(name) for name in item.source]
    by = named(rows)
    if not all(row.looked_for for row in rows):
        return _doc(item, "not-looked-for", "no rule looks for it", by)
    bounds = lowest(rows)
    if bounds is not None and reaches(bounds.low, item.enough):
        return _doc(item, "found", because(rows), by)
    if bounds is None or not reaches(bounds.high, item.enough):
        return _doc(item, "not-found", because(rows), by)
    return _doc(item, "not-determined", because(rows), by)


def eu_gpai(rules: EuRules, basis: Basis) -> EuGpaiDoc:
    """List the evidence that the Act speaks of."""
    return EuGpaiDoc(
        note=rules.note,
        exemption=tuple(_evidence(item, basis) for item in rules.exemption),
        duties=tuple(_evidence(item, basis) for item in rules.duties),
    )
