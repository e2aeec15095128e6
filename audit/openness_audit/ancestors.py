"""Walk up the base models: each is collected once and evaluated after its own base models (criteria.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor

from msgspec import Struct

from openness_audit.collect.assemble import TURN
from openness_audit.evaluate import evaluate
from openness_audit.model.assessment import Assessment
from openness_audit.model.evidence import Observed
from openness_audit.model.facts import Facts
from openness_audit.model.rules import Rule

DEPTH = 6  # real chains are shorter: base, instruct, merge, quantised
MOST = 12  # ancestors of one audit; a merge of merges could name hundreds


class Ancestor(Struct, frozen=True, kw_only=True):
    """A base model, or a base model's base model, with what the rules say of it."""

    facts: Facts
    assessments: dict[str, Assessment]


def undecided(rules: tuple[Rule, ...], facts: Facts) -> bool:
    """Say whether any level hangs on a base model: if none does, no ancestor needs to be asked for."""
    with TURN:
        found = evaluate(tuple(r for r in rules if r.kind == "component" and r.inherits), facts).assessments
    return any(a.availability == "unknown" and a.inherited_from for a in found.values())


def judged(facts: Facts) -> bool:
    """Say whether an ancestor can be judged: with neither card nor weights nothing is known of it (criteria.md 5)."""
    if isinstance(facts.card, Observed):
        return True
    return isinstance(facts.files, Observed) and any(
        group.kind.startswith("weights-") and group.kind != "weights-empty"
        for group in facts.files.value.weights.groups
    )


def climb(
    facts: Facts, rules: tuple[Rule, ...], collect: Callable[[str], Facts | None], pool: Executor
) -> dict[str, Ancestor]:
    """Collect and evaluate the ancestors of a model, nearest last.

    Args:
        facts: the model whose base models are wanted.
        rules: the component rules.
        collect: gives the facts of a model by id, or None where it cannot be looked up.
        pool: the threads that collect.

    Returns:
        The ancestors by the id their child writes, parents before children. An ancestor that could not be looked up, or
        has neither card nor weights, is not in it; nor is one beyond the caps or in a cycle.
    """
    collected: dict[str, Facts] = {}
    level = [facts]
    for _ in range(DEPTH):
        wanted = list(dict.fromkeys(i for f in level for i in sorted(_above(f))))
        wanted = [i for i in wanted if i not in collected and i.lower() != facts.subject.id.lower()]
        wanted = wanted[: MOST - len(collected)]
        answers = dict(zip(wanted, pool.map(collect, wanted), strict=True))
        fresh = {i: f for i, f in answers.items() if f is not None and judged(f)}
        collected |= fresh
        level = list(fresh.values())
        if not level:
            break
    with TURN:
        return _in_order(collected, rules)


def _above(facts: Facts) -> set[str]:
    """Give the ids a model's levels may hang on."""
    return {i for p in facts.lineage.parents for i in ((p.id,) if p.id else p.candidates)}


def _in_order(collected: dict[str, Facts], rules: tuple[Rule, ...]) -> dict[str, Ancestor]:
    """Evaluate from the roots down; members of a cycle are evaluated without each other."""
    components = tuple(rule for rule in rules if rule.kind == "component")
    done: dict[str, Ancestor] = {}
    waiting = dict(collected)
    while waiting:
        ready = [i for i, f in waiting.items() if not _above(f) & (waiting.keys() - {i})]
        for name in ready or list(waiting)[:1]:
            known = {i: a.assessments for i, a in done.items()}
            found = evaluate(components, waiting[name], known)
            done[name] = Ancestor(facts=waiting.pop(name), assessments=found.assessments)
    return done
