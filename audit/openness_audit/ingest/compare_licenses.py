"""The licence claims of a document against the licences that an audit found; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from openness_audit.ingest import meanings, terms
from openness_audit.ingest.nouns import LicenseClaim
from openness_audit.licenses.clauses import vocabulary
from openness_audit.licenses.families import OPEN, RESTRICTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openness_audit.ingest.gather import Held
    from openness_audit.ingest.meanings import Meaning
    from openness_audit.ingest.nouns import LicenseText
    from openness_audit.ingest.terms import Relation
    from openness_audit.model.audit import Audit
    from openness_audit.model.ingest import About, Result

_ABOUT: dict[str, About] = {
    "declared": "license-declared",
    "concluded": "license-concluded",
    "not-said": "license",
}
_MOST_USES = 3  # that a sentence names


class Row(Struct, frozen=True, kw_only=True):
    """One claim compared, before its place is known; `binds` is set where what binds is stricter than all it says."""

    about: About
    said: str
    found: str
    result: Result
    why: str
    pointer: str
    evidence: tuple[str, ...] = ()
    freedom: str | None = None
    uses: tuple[str, ...] = ()
    binds: bool = False


def rows(held: Held, found: Found) -> Iterator[Row]:
    """Compare the licence claims of one thing.

    Args:
        held: the thing, and the licences that its document describes.
        found: what the audit found.

    Returns:
        One row a claim; where nothing is concluded, a row that says what binds.
    """
    claims = held.thing.licenses
    said = {claim.about: meanings.of_claim(claim, held.texts) for claim in claims if claim.parts}
    if not said:
        yield from _silent(claims, found, held.thing.pointer)
        return
    for claim in claims:
        if claim.about in said:
            yield _cached(claim, held, found)
        elif claim.about == "declared":
            yield _nothing(claim.about, found, claim.pointer, found.own())
    if "concluded" in said:
        return
    known = said.get("declared") or said["not-said"]
    if "not-said" not in said or _only_declares(known, found):
        at = next((c.pointer for c in claims if c.about == "concluded"), held.thing.pointer)
        relation, uses = _binding(known, found)
        yield _nothing("concluded", found, at, found.effective(), binds=relation == "wider", uses=uses)


class Found:
    """What an audit found of the licence, each as a meaning; made once a model, however often that is named."""

    def __init__(self, audit: Audit) -> None:
        """Understand the licences of an audit."""
        self.known: dict[tuple[object, ...], Row] = {}
        held = audit.licenses
        self.audit = audit
        self.tag = meanings.of_expression(held.declared.expression, held.declared.family)
        self.repository = meanings.of_expression(held.own.expression, held.own.family)
        unlicensed = audit.verdict.terms == "unlicensed"
        self.binding = (
            meanings.NONE if unlicensed else meanings.of_expression(held.effective.expression, held.effective.family)
        )
        self.restricted = audit.verdict.terms == "restricted" or held.effective.family in RESTRICTED
        self.settled = (
            held.chain_complete is not False
            and audit.verdict.terms != "undetermined"
            and not any(c.severity == "error" for c in held.conflicts)
        )

    def own(self) -> str:
        """Give what the repository declares, in words of SPDX."""
        return self.audit.licenses.declared.expression or self.audit.licenses.own.expression

    def effective(self) -> str:
        """Give what binds, in words of SPDX."""
        return "NONE" if self.binding.kind == "none" else self.audit.licenses.effective.expression

    def evidence(self, *, own: bool) -> tuple[str, ...]:
        """Cite where the terms were read: the model's own, or all that bind."""
        chain = self.audit.licenses.chain
        links = chain[:1] if own else [link for link in chain if link.binds] or chain[:1]
        cited = [name for link in links for name in link.evidence]
        cited += [name for conflict in self.audit.licenses.conflicts for name in conflict.evidence]
        return tuple(dict.fromkeys(cited))


def _silent(claims: tuple[LicenseClaim, ...], found: Found, pointer: str) -> Iterator[Row]:
    if not claims:
        yield _nothing("not-said", found, pointer, found.effective())
    for claim in claims:
        own = claim.about == "declared"
        yield _nothing(claim.about, found, claim.pointer, found.own() if own else found.effective())


def _nothing(
    about: str, found: Found, pointer: str, expression: str, *, binds: bool = False, uses: tuple[str, ...] = ()
) -> Row:
    own = about == "declared"
    why = found.audit.licenses.own.why if own else found.audit.licenses.effective.why
    if binds:
        why = f"what it declares is not all that binds: {why}"
    return Row(
        about=_ABOUT[about],
        said="",
        found=expression,
        result="says-nothing",
        why=why,
        pointer=pointer,
        evidence=found.evidence(own=own),
        binds=binds,
        uses=uses,
    )


