"""What a licence can allow, demand and forbid: the vocabulary that the licence files speak."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias

from msgspec import Struct

from openness_audit.errors import RuleError
from openness_audit.model.uses import USES, UseId
from openness_audit.packaged import read_as

__all__ = ["ACTS", "USES", "Act", "Effect", "Term", "Use", "UseId", "Vocabulary", "vocabulary"]

Act: TypeAlias = Literal["use", "modify", "redistribute", "commercial", "sublicense", "patent"]
Effect: TypeAlias = Literal["none", "conditions", "forbids"]

ACTS: tuple[Act, ...] = ("use", "modify", "redistribute", "commercial", "sublicense", "patent")


class Use(Struct, frozen=True, forbid_unknown_fields=True):
    """One use that buyers ask about, and the acts a licence must grant for it."""

    id: UseId
    title: str
    means: str
    needs: tuple[Act, ...]


class Term(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of clause: what it asks of an adopter, and what it does to each use. `{value}` is the clause's own."""

    id: str
    kind: Literal["condition", "limitation"]
    title: str
    asks: str
    effects: dict[UseId, Effect]


class Vocabulary(Struct, frozen=True, forbid_unknown_fields=True):
    """All of `rules/vocabulary/license-terms.yaml`."""

    uses: tuple[Use, ...]
    acts: dict[Act, str]
    terms: tuple[Term, ...]

    def term(self, name: str) -> Term:
        """Give a term by its id; KeyError for an unknown one."""
        return _by_id()[name]


@cache
def vocabulary() -> Vocabulary:
    """Read the vocabulary once; RuleError for a malformed file."""
    found = read_as("vocabulary/license-terms.yaml", Vocabulary)
    if tuple(use.id for use in found.uses) != USES:
        raise RuleError(f"vocabulary/license-terms.yaml: uses must be {', '.join(USES)}, in this order")
    return found


@cache
def _by_id() -> Mapping[str, Term]:
    return {term.id: term for term in vocabulary().terms}
