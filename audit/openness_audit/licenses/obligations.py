"""The obligation sheet: what adopting a model makes the adopter do, each with its clause."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from openness_audit.licenses.clauses import vocabulary
from openness_audit.licenses.rulings import clause_place, effect, licences
from openness_audit.licenses.terms import Clause, Terms, asks, cited
from openness_audit.model.chain import Chain, Link
from openness_audit.model.evidence import Place

__all__ = ["Obligation", "sheet"]


class Obligation(Struct, frozen=True, kw_only=True):
    """One thing to do or to leave.

    `id` is a term of the vocabulary, or `unread` for terms that were not read. `clause` names licence and section;
    `license` is the expression; `source` the model whose terms ask for it. `status`: `applies` to whoever runs the
    model; `conditional` on a use or a threshold, which `trigger` names; `unknown` where the text was not read.
    """

    id: str
    what: str
    clause: str
    license: str
    source: str
    trigger: str
    status: Literal["applies", "conditional", "unknown"]
    value: str | None = None
    places: tuple[Place, ...] = ()


def sheet(chain: Chain) -> tuple[Obligation, ...]:
    """List the obligations of all links that bind: what applies to everyone first, each asked once, nearest link first.

    Where a link leaves the choice between licences, all of them are listed: which is chosen is the adopter's.
    """
    found: dict[tuple[str, str, str], Obligation] = {}
    for link in chain.binding:
        for row in _of_link(link):
            found.setdefault((row.id, row.what, row.license if row.id == "unread" else ""), row)
    order = {term.id: n for n, term in enumerate(vocabulary().terms)}
    status = ("applies", "conditional", "unknown")
    return tuple(sorted(found.values(), key=lambda o: (status.index(o.status), order.get(o.id, len(order)))))


def _of_link(link: Link) -> list[Obligation]:
    known = licences(link)
    rows = [_obligation(link, entry, clause) for entry in known for clause in entry.clauses]
    unread = [entry.name for entry in known if entry.known != "read"]
    if link.how == "unknown" or (not known and link.expression != "NONE"):
        unread = [f"the terms of {link.id}" if link.how == "unknown" else f"{link.expression} ({link.id})"]
    return rows + [_unread(link, name) for name in unread]


def _unread(link: Link, name: str) -> Obligation:
    nameless = link.cause is not None and link.cause.code == "ancestor-not-identified" and len(link.path) > 1
    first = "find out which model it was made from, and have its terms read" if nameless else f"have {name} read"
    what = f"{first}: what {'they demand' if nameless else 'it demands'} is not recorded here"
    return Obligation(
        id="unread", what=what, clause=name,
        license=link.expression, source=link.id, trigger="before any use", status="unknown", places=link.places,
    )  # fmt: skip


def _obligation(link: Link, entry: Terms, clause: Clause) -> Obligation:
    uses = [use for use in vocabulary().uses if effect(clause, use.id) != "none"]
    titles = [use.title.lower() for use in uses]
    always = bool(uses) and uses[0].id == "internal" and not clause.when
    threshold = clause.term in ("user-threshold", "revenue-threshold")
    place = clause_place(entry, clause.text, clause.section)
    return Obligation(
        id=clause.term,
        what=asks(clause),
        clause=f"{entry.name}, {cited(clause.section)}" if clause.section else entry.name,
        license=entry.expression,
        source=link.id,
        trigger="any use" if len(uses) == len(vocabulary().uses) else "; ".join(titles) or clause.when or "any use",
        status="applies" if (always and not threshold) or not (uses or clause.when) else "conditional",
        value=None if clause.value is None else str(clause.value),
        places=(*link.places, *((place,) if place else ())),
    )