def _cached(claim: LicenseClaim, held: Held, found: Found) -> Row:
    """Compare a claim; one that another thing of the document makes as well is compared once."""
    key = (id(held.texts), claim.about, claim.parts)
    if key not in found.known:
        found.known[key] = _row(claim, held.texts, found)
    return msgspec.structs.replace(found.known[key], pointer=claim.pointer)


def _row(claim: LicenseClaim, texts: Mapping[str, LicenseText], found: Found) -> Row:
    said = meanings.of_claim(claim, texts)
    words = " AND ".join(part.text for part in claim.parts)
    names = dict.fromkeys(texts[word].name for word in re.findall(r"[^\s()]+", words) if word in texts)
    if told := ", ".join(name for name in names if name and name not in words):
        words = f"{words} ({told})"
    declared, declared_uses = _declared(said, found)
    binding, binding_uses = _binding(said, found)
    own = claim.about == "declared" or (
        claim.about == "not-said"
        and (
            (declared == "same" and (binding != "wider" or _only_declares(said, found)))
            or (
                declared in ("wider", "different")
                and binding != "wider"
                and (binding == "unclear" or not found.settled)
            )
        )
    )
    relation, uses = (declared, declared_uses) if own else (binding, binding_uses)
    nothing = relation == "same" and said.kind == "none"  # no licence was found: there is nothing that could bind less
    if not own and relation in ("same", "narrower", "different") and not found.settled and not nothing:
        relation = "unclear"
    expression = found.own() if own else found.effective()
    return Row(
        about=_ABOUT[claim.about],
        said=words,
        found=expression,
        result=_RESULTS[relation],
        why=_why(relation, uses, found, own=own),
        pointer=claim.pointer,
        evidence=found.evidence(own=own),
        freedom=_FREEDOM.get(relation),
        uses=uses,
    )


_RESULTS: dict[Relation, Result] = {
    "same": "agrees",
    "wider": "contradicts",
    "different": "contradicts",
    "narrower": "narrower",
    "unclear": "not-determined",
}
_FREEDOM: dict[Relation, str] = {"wider": "more", "different": "same", "narrower": "less"}


def _declared(said: Meaning, found: Found) -> tuple[Relation, tuple[str, ...]]:
    """Compare with what the repository says: its metadata, or what a careful reader takes from all its statements."""
    every = [terms.compare(said, other) for other in (found.tag, found.repository) if other.kind != "unknown"]
    order: tuple[Relation, ...] = ("same", "wider", "different", "narrower", "unclear")
    return min(every, key=lambda pair: order.index(pair[0])) if every else ("unclear", ())


def _binding(said: Meaning, found: Found) -> tuple[Relation, tuple[str, ...]]:
    """Compare with what binds; where that is not known, what the repository says binds at least."""
    relation, uses = terms.compare(said, found.binding)
    if found.binding.kind == "unknown":
        least, least_uses = terms.compare(said, found.repository)
        if least == "wider" or (found.restricted and said.kind == "licence" and said.family in OPEN):
            return "wider", least_uses
    return relation, uses


def _only_declares(said: Meaning, found: Found) -> bool:
    """Say whether a licence of unknown standing is the declared one, and what binds is another that is restricted, too.

    It is then told as what is declared and not all that binds. An open licence where a restricted one binds claims too
    much, wherever it was copied from.
    """
    return (
        said.kind == "licence"
        and _declared(said, found)[0] == "same"
        and _binding(said, found)[0] == "wider"
        and said.family in RESTRICTED
    )


def _why(relation: Relation, uses: tuple[str, ...], found: Found, *, own: bool) -> str:
    because = found.audit.licenses.own.why if own else found.audit.licenses.effective.why
    titles = {use.id: use.title for use in vocabulary().uses}
    named = [titles[use].lower() for use in uses[:_MOST_USES] if use in titles]
    more = f" and {len(uses) - _MOST_USES} more" if len(uses) > _MOST_USES else ""
    differ = f" (they differ in: {', '.join(named)}{more})" if named else ""
    where = "its repository declares it" if own else "it is what binds"
    words: dict[Relation, str] = {
        "same": where,
        "wider": f"it claims more freedom than was found{differ}: {because}",
        "different": f"another licence was found{differ}: {because}",
        "narrower": f"it claims less freedom than was found{differ}: {because}",
        "unclear": _unclear(found, because, own=own),
    }
    return words[relation]


def _unclear(found: Found, because: str, *, own: bool) -> str:
    if not own and not found.settled:
        return f"terms that may bind could not all be read, or contradict each other: {because}"
    return f"the two cannot be compared, for the terms of one are not known: {because}"
