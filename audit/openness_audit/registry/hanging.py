"""What keeps one model from open terms, or from meeting a policy: itself, or which of its base models. Pure."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from openness_audit.licenses.chain_effective import COPIES
from openness_audit.licenses.families import OPEN, RESTRICTED
from openness_audit.licenses.terms import by_expression
from openness_audit.model.policy import (
    ClassClause,
    ExpressionClause,
    FamilyClause,
    FindingClause,
    ObligationClause,
    UseClause,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from openness_audit.model.policy import AnyClause, Policy
    from openness_audit.model.registry_report import Stand

UPSTREAM = frozenset({"tag-upstream"})  # findings that are about base models alone
NOTHING = "none-declared"


class Above(NamedTuple):
    """A model up the chain: its number in the index, family of terms, whether they are known, and how it is made of it.

    `relation` is None further up than a direct base model.
    """

    number: int
    family: str
    resolved: bool
    relation: str | None


class Subject(NamedTuple):
    """What counts of a model: its terms with its base models, its own licence, and the models up the chain."""

    terms: str
    license: str
    family: str
    above: tuple[Above, ...]


class Unmet(NamedTuple):
    """What a model does not meet of the policy; the rules that found something, or could not be ruled out."""

    violated: frozenset[str]
    unknown: frozenset[str]
    found: frozenset[str]
    undecided: frozenset[str]


def stand(one: Above) -> Stand | None:
    """Say how a base model's terms stand in the way of open ones; None where they do not."""
    if not one.resolved or one.family == "unknown":
        return "unknown"
    if one.family == NOTHING:
        return "none-declared"
    return "restricted" if one.family in RESTRICTED else None


def blockers(subject: Subject) -> tuple[Above, ...]:
    """Give the base models that stand in the way of open terms."""
    return tuple(one for one in subject.above if stand(one) is not None)


def own_fault(subject: Subject) -> bool:
    """Say whether the model's own licence stands in the way, whatever its base models are under.

    A mere copy that declares nothing is under the terms of the original.
    """
    return subject.family not in OPEN and not _copied(subject)


def _copied(subject: Subject) -> bool:
    relations = {one.relation for one in subject.above} - {None}
    return subject.family == NOTHING and bool(relations) and relations <= COPIES


def sole_blocker(subject: Subject) -> Above | None:
    """Give the base model that alone keeps the terms from being open, if there is just one."""
    if subject.terms == "open" or own_fault(subject):
        return None
    found = blockers(subject)
    return found[0] if len(found) == 1 else None


def policy_blocker(subject: Subject, unmet: Unmet, policy: Policy) -> Above | None:
    """Give the base model without which the policy would surely be met, as far as the clauses tell.

    Where a clause asks for more than terms, or the model's own terms may break it, there is none: the answer is never
    too hopeful, and may be too careful.
    """
    found = blockers(subject)
    if len(found) != 1 or own_fault(subject):
        return None
    excepted = {name for override in policy.overrides for name in override.clauses}
    hangs = all(
        name not in excepted and _hangs(policy.clauses.get(name), subject, unmet, sure=name in unmet.violated)
        for name in unmet.violated | unmet.unknown
    )
    return found[0] if hangs else None


def _hangs(clause: AnyClause | None, subject: Subject, unmet: Unmet, *, sure: bool) -> bool:
    """Say whether a clause that is not met hangs on base models alone; `sure` where it is violated."""
    copied = _copied(subject)
    if isinstance(clause, FamilyClause):
        return clause.of != "own" and (copied or _fits(subject.family, clause.allow, clause.deny))
    if isinstance(clause, ExpressionClause):
        fits = copied or (" " not in subject.license and _fits(subject.license, clause.allow, clause.deny))
        return clause.of != "own" and (fits or not sure)
    if isinstance(clause, UseClause):
        return clause.verdict != "allowed"
    if isinstance(clause, ClassClause):
        return bool(clause.terms) and not clause.classes and not clause.extents
    if isinstance(clause, ObligationClause):
        known = by_expression(subject.license)
        return copied or (known is not None and not any(known.has(term) for term in clause.deny))
    if isinstance(clause, FindingClause):
        found = (unmet.found | unmet.undecided) & frozenset(clause.deny)
        return clause.at_most == "error" and bool(found) and found <= UPSTREAM
    return False


def _fits(name: str, allow: Collection[str], deny: Collection[str]) -> bool:
    allowed = not allow or any(fnmatchcase(name, pattern) for pattern in allow)
    return allowed and not any(fnmatchcase(name, pattern) for pattern in deny)
