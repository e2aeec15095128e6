"""What is left of a licence after upstream: its expression, its family, and the reasoning."""

from __future__ import annotations

from collections.abc import Iterable

from openness_audit.licenses.families import OPEN, RESTRICTED
from openness_audit.licenses.graph import stated
from openness_audit.licenses.ids import strictest
from openness_audit.licenses.terms import terms
from openness_audit.model.chain import Effective, Link
from openness_audit.wording import few

__all__ = ["ALONE", "COPIES", "effective", "open_above", "share_alike"]

ALONE = frozenset({"base", "finetune"})  # may be made from nothing: "finetune" is what the Hub takes every model for
COPIES = frozenset({"quantized", "conversion", "reupload"})
_UNREAD = "the card was not read, and may name a base model"
_UNNAMED = "the model it was made from is not named, and its terms are not known"


def effective(links: tuple[Link, ...], binding: tuple[Link, ...], derivation: str) -> Effective:
    """Say what is left.

    Args:
        links: the audited model and all its ancestors.
        binding: those whose terms bind, the audited model's first.
        derivation: how it was made; `unread` where the card, which may name a base model, was not read.

    Returns:
        The own licence joined with every restricted or share-alike one upstream. Under open terms a base model whose
        terms are unknown, or that declares none, leaves the family unknown: its owner's rights are not the tagger's.
    """
    own, above = binding[0], binding[1:]
    if not above and len(links) > 1:
        names = few([link.id for link in links[1:]])
        why = f"{_ours(own)}; its publisher's own to give, as is what it was made from: {names}"
        return Effective(expression=own.expression, family=own.family, why=why)
    if not above:
        return _alone(own, derivation)
    if own.how == "none":
        return _inherited(own, above, derivation)
    adds = [link for link in above if stated(link) and _adds(own, link)]
    unknown = [link for link in above if not stated(link) or link.family == "unknown"]
    family = strictest((own.family, *(link.family for link in adds), *("unknown" for _ in unknown)))
    reasons = [f"{_named(link)} is under {_terms(link)}" for link in _nearest(adds)]
    same = [link for link in above if stated(link) and link not in adds and link not in unknown]
    if not reasons and same:
        reasons = [f"compared with {few([f'{link.id} ({link.expression})' for link in same])}"]
    return Effective(
        expression=_joined((own.expression, *(link.expression for link in adds))),
        family=family,
        why="; ".join((_ours(own), *reasons, *_unknown_words(unknown))),
    )


def _alone(own: Link, derivation: str) -> Effective:
    """Word what is left where no base model is named: of a model surely made from one, its terms are not known."""
    lost = derivation not in ALONE
    family = strictest((own.family, "unknown")) if lost and own.how != "none" else own.family
    why = _UNREAD if derivation == "unread" else _UNNAMED if lost else "no base model is named"
    return Effective(expression=own.expression, family=family, why=f"{_ours(own)}; {why}")


def _inherited(own: Link, above: tuple[Link, ...], derivation: str) -> Effective:
    """Word what upstream grants where nothing is declared here.

    A mere copy adds nothing of its own, so it is under the terms of the original; whatever else was made from a base
    model is granted by nobody.
    """
    told = [link for link in above if stated(link)]
    unknown = [link for link in above if not stated(link) or link.family == "unknown"]
    if not told:
        why = "; ".join((_ours(own), *_unknown_words(unknown)))
        return Effective(expression=own.expression, family=own.family, why=why)
    family = strictest((*(link.family for link in told), *("unknown" for _ in unknown)))
    copied = derivation in COPIES
    said = ", ".join(f"{_named(link)} is under {_terms(link)}" for link in _nearest(told))
    reasons = [f"upstream terms apply: {said}"]
    if family in OPEN and not copied:
        family = "none-declared"
        reasons.append("nothing is granted for what was changed here")
    return Effective(
        expression=_joined(tuple(link.expression for link in told)),
        family=family,
        why="; ".join((_ours(own), *reasons, *_unknown_words(unknown))),
        inherited_from=_nearest(told)[0].id,
    )


def open_above(binding: tuple[Link, ...]) -> bool:
    """Say whether open terms declared here would stay open: all that binds the model upstream is known and open."""
    return all(stated(link) and link.family in OPEN for link in binding[1:])


def share_alike(link: Link) -> bool:
    """Say whether the terms of a link ask for the same terms on what is made from it."""
    return not link.choice and any(terms(name).has("share-alike") for name in link.known)


def _adds(own: Link, link: Link) -> bool:
    """Say whether a base model's terms ask for more than the own licence names."""
    if link.expression in (own.expression, "NOASSERTION") and link.family == own.family:
        return False
    if set(link.known) and set(link.known) <= set(own.known) and not own.choice:
        return False
    return link.family in RESTRICTED or link.family == "unknown" or share_alike(link)


def _nearest(links: Iterable[Link]) -> list[Link]:
    """Give the first link of each licence."""
    return list({link.expression: link for link in reversed(list(links))}.values())[::-1]


def _joined(expressions: tuple[str, ...]) -> str:
    """Join licences that all bind, each once; one that is not named is left to the words."""
    parts: dict[str, None] = {}
    for expression in expressions:
        for part in expression.split(" AND ") if " OR " not in expression else (f"({expression})",):
            parts[part] = None
    named = [part for part in parts if part not in ("NONE", "NOASSERTION")] or list(parts)
    only = named[0]
    return " AND ".join(named) if len(named) > 1 else only[1:-1] if only.startswith("(") else only


def _ours(own: Link) -> str:
    if own.how == "none":
        return "none is declared here"
    if own.how == "publisher":
        return "none is declared here; its publisher's models of this name are known to stand under it"
    return "the repository's own" if stated(own) else "what the repository itself grants is not known"


def _terms(link: Link) -> str:
    return link.expression if link.expression != "NOASSERTION" else f"terms without a name ({link.family})"


def _named(link: Link) -> str:
    """Name a base model, with the nearest way to it where it is further up."""
    by_way = f", by way of {few(list(link.path[1:-1]))}," if len(link.path) > 2 else ""
    return f"the base model {link.id}{by_way}"


def _unknown_words(links: list[Link]) -> list[str]:
    """Say of which base models the terms are not known, and of which none are declared."""
    bare = [link.id for link in links if link.how == "none"]
    lost = [link.id for link in links if link.how != "none" and not stated(link)]
    vague = [f"{link.id} ({link.expression})" for link in links if stated(link)]
    said = [f"the terms of {few(lost)} are not known"] if lost else []
    said += [f"what {few(vague)} asks for is not known"] if vague else []
    if bare:
        one = len(bare) == 1
        told = f"declare{'s' if one else ''} no licence, so nothing upstream grants {'its' if one else 'their'} use"
        said.append(f"{few(bare)} {told}")
    return said
