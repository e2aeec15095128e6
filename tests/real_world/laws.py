"""The laws of evidence, on whole audits: what a level rests on, what may raise it, and what a failure may do to it.

**Removing.** What is taken away was either a witness ("here is the data") or a limit ("this is not released", "made
from that model", "the table below is another model's"). Without a witness no level may be higher than with it: neither
the least nor the most it can be. A limit is told by what the collector itself read (`limits`), never by its words.

**Failing.** With a place that cannot be read, the level without the failure lies between the least and the most.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from openness_audit.checks.data import TRAINING, obtainable
from openness_audit.checks.results import PUBLIC
from openness_audit.collect.attribution.decide import section_whose, whose
from openness_audit.collect.card.outline import is_placeholder
from openness_audit.model.evidence import Observed
from openness_audit.model.facts import Facts, Mention
from openness_audit.model.facts_origins import DataSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openness_audit.collect.assemble import Reading
    from openness_audit.model.audit import Audit
    from openness_audit.model.audit_components import ComponentDoc
    from openness_audit.model.card import Card
    from openness_audit.model.evidence import Place

ORDER: Final = {"closed": 0, "partial": 1, "open": 2}
NAMES: Final = ("closed", "partial", "open")
Reach = tuple[int, int] | None  # least and most; None: not applicable
DATA: Final = frozenset({"pretraining-data", "finetuning-data", "data-card", "data"})  # the criterion, too
RESULTS: Final = frozenset({"evaluation-data"})
EVERY: Final = frozenset({"*"})
LINEAGE_KEYS: Final = frozenset({"base_model", "base_model_relation", "license", "license_name", "license_link"})


def reach(component: ComponentDoc) -> Reach:
    """Give the least and the most a component's level can be."""
    if component.availability == "not-applicable":
        return None
    if component.availability != "unknown":
        return ORDER[component.availability], ORDER[component.availability]
    return ORDER[component.at_least or "closed"], ORDER[component.at_most or "open"]


