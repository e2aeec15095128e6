"""What one licence says to one use, from the grants and clauses that were read."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.licenses.clauses import Effect, UseId, vocabulary
from openness_audit.licenses.terms import Clause, Terms, asks, cited, terms
from openness_audit.model.chain import Link
from openness_audit.model.evidence import Place

__all__ = ["ORDER", "Reason", "Ruling", "Verdict", "clause_place", "effect", "licences", "of_link", "worst"]

Verdict: TypeAlias = Literal["allowed", "conditions", "not-determined", "not-allowed"]
ORDER: tuple[Verdict, ...] = ("allowed", "conditions", "not-determined", "not-allowed")

# without any licence copyright reserves copying and changing for others (Berne Convention, articles 9 and 12)
_RESERVED = frozenset({"redistribute", "fine-tune-publish", "relicense"})
# what a family's name alone says, where no text could be read
_BY_FAMILY: dict[str, tuple[str, ...]] = {
    "non-commercial": ("non-commercial",),
    "no-derivatives": ("no-derivatives",),
    "behavioural-use": ("use-restrictions",),
}


class Reason(Struct, frozen=True):
    """One reason of a ruling, with the clause it rests on (None where it rests on what was not found)."""

    words: str
    place: Place | None = None


class Ruling(Struct, frozen=True):
    """What a licence says to a use, and why."""

    verdict: Verdict
    reasons: tuple[Reason, ...]


def worst(rulings: tuple[Ruling, ...]) -> Ruling:
    """Join rulings that all bind: the strictest verdict, with the reasons of every ruling that gives it."""
    verdict = max((r.verdict for r in rulings), key=ORDER.index)
    reasons = tuple(reason for r in rulings if r.verdict == verdict for reason in r.reasons)
    return Ruling(verdict, tuple(dict.fromkeys(reasons)))


def effect(clause: Clause, use: UseId) -> Effect:
    """Give what a clause does to a use: its own word, else the vocabulary's."""
    return clause.effects.get(use) or vocabulary().term(clause.term).effects.get(use, "none")


def clause_place(entry: Terms, text: str, section: str) -> Place | None:
    """Cite the licence text a clause or grant was read in, None where it was not read."""
    source = next((t for t in entry.texts if t.id == text), None)
    if source is None:
        return None
    return Place(
        kind="license-terms",
        repo=entry.expression,
        url=source.url,
        path=f"{source.title}{f' ({source.version})' if source.version else ''}, {cited(section)}",
        sha256=source.sha256,
        text_kind="licence-text",
    )


def licences(link: Link) -> tuple[Terms, ...]:
    """Give what is known of the licences of a link, in order."""
    return tuple(terms(name) for name in link.known if name not in ("other", "unknown"))


def of_terms(entry: Terms, use: UseId) -> Ruling:
    """Say what a licence says to a use.

    A clause that forbids decides. Then a licence that was not read clause by clause determines nothing; one that was
    must grant every act the use needs, and its conditions are the reasons.
    """
    forbids = tuple(_reason(entry, c) for c in entry.clauses if effect(c, use) == "forbids")
    if forbids:
        return Ruling("not-allowed", forbids)
    limits = tuple(_reason(entry, c) for c in entry.clauses if effect(c, use) == "conditions")
    if entry.known != "read":
        unread = Reason(f"the text of {entry.name} was not read clause by clause")
        return Ruling("not-determined", (unread, *limits))
    needed = next(u.needs for u in vocabulary().uses if u.id == use)
    missing = [vocabulary().acts[act] for act in needed if entry.granted(act) is None]
    if missing:
        return Ruling("not-determined", (Reason(f"{entry.name} nowhere grants to {' or '.join(missing)}"), *limits))
    if limits:
        return Ruling("conditions", limits)
    granted = [(act, entry.granted(act)) for act in needed]
    reasons = [
        Reason(f"{entry.name} grants to {vocabulary().acts[a]}", clause_place(entry, g.text, g.section))
        for a, g in granted
        if g
    ]
    return Ruling("allowed", tuple(reasons))


def _reason(entry: Terms, clause: Clause) -> Reason:
    where = f"{entry.name}, {cited(clause.section)}" if clause.section else entry.name
    return Reason(f"{asks(clause)} ({where})", clause_place(entry, clause.text, clause.section))


def of_link(link: Link, use: UseId) -> Ruling:
    """Say what the terms of one model of the chain say to a use, those of its base models apart."""
    if link.how == "unknown":
        why = link.cause.detail if link.cause else "they could not be read"
        return Ruling("not-determined", (Reason(f"the terms of {link.id} are not known: {why}"),))
    if link.expression == "NONE":
        verdict: Verdict = "not-allowed" if use in _RESERVED else "not-determined"
        return Ruling(verdict, (Reason(f"{link.id} declares no licence, and without one nothing is granted"),))
    known = licences(link)
    rulings = tuple(of_terms(entry, use) for entry in known)
    if link.choice and rulings:
        return min(rulings, key=lambda r: ORDER.index(r.verdict))
    parts = len(set(link.expression.replace("(", " ").replace(")", " ").split(" AND ")))
    if not rulings or len(rulings) < parts:
        rulings += (_unread(link, use),)
    return worst(rulings)


def _unread(link: Link, use: UseId) -> Ruling:
    """Rule on terms that no licence file here describes: by what the family's name says, at most."""
    for name in _BY_FAMILY.get(link.family, ()):
        term = vocabulary().term(name)
        if term.effects.get(use) == "forbids":
            words = f"the terms of {link.id} are {link.family} ({term.asks}); their text was not read"
            return Ruling("not-allowed", (Reason(words),))
    named = "an unnamed licence" if link.expression == "NOASSERTION" else link.expression
    return Ruling("not-determined", (Reason(f"the terms of {link.id} ({named}) are not among those read"),))
