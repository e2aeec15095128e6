"""Clauses on the verdicts of the frameworks: MOF, OSAID, the European index, the AI Act."""

from __future__ import annotations

from collections.abc import Iterable

from openness_audit.model.audit import Audit
from openness_audit.model.policy import EuClause, MofClause, OsaiClause, OsaidClause
from openness_audit.model.profiles import EuItemDoc, EuResult, Met, OsaidVerdict
from openness_audit.policy.outcome import Outcome, State, both_ends, cited, either, named, said, unknown, worst

__all__ = ["eu_gpai", "mof", "osai", "osaid"]

_EU_STATES: dict[EuResult, State] = {
    "found": "met",
    "not-found": "violated",
    "not-determined": "unknown",
    "not-looked-for": "unknown",
}
_NO_PROFILE = "not in this audit"
_MOF = {"none": 0, "III": 1, "II": 2, "I": 3}
_OSAID: dict[tuple[Met, Met], OsaidVerdict] = {  # components, terms
    ("met", "met"): "conforms",
    ("met", "not-met"): "fails-terms",
    ("not-met", "met"): "fails-components",
    ("not-met", "not-met"): "fails-both",
}
_EU = {
    "found": "found",
    "not-found": "not found",
    "not-determined": "not determined",
    "not-looked-for": "not looked for",
}


def mof(clause: MofClause, audit: Audit) -> Outcome:
    """Judge the class of the Model Openness Framework by its bounds."""
    found = audit.profiles.mof
    asked = f"class {clause.at_least} or better"
    if found is None:
        return unknown(said(f"Model Openness Framework {_NO_PROFILE}", asked))
    wanted = _MOF[clause.at_least]
    state = both_ends(_MOF[found.at_least] >= wanted, _MOF[found.at_most] >= wanted)
    low, high = (_class(c) for c in (found.at_least, found.at_most))
    level = low if low == high else f"{low} to {high}"
    gaps = [
        f"{gap.component} {'not known' if gap.state == 'unknown' else gap.state}"
        for gap in (*found.missing, *found.not_determined)
        if _MOF[gap.class_] >= wanted
    ]
    why = said(f"Model Openness Framework: {level}", asked, named(gaps) if state != "met" else "")
    return Outcome(state, why, _of(audit, (n for c in found.components for n in c.by)))


def _class(name: str) -> str:
    return "no class" if name == "none" else f"class {name}"


def osaid(clause: OsaidClause, audit: Audit) -> Outcome:
    """Judge the verdict of the Open Source AI Definition by every verdict it can still become."""
    found = audit.profiles.osaid
    asked = " or ".join(clause.verdicts)
    if found is None:
        return unknown(said(f"Open Source AI Definition {_NO_PROFILE}", asked))
    state = either([verdict in clause.verdicts for verdict in _can_be(found.components_met, found.terms_met)])
    names = [name for element in (*found.components.values(), *found.terms.values()) for name in element.by]
    why = said(f"Open Source AI Definition {found.verdict}", asked, found.why.removeprefix("not determined: "))
    return Outcome(state, why, _of(audit, names))


def _can_be(components: Met, terms: Met) -> tuple[OsaidVerdict, ...]:
    """Give all verdicts that two axes leave open."""
    ends: dict[Met, tuple[Met, ...]] = {
        "met": ("met",),
        "not-met": ("not-met",),
        "not-determined": ("met", "not-met"),
    }
    return tuple(_OSAID[c, t] for c in ends[components] for t in ends[terms])


def osai(clause: OsaiClause, audit: Audit) -> Outcome:
    """Judge the index by its low end; its high end says whether the clause can still be met."""
    found = audit.profiles.osai
    asked = f"at least {clause.at_least:g}"
    if found is None:
        return unknown(said(f"European Open Source AI Index {_NO_PROFILE}", asked))
    state = both_ends(found.low >= clause.at_least, found.high >= clause.at_least)
    level = f"{found.low:g}" if found.low == found.high else f"{found.low:g} to {found.high:g}"
    open_ = [name for name, row in found.dimensions.items() if row.status == "unknown"] if state == "unknown" else []
    lacking = f"not determined: {named(open_)}" if open_ else ""
    names = (name for row in found.dimensions.values() for name in row.by)
    why = said(f"European Open Source AI Index {level} of {found.of}", asked, lacking)
    return Outcome(state, why, _of(audit, names))


def eu_gpai(clause: EuClause, audit: Audit) -> Outcome:
    """Judge whether evidence for each item was found; it never says what the law concludes."""
    profile = audit.profiles.eu_gpai
    asked = f"evidence for {named(clause.found, most=8)}"
    if profile is None:
        return unknown(said(f"EU AI Act {_NO_PROFILE}", asked))
    rows = {row.id: row for row in (*profile.exemption, *profile.duties)}
    wanted = [rows.get(name) for name in clause.found]
    results: list[EuResult] = ["not-determined" if row is None else row.result for row in wanted]
    state = worst(_EU_STATES[result] for result in results)
    short = [
        f"{n} {_EU[r]}{_why(row)}" for n, r, row in zip(clause.found, results, wanted, strict=True) if r != "found"
    ]
    why = said(f"EU AI Act: {'not all found' if short else 'all found'}", asked, "; ".join(short))
    names = (name for row in wanted if row is not None for name in row.by)
    return Outcome(state, why, _of(audit, names))


def _why(row: EuItemDoc | None) -> str:
    return f" ({row.why})" if row is not None and row.why else ""


def _of(audit: Audit, names: Iterable[str]) -> tuple[str, ...]:
    """Give the evidence of the components that a framework read."""
    wanted = set(names)
    return cited(e for c in audit.components if c.id in wanted for e in c.evidence)
