"""The Model Openness Framework: seventeen components, open licences, three classes."""

from __future__ import annotations

from msgspec import Struct

from openness_audit.model.profiles import MofComponentDoc, MofDoc, MofGapDoc, MofState, ProgressDoc
from openness_audit.profiles.basis import Basis, Cover, Item, because, lowest, named, reaches
from openness_audit.profiles.data import MofComponent, MofRules
from openness_audit.profiles.mof_grade import between, grade
from openness_audit.profiles.mof_licenses import NOT_SAID, judge
from openness_audit.wording import few

PART = "only in part"  # begins the reason of a component that is missing because a part is not the whole
_WORST: tuple[MofState, ...] = ("invalid", "unlicensed", "unknown", "included")


class Terms(Struct, frozen=True):
    """What the licences of a component come to."""

    state: MofState
    license: str | None
    fits: bool | None
    why: str


def licensed(covers: tuple[Cover, ...], content: str, subject: str = "") -> Terms:
    """Judge the licences of one component: the worst of them is its own, and unread ones leave it open."""
    rows: list[tuple[MofState, Cover, bool | None]] = []
    for cover in covers:
        found = judge(cover.expression, cover.family)
        if cover.family == "none-declared":
            rows.append(("unlicensed", cover, None))
        elif found.open is None:
            rows.append(("unknown", cover, None))
        else:
            rows.append(("included" if found.open else "invalid", cover, content in found.fits))
    if not rows:
        return Terms("unknown", None, None, "its licence was not seen")
    state = min((row[0] for row in rows), key=_WORST.index)
    worst = [cover for row_state, cover, _ in rows if row_state == state]
    fits = all(row[2] for row in rows) if state == "included" else None
    said = " AND ".join(dict.fromkeys(row[1].expression for row in rows))
    return Terms(state, said, fits, _told(state, worst, subject))


def _told(state: MofState, worst: list[Cover], subject: str) -> str:
    """Say what the licences come to: which, and whose where they are not the release's own."""
    which = ", ".join(dict.fromkeys(cover.name for cover in worst))
    whose = few([of for of in dict.fromkeys(cover.of for cover in worst) if of != subject])
    of = f" of {whose}" if whose else ""
    if state == "unknown":
        return f"the licence{of} was not seen" if NOT_SAID in which else f"what {which}{of} allows is not known"
    if state == "unlicensed":
        return f"no licence covers {whose or 'it'}"
    return f"under {which}{of}" if state == "included" else f"{which}{of} is no open licence"


def _state(component: MofComponent, basis: Basis) -> MofComponentDoc:
    if not component.source:
        return _doc(component, "unknown", None, "not looked for; it is optional", ())
    items = basis.all(component.source)
    by = named(items)
    bounds = lowest(items)
    if bounds is None:
        return _doc(component, "missing", None, basis.get(component.source[0]).why, ())
    if not reaches(bounds.high, component.enough):
        lacking = [item for item in items if item.bounds and not reaches(item.bounds.high, component.enough)]
        part = f"{PART}: " if any(item.bounds and item.bounds.low == "partial" for item in lacking) else ""
        return _doc(component, "missing", None, part + because(lacking), by)
    terms = licensed(_covers(items), component.content, basis.subject)
    if not reaches(bounds.low, component.enough):
        if terms.state in ("invalid", "unlicensed"):
            return _doc(component, terms.state, terms if terms.state == "invalid" else None, terms.why, by)
        return _doc(component, "unknown", None, because(i for i in items if i.bounds and not i.bounds.known), by)
    return _doc(component, terms.state, terms, terms.why, by)


def _covers(items: tuple[Item, ...]) -> tuple[Cover, ...]:
    """Gather the licences of all items; one without any leaves a gap of its own."""
    return tuple(
        dict.fromkeys(
            cover
            for item in items
            for cover in (item.covers or (Cover(NOT_SAID, "unknown", item.id.replace("-", " ")),))
        )
    )


def _doc(
    component: MofComponent, state: MofState, terms: Terms | None, why: str, by: tuple[str, ...]
) -> MofComponentDoc:
    return MofComponentDoc(
        name=component.name,
        class_=component.class_,
        required=component.required,
        state=state,
        license=terms.license if terms else None,
        type_appropriate=terms.fits if terms else None,
        why=why,
        by=by,
    )


def components(rules: MofRules, basis: Basis) -> tuple[MofComponentDoc, ...]:
    """Give the state of each of the seventeen components."""
    return tuple(_state(component, basis) for component in rules.components)


def conclude(rules: MofRules, rows: tuple[MofComponentDoc, ...], release: Cover) -> MofDoc:
    """Conclude class and progress from the components.

    Args:
        rules: the framework.
        rows: the state of each component.
        release: the licence of the release, which the framework's own tool lets cover what has no licence of its own.

    Returns:
        The profile.
    """
    states = {row.name: row.state for row in rows}
    least, most = between(states)
    open_release = bool(judge(release.expression, release.family).open)
    there = {row.name: _by_release(row, states, open_release=open_release) for row in rows}
    settled = least.class_ == most.class_
    names: dict[str, str] = {row.id: f"Class {row.id} {row.name}" for row in rules.classes}
    waived = {c.name for c in rules.components if c.waived_by and states.get(c.waived_by) == "included"}
    gaps = [
        MofGapDoc(component=row.name, class_=row.class_, state=row.state, why=row.why)
        for row in rows
        if row.required and row.state != "included" and row.name not in waived
    ]
    return MofDoc(
        class_=least.class_ if settled else "not-determined",
        label=names.get(least.class_, "Unclassified") if settled else "Not determined",
        at_least=least.class_,
        at_most=most.class_,
        by_release_license=grade(there).class_,
        progress=_rounded(least.progress),
        progress_at_most=_rounded(most.progress),
        missing=tuple(gap for gap in gaps if gap.state != "unknown"),
        not_determined=tuple(gap for gap in gaps if gap.state == "unknown"),
        components=rows,
    )


def _rounded(progress: ProgressDoc) -> ProgressDoc:
    return ProgressDoc(I=round(progress.I, 1), II=round(progress.II, 1), III=round(progress.III, 1))


def _by_release(row: MofComponentDoc, states: dict[str, MofState], *, open_release: bool) -> MofState:
    """Give a component's state where the release's licence covers what is there and nobody read the terms of."""
    unread = states[row.name] in ("unlicensed", "unknown") and row.license is not None  # without one it is not there
    return "included" if unread and open_release else states[row.name]


def mof(rules: MofRules, basis: Basis) -> MofDoc:
    """Read the findings by the Model Openness Framework."""
    return conclude(rules, components(rules, basis), basis.release)
