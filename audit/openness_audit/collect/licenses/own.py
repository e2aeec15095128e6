"""Say what a repository itself grants: its tag, its licence files and its card's words together."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from openness_audit.collect.licenses.texts import text_scope
from openness_audit.licenses.families import COMMERCE, OPEN, RESTRICTED
from openness_audit.licenses.ids import STRICTNESS, Resolved
from openness_audit.model.evidence import Cause, Fact, Observed, Unavailable
from openness_audit.model.facts_licenses import DeclaredLicense, LicenseProse, LicenseText, OwnLicense
from openness_audit.wording import CODES


class Said(Struct, frozen=True):
    """What a repository says of its licence, and why a place that may say more could not be read."""

    tag: Resolved
    declared: Fact[DeclaredLicense]
    texts: tuple[LicenseText, ...]
    prose: tuple[LicenseProse, ...]
    unseen: Cause | None


def _rank(family: str) -> int:
    return STRICTNESS.index(family) if family in STRICTNESS else -1


def _own_text(texts: tuple[LicenseText, ...]) -> LicenseText | None:
    """Give the licence file that governs the model: one named for it, else one named for nothing, strictest first."""
    told = [t for t in texts if t.role == "license" and t.expression and t.match in ("exact", "equivalent", "modified")]
    about = [t for t in told if text_scope(t.path) == "model"] or [t for t in told if text_scope(t.path) == "unknown"]
    return max(about, key=lambda t: (_rank(t.family), t.path), default=None)


def _governing(texts: tuple[LicenseText, ...], tag: Resolved) -> tuple[LicenseText, ...]:
    """Leave out altered texts that are not named for the model where a whole one beside them is the tag's licence."""
    whole = any(t.match in ("exact", "equivalent") and t.expression and t.expression in tag.candidates for t in texts)
    return tuple(t for t in texts if not (whole and t.match == "modified" and text_scope(t.path) != "model"))


def _own_prose(prose: tuple[LicenseProse, ...]) -> LicenseProse | None:
    """Give the card's statement of the model's own licence: about model or weights first, then the strictest.

    What names the model nowhere ("this project is under the MIT licence") may be the code's: it opens nothing, but
    terms that are not open bind. Nor does a grant open what other words of the card close.
    """
    own = [p for p in prose if p.whose == "self" and p.scope in ("model", "weights", "unknown")]
    sure = [p for p in own if p.expression and p.scope in ("model", "weights")]
    named = sure or [p for p in own if p.expression and p.family not in OPEN]
    best = max(named, key=lambda p: (_rank(p.family), -(p.place.line or 0)), default=None)
    bound = max(
        (p for p in own if p.restricts),
        key=lambda p: (_rank(p.family), -(p.place.line or 0)),
        default=None,
    )
    if best is None or best.family in OPEN:
        return bound or best
    if bound is not None and _rank(bound.family) > _rank(best.family):
        return msgspec.structs.replace(best, family=bound.family)  # "a modified X licence ... for research only"
    return best


def _from_others(said: Said) -> OwnLicense:
    """Say what is granted where the tag names no terms: by the licence file, else by the card's words."""
    text, stated = _own_text(said.texts), _own_prose(said.prose)
    tagged = (
        f"the metadata says '{', '.join(said.tag.raw)}', which names no terms"
        if said.tag.raw
        else "the metadata names no licence"
    )
    narrower = stated is not None and stated.family in RESTRICTED
    if text is not None and not (narrower and text.family in OPEN and text_scope(text.path) != "model"):
        return OwnLicense(
            expression=text.expression or "NOASSERTION", family=text.family,
            why=f"{tagged}; {text.path} is {text.expression} ({text.match})", places=(text.place,),
        )  # fmt: skip
    if stated is not None and stated.expression:
        return OwnLicense(
            expression=stated.expression,
            family=stated.family,
            why=f"{tagged}; the card says so in words",
            places=(stated.place,),
        )
    if stated is not None:
        return OwnLicense(
            expression="NOASSERTION", family=stated.family,
            why=f"{tagged}; the card states terms without a licence's name", places=(stated.place,),
        )  # fmt: skip
    return _unnamed(said, tagged)


def _unnamed(said: Said, tagged: str) -> OwnLicense:
    """Say what is known where nothing names or states terms; `tagged` is what the metadata says."""
    if isinstance(said.declared, Unavailable):
        return OwnLicense(expression="NOASSERTION", family="unknown", why=f"not read: {said.declared.cause.detail}")
    if said.tag.expression == "NOASSERTION":
        places = said.declared.value.places if isinstance(said.declared, Observed) else ()
        return OwnLicense(expression="NOASSERTION", family=said.tag.family, why=tagged, places=places)
    unknown = [t for t in said.texts if t.role == "license"]
    if unknown:
        return OwnLicense(
            expression="NOASSERTION", family="unknown",
            why=f"{tagged}; {unknown[0].path} could not be identified", places=(unknown[0].place,),
        )  # fmt: skip
    linked = next(
        (p for p in said.prose if p.whose == "self" and p.scope == "model" and not (p.expression or p.restricts)), None
    )
    if linked is not None:
        why = f"{tagged}; the card links a licence that was not read"
        return OwnLicense(expression="NOASSERTION", family="unknown", why=why, places=(linked.place,))
    if said.unseen is not None:
        lost = f"{said.unseen.source}: {said.unseen.detail}"
        why = f"{tagged}, and not every place that may state terms could be read: {lost}"
        return OwnLicense(expression="NOASSERTION", family="unknown", why=why)
    why = "no licence tag, no licence file, and no terms stated in a model card"
    return OwnLicense(expression="NONE", family="none-declared", why=why)


def own_license(said: Said) -> OwnLicense:
    """Say what this repository itself grants: the tag, unless a whole known text beside it is stricter."""
    if said.tag.expression in (None, "NOASSERTION") or not isinstance(said.declared, Observed):
        return _from_others(said)
    text = _own_text(_governing(said.texts, said.tag))
    if text is not None and said.tag.family in COMMERCE and _rank(text.family) > _rank(said.tag.family):
        altered = text.match == "modified"
        told = f"{text.similar_to} with other words in it" if altered else text.expression
        return OwnLicense(
            expression=text.expression or "NOASSERTION",
            family=text.family,
            why=f"{text.path} is {told}, {'not' if altered else 'stricter than'} the metadata's {said.tag.expression}",
            places=(text.place, *said.declared.value.places),
        )
    family, why = said.tag.family, "declared in the metadata"
    if family == "unknown":
        stated = _own_prose(said.prose)
        if stated is not None and stated.family not in OPEN and stated.family != "unknown":
            family, why = stated.family, "declared in the metadata; its family by the card's words"
    if said.unseen is not None:
        how = "" if said.unseen.code == "not-text" else " in full"
        why += f"; {said.unseen.source} was not read{how} ({CODES[said.unseen.code]})"
    return OwnLicense(expression=said.tag.expression, family=family, why=why, places=said.declared.value.places)
