"""A verdict for each use buyers ask about, from all the terms that bind."""

from __future__ import annotations

from msgspec import Struct

from openness_audit.licenses.clauses import UseId, vocabulary
from openness_audit.licenses.ids import resolve
from openness_audit.licenses.rulings import ORDER, Reason, Ruling, Verdict, of_link
from openness_audit.model.chain import Chain, Link
from openness_audit.model.evidence import Place
from openness_audit.model.facts_licenses import LicenseConflict

__all__ = ["UseVerdict", "verdicts"]


class UseVerdict(Struct, frozen=True, kw_only=True):
    """Whether a use is allowed; `path` leads to the model whose terms decide, the audited one first."""

    use: UseId
    verdict: Verdict
    why: tuple[str, ...]
    path: tuple[str, ...]
    places: tuple[Place, ...]


def verdicts(chain: Chain, conflicts: tuple[LicenseConflict, ...] = ()) -> tuple[UseVerdict, ...]:
    """Judge every use of the vocabulary, in its order.

    Args:
        chain: the terms that bind, the audited model's first.
        conflicts: all conflicts of the model; where its own tag is contradicted by its licence file or by its card's
            words, what the stricter of them forbids is not determined.

    Returns:
        One verdict a use: the strictest of all links that bind. The reasons are those of the links that give it.
    """
    return tuple(_verdict(use.id, chain, conflicts) for use in vocabulary().uses)


def _verdict(use: UseId, chain: Chain, conflicts: tuple[LicenseConflict, ...]) -> UseVerdict:
    rulings = [(link, of_link(link, use)) for link in chain.binding]
    rulings += [(chain.binding[0], ruling) for c in conflicts if (ruling := _disputed(c, use)) is not None]
    verdict = max((r.verdict for _, r in rulings), key=ORDER.index)
    deciding = [(link, ruling) for link, ruling in rulings if ruling.verdict == verdict]
    nearest = min((link for link, _ in deciding), key=lambda link: len(link.path))
    reasons = [(link, reason) for link, ruling in deciding for reason in ruling.reasons]
    places = [p for link, _ in deciding for p in link.places]
    return UseVerdict(
        use=use,
        verdict=verdict,
        why=tuple(dict.fromkeys(_worded(link, reason, chain) for link, reason in reasons)),
        path=nearest.path,
        places=tuple(dict.fromkeys((*places, *(r.place for _, r in reasons if r.place is not None)))),
    )


def _worded(link: Link, reason: Reason, chain: Chain) -> str:
    """Word a reason, with the base model it comes from."""
    upstream = link.id != chain.links[0].id and link.id not in reason.words
    return f"{link.id}: {reason.words}" if upstream else reason.words


def _disputed(conflict: LicenseConflict, use: UseId) -> Ruling | None:
    """Rule on a use that the file or the card forbids, or may forbid, under a tag that allows it: nobody can tell."""
    if conflict.kind not in ("tag-text", "tag-prose") or conflict.severity != "error":
        return None
    said = resolve(conflict.between[-1])
    link = Link(
        id="the model",
        path=("the model",),
        relations=(),
        expression=said.expression or "NOASSERTION",
        family=said.family if said.known else conflict.between[-1],
        how="prose",
        known=said.known,
    )
    stricter = of_link(link, use)
    if stricter.verdict not in ("not-allowed", "not-determined"):
        return None
    return Ruling("not-determined", (Reason(f"contradicted: {conflict.why}"),))