def reaches(audit: Audit) -> dict[str, Reach]:
    """Give what every component's level and every criterion's can be."""
    points = {c.id: (int(c.points_low) // 10, int(c.points_high) // 10) for c in audit.criteria}
    criteria: dict[str, Reach] = {
        f"criterion {c.id}": None if c.status == "not-applicable" else points[c.id] for c in audit.criteria
    }
    return {c.id: reach(c) for c in audit.components} | criteria


def told(bounds: Reach) -> str:
    """Word a level."""
    if bounds is None:
        return "not-applicable"
    low, high = bounds
    return NAMES[low] if low == high else f"{NAMES[low]}..{NAMES[high]}"


def unproven(audit: Audit) -> list[str]:
    """Find states that cite nothing and name nothing that was searched; unknowns without a cause."""
    ids = {e.id for e in audit.evidence}
    wrong = []
    for c in audit.components:
        if not set(c.evidence) <= ids:
            wrong.append(f"{c.id} cites evidence that is not in the table")
        if c.availability in {"open", "partial"} and not c.evidence:
            wrong.append(f"{c.id} {c.availability} without evidence")
        if c.availability in {"closed", "not-applicable"} and not (c.evidence or c.searched):
            wrong.append(f"{c.id} {c.availability} without evidence or search")
        if c.availability == "unknown" and not c.unknown:
            wrong.append(f"{c.id} unknown without a cause")
    return wrong


def higher(before: Reach, after: Reach) -> bool:
    """Say whether a level rose; a criterion that drops out of the score rose unless it was open already."""
    if before is None or after is None:
        return before != after and (before or after) != (2, 2) and not (before is None and after == (0, 0))
    return after[0] > before[0] or after[1] > before[1]


def risen(before: Mapping[str, Reach], after: Mapping[str, Reach], spared: frozenset[str] = frozenset()) -> list[str]:
    """Name every component whose level rose, but for those that a limit was removed from."""
    if "*" in spared:
        return []
    return [
        f"{name}: {told(before[name])} -> {told(after[name])}"
        for name in before
        if name.removeprefix("criterion ") not in spared and higher(before[name], after[name])
        if name.startswith("criterion ") or (before[name] is not None and after[name] is not None)
    ]


def escaped(before: Mapping[str, Reach], after: Mapping[str, Reach]) -> list[str]:
    """Name every component whose level without a failure is not within what is said under the failure."""
    wrong = []
    for name, true in before.items():
        said = after[name]
        if said == true:
            continue
        inside = said is not None and (said[0] <= true[0] and true[1] <= said[1] if true else said[0] == 0)
        if not inside:
            wrong.append(f"{name}: {told(said)} under a failure for {told(true)}")
    return wrong


def widened(before: Audit, after: Audit) -> list[str]:
    """Name what the verdict claims that it did not: open terms, a better class, a higher score."""
    wrong = []
    if after.verdict.terms == "open" != before.verdict.terms:
        wrong.append(f"terms: {before.verdict.terms} -> open")
    if after.verdict.osaid == "yes" != before.verdict.osaid:
        wrong.append(f"osaid: {before.verdict.osaid} -> yes")
    return wrong


@dataclass(slots=True)
class Limits:
    """Lines of the card in which a limit was read, with the components it holds down."""

    lines: dict[int, frozenset[str]] = field(default_factory=dict)

    def add(self, lines: Iterable[int], what: frozenset[str]) -> None:
        """Note that `lines` limit these components."""
        for line in lines:
            self.lines[line] = self.lines.get(line, frozenset()) | what

    def touched(self, lines: Iterable[int], keys: Iterable[str] = ()) -> frozenset[str]:
        """Give the components that lose a limit with these lines."""
        found: frozenset[str] = frozenset().union(*(self.lines[line] for line in lines if line in self.lines))
        return EVERY if LINEAGE_KEYS & set(keys) else found


def limits_mention(mention: Mention) -> bool:
    """Say whether a mention limits: a denial or a promise."""
    return mention.polarity != "affirmed"


def limits_results(mention: Mention) -> frozenset[str]:
    """Give what a mention holds down of the results: a benchmark that nobody can obtain."""
    return RESULTS if mention.topic == "benchmark" and not mention.attrs & PUBLIC else frozenset()


def limits_card_of_data(data: DataSet) -> frozenset[str]:
    """Give what a data set holds down of the documentation: of most sets there must be some."""
    documented = isinstance(data.documented, Observed) and data.documented.value
    return frozenset() if documented else frozenset({"data-card"})


def limits_data(data: DataSet) -> bool:
    """Say whether a data set limits: training data of the subject that cannot be had as used, or not its own."""
    return data.whose != "self" or data.stage not in TRAINING or not obtainable(data)


def limits(facts: Facts, reading: Reading) -> Limits:
    """Find the lines of the card that hold a level down, by what was read in them."""
    found = Limits()
    card = reading.card
    if card is None:
        return found
    for place, what in _limiting(facts):
        if place.repo == card.document.repo and place.kind in {"card", "metadata"} and place.line:
            found.add(range(place.line, (place.line_end or place.line) + 1), what)
            found.add([s.line for s in card.sections if s.level and s.line <= place.line <= s.line_end], what)
    _framing(card, reading, found)
    return found


def _limiting(facts: Facts) -> list[tuple[Place, frozenset[str]]]:
    """Give where limits stand, with what they hold down; the headings above them count as part of them."""
    lineage = [*facts.lineage.places, *(place for parent in facts.lineage.parents for place in parent.places)]
    prose = [p.place for p in facts.licenses.prose if p.restricts or p.whose != "self"]
    return [
        *((m.place, EVERY) for m in facts.mentions if limits_mention(m)),
        *((m.place, limits_results(m)) for m in facts.mentions),
        *((place, DATA) for d in facts.data if limits_data(d) for place in d.places),
        *((place, limits_card_of_data(d)) for d in facts.data for place in d.places),
        *((place, EVERY) for place in lineage),
        *((place, frozenset({"terms"})) for place in prose),
    ]


def _framing(card: Card, reading: Reading, found: Limits) -> None:
    """Note the headings and sentences that say that something is about another model."""
    me = reading.identity
    for section in card.sections:
        if section.level and section_whose(section.path, me) != "self":
            found.add([section.line], EVERY)
    for block in card.blocks:
        if is_placeholder(block):  # "more information needed": what else stands there is not all of it
            found.add(range(block.line, block.line_end + 1), EVERY)
        if block.kind in {"paragraph", "list-item", "quote"} and whose(block.text, (), me) != "self":
            found.add(range(block.line, block.line_end + 1), EVERY)
