"""The names that a policy can use: what the rules, the licence knowledge and the frameworks call things."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from msgspec import Struct

from openness_audit.licenses.clauses import vocabulary
from openness_audit.licenses.terms import Family
from openness_audit.model.rules import Rule
from openness_audit.profiles.data import load_profiles
from openness_audit.scoring import PARTS

__all__ = ["Names", "names_of"]


class Names(Struct, frozen=True, kw_only=True):
    """What can be named, by kind."""

    components: tuple[str, ...]
    rules: tuple[str, ...]
    families: tuple[str, ...]
    obligations: tuple[str, ...]
    eu_items: tuple[str, ...]
    eu_unseen: tuple[str, ...]  # items that no rule looks for


def names_of(rules: Iterable[Rule]) -> Names:
    """Gather the names.

    Args:
        rules: those in force, an organisation's own included.

    Returns:
        Every name a clause may use. What stands for "not known" is not among them: `unknown: accept` is for that.
    """
    every = tuple(rules)
    components = {rule.component or rule.id for rule in every if rule.kind == "component"}
    profile, derived = load_profiles().eu_gpai, load_profiles().covers.derived
    items = (*profile.exemption, *profile.duties)
    return Names(
        components=tuple(sorted(components | set(PARTS))),
        rules=tuple(sorted(rule.id for rule in every if rule.kind == "finding" or rule.criterion is not None)),
        families=tuple(family for family in get_args(Family) if family != "unknown"),
        obligations=tuple(term.id for term in vocabulary().terms),
        eu_items=tuple(item.id for item in items),
        eu_unseen=tuple(i.id for i in items if any(n in derived and not derived[n].by for n in i.source)),
    )
