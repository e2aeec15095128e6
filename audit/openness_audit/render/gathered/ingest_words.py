"""Words that all reports of an ingest share: what was read, how each model stands, how each claim compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.escape import clean
from openness_audit.render.views.page import clip
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openness_audit.model.ingest import BillReadDoc, ComparedDoc, Ingest, NamedModelDoc

FORMATS = {"cyclonedx": "CycloneDX", "spdx": "", "spdx-tag": "", "spdx3": "SPDX"}
ABOUT = {
    "license-declared": "declared licence",
    "license-concluded": "concluded licence",
    "license": "licence",
    "commit": "commit",
    "file": "file",
    "base-model": "base model",
    "dataset": "training data",
}
CLAIMS = {
    "contradicts": "contradicts",
    "narrower": "narrower",
    "drifted": "drifted",
    "not-determined": "not determined",
    "says-nothing": "says nothing",
    "agrees": "agrees",
}
_BROKEN = frozenset({"contradicts", "narrower", "drifted"})  # each of them is a finding
MOST_WORDS = 160  # of what a document says, as reports quote it


def headline(ingest: Ingest) -> str:
    """Say in one sentence how many models are named, and what is wrong with what is claimed of them."""
    elements = plural(sum(file.elements for file in ingest.files), "element")
    if not ingest.models:
        rest = f"; {plural(len(ingest.unlocated), 'model')} named without saying where" if ingest.unlocated else ""
        return f"No model of the Hub is named in {elements}{rest}"
    told = f"{plural(len(ingest.models), 'model')} named in {elements}"
    rows = [row for model in ingest.models for row in model.compared]
    more = sum(row.freedom == "more" for row in rows)
    gaps = len(ingest.findings) - sum(row.result in _BROKEN for row in rows)
    troubles = [
        f"{count} {words}"
        for count, words in (
            (more, plural(more, "licence claim").partition(" ")[2] + " more open than found"),
            (sum(row.result == "contradicts" and row.freedom != "more" for row in rows), "otherwise contradicted"),
            (sum(row.result == "narrower" for row in rows), "stricter than found"),
            (sum(row.result == "drifted" for row in rows), "drifted"),
            (gaps, "left out"),
            (sum(m.policy == "violated" for m in ingest.models), "against the policy"),
            (sum(m.policy == "no-verdict" for m in ingest.models), "not decided by the policy"),
            (sum(m.problem is not None for m in ingest.models), "not audited"),
            (len(ingest.unlocated), "named without saying where"),
        )
        if count
    ]
    if troubles:
        return f"{told}: {', '.join(troubles)}"
    agreeing = sum(row.result == "agrees" for row in rows)
    return f"{told}: {'what could be compared agrees' if agreeing else 'no claim could be compared'}"


def file(read: BillReadDoc) -> str:
    """Say what was read of one file."""
    said = f"{FORMATS[read.format]} {clean(read.version)}".strip()
    form = ", tag-value" if read.format == "spdx-tag" else ""
    return f"{clean(read.path)} ({said}{form}, {plural(read.elements, 'element')})"


def standing(model: NamedModelDoc) -> str:
    """Say how a model stands, in a few words."""
    return clean(model.class_ or "") if model.audited else "not audited"


def claim(row: ComparedDoc) -> str:
    """Say what is claimed and what was found, without why."""
    said = clip(clean(row.said), MOST_WORDS)
    found = clip(clean(row.found), MOST_WORDS)
    if row.result == "agrees":
        return said
    if not row.said:
        return f"not given; found {found}" if found else "not given"
    return f"{said}; found {found}" if found else said


def counted(rows: Iterable[ComparedDoc]) -> str:
    """Count claims by how they compare."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.result] = counts.get(row.result, 0) + 1
    return ", ".join(f"{counts[key]} {words}" for key, words in CLAIMS.items() if key in counts)


def last(ingest: Ingest) -> str:
    """Count what was found, and say the exit code with its cause."""
    told = f"{plural(len(ingest.models), 'model')}, {plural(len(ingest.findings), 'contradiction or gap')}"
    told = told.replace("contradiction or gaps", "contradictions or gaps")
    return f"{told}: exit {ingest.exit_code} ({_cause(ingest)})"


def _cause(ingest: Ingest) -> str:
    if ingest.exit_code == 1:
        return f"policy {clean(ingest.policy or '')} is violated"
    if 3 in {model.exit_code for model in ingest.models}:
        return "a model has no verdict"
    if ingest.exit_code == 3:
        return "a model is named without saying where it is"
    if ingest.exit_code:
        return "something failed, see above"
    return f"policy {clean(ingest.policy)} is met" if ingest.policy and ingest.models else "no policy"
