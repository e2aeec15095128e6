"""Which class the states of the seventeen components make: the Model Openness Framework's strict ladder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from openness_audit.model.profiles import MofClass, MofState, ProgressDoc
from openness_audit.profiles.data import MofComponent, load_profiles

States = Mapping[str, MofState]


class Grade(Struct, frozen=True):
    """The strictest class that is complete, and the progress towards each."""

    class_: MofClass
    progress: ProgressDoc


@cache
def required() -> dict[str, tuple[MofComponent, ...]]:
    """Give what each class requires, those of the classes before it included, the easiest class first."""
    rules = load_profiles().mof
    found: dict[str, tuple[MofComponent, ...]] = {}
    before: tuple[MofComponent, ...] = ()
    for row in rules.classes:
        before = (*before, *(c for c in rules.components if c.required and c.class_ == row.id))
        found[row.id] = before
    return found


def grade(states: States, *, as_included: tuple[MofState, ...] = ("included",)) -> Grade:
    """Compute class and progress.

    Args:
        states: of the components by name; one that is not named is missing.
        as_included: the states that count as included.

    Returns:
        The class, and for each class the percent of what it requires, 0 where the class before is not complete. A
        component that is waived (the report, where there is a paper) is not required where what waives it is included.
    """
    names = {name for name, state in states.items() if state in as_included}
    best: MofClass = "none"
    percent: dict[str, float] = {}
    complete = True
    for class_, all_rows in required().items():
        rows = [c for c in all_rows if not (c.waived_by and c.waived_by in names and _waives(c, all_rows))]
        done = sum(c.name in names or c.waived_by in names for c in rows)
        percent[class_] = 100 * done / len(rows) if complete else 0.0
        complete = complete and done == len(rows)
        if complete:
            best = class_  # type: ignore[assignment]  # the ids of the classes are these
    return Grade(best, ProgressDoc(I=percent["I"], II=percent["II"], III=percent["III"]))


def _waives(component: MofComponent, rows: tuple[MofComponent, ...]) -> bool:
    """Say whether what waives a component is required beside it: then one of the two is one requirement less."""
    return any(c.name == component.waived_by for c in rows)


def between(states: States) -> tuple[Grade, Grade]:
    """Give the least and the most the class can be, where components are not determined."""
    return grade(states), grade(states, as_included=("included", "unknown"))
