"""Find where a model's own declaration drops what its base models ask for; a false accusation is the worse error."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import msgspec

from openness_audit.licenses.clauses import USES
from openness_audit.licenses.families import COMMERCE, OPEN, RESTRICTED
from openness_audit.licenses.graph import Graph, stated
from openness_audit.licenses.rulings import of_terms, worst
from openness_audit.licenses.terms import asks, terms
from openness_audit.model.chain import Link, Node
from openness_audit.model.facts_licenses import LicenseConflict
from openness_audit.wording import few

__all__ = ["lost", "tag_upstream"]

Severity: TypeAlias = Literal["error", "warning", "note"]
Confidence: TypeAlias = Literal["high", "medium", "low"]

_VENDOR = re.compile(r"[a-z]+")
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


def tag_upstream(
    graph: Graph, tag: Node, binding: tuple[Link, ...], beside: frozenset[str] = frozenset()
) -> tuple[LicenseConflict, ...]:
    """List the conflicts of what is declared with base models' terms: one for each licence, at the nearest model.

    Args:
        graph: the base models.
        tag: what the audited model's metadata declares; without terms there is nothing to conflict with.
        binding: the links whose terms bind, the audited model's first.
        beside: licences that the repository names beside its tag; whoever reads on is told of them.
    """
    if tag.expression in ("NONE", "NOASSERTION"):
        return ()
    found: dict[str, LicenseConflict] = {}
    for link in binding[1:]:
        severity = _severity(tag, link)
        if severity is None:
            continue
        told = bool(set(link.known) & beside)
        row = _conflict(graph, tag, link, "warning" if told else severity)
        if told:
            row = msgspec.structs.replace(row, why=f"{row.why}, which the repository names beside its tag")
        found.setdefault(link.expression, row)
    return tuple(found.values())


def _severity(tag: Node, link: Link) -> Severity | None:
    """Say how grave it is that a base model's terms stand under this tag; None where nothing contradicts."""
    if link.family not in RESTRICTED or not stated(link) or set(link.known) & set(tag.known):
        return None
    if tag.family in OPEN:
        return "error"
    if tag.family in COMMERCE and link.family in ("non-commercial", "proprietary"):
        return "error"
    if tag.family == "behavioural-use" and link.family in ("community", "no-derivatives"):
        return "warning"  # caps, names and notices of a vendor's licence are left out
    if tag.family == "community" and link.family == "no-derivatives":
        return "warning"
    return "warning" if tag.family in COMMERCE and _grants_more(tag.known, link.known) else None


def _grants_more(tag: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Say whether licences allow a use that others forbid; versions of one vendor's licence are not held to that."""
    vendors = [{found[0] for name in names if (found := _VENDOR.match(name))} for names in (tag, theirs)]
    if not tag or not theirs or vendors[0] & vendors[1]:
        return False
    return any(
        worst(tuple(of_terms(terms(name), use) for name in theirs)).verdict == "not-allowed"
        and worst(tuple(of_terms(terms(name), use) for name in tag)).verdict in ("allowed", "conditions")
        for use in USES
    )


def _confidence(graph: Graph, link: Link) -> Confidence:
    """Say how sure it is: by how the terms are known, and how the way to them is."""
    ways = [graph.binding_way(key) for key, node in graph.nodes.items() if node.id == link.id]
    said = {step.said for way in ways if way is not None for step in way.steps}
    if "named" in said:
        return "low"
    return "medium" if "linked" in said or link.how in ("publisher", "prose") else "high"


def _conflict(graph: Graph, tag: Node, link: Link, severity: Severity) -> LicenseConflict:
    by_way = f" (by way of {few(list(link.path[1:-1]))})" if len(link.path) > 2 else ""
    sure = {"publisher": "is known to be under", "prose": "is said to be under"}.get(link.how, "is under")
    theirs = link.expression if link.expression != "NOASSERTION" else f"terms without a name ({link.family})"
    return LicenseConflict(
        kind="tag-upstream",
        between=(tag.expression, link.expression if link.expression != "NOASSERTION" else link.family),
        why=f"the metadata says {tag.expression}, the base model {link.id}{by_way} {sure} {theirs}",
        severity=severity,
        confidence=_confidence(graph, link),
        places=tuple(dict.fromkeys((*tag.places, *link.places))),
        path=link.path,
        clauses=lost(tag.known, link.known),
    )


def lost(kept: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """Name the clauses of licences that others leave out, with the section they stand in.

    Args:
        kept: ids of the licences declared.
        theirs: ids of the licences that bind as well.
    """
    still = {clause.term for name in kept for clause in terms(name).clauses}
    told: dict[str, None] = {}
    for name in theirs:
        entry = terms(name)
        rows = [c for c in entry.clauses if c.term in _LOST and c.term not in still]
        for clause in sorted(rows, key=lambda c: _LOST.index(c.term)):
            where = f", section {clause.section}" if clause.section else ""
            told[f"{entry.name}{where}: {asks(clause)}"] = None
    return tuple(told)
