"""Which of two licences leaves more free; pure.

Two expressions are compared by what they come to: the same licences in the same choice; else by their families; else
use by use (`licenses/rulings.py`), by the clauses that were read. What neither decides is not determined.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from openness_audit.ingest.meanings import Meaning
from openness_audit.licenses.clauses import USES
from openness_audit.licenses.families import OPEN, RESTRICTED
from openness_audit.licenses.terms import terms

__all__ = ["Relation", "compare"]

Relation: TypeAlias = Literal["same", "wider", "narrower", "different", "unclear"]


def compare(said: Meaning, found: Meaning) -> tuple[Relation, tuple[str, ...]]:
    """Compare what a document says with what was found.

    Args:
        said: the claim's meaning.
        found: the audit's.

    Returns:
        How the claim relates to what was found: `wider` claims more freedom, `different` the same freedom under another
        licence, or more of one and less of another. And the uses in which they differ.
    """
    if "unknown" in (said.kind, found.kind):
        return "unclear", ()
    if said.kind == found.kind == "none" or said.choices == found.choices != frozenset():
        return "same", ()
    if "none" in (said.kind, found.kind):
        return ("wider" if found.kind == "none" else "narrower"), ()
    if _keys(said) == _keys(found):
        return "same", ()
    groups = (_group(said.family), _group(found.family))
    if groups in (("open", "restricted"), ("restricted", "open")):
        return ("wider" if groups[0] == "open" else "narrower"), _differing(said, found)
    if not (_precise(said) and _precise(found)):  # a name of a family of licences, any of which may be meant
        return "unclear", ()
    return _by_uses(said, found)


def _keys(meaning: Meaning) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(leaf.key for leaf in choice) for choice in meaning.choices)


def _precise(meaning: Meaning) -> bool:
    return all(not leaf.known or terms(leaf.known).precise for choice in meaning.choices for leaf in choice)


def _group(family: str) -> str:
    return "open" if family in OPEN else "restricted" if family in RESTRICTED else "unknown"


def _differing(said: Meaning, found: Meaning) -> tuple[str, ...]:
    return tuple(use for use in USES if said.verdict(use) != found.verdict(use))


def _by_uses(said: Meaning, found: Meaning) -> tuple[Relation, tuple[str, ...]]:
    """Compare two licences of one kind use by use; forbidden or not counts, more conditions do not."""
    wider: list[str] = []
    narrower: list[str] = []
    open_ = "unknown" in (_group(said.family), _group(found.family))
    for use in USES:
        one, other = said.verdict(use), found.verdict(use)
        if (one == "not-allowed") != (other == "not-allowed") and "not-determined" not in (one, other):
            (narrower if one == "not-allowed" else wider).append(use)
    if wider or narrower:
        if wider and narrower:
            return "different", (*wider, *narrower)
        return ("wider" if wider else "narrower"), tuple(wider or narrower)
    return ("unclear", ()) if open_ else ("different", _differing(said, found))
