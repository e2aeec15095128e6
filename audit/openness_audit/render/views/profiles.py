"""What every report says of the outside frameworks, before it is laid out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from openness_audit.profiles.data import load_profiles
from openness_audit.profiles.mof import PART
from openness_audit.render.escape import clean
from openness_audit.render.views.audit import FAMILIES
from openness_audit.render.views.terms import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openness_audit.model.audit import Audit
    from openness_audit.model.profiles import (
        ElementDoc,
        EuGpaiDoc,
        EuItemDoc,
        Met,
        MofComponentDoc,
        MofDoc,
        MofGapDoc,
        OsaidDoc,
        OsaiDoc,
    )

OPENING = "The same findings, read by the rules of outside frameworks. These differ, so each answer stands for itself."
MET: dict[Met, str] = {"met": "met", "not-met": "not met", "not-determined": "not determined"}
OSAID = {
    "conforms": "checklist met",
    "fails-terms": "not met (terms)",
    "fails-components": "not met (parts)",
    "fails-both": "not met (parts and terms)",
    "not-determined": "not determined",
}
EU = {
    "found": "found",
    "not-found": "not found",
    "not-determined": "not determined",
    "not-looked-for": "not looked for",
}
ONE_LINE = 68  # characters beside the lead, on 80 columns
_GAPS = {
    "included": "included",
    "invalid": "not openly licensed",
    "unlicensed": "without a licence",
    "missing": "missing",
    "unknown": "not determined",
}
_LEVELS = {"open": "open", "partial": "partial", "closed": "closed", "unknown": "not determined"}
_FAMILY = re.compile(r"\(([a-z-]+)\)")
_NO_LICENCE = {"NONE": "no licence", "NOASSERTION": "not identified"}
_NO_ID = re.compile(r"\b(?:NONE|NOASSERTION)\b")
_LADDER = ("III", "II", "I")
_STATES = {  # the shape, and so the colour, of each word above
    **dict.fromkeys(("met", "found", "included", "open", "conforms", "I", "II", "III"), "open"),
    **dict.fromkeys(("not-met", "not-found", "missing", "invalid", "unlicensed", "closed", "none"), "closed"),
    **dict.fromkeys(("fails-terms", "fails-components", "fails-both"), "closed"),
    "partial": "partial",
    "not-looked-for": "not-applicable",
}


class Row(NamedTuple):
    """One thing a framework asks for: what, the answer in a word, its shape, why, and the components it is read from.

    `decides` marks what the framework's verdict hangs on.
    """

    what: str
    word: str
    state: str
    why: str
    by: tuple[str, ...] = ()
    decides: bool = False


class Step(NamedTuple):
    """How far a class is reached, in whole percent: surely, and at most."""

    name: str
    low: int
    high: int

    @property
    def words(self) -> str:
        """Say it."""
        return f"{self.low} %" if self.low == self.high else f"{self.low} to {self.high} %"


class Alike(NamedTuple):
    """Components that are in for the same reason."""

    names: tuple[str, ...]
    why: str


def state(word: str) -> str:
    """Give the shape of a framework's word: open, partial, closed, unknown or not-applicable."""
    return _STATES.get(word, "unknown")


def disagreements(audit: Audit) -> tuple[str, ...]:
    """Give the sentences on where frameworks part, licences by their names."""
    return tuple(map(said, audit.disagreements))


def told(audit: Audit) -> bool:
    """Say whether any outside framework was read."""
    p = audit.profiles
    return any((p.mof, p.osaid, p.osai, p.eu_gpai)) or bool(audit.disagreements)


def mof_words(mof: MofDoc) -> str:
    """Say the class, or between which classes it lies: `not determined (at most class III)`."""
    if mof.class_ == "none":
        return "no class"
    if mof.class_ != "not-determined":
        return f"class {mof.class_}"
    if mof.at_most == "none":
        return "not determined"
    if mof.at_least != "none" and mof.at_most != "I":
        return f"not determined (class {mof.at_least} or {mof.at_most})"
    bounds = f" (at least class {mof.at_least})" if mof.at_least != "none" else ""
    return "not determined" + (bounds or (f" (at most class {mof.at_most})" if mof.at_most != "I" else ""))


def mof_name(mof: MofDoc) -> str:
    """Give the name of the class, where there is one."""
    return clean(mof.label) if mof.class_ in _LADDER else ""


def mof_why(mof: MofDoc) -> str:
    """Say what keeps the model from the next class, or what its class hangs on."""
    if mof.class_ == "I":
        return "everything that the framework requires is there, under open licences"
    if mof.class_ == "not-determined":
        nearest = _nearest(mof.not_determined)
        return f"class {nearest[0].class_} hangs on: {_listed(nearest)}" if nearest else ""
    nearest = _nearest(mof.missing)
    lead = f"class {mof.class_} is complete; " if mof.class_ in _LADDER else ""
    return f"{lead}what keeps it from class {nearest[0].class_}: {_listed(nearest)}" if nearest else lead.rstrip("; ")


def _nearest(gaps: tuple[MofGapDoc, ...]) -> list[MofGapDoc]:
    """Give the gaps of the easiest class that has any."""
    return next((found for c in _LADDER if (found := [g for g in gaps if g.class_ == c])), [])


def _listed(gaps: list[MofGapDoc]) -> str:
    return ", ".join(f"{clean(g.component).lower()} {_gap_word(g)}" for g in gaps)


def _gap_word(gap: MofGapDoc | MofComponentDoc) -> str:
    return "only in part" if gap.state == "missing" and gap.why.startswith(PART) else _GAPS[gap.state]


