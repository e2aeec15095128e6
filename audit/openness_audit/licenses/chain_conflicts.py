"""Find where a model's own declaration drops what its base models ask for; a false accusation is the worse error."""

from __future__ import annotations

from openness_audit.licenses.chain_effective import OPEN, RESTRICTED
from openness_audit.licenses.clauses import vocabulary
from openness_audit.licenses.graph import Graph, stated
from openness_audit.licenses.terms import asks, terms
from openness_audit.model.chain import Link
from openness_audit.model.facts import LicenseConflict
from openness_audit.wording import few

__all__ = ["lost", "tag_upstream"]

_COMMERCE = OPEN | {"behavioural-use", "community"}
_LOST = (  # in the order they are told
    "naming-display",
    "naming-prefix",
    "notice-line",
    "license-copy",
    "pass-on-use-policy",
    "pass-on-terms",
    "use-restrictions",
    "user-threshold",
    "revenue-threshold",
    "non-commercial",
    "research-only",
    "no-derivatives",
    "no-redistribution",
    "output-training-ban",
    "outputs-derivative",
    "output-naming",
    "registration",
)


def tag_upstream(graph: Graph, binding: tuple[Link, ...]) -> tuple[LicenseConflict, ...]:
    """List the conflicts of the own declaration with base models' terms, one for each licence, at the nearest model.

    Without a declaration there is nothing to conflict: upstream terms apply then.
    """
    own = binding[0]
    if own.expression in ("NONE", "NOASSERTION") or own.how not in ("declared", "text"):
        return ()
    found: dict[str, LicenseConflict] = {}
    for link in binding[1:]:
        severity = _severity(own, link)
        if severity is not None:
            found.setdefault(link.expression, _conflict(graph, own, link, severity))
    return tuple(found.values())


def _severity(own: Link, link: Link) -> str | None:
    """Say how grave it is that these terms stand over those; None where nothing contradicts."""
    if link.family not in RESTRICTED or not stated(link) or set(link.known) & set(own.known):
        return None
    if own.family in OPEN:
        return "error"
    if own.family in _COMMERCE and link.family in ("non-commercial", "proprietary"):
        return "error"
    return None


def _confidence(graph: Graph, link: Link) -> str:
    """Say how sure it is: by how the terms are known, and how the way to them is."""
    way = graph.binding_way(link.id.lower()) or graph.binding_way(f"{link.id.lower()} ")
    said = {step.said for step in way.steps} if way else {"named"}
    if "named" in said:
        return "low"
    return "medium" if "linked" in said or link.how in ("publisher", "prose") else "high"


def _conflict(graph: Graph, own: Link, link: Link, severity: str) -> LicenseConflict:
    by_way = f" (by way of {few(list(link.path[1:-1]))})" if len(link.path) > 2 else ""
    return LicenseConflict(
        kind="tag-upstream",
        between=(own.expression, link.expression),
        why=f"the metadata says {own.expression}, the base model {link.id}{by_way} is under {link.expression}",
        severity=severity,  # type: ignore[arg-type]
        confidence=_confidence(graph, link),  # type: ignore[arg-type]
        places=tuple(dict.fromkeys((*own.places, *link.places))),
        path=link.path,
        clauses=lost(own, link),
    )


def lost(own: Link, link: Link) -> tuple[str, ...]:
    """Name the clauses of a base model's licence that the own declaration leaves out, with their sections."""
    kept = {clause.term for name in own.known for clause in terms(name).clauses}
    told: dict[str, None] = {}
    for name in link.known:
        entry = terms(name)
        rows = [c for c in entry.clauses if c.term in _LOST and c.term not in kept]
        for clause in sorted(rows, key=lambda c: _LOST.index(c.term)):
            where = f", section {clause.section}" if clause.section else ""
            title = vocabulary().term(clause.term).title
            told[f"{entry.name}{where}: {title[0].lower()}{title[1:]} ({asks(clause)})"] = None
    return tuple(told)
