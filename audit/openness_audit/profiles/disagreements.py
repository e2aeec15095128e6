"""Where the frameworks disagree about a model: one plain sentence each."""

from __future__ import annotations

from openness_audit.model.profiles import MofDoc, OsaidDoc, OsaiDoc, SeedDoc
from openness_audit.profiles.mof import PART

HIGH, LOW = 0.75, 0.4  # shares of a total: what counts as high and low


def _reason(osaid: OsaidDoc) -> str:
    """Give what decides, without what is still open of the other axis."""
    return osaid.why.partition("; ")[0]


def _class(mof: MofDoc) -> str:
    return f"MOF class {mof.class_}" if mof.class_ != "none" else "no MOF class"


def _gap(mof: MofDoc) -> str:
    gap = mof.missing[0] if mof.missing else None
    if gap is None:
        return ""
    return f": {gap.component.lower()} {'only in part' if gap.why.startswith(PART) else _STATES[gap.state]}"


_STATES = {
    "missing": "missing",
    "invalid": "under no open licence",
    "unlicensed": "without a licence",
    "unknown": "not determined",
    "included": "included",
}


def _mof_osaid(mof: MofDoc, osaid: OsaidDoc) -> str | None:
    if mof.class_ in ("I", "II", "III") and osaid.verdict.startswith("fails"):
        return f"{_class(mof)}, not open source AI by OSI: {_reason(osaid)}"
    if mof.class_ == "none" and osaid.verdict == "conforms":
        return f"open source AI by OSI, {_class(mof)}{_gap(mof)}"
    return None


def _mof_tool(mof: MofDoc) -> str | None:
    """Say where the framework's own tool would give a class that the terms seen here do not bear out."""
    theirs = mof.by_release_license
    if theirs in ("none", mof.class_, mof.at_least):
        return None
    order = ("III", "II", "I")
    asked = order[: order.index(theirs) + 1]
    gaps = [gap for gap in (*mof.not_determined, *mof.missing) if gap.class_ in asked]
    unread = ", ".join(gap.component.lower() for gap in gaps)
    ours = "not determined" if mof.class_ == "not-determined" else _class(mof)
    return (
        f"MOF class {theirs} by the framework's own tool, where the release's licence covers everything; {ours} by the "
        f"terms that were seen: {unread}"
    )


def _score_osaid(seed: SeedDoc, osaid: OsaidDoc) -> str | None:
    if seed.low >= 100 * HIGH and osaid.verdict == "fails-terms":
        return f"{seed.low} of 100 points for what is there, not open source AI by OSI for its terms: {_reason(osaid)}"
    if seed.high <= 100 * LOW and osaid.verdict == "conforms":
        return f"open source AI by OSI, with {seed.high} of 100 points by the five criteria"
    return None


def _osai_osaid(osai: OsaiDoc, osaid: OsaidDoc) -> str | None:
    if osai.low >= HIGH * osai.of and osaid.verdict.startswith("fails"):
        return f"{osai.low:g} of {osai.of} on the European index, not open source AI by OSI: {_reason(osaid)}"
    if osai.high <= LOW * osai.of and osaid.verdict == "conforms":
        return f"open source AI by OSI, {osai.high:g} of {osai.of} at most on the European index"
    return None


def disagreements(seed: SeedDoc, mof: MofDoc, osaid: OsaidDoc, osai: OsaiDoc) -> tuple[str, ...]:
    """Say where the frameworks disagree, each once, in plain words; what is not determined disagrees with nothing."""
    rows = (_mof_osaid(mof, osaid), _mof_tool(mof), _score_osaid(seed, osaid), _osai_osaid(osai, osaid))
    return tuple(row for row in rows if row)