def mof_steps(mof: MofDoc) -> tuple[Step, ...]:
    """Give the progress towards each class, in the order they are climbed; never rounded up to complete."""
    sure, most = mof.progress, mof.progress_at_most
    pairs = ((sure.III, most.III), (sure.II, most.II), (sure.I, most.I))
    return tuple(Step(f"class {name}", int(a), int(b)) for name, (a, b) in zip(_LADDER, pairs, strict=True))


def mof_gaps(mof: MofDoc) -> tuple[Row, ...]:
    """Give the required components that are not in, class by class, those of a class with the same reason together."""
    by = {row.name: row.by for row in mof.components}
    groups: dict[tuple[str, str, str, str], list[MofGapDoc]] = {}
    for g in sorted((*mof.missing, *mof.not_determined), key=lambda g: _LADDER.index(g.class_)):
        word = _gap_word(g)
        shape = "partial" if word == "only in part" else state(g.state)
        groups.setdefault((g.class_, word, shape, _without_part(g)), []).append(g)
    return tuple(
        Row(
            f"{', '.join(clean(g.component) for g in gaps)} (class {class_})",
            word,
            shape,
            why,
            tuple(dict.fromkeys(name for g in gaps for name in by.get(g.component, ()))),
        )
        for (class_, word, shape, why), gaps in groups.items()
    )


def _without_part(gap: MofGapDoc) -> str:
    """Give the reason without the words that the column before it says already."""
    said = gap.why.removeprefix(PART).lstrip(": ") if _gap_word(gap) == "only in part" else gap.why
    return named(said)


def mof_included(mof: MofDoc) -> tuple[Alike, ...]:
    """Give the components that are in, those under the same licence together."""
    groups: dict[str, list[str]] = {}
    for row in mof.components:
        if row.state == "included":
            name = clean(row.name) if row.required else f"{clean(row.name)} (optional)"
            groups.setdefault(named(row.why), []).append(name)
    return tuple(Alike(tuple(names), why) for why, names in groups.items())


def mof_tool_words(mof: MofDoc) -> str:
    """Say the class that the framework's own tool would give."""
    return "no class" if mof.by_release_license == "none" else f"class {mof.by_release_license}"


def said(why: str) -> str:
    """Put words for the ids of licences and of their families in a reason."""
    words = _FAMILY.sub(lambda found: f"({FAMILIES.get(found[1], found[1])})", named(why))
    return _NO_ID.sub(lambda found: _NO_LICENCE[found[0]], words)


def _titles(framework: str) -> dict[str, str]:
    """Give the titles of what a framework asks for, by axis and id."""
    rules = load_profiles()
    if framework == "osai":
        return {row.id: row.title for row in rules.osai.dimensions}
    axes = (("components", rules.osaid.components), ("terms", rules.osaid.terms))
    return {f"{axis}.{row.id}": row.title for axis, rows in axes for row in rows}


def osaid_rows(osaid: OsaidDoc, axis: str) -> tuple[Row, ...]:
    """Give the elements of an axis: `components` or `terms`."""
    elements: Mapping[str, ElementDoc] = osaid.components if axis == "components" else osaid.terms
    titles = _titles("osaid")
    return tuple(
        Row(
            clean(titles.get(f"{axis}.{name}", name)),
            MET[e.status],
            state(e.status),
            said(e.why),
            e.by,
            f"{axis}.{name}" in osaid.decides,
        )
        for name, e in elements.items()
    )


def osai_words(osai: OsaiDoc) -> str:
    """Say the total: `7.5 to 9 of 12` where dimensions are not determined."""
    return f"{osai.low:g} of {osai.of}" if osai.total is not None else f"{osai.low:g} to {osai.high:g} of {osai.of}"


def osai_rows(osai: OsaiDoc) -> tuple[Row, ...]:
    """Give the dimensions, those with the same answer for the same reason together."""
    titles = _titles("osai")
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for name, d in osai.dimensions.items():
        points = f"{d.low:g} to {d.high:g} points; " if d.low != d.high else ""
        key = (_LEVELS[d.status], state(d.status), f"{points}{said(d.why)}", d.by)
        groups.setdefault(key, []).append(clean(titles.get(name, name)))
    return tuple(Row(", ".join(names), *key) for key, names in groups.items())


def eu_rows(items: tuple[EuItemDoc, ...]) -> tuple[Row, ...]:
    """Give the pieces of evidence."""
    return tuple(Row(clean(i.question), EU[i.result], state(i.result), said(i.why), i.by) for i in items)


def eu_words(eu: EuGpaiDoc) -> str:
    """Count what was found of each list: `5 of 5 for the exemption, 0 of 2 for the duties that stay`."""
    lists = ((eu.exemption, "the exemption"), (eu.duties, "the duties that stay"))
    found = [f"{sum(i.result == 'found' for i in items)} of {len(items)} for {name}" for items, name in lists]
    return f"evidence found: {', '.join(found)}"


def one_line(audit: Audit, room: int = ONE_LINE) -> str:
    """Say the class and the verdict in one line, or nothing."""
    mof, osaid = audit.profiles.mof, audit.profiles.osaid
    class_ = f"MOF {mof_words(mof)}" if mof else ""
    if mof and mof.class_ == "not-determined":
        class_ = class_.replace("class ", "")
    said = "; ".join(filter(None, (class_, f"OSI definition: {OSAID[osaid.verdict]}" if osaid else "")))
    return said if len(said) <= room else said.replace("OSI definition:", "OSI:")


def titles() -> dict[str, str]:
    """Give the frameworks' names by the names of their parts of the document."""
    rules = load_profiles()
    frameworks = {"mof": rules.mof, "osaid": rules.osaid, "osai": rules.osai, "eu_gpai": rules.eu_gpai}
    return {key: clean(framework.title) for key, framework in frameworks.items()}
